/** How firmly a parameter is known: its interval over its value on a log axis that all rows of a table share, and where another calibration has it. */
import { scaleLog } from "d3";
import { s } from "../dom.ts";
import { bar, rule } from "./kit.ts";
import { baselineTick, diamond } from "./marks.ts";

export interface RatioBarData {
  low: number;
  high: number;
  /** Value and interval of another calibration, over the own value. */
  other: { value: number; low: number; high: number } | null;
  /** The widest factor of the table. */
  reach: number;
  label: string;
}

export function ratioBar({ low, high, other, reach, label }: RatioBarData, width: number): SVGSVGElement {
  const height = 16;
  const middle = height / 2;
  const x = scaleLog([1 / reach, reach], [5, width - 5]).clamp(true);
  const span = (from: number, to: number, y: number, thick: number, fill: string, opacity: number) => bar(x(from), y, Math.max(1, x(to) - x(from)), thick, fill, { opacity });
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    rule(0, middle, width, middle, "var(--line2)"),
    other ? span(other.low, other.high, middle - 6, 12, "var(--ink3)", 0.35) : null,
    span(low, high, middle - 3, 6, "var(--accent)", 0.28),
    other ? baselineTick(x(other.value), 1, height - 1) : null,
    diamond(x(1), middle, 4.2));
}
