/**
 * Whether a run fits its device, in three answers. The allocator gives its cache back before it fails, so reserved memory alone refuses nothing: a run does not fit where live
 * tensors exceed the device, or where all that the device would show exceeds it by more than the prediction errs. What lies between is tight.
 */
export const fitAnswers = ["fits", "tight", "does not fit"] as const;
export type FitAnswer = (typeof fitAnswers)[number];

/** Memory of a device that no tensor can have, however small the rest. */
const least_bytes = 0.5e9;
export const tightShare = 0.92;
export const refusedShare = 1.05;

/** `capacity_bytes` is what the driver shows, not what the label says. */
export function judgeFit(allocated_bytes: number, device_bytes: number, capacity_bytes: number): FitAnswer {
  if (allocated_bytes > capacity_bytes - least_bytes || device_bytes > refusedShare * capacity_bytes) return "does not fit";
  return device_bytes > tightShare * capacity_bytes ? "tight" : "fits";
}
