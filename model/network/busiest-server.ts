/**
 * Parameter servers that each keep whole tensors, as many servers as nodes, tensors dealt out to the least loaded (GreedyLoadBalancingStrategy of TensorFlow 1, which
 * tf_cnn_benchmarks uses). All workers meet at the port of the server with the most bytes, and no server holds less than its largest tensor: beyond total / largest nodes
 * more servers help no more. Left out: the order in which workers fetch, additions.
 */

/** Bytes at the busiest server over an equal share, at least 1. */
export function busiestServer(tensors: Iterable<number>, servers: number): number {
  let [total, largest] = [0, 0];
  for (const elements of tensors) {
    total += elements;
    largest = Math.max(largest, elements);
  }
  return total > 0 ? Math.max(1, (servers * largest) / total) : 1;
}
