/**
 * What a device did in a span of time: compute, communication that compute hides and does not hide, copies beside it, and nothing. A span is the host's step (ProfilerStep#N), so work that the device
 * still has queued when the host goes on counts to the next one.
 */
import { covered, coveredByBoth, Intervals, unionOf } from "./intervals.ts";
import type { DeviceWork } from "./trace-event.ts";

export interface DeviceTime {
  add(work: DeviceWork, from_us: number, to_us: number): void;
  /** From the first to the last work. */
  span(): { from_us: number; to_us: number } | undefined;
  split(): (from_us: number, to_us: number) => Record<string, number>;
}

export function createDeviceTime(): DeviceTime {
  const compute = new Intervals();
  const messages = new Intervals();
  const copies = new Intervals();
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    add(work, from_us, to_us) {
      (work === "communication" ? messages : work === "compute" ? compute : copies).add(from_us, to_us);
      first = Math.min(first, from_us);
      last = Math.max(last, to_us);
    },
    span: () => (last > first ? { from_us: first, to_us: last } : undefined),
    split() {
      const [computed, sent, copied] = [compute.union(), messages.union(), copies.union()];
      const busy = unionOf(computed, sent);
      return (from, to) => {
        const compute_us = covered(computed, from, to);
        const communication_us = covered(sent, from, to);
        const exposed_us = Math.max(0, communication_us - coveredByBoth(computed, sent, from, to));
        const copyAlone_us = Math.max(0, covered(copied, from, to) - coveredByBoth(copied, busy, from, to));
        const idle_us = Math.max(0, to - from - compute_us - exposed_us - copyAlone_us);
        const parts = { time_s: to - from, compute_s: compute_us, communication_s: communication_us, exposedCommunication_s: exposed_us, copyWithoutCompute_s: copyAlone_us, idle_s: idle_us };
        return Object.fromEntries(Object.entries(parts).map(([name, time_us]) => [name, time_us / 1e6]));
      };
    },
  };
}
