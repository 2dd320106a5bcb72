/**
 * A step seen as two things that are improved apart: scale-up, what one device does with its kernel library, and scale-out, what the communication library adds. Each with what bounds it: the
 * share of peak that products reach, what devices at work beside each other take from it, layout copies; sums inside the node, between nodes, latency. What neither decides (input, the slowest
 * device) stands apart. Terms are those of the prediction and add up to its step; the parts of sums are of all sums, hidden or not.
 */
import { costAllReduce, costLocal, productSharingAt } from "../cost/index.ts";
import { findLibrary } from "../network/library/index.ts";
import { prepare, type Prepared } from "../predict/prepare.ts";
import { Kind } from "../program/types.ts";
import type { Term, TermId } from "../prediction.ts";
import type { Scenario } from "../scenario.ts";

export const trackTerms = {
  scaleUp: ["ideal-compute", "kernel-inefficiency", "memory-bound", "optimizer", "launch"],
  scaleOut: ["normalisation-exchange", "communication", "control-plane"],
  other: ["input", "stragglers"],
} as const satisfies Record<string, readonly TermId[]>;
export type TrackId = keyof typeof trackTerms;

export interface TrackTime {
  readonly time_s: number;
  /** Of the same work, hidden behind other work. */
  readonly hidden_s: number;
  readonly share: number;
}

export interface Tracks {
  readonly scaleUp: TrackTime & {
    readonly library: string | null;
    /** Time of products at the datasheet peak over their time; null where a step has none. */
    readonly peakShare: number | null;
    /** What products take longer because all devices of a node work. */
    readonly sharing_s: number;
    /** Time of layout copies in products; where the stack makes none, what they would add. Null where nothing depends on them. */
    readonly layoutCopies: { readonly on: boolean; readonly time_s: number } | null;
  };
  readonly scaleOut: TrackTime & {
    readonly library: string | null;
    readonly sums: number;
    readonly insideNode_s: number;
    readonly betweenNodes_s: number;
    readonly latency_s: number;
    /** False: collectives run one after another. Null where no library is named. */
    readonly concurrent: boolean | null;
  };
  readonly other: TrackTime;
}

type Timed = Pick<Term, "id" | "time_s" | "overlapped_s">;

export function trackTimes(terms: readonly Timed[]): Record<TrackId, TrackTime> {
  const step_s = terms.reduce((sum, { time_s }) => sum + time_s, 0);
  const sum = (ids: readonly TermId[]): TrackTime => {
    const own = terms.filter(({ id }) => ids.includes(id));
    const time_s = own.reduce((total, term) => total + term.time_s, 0);
    return { time_s, hidden_s: own.reduce((total, term) => total + term.overlapped_s, 0), share: step_s > 0 ? time_s / step_s : 0 };
  };
  return { scaleUp: sum(trackTerms.scaleUp), scaleOut: sum(trackTerms.scaleOut), other: sum(trackTerms.other) };
}

export function explainTracks(scenario: Scenario, terms: readonly Timed[], devices: number): Tracks {
  const prepared = prepare(scenario, "leave-one-series-out");
  const { resources, local: { sums } } = prepared;
  const times = trackTimes(terms);
  const sharing = productSharingAt(resources, devices);
  const { kernels, collective } = scenario.stack;
  return {
    scaleUp: { ...times.scaleUp, library: kernels.library ?? null, peakShare: sums.kernel > 0 ? sums.ideal / (sums.kernel * sharing) : null, sharing_s: sums.kernel * (sharing - 1), layoutCopies: copiesOf(prepared) },
    scaleOut: { ...times.scaleOut, library: collective.library ?? null, ...sumsOf(prepared, devices), concurrent: collective.library === undefined ? null : findLibrary(collective.library).overlapsCollectives },
    other: times.other,
  };
}

function copiesOf({ program, resources, kernels }: Prepared): { on: boolean; time_s: number } | null {
  if (kernels.model.kind !== "tiled" || !resources.convolution.tensorCores) return null;
  const time_s = (layoutCopies: boolean): number => costLocal(program, { ...resources, convolution: { ...resources.convolution, layoutCopies } }, kernels.model).time_s.reduce((sum, time) => sum + time, 0);
  const copies_s = time_s(true) - time_s(false);
  return { on: resources.convolution.layoutCopies, time_s: copies_s };
}

function sumsOf({ program, resources }: Prepared, devices: number): { sums: number; insideNode_s: number; betweenNodes_s: number; latency_s: number } {
  const total = { sums: 0, insideNode_s: 0, betweenNodes_s: 0, latency_s: 0 };
  if (devices <= 1) return total;
  for (let index = 0; index < program.count; index++) {
    if (program.kind[index] !== Kind.allReduce) continue;
    const { insideNode_s, betweenNodes_s, latency_s } = costAllReduce(program.bytes[index] ?? 0, resources, devices);
    total.sums += 1;
    total.insideNode_s += insideNode_s;
    total.betweenNodes_s += betweenNodes_s;
    total.latency_s += latency_s;
  }
  return total;
}
