/** What the many steps of an asynchronous training are made of, from the same program and costs as one synchronous step, and what is told of them. */
import { groupsAt } from "../asynchrony/scheme.ts";
import { serverFloorAt } from "../cost/index.ts";
import { scheduleStep } from "../engine/analytic.ts";
import type { SharedRates } from "../network/shared-core.ts";
import type { Prepared } from "../predict/prepare.ts";
import { foldProgram } from "../program/fold.ts";
import { Kind, kindNames } from "../program/types.ts";
import type { AsynchronousTask } from "./asynchronous.ts";

/** What many steps of this scenario are made of: a step by the pace of its slowest device, and its exchanges. */
export function manySteps({ program, resources }: Prepared, devices: number, time_s: Float64Array, rates: SharedRates): Omit<AsynchronousTask, "speeds" | "jitter" | "random"> {
  const { program: folded } = foldProgram(program);
  const { asynchrony } = resources;
  const keep = Uint8Array.from(kindNames, (name) => (Kind[name] === Kind.exchange ? 0 : 1));
  const exchange = folded.kind.indexOf(Kind.exchange);
  const known = new Map<number, number>();
  const step_s = (stretch: number): number => {
    const key = Math.round(stretch * stretchGrid);
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = scheduleStep(folded, time_s, keep, key / stretchGrid, rates);
    known.set(key, made);
    return made;
  };
  const { groups, size } = groupsAt(asynchrony, devices);
  return { asynchrony, groups, size, step_s, exchange_s: exchange < 0 ? 0 : (time_s[exchange] as number) * asynchrony.period, service_s: (serverFloorAt(folded, resources, devices) * asynchrony.period) / groups, steps: Math.max(40, 4 * asynchrony.period) };
}

/** Steps are known at paces this close to each other. */
const stretchGrid = 5000;

export function asynchronousNotes(groups: number, size: number, staleness: number[]): string[] {
  const sorted = staleness.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const words = groups === 1 ? "Ranks run ahead of each other by as many steps as the gradient is late." : `${groups} groups of ${size} rank${size > 1 ? "s" : ""} were followed over many steps, each at its own pace; the timeline is of one group as if all were in step.`;
  return [sorted.length === 0 ? words : `${words} Gradients met weights that others had updated ${(sorted.reduce((sum, one) => sum + one, 0) / sorted.length).toFixed(1)} times since, one in twenty more than ${at(0.95)} times.`];
}
