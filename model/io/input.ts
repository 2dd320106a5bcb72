/**
 * The input pipeline of one node in steady state: read, decode, copy to the device. The stages work on different batches at the same time, so each is compared with the
 * step on its own; queue.ts says what their variability adds. Samples come from the page cache, from what was staged on the node, and the rest from where the data
 * set lies, all at once: the slowest of the three sets the pace of reading. The first epoch finds the cache cold.
 */
import { cacheHits } from "./cache.ts";
import { metadataTime, nodeRead, type SharedTier } from "./tiers.ts";

export interface InputSupply {
  /** Bytes of one sample as stored, and as copied to the device. */
  readonly stored_bytes: number;
  readonly deviceSample_bytes: number;
  readonly datasetSamples: number;
  /** Samples of one step. */
  readonly samplesPerDevice: number;
  readonly samplesPerFile: number;
  readonly devicesPerNode: number;
  readonly nodes: number;
  /** Where the data set lies. */
  readonly home: SharedTier;
  /** What a node holds of it; `samples` null: its part of the data set. */
  readonly staged: { readonly samples: number | null; readonly read_bytes_per_s: number; readonly capacity_bytes: number | null } | null;
  readonly pageCache: { readonly capacity_bytes: number; readonly read_bytes_per_s: number } | null;
  /** Whether a node always reads the same samples. */
  readonly fixedShare: boolean;
  readonly workersPerDevice: number;
  /** Cores of a node for workers; null where not known. */
  readonly workerCores: number | null;
  /** Of them, those that the communication library takes as soon as a job has several nodes. */
  readonly reservedCores?: number;
  /** Time of one worker for one sample. */
  readonly decodeSample_s: number;
  readonly hostLink_bytes_per_s: number;
  /** All devices of a node together. */
  readonly nodeHostLink_bytes_per_s: number | null;
  readonly prefetch: number | null;
  readonly sizeSpread: number;
  readonly decodeSpread: number;
}

export interface InputShares {
  readonly cache: number;
  readonly local: number;
  readonly shared: number;
}

export interface InputTimes {
  readonly read_s: number;
  readonly decode_s: number;
  readonly copy_s: number;
  /** Reading a batch of the first epoch. */
  readonly firstRead_s: number;
  /** Rate at which one node reads, and where it reads from. */
  readonly nodeRead_bytes_per_s: number;
  readonly shares: InputShares;
  /** Workers of a device that have a core. */
  readonly workersPerDevice: number;
  /** Relative standard deviation of the time of a batch, by stage. */
  readonly readSpread: number;
  readonly decodeSpread: number;
}

/** Bytes that a node keeps of the data set, and how many of them its storage holds. */
export function stagedShare({ staged, datasetSamples, nodes, stored_bytes }: Pick<InputSupply, "staged" | "datasetSamples" | "nodes" | "stored_bytes">): { wanted_bytes: number; held_bytes: number } {
  if (staged === null) return { wanted_bytes: 0, held_bytes: 0 };
  const wanted_bytes = (staged.samples ?? Math.ceil(datasetSamples / nodes)) * stored_bytes;
  return { wanted_bytes, held_bytes: Math.min(wanted_bytes, staged.capacity_bytes ?? Number.POSITIVE_INFINITY) };
}

const freeCores = (cores: number, reserved: number): number => Math.max(1, cores - reserved);

export function inputTimes(supply: InputSupply): InputTimes {
  const { samplesPerDevice, devicesPerNode, nodes, home } = supply;
  const workersPerDevice = supply.workerCores === null ? supply.workersPerDevice : Math.min(supply.workersPerDevice, freeCores(supply.workerCores, nodes > 1 ? (supply.reservedCores ?? 0) : 0) / devicesPerNode);
  const { wanted_bytes, held_bytes } = stagedShare(supply);
  const local = wanted_bytes > 0 ? held_bytes / wanted_bytes : supply.staged === null ? 0 : 1;
  const cache = hits(supply, wanted_bytes);
  const shares: InputShares = { cache, local: (1 - cache) * local, shared: (1 - cache) * (1 - local) };
  const node_bytes = supply.stored_bytes * samplesPerDevice * devicesPerNode;
  const read = (of: InputShares): number => {
    const files = (samplesPerDevice * of.shared) / supply.samplesPerFile;
    const shared_s = (node_bytes * of.shared) / nodeRead(home, nodes, workersPerDevice * devicesPerNode) + (files * home.perFile_s) / workersPerDevice;
    const local_s = of.local > 0 ? (node_bytes * of.local) / (supply.staged?.read_bytes_per_s ?? Number.POSITIVE_INFINITY) : 0;
    const cache_s = of.cache > 0 ? (node_bytes * of.cache) / (supply.pageCache?.read_bytes_per_s ?? Number.POSITIVE_INFINITY) : 0;
    return Math.max(shared_s, local_s, cache_s, metadataTime(home, files * devicesPerNode * nodes, 0));
  };
  const read_s = read(shares);
  const device_bytes = supply.deviceSample_bytes * samplesPerDevice;
  const ofBatch = (...spreads: number[]): number => Math.hypot(...spreads) / Math.sqrt(samplesPerDevice);
  return {
    read_s,
    decode_s: (samplesPerDevice * supply.decodeSample_s) / workersPerDevice,
    copy_s: Math.max(device_bytes / supply.hostLink_bytes_per_s, supply.nodeHostLink_bytes_per_s === null ? 0 : (device_bytes * devicesPerNode) / supply.nodeHostLink_bytes_per_s),
    firstRead_s: cache > 0 ? read({ cache: 0, local, shared: 1 - local }) : read_s,
    nodeRead_bytes_per_s: node_bytes / read_s,
    shares,
    workersPerDevice,
    readSpread: ofBatch(supply.sizeSpread, home.readSpread * shares.shared),
    decodeSpread: ofBatch(supply.sizeSpread, supply.decodeSpread),
  };
}

/** Share of reads that the page cache answers once it is warm. */
function hits({ pageCache, staged, fixedShare, datasetSamples, nodes, stored_bytes }: InputSupply, staged_bytes: number): number {
  if (pageCache === null) return 0;
  const own = staged !== null || fixedShare;
  const share_bytes = staged !== null ? staged_bytes : (datasetSamples / nodes) * stored_bytes;
  return share_bytes > 0 ? cacheHits(pageCache.capacity_bytes / share_bytes, own ? 1 : nodes) : 0;
}
