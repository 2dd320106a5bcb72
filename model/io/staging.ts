/**
 * Time to put every node's share of the data set on its own storage before training. Naive: each node copies all it needs from the shared storage, so a sample is read
 * once for every node that wants it, and nodes that read the same file wait for its locks and servers (the rate of such reads is a fact of the storage). Exchange: nodes
 * read disjoint parts, each sample once, and send them on over the fabric (Kurth et al. SC18). Shards: every node copies its own part of the data set, each sample once,
 * and trains on that part alone. Reading, sending on and writing work on different files at the same time: the slowest sets the pace. What does not fit stays where it is.
 */
import type { StagingStrategy, StagingTime } from "../prediction-input.ts";
import { allClientsRead, metadataTime, type SharedTier } from "./tiers.ts";

export interface StagingRequest {
  readonly mode: StagingStrategy;
  readonly nodes: number;
  readonly samplesPerNode: number;
  readonly datasetSamples: number;
  readonly sample_bytes: number;
  readonly samplesPerFile: number;
  readonly home: SharedTier;
  /** Files that one node copies at a time; null: enough for its bandwidth. */
  readonly streams: number | null;
  /** What one node receives from its peers: the fabric's share or the staging process, whichever is less. */
  readonly nodeReceive_bytes_per_s: number;
  readonly localWrite_bytes_per_s: number;
  readonly localCapacity_bytes: number | null;
}

export function stagingTime(request: StagingRequest): StagingTime {
  const { mode, nodes, datasetSamples, sample_bytes, home, streams } = request;
  const wanted = mode === "shards" ? Math.ceil(datasetSamples / nodes) : request.samplesPerNode;
  const share_bytes = wanted * sample_bytes;
  const held_bytes = Math.min(share_bytes, request.localCapacity_bytes ?? Number.POSITIVE_INFINITY);
  const copies = mode === "shards" ? 1 : Math.max(1, (nodes * held_bytes) / (datasetSamples * sample_bytes));
  const read_bytes = mode === "naive" ? nodes * held_bytes : (nodes * held_bytes) / copies;
  const ownRead_bytes = read_bytes / nodes;
  const together = mode === "naive" && copies > 1 ? Math.min(allClientsRead(home), (home.replicatedRead_bytes_per_s ?? Number.POSITIVE_INFINITY) * home.available) : allClientsRead(home);
  const byStreams = home.streamRead_bytes_per_s === null || streams === null ? Number.POSITIVE_INFINITY : streams * home.streamRead_bytes_per_s;
  const files = read_bytes / sample_bytes / request.samplesPerFile;
  const open_s = ((files / nodes) * home.perFile_s) / (streams ?? 1);
  const read_s = Math.max(read_bytes / together, ownRead_bytes / Math.min(home.nodeRead_bytes_per_s, byStreams) + open_s);
  const metadata_s = metadataTime(home, files, 1);
  const received_bytes = mode !== "exchange" || nodes === 1 ? 0 : held_bytes - ownRead_bytes;
  const exchange_s = received_bytes / request.nodeReceive_bytes_per_s;
  const write_s = held_bytes / request.localWrite_bytes_per_s;
  return { time_s: Math.max(read_s, metadata_s, exchange_s, write_s), read_s, metadata_s, exchange_s, write_s, read_bytes, share_bytes, held_bytes, copies };
}
