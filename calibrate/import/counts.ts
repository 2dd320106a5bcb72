/** How many nodes and devices files show, and which device: by what tools print of hosts, ranks and names. */
import { matchDevice, type NamedDevice } from "./device-name.ts";
import type { ImportedFile, Seen } from "./seen.ts";

/** Tools that time one device per rank. */
const oneDevicePerRank = /^(nccl-tests)$/;

export interface Counts {
  /** The most that one file shows. */
  readonly nodes: number | undefined;
  readonly devicesPerNode: number | undefined;
}

export function countDevices(seen: readonly Seen[]): Counts {
  const nodes = seen.flatMap(({ nodes, row }) => [nodes, row.values["node_count"], row.case["hosts"]].filter((one): one is number => typeof one === "number"));
  const stated = seen.flatMap(({ row }) => row.values["acceleratorsPerNode_count"] ?? []);
  const ofRanks = seen.flatMap(({ file, nodes, ranks }) => (oneDevicePerRank.test(file.reader) && nodes !== undefined && ranks !== undefined && ranks % nodes === 0 && ranks > 1 ? [ranks / nodes] : []));
  const listed = seen.flatMap(({ row }) => (row.benchmark === "device-query" ? [Number(row.case["index"]) + 1] : []));
  const most = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : Math.max(...values));
  return { nodes: most(nodes), devicesPerNode: most(stated) ?? most([...ofRanks, ...listed]) };
}

const keys = ["device", "devices", "accelerator"] as const;

/** Every name of a device that files print. */
export function namesOfDevices(files: readonly ImportedFile[], seen: readonly Seen[]): string[] {
  const names = [...files.flatMap(({ facts }) => keys.map((key) => facts[key])), ...seen.flatMap(({ row }) => keys.map((key) => row.case[key]))];
  return [...new Set(names.flatMap((name) => (typeof name === "string" ? name.split(/,\s*/) : [])).filter((name) => name !== ""))];
}

export interface FoundDevice {
  readonly names: readonly string[];
  /** Devices that the names can mean, over all of them. */
  readonly ids: readonly string[];
}

/** Names that mean no known device, such as that of a network card, do not count. Names that agree on one device together need not do so alone. */
export function findDevice(names: readonly string[], devices: readonly NamedDevice[]): FoundDevice {
  const meant = names.map((name) => ({ name, ids: matchDevice(name, devices) })).filter(({ ids }) => ids.length > 0);
  const common = meant.length === 0 ? [] : meant.map(({ ids }) => ids).reduce((a, b) => a.filter((id) => b.includes(id)));
  return { names: meant.map(({ name }) => name), ids: common.length > 0 ? common : [...new Set(meant.flatMap(({ ids }) => ids))] };
}
