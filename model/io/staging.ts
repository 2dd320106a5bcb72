/**
 * Time to put every node's share of the data set on its local storage before training. Naive: each node copies all it needs from the shared file system,
 * so a sample is read once for every node that wants it. Exchange: nodes read disjoint parts, each sample once, and send them on over the fabric
 * (Kurth et al. SC18). Left out: metadata and lock contention of the file system, which make a real naive copy slower still.
 */
export interface StagingRequest {
  readonly mode: "naive" | "exchange";
  readonly nodes: number;
  readonly samplesPerNode: number;
  readonly datasetSamples: number;
  readonly sample_bytes: number;
  readonly fileSystemRead_bytes_per_s: number;
  readonly fileSystemNodeRead_bytes_per_s: number;
  /** What one node receives from its peers: the fabric's share or the staging process, whichever is less. */
  readonly nodeReceive_bytes_per_s: number;
  readonly localWrite_bytes_per_s: number;
}

export interface StagingTime {
  readonly time_s: number;
  readonly read_s: number;
  readonly exchange_s: number;
  readonly write_s: number;
  /** Read from the shared file system by all nodes together. */
  readonly read_bytes: number;
  /** How many nodes want one sample, on average. */
  readonly copies: number;
}

export function stagingTime(request: StagingRequest): StagingTime {
  const share_bytes = request.samplesPerNode * request.sample_bytes;
  const wanted = request.nodes * request.samplesPerNode;
  const copies = Math.max(1, wanted / request.datasetSamples);
  const read_bytes = request.mode === "naive" ? request.nodes * share_bytes : (request.nodes * share_bytes) / copies;
  const read_s = Math.max(read_bytes / request.fileSystemRead_bytes_per_s, read_bytes / request.nodes / request.fileSystemNodeRead_bytes_per_s);
  const received_bytes = request.mode === "naive" || request.nodes === 1 ? 0 : share_bytes - read_bytes / request.nodes;
  const exchange_s = received_bytes / request.nodeReceive_bytes_per_s;
  const write_s = share_bytes / request.localWrite_bytes_per_s;
  // Reading, sending on and writing work on different files at the same time: the slowest sets the pace.
  return { time_s: Math.max(read_s, exchange_s, write_s), read_s, exchange_s, write_s, read_bytes, copies };
}
