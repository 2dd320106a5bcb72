/**
 * Traffic between kernels that the last-level cache keeps: of a working set W beside a cache C the share W / (W + C) goes to memory, the rest moves within the device. Smooth
 * in place of a step at W = C, since no kernel reuses all that fits. Left out: what other kernels push out, write policies, caches cut in halves.
 */

/** Cost of a byte that the last-level cache holds, over one from memory. Assumed, after microbenchmarks of Jia et al. (arXiv:1804.06826): caches a little over twice as fast. */
const cachedTraffic = 0.43;

/** Time of the working set's bytes over that of as many bytes from memory. */
export const cachedShare = (working_bytes: number, cache_bytes: number): number => cachedTraffic + ((1 - cachedTraffic) * working_bytes) / (working_bytes + cache_bytes);
