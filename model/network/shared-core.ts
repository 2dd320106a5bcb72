/**
 * A collective and the computation on one core, as with Gloo or MPI on hosts without an engine of their own. Beside compute the collective's threads wait
 * for the scheduler, so each byte takes longer by 1 / communication; and each byte takes 1 / processing of the core's time from compute.
 * Both rates are measured by running the two together (native/net/gloo-overlap). Left out: caches that the two spoil for each other.
 *
 * A rank that waits for each collective before it starts the next pays at least blockingCall on average: the library's threads take turns on the core, and
 * one that polls for a lock keeps it to the end of its time slice. While bytes are on the wire the threads sleep, so the two do not add up: the longer one
 * counts (native/net/gloo-blocking; docs/decisions/0007).
 */
export interface SharedCore {
  readonly communication_bytes_per_s: number;
  readonly processing_bytes_per_s: number;
  readonly blockingCall_s: number;
}

export interface SharedRates {
  /** Pace of the collective while the core computes, over its pace alone. */
  readonly network: number;
  /** Pace of compute while the collective runs, over its pace alone. */
  readonly compute: number;
}

/** Time of a collective that a rank waits for alone; `alone_s`: by the wire. */
export const blockingTime_s = (core: SharedCore | null, alone_s: number): number => (alone_s > 0 ? Math.max(alone_s, core?.blockingCall_s ?? 0) : 0);

export const unshared: SharedRates = { network: 1, compute: 1 };

/** `alone_bytes_per_s`: what the collective moves through the link when nothing else runs. */
export function sharedRates(core: SharedCore | null, alone_bytes_per_s: number): SharedRates {
  if (!core) return unshared;
  const beside_bytes_per_s = 1 / (1 / alone_bytes_per_s + 1 / core.communication_bytes_per_s);
  return { network: beside_bytes_per_s / alone_bytes_per_s, compute: Math.max(0.05, 1 - beside_bytes_per_s / core.processing_bytes_per_s) };
}
