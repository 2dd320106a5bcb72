/** The step of every draw as dots that pile up, as bars where they are many; the analytic step and the draws' mean on the same axis. The draw shown above is ringed. */
import { bin, scaleLinear } from "d3";
import type { Simulation } from "../../../model/simulate/simulation.ts";
import { s, tipAttribute, tipText, type Tip } from "../dom.ts";
import { count, fixed, join, tickText, unitOf, type Unit } from "../format.ts";
import { bar, crisp, label, overlaps, place, root, rule, textBox, thinTicks, type Box, type ChartSize } from "./kit.ts";
import { diamond } from "./marks.ts";

/** More than this many are bars. */
const mostDots = 120;
const radius = 3.6;

export function drawsChart({ draws_s, recorded, analytic_s, step_s }: Pick<Simulation, "draws_s" | "recorded" | "analytic_s" | "step_s">, { width, ruler }: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const unit = unitOf(step_s.mean, "time");
  const decimals = Math.max(1, 3 - Math.floor(Math.log10(step_s.mean / unit.scale)));
  const said = (time_s: number) => join(fixed(time_s / unit.scale, decimals), unit.unit);
  const low = Math.min(step_s.min, analytic_s);
  const high = Math.max(step_s.max, analytic_s);
  const room = Math.max((high - low) * 0.06, step_s.mean * 2e-3);
  const x = scaleLinear([low - room, high + room], [8, width - 8]);
  const height = 190;
  const base = height - 34;
  const svg = root(width, height, `${draws_s.length} draws from ${said(step_s.min)} to ${said(step_s.max)}, mean ${said(step_s.mean)}; analytic ${said(analytic_s)}`);
  drawAxis(svg, x, base, width, unit, ruler);
  if (draws_s.length <= mostDots) pileDots(svg, { draws_s, recorded }, x, base, said);
  else {
    const bins = bin().domain(x.domain() as [number, number]).thresholds(x.ticks(40))(draws_s as number[]);
    const most = Math.max(...bins.map(({ length }) => length));
    for (const found of bins) {
      if (found.length === 0 || found.x0 === undefined || found.x1 === undefined) continue;
      const tip: Tip = { head: `${count(found.length)} draws`, rows: [["from", said(found.x0)], ["to", said(found.x1)]] };
      const tall = (found.length / most) * (base - 66);
      svg.append(s("g", { class: "mark", "data-key": `draws:${found.x0}`, "data-series": "draws", "data-count": found.length, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) }, bar(x(found.x0) + 0.5, base - tall, x(found.x1) - x(found.x0) - 1, tall, "var(--accent)", { opacity: 0.55 })));
    }
  }
  const taken: Box[] = [];
  const line = (time_s: number, words: string, stroke: string, dash: string | null) => {
    svg.append(rule(x(time_s), 50, x(time_s), base, stroke, { "stroke-width": 1.4, ...(dash ? { "stroke-dasharray": dash } : {}) }));
    const half = ruler(words, 11, 600) / 2;
    const middle = Math.min(width - half - 2, Math.max(half + 2, x(time_s)));
    const y = [14, 30, 46].find((one) => taken.every((other) => !overlaps(textBox(middle, one, words, ruler, { anchor: "middle", weight: 600 }), other))) ?? 46;
    taken.push(textBox(middle, y, words, ruler, { anchor: "middle", weight: 600 }));
    svg.append(label(middle, y, words, { anchor: "middle", weight: 600, fill: stroke }));
  };
  line(analytic_s, `analytic ${said(analytic_s)}`, "var(--accent)", null);
  svg.append(diamond(x(analytic_s), base, 4.6));
  line(step_s.mean, `mean ${said(step_s.mean)}`, "var(--ink2)", "5 3");
  return svg;
}

function pileDots(svg: SVGSVGElement, { draws_s, recorded }: Pick<Simulation, "draws_s" | "recorded">, x: (time_s: number) => number, base: number, said: (time_s: number) => string): void {
  const piles = new Map<number, number>();
  draws_s.map((step_s, draw) => ({ step_s, draw })).toSorted((a, b) => a.step_s - b.step_s).forEach(({ step_s, draw }) => {
    const column = Math.round(x(step_s) / (2 * radius));
    const level = piles.get(column) ?? 0;
    piles.set(column, level + 1);
    const shown = draw + 1 === recorded.draw;
    const tip: Tip = { head: `Draw ${draw + 1}`, rows: [["step", said(step_s)]], ...(shown ? { text: "The median, shown as lanes above." } : {}) };
    const step = Math.min(2 * radius + 0.4, (base - 62) / Math.max(1, draws_s.length * 0.5));
    svg.append(s("g", { class: "mark", "data-key": `draw:${draw + 1}`, "data-series": "draws", "data-value": step_s, tabindex: -1, role: "img", "aria-label": tipText(tip), "data-tip": tipAttribute(tip) },
      s("circle", { cx: place(column * 2 * radius), cy: place(base - 10 - level * Math.max(step, 2.2)), r: radius, fill: "var(--accent)", opacity: 0.85 }),
      shown ? s("circle", { cx: place(column * 2 * radius), cy: place(base - 10 - level * Math.max(step, 2.2)), r: radius + 2.6, fill: "none", stroke: "var(--ink)", "stroke-width": 1.4 }) : null));
  });
}

function drawAxis(svg: SVGSVGElement, x: ReturnType<typeof scaleLinear<number, number>>, base: number, width: number, unit: Unit, ruler: ChartSize["ruler"]): void {
  const [low, high] = x.domain() as [number, number];
  const ticks = scaleLinear([low / unit.scale, high / unit.scale], [0, 1]).ticks(Math.max(3, width / 110)).map((tick) => tick * unit.scale);
  const inside = thinTicks(ticks.filter((tick) => x(tick) - ruler(tickText(tick, unit)) / 2 > 0 && x(tick) + ruler(`${tickText(tick, unit)} ${unit.unit}`) / 2 < width), (tick) => x(tick), (tick) => ruler(`${tickText(tick, unit)} ${unit.unit}`), () => false);
  svg.append(rule(0, base + 0.5, width, base + 0.5, "var(--line2)"));
  inside.forEach((tick, index) => svg.append(rule(crisp(x(tick)), base, crisp(x(tick)), base + 5, "var(--line2)"), label(x(tick), base + 18, index === inside.length - 1 ? `${tickText(tick, unit)} ${unit.unit}` : tickText(tick, unit), { anchor: "middle" })));
}
