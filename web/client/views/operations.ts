/** Tables of operations: how well each is predicted from its other sizes, and the course of the one that is chosen. */
import type { OperationsCalibration, SurfaceDocument } from "../../../model/schema/calibration.ts";
import { scaleLog } from "d3";
import type { CalibrateState } from "../calibrate/state.ts";
import { fitChart } from "../charts/fit.ts";
import { place, rule, type Ruler } from "../charts/kit.ts";
import { disc } from "../charts/marks.ts";
import { operationName, operationsFinding, surfaceFinding } from "../data/fit-findings.ts";
import { operationsTable, surfaceChartData, surfaceTable } from "../data/surface-data.ts";
import { hostWords, showDate } from "../data/calibration-facts.ts";
import { h, s } from "../dom.ts";
import { percent } from "../format.ts";
import type { PanelContent } from "./panel.ts";

export const keyOf = ({ operation, pass }: SurfaceDocument): string => `${operation} ${pass}`;

export const chosenSurface = ({ surfaces }: OperationsCalibration, { operation }: Pick<CalibrateState, "operation">): SurfaceDocument | undefined => surfaces.find((surface) => keyOf(surface) === operation) ?? surfaces.toSorted((a, b) => b.residuals.median - a.residuals.median)[0];

const stripWidth = 130;

export function operationsPanel(table: OperationsCalibration, state: CalibrateState, choose: (operation: string) => void): PanelContent {
  const surfaces = table.surfaces.toSorted((a, b) => b.residuals.median - a.residuals.median);
  const chosen = chosenSurface(table, state);
  const all = surfaces.flatMap(({ residuals }) => [residuals.median, residuals.worst]).filter((value) => value > 0);
  const x = scaleLog([Math.min(0.005, ...all), Math.max(0.2, ...all)], [5, stripWidth - 5]).clamp(true);
  const floor = x.domain()[0] ?? 0.005;
  const rows = surfaces.map((surface) => {
    const { n, median, p90, worst } = surface.residuals;
    const at = (value: number) => place(x(Math.max(value, floor)));
    const name = operationName(surface);
    const strip = s("svg", { width: stripWidth, height: 16, viewBox: `0 0 ${stripWidth} 16`, role: "img", "aria-label": `median ${percent(median, 2)}, worst ${percent(worst, 2)}` }, rule(0, 8, stripWidth, 8), rule(at(median), 8, at(worst), 8, "var(--ink3)"), rule(at(p90), 5, at(p90), 11, "var(--ink3)"), disc(at(median), 8, 3.6));
    const isChosen = chosen !== undefined && keyOf(surface) === keyOf(chosen);
    return h("tr", { class: isChosen ? "chosen" : "" }, h("td", {}, h("button", { type: "button", class: "plain row-link", "data-key": `operation:${keyOf(surface)}`, "aria-pressed": String(isChosen), onclick: () => choose(keyOf(surface)) }, name)), h("td", { class: "number rank2" }, String(n)), h("td", { class: "strip rank3" }, strip), h("td", { class: "number" }, percent(median, 2)), h("td", { class: "number rank3" }, percent(p90, 2)), h("td", { class: "number" }, percent(worst, 2)));
  });
  const head = (name: string, rank = "") => h("th", { scope: "col", class: `number ${rank}` }, name);
  return {
    title: operationsFinding(table),
    subtitle: [`${table.title}. Each point predicted from the others; disc: median, tick: 90\u202f%, end: worst, log scale. ${hostWords(table)}, ${showDate(table.date)}. Common error of a whole network: ${percent(table.commonError, 2)}.`],
    chart: h("div", { class: "long-list", tabindex: 0, role: "region", "aria-label": "Operations" }, h("table", { class: "data" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Operation"), head("sizes", "rank2"), h("th", { scope: "col", class: "rank3" }, ""), head("median"), head("90\u202f%", "rank3"), head("worst"))), h("tbody", {}, ...rows))),
    table: operationsTable(surfaces),
  };
}

export function surfacePanel(surface: SurfaceDocument, width: number, ruler: Ruler): PanelContent {
  const isCurve = surface.features.length === 1;
  return {
    title: surfaceFinding(surface),
    subtitle: [isCurve ? `Time by ${surface.features[0] ?? "size"}; both axes log. Line: interpolated; band: 95\u202f% for one more measurement.` : `Time over the simple bound, by the bound: ${surface.features.join(" × ")} vary together, so no line is drawn. Both axes log.`],
    chart: fitChart(surfaceChartData(surface), { width, height: Math.round(Math.min(360, Math.max(280, width * 0.55))), ruler }),
    table: surfaceTable(surface),
  };
}
