/**
 * Imported files -> the machine that they were measured on: what they show is measured, what they do not is as on a machine with the same device and told as such.
 * Nothing is made where the device is not known. Left out: the interconnect link by link, and times of training runs, which are what predictions are compared with.
 */
import { unknownName, type Problem } from "../../model/problems.ts";
import type { Device } from "../../model/schema/device.ts";
import type { Machine } from "../../model/schema/machine.ts";
import type { Precision } from "../../model/schema/common.ts";
import type { CollectiveCalibration } from "../../model/schema/calibration.ts";
import { Facts } from "../facts.ts";
import { fitCollectives } from "./collectives.ts";
import { countDevices, findDevice, namesOfDevices } from "./counts.ts";
import { checkDevice, type DeviceCheck } from "./device-checks.ts";
import { describeMachine } from "./machine.ts";
import { lookAt, type ImportedFile, type Told } from "./seen.ts";
import { findTemplate } from "./template.ts";

export { benchmarksOfMachines, tellsOfMachine, type ImportedFile } from "./seen.ts";
export type { DeviceCheck } from "./device-checks.ts";

export interface ClusterQuestion {
  readonly id: string;
  readonly files: readonly ImportedFile[];
  readonly devices: readonly Device[];
  readonly machines: readonly Machine[];
  readonly told: Told & {
    readonly device?: string;
    readonly devicesPerNode?: number;
    readonly machineNodes?: number;
    readonly precision?: Precision;
    /** The machine that lends what was not measured. */
    readonly like?: string;
  };
}

export interface Cluster {
  readonly machine: { readonly id: string } & Record<string, unknown>;
  readonly calibrations: readonly CollectiveCalibration[];
  readonly device: string;
  readonly like: string;
  readonly measured: ReadonlyArray<{ readonly path: string; readonly value: string | number; readonly note: string }>;
  readonly assumed: ReadonlyArray<{ readonly path: string; readonly value: string | number; readonly low: string | number; readonly high: string | number; readonly source: string; readonly reason: string }>;
  readonly deviceChecks: readonly DeviceCheck[];
  readonly leftOut: ReadonlyArray<{ readonly file: string; readonly reason: string }>;
}

export type ClusterAnswer = { readonly cluster: Cluster; readonly problems: readonly [] } | { readonly cluster?: undefined; readonly problems: readonly Problem[] };

export const importedSource = "imported-files";

export function makeCluster({ id, files, devices, machines, told }: ClusterQuestion): ClusterAnswer {
  const seen = lookAt(files, told);
  const counts = countDevices(seen);
  const chosen = chooseDevice(files, seen, devices, told.device);
  if (typeof chosen !== "string") return { problems: [chosen] };
  const perNode = told.devicesPerNode ?? counts.devicesPerNode;
  const template = told.like === undefined ? findTemplate(machines, chosen, perNode) : machines.find((machine) => machine.id === told.like);
  const device = devices.find((one) => one.id === chosen);
  if (template === undefined || device === undefined) {
    const known = machines.map((machine) => machine.id);
    return { problems: [told.like === undefined ? { code: "missing-machine", path: "like", got: `no machine with the device ${chosen}`, expected: `a machine that lends what was not measured: ${known.join(", ")}`, hint: "--tell like=MACHINE" } : unknownName("like", "machine", told.like, known)] };
  }
  const facts = new Facts(importedSource);
  const { document, injection_bytes_per_s } = describeMachine({ id, seen, facts, template, device: chosen, nodes: told.machineNodes, seenNodes: counts.nodes, devicesPerNode: perNode, ownLinks: told.like !== undefined });
  const switched = template.interconnect?.node?.kind === "switch";
  const fitted = fitCollectives(seen, { machine: id, injection_bytes_per_s, switched });
  const written = listFacts(document, "");
  return {
    problems: [],
    cluster: {
      machine: document,
      calibrations: fitted.documents,
      device: chosen,
      like: template.id,
      measured: written.filter(({ fact }) => fact.kind !== "assumed").map(({ path, fact }) => ({ path, value: fact.value, note: fact.note })),
      assumed: written.filter(({ fact }) => fact.kind === "assumed").map(({ path, fact }) => ({ path, value: fact.value, low: fact.low ?? fact.value, high: fact.high ?? fact.value, source: fact.source, reason: fact.note })),
      deviceChecks: checkDevice(seen, device, told.precision),
      leftOut: fitted.leftOut,
    },
  };
}

function chooseDevice(files: readonly ImportedFile[], seen: ReturnType<typeof lookAt>, devices: readonly Device[], told: string | undefined): string | Problem {
  const known = devices.map((device) => device.id);
  if (told !== undefined) return known.includes(told) ? told : unknownName("device", "device", told, known);
  const names = namesOfDevices(files, seen);
  const found = findDevice(names, devices.map(({ id, title, memory }) => ({ id, title, capacity_bytes: memory.capacity.value })));
  const [only, another] = found.ids;
  if (only !== undefined && another === undefined) return only;
  if (another !== undefined) return { code: "ambiguous-device", path: "device", got: found.names.join("; "), expected: `one device: ${found.ids.join(" or ")}`, hint: "--tell device=ID" };
  return { code: "missing-device", path: "device", got: names.length === 0 ? "no file that names its device" : `names that no device document has: ${names.join("; ")}`, expected: `one of ${known.join(", ")}`, hint: "--tell device=ID" };
}

interface Written {
  readonly value: string | number;
  readonly kind: string;
  readonly source: string;
  readonly note: string;
  readonly low?: string | number;
  readonly high?: string | number;
}

function listFacts(value: unknown, path: string): Array<{ path: string; fact: Written }> {
  if (typeof value !== "object" || value === null) return [];
  if ("kind" in value && "source" in value && "value" in value) return [{ path, fact: value as Written }];
  return Object.entries(value).flatMap(([key, inner]) => listFacts(inner, path === "" ? key : `${path}.${key}`));
}
