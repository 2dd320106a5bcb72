/**
 * Times of a traced step at another size: measured ones stay, exchanges are timed by the model. A group as large as the traced run grows with the ranks; a smaller one is another kind of parallelism and
 * keeps its size. Of the sizes: what is summed stays the same for any number of ranks, what is gathered or scattered is the whole tensor. An exchange whose operation or size is not known keeps its
 * measured time, and is counted.
 */
import { collectiveTime, type CollectiveKind, type CollectiveTiming } from "../network/library/index.ts";
import type { TracedCollective, TracedProgram } from "../program/traced.ts";

const kinds: Readonly<Record<string, CollectiveKind>> = {
  "all-reduce": "all-reduce", "all-gather": "all-gather", "reduce-scatter": "reduce-scatter", broadcast: "broadcast", "all-to-all": "all-to-all", "send-recv": "send-recv",
  // No library's rules speak of these: the same bytes leave or reach one rank.
  reduce: "broadcast", gather: "all-gather", scatter: "reduce-scatter",
};

export const isTimed = (call: TracedCollective | undefined): boolean => call?.bytes !== undefined && kinds[call.operation] !== undefined;

/** Ranks of the group that carries a collective out when the run has so many. */
export const groupAt = ({ groupSize }: TracedCollective, tracedRanks: number | undefined, ranks: number): number => (groupSize === undefined || tracedRanks === undefined || groupSize >= tracedRanks ? ranks : Math.min(groupSize, ranks));

/** Seconds by operation. `longer`: how much longer the slowest device computes. */
export function costTraced({ pause_s, time_s, collectives, program }: TracedProgram, timing: CollectiveTiming, tracedRanks: number | undefined, ranks: number, longer: number): Float64Array {
  return Float64Array.from({ length: program.count }, (_, index) => {
    const call = collectives[index];
    const pause = pause_s[index] as number;
    if (call === undefined || !isTimed(call)) return pause + (time_s[index] as number) * (program.lane[index] === 0 ? longer : 1);
    const group = groupAt(call, tracedRanks, ranks);
    return pause + collectiveTime(timing, kinds[call.operation] as CollectiveKind, call.bytes ?? 0, group, Math.min(timing.devicesPerNode, group));
  });
}
