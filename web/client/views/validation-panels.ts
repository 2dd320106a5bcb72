/** The panels of validation: parity with residuals over devices, protocols side by side, misses by name, families, what intervals hold and what is kept out. */
import type { ErrorStatistics } from "../../../calibrate/fit/transformer/statistics.ts";
import { coverageChart } from "../charts/coverage.ts";
import { familyErrorsChart } from "../charts/family-errors.ts";
import type { Ruler } from "../charts/kit.ts";
import { ring } from "../charts/marks.ts";
import { parityChart } from "../charts/parity.ts";
import { misses, parityTable } from "../data/parity-data.ts";
import { coverageTable, familyTable, protocolTable, type Validation } from "../data/validation-data.ts";
import { coverageSubtitle, coverageTitle, familiesTitle, goalOf, inOrder, missesTitle, nameOfProtocol, nothing, scaleTitle } from "../data/validation-words.ts";
import { h } from "../dom.ts";
import { count, fixed, signedFixed } from "../format.ts";
import { missesTable } from "./misses-table.ts";
import type { PanelContent } from "./panel.ts";

const shownMisses = 12;
const empty = (): HTMLElement => h("p", { class: "state-note" }, nothing);

export function parityPanel(found: Validation, width: number, ruler: Ruler): PanelContent {
  const { view } = found;
  const marks = view.inSample ? "Rings: learned from" : "Discs: held out";
  const words = `${marks}; blue, ringed: the point in the card.${view.flagged > 0 ? ` Crossed: ${count(view.flagged)} rows that a rule keeps out, in no figure.` : ""}`;
  return { title: scaleTitle(found), subtitle: [words], chart: view.points.length === 0 ? empty() : ringed(parityChart(view, { width, ruler }), found.chosen?.id), table: parityTable(view) };
}

/** A point of a few pixels is found by the ring around it. */
function ringed(chart: SVGSVGElement, id: string | undefined): SVGSVGElement {
  for (const mark of chart.querySelectorAll(".mark")) {
    const spot = mark.querySelector("circle");
    if (spot && mark.getAttribute("data-x") === id) mark.append(ring(Number(spot.getAttribute("cx")), Number(spot.getAttribute("cy")), 6, { fill: "none", stroke: "var(--accent)" }));
  }
  return chart;
}

const tenths = (value: number): string => fixed(100 * value, 1);

/** As docs/accuracy-transformers.md writes them. */
export const figuresOf = (errors: ErrorStatistics | undefined): string[] =>
  errors === undefined ? ["0", ...Array.from({ length: 8 }, () => "–")] : [count(errors.points), count(errors.series), tenths(errors.mape), tenths(errors.median), tenths(errors.p90), signedFixed(100 * errors.bias, 1), signedFixed(100 * errors.worst, 1), fixed(100 * errors.coverage80, 0), fixed(100 * errors.coverage95, 0)];

const heads = [["points", "number"], ["series", "number rank2"], ["mean", "number"], ["median", "number"], ["p90", "number rank2"], ["bias", "number rank3"], ["worst", "number rank3"], ["in 80\u202f%", "number rank3"], ["in 95\u202f%", "number"]] as const;

const goalCell = (goal: ReturnType<typeof goalOf>): HTMLElement => h("td", { class: "number rank3" }, ...(goal === undefined ? ["–"] : [`${goal.words} `, h("span", { class: goal.met ? "met" : "fit bad" }, goal.met ? "met" : "not met")]));

export function protocolsPanel(found: Validation, choose: (protocol: string) => void): PanelContent {
  const rows = inOrder(found.byProtocol).map(({ id, means, errors }) => h("tr", { "data-protocol": id, "aria-current": id === found.view.protocol ? "true" : null },
    h("td", {}, h("button", { type: "button", class: "link", "data-key": `row:${id}`, onclick: () => choose(id) }, nameOfProtocol(id)), h("span", { class: "why" }, means)),
    ...figuresOf(errors).map((text, at) => h("td", { class: heads[at]?.[1] ?? "number" }, text)), goalCell(found.whole ? goalOf(id, errors) : undefined)));
  const chart = h("table", { class: "data protocols" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Protocol"), ...heads.map(([name, kind]) => h("th", { class: kind, scope: "col" }, name)), h("th", { class: "number rank3", scope: "col" }, "goal"))), h("tbody", {}, ...rows));
  return { title: "What was known when predicting", subtitle: ["Error of step time, predicted over measured less one, in per cent; mean, median and p90 of its size. Goal: mean / median, over all networks. A name redraws the page."], chart, table: protocolTable(found) };
}

export function missesPanel(found: Validation, choose: (point: string) => void): PanelContent {
  const table = parityTable({ ...found.view, points: misses(found.view, found.view.points.length) });
  return { title: missesTitle(found), subtitle: ["Red: the interval misses the measured step. A name opens the point in the card."], chart: found.view.all === undefined ? empty() : missesTable(found.view, shownMisses, choose), table };
}

export function familiesPanel(found: Validation, width: number, ruler: Ruler): PanelContent {
  return { title: familiesTitle(found), subtitle: ["A row is a family of sources, a mark a point; tick: median error, with its sign. Shaded: ±10\u202f%."], chart: found.byFamily.length === 0 ? empty() : familyErrorsChart(found.byFamily, found.view.inSample, { width, ruler }), table: familyTable(found) };
}

export function coveragePanel(found: Validation, width: number, ruler: Ruler): PanelContent {
  const { keptOut, view } = found;
  const rows = keptOut.map(({ rule, points }) => h("tr", {}, h("td", {}, rule.replaceAll("-", " ")), h("td", { class: "number" }, count(points.length))));
  const after = view.flagged === 0 ? null : h("table", { class: "data kept-out" }, h("caption", {}, `Not counted: ${count(view.flagged)} ${view.flagged === 1 ? "row" : "rows"}, each by a named rule`), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Rule"), h("th", { class: "number", scope: "col" }, "rows"))), h("tbody", {}, ...rows));
  return { title: coverageTitle(found), subtitle: [coverageSubtitle(found)], chart: found.byKind.length === 0 ? empty() : coverageChart(found.byKind, { width, ruler }), table: coverageTable(found), after };
}
