/**
 * What Gloo's all-reduce reached over each link: latency of one of its 2 (n-1) steps and bandwidth per direction, from the fitted line where there is one,
 * else bandwidth from the largest size alone. All-reduces that follow one another with two under way, as PyTorch's backend has them, are preferred: one at a
 * time, the library's threads wait for each other some milliseconds, which a training step does not see.
 */
import type { CurveFit } from "../../model/schema/calibration.ts";
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import { parseQuantity } from "../../model/units.ts";
import { largest, rateOf, rowsOf } from "./estimates.ts";
import { widen, type Interval } from "../../calibrate/facts.ts";

export interface LinkFigures {
  readonly link: string;
  /** What the link is shaped to; undefined where it is not shaped. */
  readonly rate_bytes_per_s: number | undefined;
  readonly latency_s: Interval | undefined;
  readonly bandwidth_bytes_per_s: Interval;
  /** Which fit or which row. */
  readonly from: string;
}

const benchmark = "gloo-all-reduce";

export function readLinks(rows: readonly MeasurementRow[], fits: readonly CurveFit[]): LinkFigures[] {
  const links = [...new Set(rowsOf(rows, benchmark).map((row) => String(row.case["link"])))];
  return links.flatMap((link) => {
    const ofLink = rowsOf(rows, benchmark, { link });
    const ranks = Math.min(...ofLink.map((row) => Number(row.case["ranks"])));
    const steps = 2 * (ranks - 1);
    const share = steps / ranks;
    const ofCase = fits.filter((one) => one.y.unit === "s" && one.case["link"] === link && one.case["ranks"] === ranks);
    const fit = ofCase.find((one) => one.benchmark === "gloo-overlap" && one.case["measure"] === "all-reduce-alone" && one.points.length > 1) ?? ofCase.find((one) => one.benchmark === benchmark);
    const row = largest(ofLink.filter((one) => one.case["ranks"] === ranks), "bytes");
    const fitted = fit && findBandwidth(fit);
    const rate = parseQuantity(link, "bandwidth");
    const rate_bytes_per_s = rate.ok ? rate.value : undefined;
    if (fit && fitted) {
      const latency = findLatency(fit);
      return { link, rate_bytes_per_s, latency_s: latency && scale(latency, 1 / steps), bandwidth_bytes_per_s: scale(fitted, share), from: `fit ${fit.id}` };
    }
    if (!row) return [];
    return { link, rate_bytes_per_s, latency_s: undefined, bandwidth_bytes_per_s: scale(widen(rateOf(row, "bytes")), share), from: `${benchmark} of ${String(row.case["bytes"])} bytes alone` };
  });
}

/** Of the regime of large messages, both: training sums buffers of megabytes, and latency and bandwidth belong together. */
const findBandwidth = (fit: CurveFit): Interval | undefined => Object.values(fit.parameters).findLast(({ unit, value }) => unit === "B/s" && value > 0);
const findLatency = (fit: CurveFit): Interval | undefined => Object.values(fit.parameters).findLast(({ unit, value }) => unit === "s" && value > 0);

const scale = ({ value, low, high }: Interval, factor: number): Interval => ({ value: value * factor, low: low * factor, high: high * factor });
