/** Predicted over measured with its 95 % interval, on a log axis from half to twice: the rule in the middle is what was measured. */
import { scaleLog } from "d3";
import { s } from "../dom.ts";
import { place, rule } from "./kit.ts";
import { diamond } from "./marks.ts";

export interface MissBar {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly holds: boolean;
  readonly label: string;
}

const [width, height] = [132, 18];
/** Ends beyond it are put on the edge. */
const reach = 2;

export function missBar({ ratio, low, high, holds, label }: MissBar): SVGSVGElement {
  const x = scaleLog([1 / reach, reach], [6, width - 6]).clamp(true);
  const colour = holds ? "var(--ink2)" : "var(--bad)";
  const middle = height / 2;
  const end = (value: number) => s("line", { x1: place(x(value)), x2: place(x(value)), y1: middle - 4, y2: middle + 4, stroke: colour, "stroke-width": 1.3 });
  const beyond = (value: number): boolean => value < 1 / reach || value > reach;
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    rule(x(1), 0, x(1), height, "var(--ctl)"),
    s("line", { x1: place(x(low)), x2: place(x(high)), y1: middle, y2: middle, stroke: colour, "stroke-width": 1.3 }),
    ...[low, high].filter((value) => !beyond(value)).map(end),
    diamond(x(ratio), middle, 4, colour));
}
