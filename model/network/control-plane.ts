/**
 * Agreement on which gradients are ready, as in Horovod of 2018: every rank announces every tensor. Flat: rank 0 takes one request from each rank and
 * answers it. Tree of radix r: no rank handles more than r + 1 messages per tensor (Kurth et al. SC18), at the price of the tree's depth.
 * A request costs the busiest rank two messages and its processing. Left out: caching of agreed responses, which later versions have.
 */
export interface ControlPlane {
  readonly kind: "none" | "flat" | "tree";
  readonly radix: number;
  readonly messageOverhead_s: number;
  readonly requestProcessing_s: number;
  readonly messageLatency_s: number;
}

/** Requests that the busiest rank handles for one tensor. */
export function busiestRequests(plane: ControlPlane, ranks: number): number {
  if (plane.kind === "none" || ranks <= 1) return 0;
  return plane.kind === "flat" ? ranks - 1 : Math.min(plane.radix + 1, ranks - 1);
}

/** Levels that a request climbs to the root. */
export function treeDepth(plane: ControlPlane, ranks: number): number {
  if (plane.kind === "none" || ranks <= 1) return 0;
  return plane.kind === "flat" ? 1 : Math.ceil(Math.log(ranks) / Math.log(plane.radix) - 1e-9);
}

/** Time the busiest rank spends on one tensor, and the time for word to go up and down once. */
export function negotiationTime(plane: ControlPlane, ranks: number): { perTensor_s: number; roundTrip_s: number } {
  const perRequest_s = 2 * plane.messageOverhead_s + plane.requestProcessing_s;
  return { perTensor_s: busiestRequests(plane, ranks) * perRequest_s, roundTrip_s: 2 * treeDepth(plane, ranks) * plane.messageLatency_s };
}
