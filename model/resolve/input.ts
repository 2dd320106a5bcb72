/** Scenario -> the numbers of storage and input that model/io computes with. */
import type { InputSupply } from "../io/input.ts";
import type { SharedTier } from "../io/tiers.ts";
import { InputError, wrongValue } from "../problems.ts";
import type { Scenario } from "../scenario.ts";
import type { Machine } from "../schema/machine.ts";

type SharedStorage = Machine["fileSystem"];

export function makeTier(storage: SharedStorage): SharedTier {
  const { name, read, nodeRead, streamRead, replicatedRead, perFile, metadata, servers, available, readSpread } = storage;
  return {
    name,
    read_bytes_per_s: read.value,
    nodeRead_bytes_per_s: nodeRead.value,
    streamRead_bytes_per_s: streamRead?.value ?? null,
    replicatedRead_bytes_per_s: replicatedRead?.value ?? null,
    perFile_s: perFile?.value ?? 0,
    opens_per_s: metadata?.open?.value ?? null,
    stats_per_s: metadata?.stat?.value ?? null,
    available: available?.value ?? 1,
    readSpread: readSpread?.value ?? 0,
    servers: servers ? { used: servers.used.value, rows: Object.entries(servers.read).map(([count, rate]) => ({ servers: Number(count), read_bytes_per_s: rate.value })) } : null,
  };
}

/** Where the data set lies. */
export function homeOf({ machine, plan }: Pick<Scenario, "machine" | "plan">): SharedStorage {
  if (plan.input.tier === "file-system") return machine.fileSystem;
  if (machine.burstBuffer === undefined) throw new InputError([{ ...wrongValue("plan.input.tier", plan.input.tier, "file-system"), hint: `${machine.title} has no burst buffer in its document` }]);
  return machine.burstBuffer;
}

export interface InputHost {
  /** To read one sample from memory and decode it, by one reader, where it was measured. */
  readonly decodeSample_s: number | null;
}

export function makeInput(scenario: Scenario, host: InputHost, sample_bytes: number): Omit<InputSupply, "nodes" | "devicesPerNode"> {
  const { machine, workload, plan, stack } = scenario;
  const { node } = machine;
  const { dataset } = workload;
  const stored_bytes = dataset.storedSample?.value ?? sample_bytes;
  const workerRead = (dataset.format === undefined ? undefined : stack.input.formats?.[dataset.format]) ?? stack.input.workerRead;
  const storage = plan.staging.mode === "none" ? undefined : node.localStorage;
  return {
    stored_bytes,
    deviceSample_bytes: sample_bytes,
    datasetSamples: dataset.samples.value,
    samplesPerDevice: plan.samplesPerDevice * plan.accumulation,
    samplesPerFile: dataset.samplesPerFile ?? 1,
    home: makeTier(homeOf(scenario)),
    staged: storage ? { samples: plan.staging.mode === "shards" ? null : plan.staging.samplesPerNode, read_bytes_per_s: storage.read.value, capacity_bytes: storage.capacity?.value ?? null } : null,
    pageCache: node.pageCache ? { capacity_bytes: node.pageCache.capacity.value, read_bytes_per_s: node.pageCache.read.value } : null,
    fixedShare: plan.input.shuffle === "within-node",
    workersPerDevice: plan.input.workersPerDevice ?? stack.input.workersPerDevice,
    workerCores: node.cores?.value ?? null,
    reservedCores: stack.input.reservedCores?.value ?? 0,
    decodeSample_s: host.decodeSample_s ?? dataset.decode?.value ?? stored_bytes / workerRead.value,
    hostLink_bytes_per_s: node.hostLink.bandwidth.value,
    nodeHostLink_bytes_per_s: node.hostLink.node?.value ?? null,
    prefetch: plan.input.prefetch ?? stack.input.prefetch ?? null,
    sizeSpread: dataset.sizeSpread?.value ?? 0,
    decodeSpread: stack.input.decodeSpread?.value ?? 0,
  };
}
