/**
 * A collective and the computation on one core, as with Gloo or MPI on hosts without an engine of their own. Beside compute the collective's threads wait
 * for the scheduler, so each byte takes longer by 1 / communication; and each byte takes 1 / processing of the core's time from compute.
 * Both rates are measured by running the two together (native/net/gloo-overlap). Left out: caches that the two spoil for each other.
 */
export interface SharedCore {
  readonly communication_bytes_per_s: number;
  readonly processing_bytes_per_s: number;
}

export interface SharedRates {
  /** Pace of the collective while the core computes, over its pace alone. */
  readonly network: number;
  /** Pace of compute while the collective runs, over its pace alone. */
  readonly compute: number;
}

export const unshared: SharedRates = { network: 1, compute: 1 };

/** `alone_bytes_per_s`: what the collective moves through the link when nothing else runs. */
export function sharedRates(core: SharedCore | null, alone_bytes_per_s: number): SharedRates {
  if (!core) return unshared;
  const beside_bytes_per_s = 1 / (1 / alone_bytes_per_s + 1 / core.communication_bytes_per_s);
  return { network: beside_bytes_per_s / alone_bytes_per_s, compute: Math.max(0.05, 1 - beside_bytes_per_s / core.processing_bytes_per_s) };
}
