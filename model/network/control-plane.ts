/**
 * Agreement on which gradients are ready, as in Horovod of early 2018: every rank announces every tensor with a message of its own. Flat: rank 0 takes one
 * request from each rank. Tree of radix r: no rank handles more than r + 1 requests per tensor (Kurth et al. SC18), at the price of the tree's depth.
 * A request costs the busiest rank one message and its handling; the answer for a fused buffer is one message to each rank that asked.
 * Left out: one list of requests per rank and cycle (Horovod 0.12), collectives instead of messages (0.13.3), cached responses (later).
 */
export interface ControlPlane {
  readonly kind: "none" | "flat" | "tree";
  readonly radix: number;
  readonly messageOverhead_s: number;
  readonly requestProcessing_s: number;
  readonly messageLatency_s: number;
}

/** Requests that the busiest rank handles for one tensor; as many ranks wait for its answer. */
export function busiestRequests(plane: ControlPlane, ranks: number): number {
  if (plane.kind === "none" || ranks <= 1) return 0;
  return plane.kind === "flat" ? ranks - 1 : Math.min(plane.radix + 1, ranks - 1);
}

/** Levels that a request climbs to the root. */
export function treeDepth(plane: ControlPlane, ranks: number): number {
  if (plane.kind === "none" || ranks <= 1) return 0;
  return plane.kind === "flat" ? 1 : Math.ceil(Math.log(ranks) / Math.log(plane.radix) - 1e-9);
}

export interface Negotiation {
  /** Time the busiest rank spends on the requests for one tensor. */
  readonly perTensor_s: number;
  /** Time it spends on the answers for one fused buffer. */
  readonly perBuffer_s: number;
  /** Time for word to go up and down once. */
  readonly roundTrip_s: number;
}

export function negotiationTime(plane: ControlPlane, ranks: number): Negotiation {
  const requests = busiestRequests(plane, ranks);
  return {
    perTensor_s: requests * (plane.messageOverhead_s + plane.requestProcessing_s),
    perBuffer_s: requests * plane.messageOverhead_s,
    roundTrip_s: 2 * treeDepth(plane, ranks) * plane.messageLatency_s,
  };
}
