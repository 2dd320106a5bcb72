/** Panels of one file that was read: what it is, its picture, its rows, its problems. */
import { fitChart, type FitChartData, type FitMark } from "../charts/fit.ts";
import type { Ruler } from "../charts/kit.ts";
import { levelsChart } from "../charts/levels.ts";
import { ring } from "../charts/marks.ts";
import { fitChartData } from "../data/fit-data.ts";
import type { Picture, PicturePoint, SizePicture, StepPicture } from "../data/import-picture.ts";
import { aboutTable, fileFinding, marksSaid, pictureFinding, pictureTable, plural, problemsTable, quantityWords, rowsTable } from "../data/import-words.ts";
import { showPlace, showSi } from "../data/si.ts";
import { h, s, type Tip } from "../dom.ts";
import { count } from "../format.ts";
import type { ImportReport } from "../import/protocol.ts";
import { tableTwin } from "../widgets/table-twin.ts";
import type { PanelContent } from "./panel.ts";

const hollow = () => s("svg", { width: 10, height: 10, viewBox: "0 0 10 10", class: "inline-mark", "aria-hidden": "true" }, ring(5, 5, 3.4));

export function aboutPanel(report: ImportReport): PanelContent {
  const { title, reader, facts, asks, excluded, documents, benchmarks, marks, elapsed_ms, bytes } = report;
  const list = (entries: ReadonlyArray<readonly [string, string]>) => h("dl", { class: "definitions import-facts" }, ...entries.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  const part = (name: string, entries: ReadonlyArray<readonly [string, string]>) => (entries.length === 0 ? null : h("section", {}, h("h3", { class: "group-head" }, name), list(entries)));
  const kinds = Object.entries(benchmarks);
  const chart = h("div", { class: "import-about" },
    part("Rows", [...kinds.slice(0, 12).map(([name, rows]) => [name, count(rows)] as const), ...(kinds.length > 12 ? [["more kinds", count(kinds.length - 12)] as const] : []), ...(marksSaid(marks) === "" ? [] : [["marked, and kept", marksSaid(marks)] as const])]),
    part("What the file says", Object.entries(facts).slice(0, 40).map(([key, value]) => [key, String(value)] as const)),
    part("What it does not say", asks.map(({ key, expected, choices }) => [key, choices ? `${expected}: ${choices.join(", ")}` : expected] as const)),
    part("Left out by rule", excluded.map(({ rule, count: rows }) => [rule, count(rows)] as const)),
    part("Documents", documents.map(({ kind, document }) => [kind, String((document as { title?: unknown } | null)?.title ?? (document as { id?: unknown } | null)?.id ?? "")] as const)));
  return { title: fileFinding(report), subtitle: [`${title}. `, h("code", {}, reader), `, ${showSi(bytes, "B")} read in ${count(Math.max(1, Math.round(elapsed_ms)))} ms on this page.`], chart, table: aboutTable(report) };
}

export interface PictureActions {
  choose(series: number): void;
}

export function picturePanel(picture: Picture, series: number, width: number, ruler: Ruler, actions: PictureActions): PanelContent {
  const chosen = picture.kind === "by-size" ? (picture.series[series] ?? picture.series[0]) : undefined;
  const size = { width, height: Math.round(Math.min(400, Math.max(280, width * 0.45))), ruler };
  const marked = picture.kind === "steps" ? picture.points.some(({ marks }) => marks.length > 0) : (chosen?.marked.length ?? 0) > 0;
  return {
    title: pictureFinding(picture, chosen),
    subtitle: [...aboutPicture(picture, chosen), ...(marked ? [" Hollow ", hollow(), ": marked in the file or by rule, and not in the fit."] : [])],
    controls: picture.kind === "by-size" && picture.series.length > 1 ? chooser(picture, series, actions) : null,
    chart: picture.kind === "levels" ? levelsChart({ summary: pictureFinding(picture, undefined), unit: picture.unit, levels: picture.levels.map(({ name, median, low, high, rows, line }) => ({ name, value: median, low, high, tip: { head: name, rows: [["median", showSi(median, picture.unit)], ["least", showSi(low, picture.unit)], ["most", showSi(high, picture.unit)], ["rows", count(rows)]], text: `From line ${line}.` } })) }, size)
      : fitChart(picture.kind === "steps" ? stepChart(picture) : sizeChart(chosen as SizePicture["series"][number], picture.unit), size),
    table: pictureTable(picture, chosen),
  };
}

function aboutPicture(picture: Picture, chosen: SizePicture["series"][number] | undefined): string[] {
  if (picture.kind === "levels") return [`${quantityWords(picture.quantity)}: median, whiskers from the least to the most row.`];
  if (picture.kind === "steps") return [`Time of each step; line: median of those that are not marked, band: eight of ten. ${picture.points.length < picture.rows ? `${count(picture.points.length)} of ${plural(picture.rows, "row")} are drawn.` : ""}`];
  const { parameters = {} } = chosen?.fit ?? {};
  // Of several regimes each is named where it is drawn.
  const entries = Object.entries(parameters);
  const said = entries.length > 3 ? "" : `Fitted here: ${entries.map(([name, { value, unit }]) => `${name} ${showSi(value, unit)}`).join(", ")}. `;
  return [`${chosen?.name ?? ""}: ${quantityWords(picture.quantity)} by message size, both axes log. ${said}Band: 95\u202f% for a new run.`];
}

function chooser(picture: SizePicture, series: number, { choose }: PictureActions): HTMLElement {
  const select = h("select", { class: "field import-series", "aria-label": "What is drawn", "data-key": "series", onchange: () => choose(Number(select.value)) }, ...picture.series.map(({ name, rows }, index) => h("option", { value: index, selected: index === series }, `${name} (${count(rows)})`)));
  return select;
}

function markOf({ x, y, line, marks }: PicturePoint, place: string, unit: string): FitMark {
  const tip: Tip = { head: place, place: marks.length > 0 ? marks.join(", ") : "a row", rows: [["measured", showSi(y, unit)], ["source", `line ${count(line)}`]] };
  return { x, y, low: y, high: y, quiet: marks.length === 0, excluded: false, name: `${place}, line ${line}`, tip };
}

function sizeChart({ fit, marked }: SizePicture["series"][number], unit: string): FitChartData {
  const data = fitChartData({ fit, name: "" }, null, { x: "log", y: "log" });
  const points = data.own.points.map((point, index) => {
    const from = fit.points[index];
    return from === undefined ? point : { ...point, tip: { head: point.name, place: from.excluded === undefined ? "median of its rows" : "kept out", rows: [["measured", showSi(from.y, unit)], ["least", showSi(from.min, unit)], ["most", showSi(from.p90, unit)], ["source", `from line ${count(from.line)}`]], ...(from.excluded === undefined ? {} : { text: `Kept out: ${from.excluded}.` }) } satisfies Tip };
  });
  return { ...data, own: { ...data.own, points: [...marked.map((point) => markOf(point, showPlace(point.x, "B"), unit)), ...points] } };
}

function stepChart({ points, median, low, high, unit }: StepPicture): FitChartData {
  const places = points.map(({ x }) => x);
  const curve = [Math.min(...places), Math.max(...places)].map((x) => ({ x, y: median, low, high }));
  return { summary: `Times of ${points.length} steps around ${showSi(median, unit)}`, x: { unit: "", name: "step", kind: "linear" }, y: { unit, kind: "linear" }, own: { name: "median", curves: [curve], points: points.map((point) => markOf(point, `step ${count(point.x)}`, unit)) }, other: null, breaks: [], regimes: [], expectation: null };
}

export function rowsPanel(report: ImportReport): PanelContent {
  const { preview, rows, marked, marks } = report;
  const table = rowsTable(preview);
  return {
    title: rows === 0 ? "No rows" : preview.length < rows ? `The first ${count(preview.length)} of ${plural(rows, "row")}` : plural(rows, "row"),
    subtitle: [rows === 0 ? "The file describes something and measures nothing." : `As they would be stored, in SI; a heading sorts.${marked > 0 ? ` Marked and kept: ${marksSaid(marks)}.` : ""}`],
    chart: rows === 0 ? h("p", { class: "state-note" }, "Nothing in this file is a measurement.") : tableTwin(table), table,
  };
}

export function problemsPanel(report: ImportReport): PanelContent {
  const table = problemsTable(report);
  const several = report.problems.length;
  return { title: several === 0 ? "No problems" : plural(several, "problem"), subtitle: [several === 0 ? "Every line was read or is chatter of the tool." : "What is said here was left out of the rows; everything else stands."], chart: several === 0 ? h("p", { class: "state-note" }, "Nothing in the file was doubtful.") : tableTwin(table), table };
}
