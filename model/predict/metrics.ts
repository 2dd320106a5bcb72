/** Metrics of measured runs as outputs of a prediction. Types only are imported, so that a page can use it without the document schemas. */
import type { Estimate, ScalePoint } from "../prediction.ts";
import type { Metric } from "../schema/run.ts";

/** The output of a prediction that a metric names. */
export function estimateOf(point: ScalePoint, metric: Metric): Estimate | null {
  switch (metric) {
    case "sustained-rate": return point.rate_flop_per_s;
    case "peak-rate": return point.peakRate_flop_per_s;
    case "parallel-efficiency": return point.efficiency;
    case "throughput": return point.throughput_samples_per_s;
    case "step-time": return point.stepTime_s;
    case "staging-time": return point.stagingTime_s;
  }
}
