/** The small bar under a key figure: 95 % interval, predicted diamond, baseline tick, published disc. */
import { scaleLinear } from "d3";
import type { Estimate } from "../../../model/prediction.ts";
import { bar, rule } from "./kit.ts";
import { baselineTick, diamond, disc } from "./marks.ts";
import { s } from "../dom.ts";

export interface IntervalBarData {
  estimate: Estimate;
  baseline: number | null;
  published: number | null;
  label: string;
}

export function intervalBar(data: IntervalBarData, width: number): SVGSVGElement {
  const { estimate, baseline, published } = data;
  const height = 14;
  const middle = height / 2;
  const all = [estimate.low95, estimate.high95, estimate.value, ...(baseline === null ? [] : [baseline]), ...(published === null ? [] : [published])];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const margin = Math.max((high - low) * 0.25, Math.abs(high) * 1e-3, 1e-30);
  const x = scaleLinear([low - margin, high + margin], [0, width]);
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": data.label },
    rule(0, middle, width, middle, "var(--line2)"),
    bar(x(estimate.low95), middle - 3, x(estimate.high95) - x(estimate.low95), 6, "var(--accent)", { opacity: 0.28 }),
    baseline === null ? null : baselineTick(x(baseline), 1, height - 1),
    published === null ? null : disc(x(published), middle, 3.6, { stroke: "var(--paper)", "stroke-width": 1 }),
    diamond(x(estimate.value), middle, 4.2));
}
