/** Steps and time to the quality target of every convergence document that speaks of the scenario's workload, with what delay costs. */
import { estimateTarget, isRefused } from "../convergence/target.ts";
import type { Interval, RefusedTarget, TargetReport } from "../prediction-asynchrony.ts";
import type { Convergence } from "../schema/convergence.ts";

/** `penalty`: samples over those of synchronous training at the same batch. Independent errors of batch law, delay and step time add up as squares of logarithms. */
export function targetsOf(documents: readonly Convergence[], batch: number, penalty: Interval | null, step_s: Interval): Array<TargetReport | RefusedTarget> {
  return documents.map((document) => {
    const estimate = estimateTarget(document, batch);
    if (isRefused(estimate)) return estimate;
    const delay = penalty ?? { value: 1, low95: 1, high95: 1 };
    const stepsNeeded = estimate.steps && multiply(estimate.steps, delay);
    return { ...estimate, penalty: delay, stepsNeeded, time_s: stepsNeeded && multiply(stepsNeeded, step_s) };
  });
}

function multiply(a: Interval, b: Interval): Interval {
  const value = a.value * b.value;
  const reach = (end: "low95" | "high95") => Math.hypot(Math.log(a[end] / a.value), Math.log(b[end] / b.value));
  return { value, low95: value * Math.exp(-reach("low95")), high95: value * Math.exp(reach("high95")) };
}
