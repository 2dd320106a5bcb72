/**
 * Published points beside the prediction at the same scale. A point that changes the scenario (overrides) is not comparable with a curve of the plain
 * scenario and is left to `validate`. Rates in another FLOP convention are converted by the workload's own ratio.
 */
import { estimateOf } from "../../model/predict/metrics.ts";
import type { Prediction } from "../../model/prediction.ts";
import { metrics, type Metric, type Run, type RunPoint } from "../../model/schema/run.ts";
import { parseQuantity, type Dimension } from "../../model/units.ts";

export interface PublishedPoint {
  point: string;
  devices: number;
  metric: Metric;
  dimension: Dimension;
  use: "validation" | "calibration";
  measured: number;
  text: string;
  predicted: number;
  low95: number;
  high95: number;
  /** predicted / measured - 1. */
  error: number;
}

export function publishedBeside(run: Run, prediction: Prediction): PublishedPoint[] {
  return run.points.flatMap((point) => {
    const scale = prediction.points.find((candidate) => candidate.devices === point.devices);
    if (scale === undefined || Object.keys(point.overrides ?? {}).length > 0) return [];
    // The stored plan says how a point without a convention of its own counts FLOP; with another one chosen the two are not comparable.
    if (metrics[point.metric] === "rate" && point.convention === undefined && "plan.flopConvention" in prediction.scenario.changes) return [];
    const estimate = estimateOf(scale, point.metric);
    const parsed = parseQuantity(point.value, metrics[point.metric]);
    if (estimate === null || !parsed.ok) return [];
    const factor = conventionFactor(point, prediction);
    const predicted = estimate.value * factor;
    return [{ point: point.id, devices: point.devices, metric: point.metric, dimension: metrics[point.metric], use: point.use, measured: parsed.value, text: point.value, predicted, low95: estimate.low95 * factor, high95: estimate.high95 * factor, error: predicted / parsed.value - 1 }];
  });
}

function conventionFactor(point: RunPoint, prediction: Prediction): number {
  if (metrics[point.metric] !== "rate" || point.convention === undefined) return 1;
  return prediction.totals.flopPerSample[point.convention] / prediction.totals.flopPerSample[prediction.convention];
}

/** What a value of a metric needs beside its unit to be told from the others. */
export const metricWords: Record<Metric, string> = { "sustained-rate": "", "peak-rate": " peak", "parallel-efficiency": "", throughput: "", "step-time": " a step", "staging-time": " staging" };

export const metricLabels: Record<Metric, string> = {
  "sustained-rate": "sustained",
  "peak-rate": "peak",
  "parallel-efficiency": "efficiency",
  throughput: "throughput",
  "step-time": "step time",
  "staging-time": "staging",
};
