/**
 * Times of one checkpoint from its bytes and the rates they meet. Synchronous: the job waits until everything is written. Asynchronous: it waits for the copy from devices to the host,
 * and the write goes on behind it (CheckFreq, FAST 2021). A load reads what every device needs, replicas included. Left out: the time to make files, contention with the input
 * pipeline, and compression.
 */
export interface StateSize {
  /** What one checkpoint holds. */
  readonly checkpoint_bytes: number;
  /** What all devices together read back: more than was written where replicas share one copy. */
  readonly load_bytes: number;
  /** Devices that write, and nodes that they are on. */
  readonly writers: number;
  readonly writerNodes: number;
  /** Nodes that read it back. */
  readonly readerNodes: number;
}

export interface StorageRates {
  /** All nodes together; infinite where each node has its own. */
  readonly write_bytes_per_s: number;
  readonly nodeWrite_bytes_per_s: number;
  readonly read_bytes_per_s: number;
  readonly nodeRead_bytes_per_s: number;
  /** Device to host, per device, and of a node's devices together. */
  readonly hostLink_bytes_per_s: number;
}

export interface CheckpointTimes {
  readonly write_s: number;
  readonly blocked_s: number;
  readonly behind_s: number;
  readonly load_s: number;
  readonly binds: "all nodes together" | "one node";
}

export function checkpointTimes(size: StateSize, rates: StorageRates, asynchronous: boolean): CheckpointTimes {
  const together_s = size.checkpoint_bytes / rates.write_bytes_per_s;
  const node_s = size.checkpoint_bytes / size.writerNodes / rates.nodeWrite_bytes_per_s;
  const write_s = Math.max(together_s, node_s);
  const copy_s = size.checkpoint_bytes / size.writers / rates.hostLink_bytes_per_s;
  return {
    write_s,
    blocked_s: asynchronous ? copy_s : write_s,
    behind_s: asynchronous ? write_s : 0,
    load_s: Math.max(size.load_bytes / rates.read_bytes_per_s, size.load_bytes / size.readerNodes / rates.nodeRead_bytes_per_s),
    binds: together_s >= node_s ? "all nodes together" : "one node",
  };
}
