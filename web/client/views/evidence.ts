/** What the prediction rests on and how it compares: the chain from measurements to fitted parameters, and published against predicted, point by point. */
import { estimateOf } from "../../../model/predict/metrics.ts";
import { scaleLinear, scaleLog } from "d3";
import type { CalibrationLink, Estimate } from "../../../model/prediction.ts";
import { bar, rule } from "../charts/kit.ts";
import { cross, diamond, disc, ring } from "../charts/marks.ts";
import { pointAt, sourceTitle, type Scene } from "../data/scene.ts";
import type { Table } from "../data/table.ts";
import { h, s, tipAttribute } from "../dom.ts";
import { count, fixed, join, percent, range, showIn, signedPercent, stated, unitOf } from "../format.ts";
import { formatNumber } from "../../../model/units.ts";
import type { Published } from "../protocol.ts";
import type { PanelContent } from "./panel.ts";

const stripWidth = 150;

export function calibrationPanel(scene: Scene): PanelContent {
  const all = scene.current.prediction.calibration.toSorted((a, b) => swing(scene, b) - swing(scene, a));
  const used = all.filter((link) => scene.current.prediction.inputs.find((one) => one.path.endsWith(link.parameter))?.used !== false);
  const links = used.length > 0 ? used : all;
  const idle = all.filter((link) => !links.includes(link));
  const parts = links.flatMap((link) => link.parts);
  const informing = parts.filter((part) => part.run !== undefined && part.leftOut === undefined && part.weight > 0.005).length;
  const leftOut = parts.filter((part) => part.leftOut !== undefined).length;
  const measured = informing === 0 ? "No run informs this prediction" : `${informing} ${informing === 1 ? "run informs" : "runs inform"} this prediction`;
  return {
    title: `${measured}${leftOut > 0 ? `, ${leftOut} ${leftOut === 1 ? "is" : "are"} kept out` : ""}`,
    subtitle: ["Fitted parameters, and what each was taken from. No figure informs the prediction it is compared with."],
    chart: links.length === 0 ? h("p", { class: "state-note" }, "Nothing is fitted here: this prediction rests on data sheets and assumptions alone.") : h("div", { class: "chain" }, ...kernelNotes(scene), ...links.map((link) => linkTable(scene, link)), idle.length > 0 ? h("p", { class: "note" }, `Fitted, but not used by this workload: ${idle.map((link) => link.label.charAt(0).toLowerCase() + link.label.slice(1)).join(", ")}.`) : null),
    table: calibrationTable(links),
  };
}

/** The first link of the chain: what single kernels were measured to take. */
function kernelNotes(scene: Scene): HTMLElement[] {
  return scene.current.kernels.map((table) =>
    h("p", { class: "kernels" }, h("strong", {}, table.title), `: constants fitted to ${count(table.rows)} timings of ${table.sources.map((id) => sourceTitle(scene.library, id)).join(", ")}${table.medianError === null ? "" : `, median error ${percent(table.medianError, 2)} a kernel`}.`,
      table.standIn === null ? null : h("span", { class: "assumed-words" }, ` They stand in for ${scene.current.prediction.scenario.device.title}, which has no table of its own.`)));
}

const swing = (scene: Scene, link: CalibrationLink): number => {
  const input = scene.current.prediction.inputs.find((one) => one.path.endsWith(link.parameter) && one.used);
  return input?.stepTimeLow_s === undefined || input.stepTimeHigh_s === undefined ? 0 : Math.abs(input.stepTimeHigh_s - input.stepTimeLow_s);
};

function linkTable(scene: Scene, link: CalibrationLink): HTMLElement {
  const values = [link.low95, link.high95, ...link.parts.map((part) => part.value)].filter((value) => value > 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = scaleLog([low / 1.06, high * 1.06], [4, stripWidth - 4]);
  const strip = (...marks: Node[]) => s("svg", { width: stripWidth, height: 18, viewBox: `0 0 ${stripWidth} 18`, "aria-hidden": "true" }, rule(0, 9, stripWidth, 9), ...marks);
  const rows = link.parts.map((part) => {
    const out = part.leftOut !== undefined;
    const mark = out ? cross(x(part.value), 9) : part.run !== undefined ? disc(x(part.value), 9, 2 + 3.2 * Math.sqrt(part.weight)) : ring(x(part.value), 9, 2 + 3.2 * Math.sqrt(part.weight));
    return h("tr", { class: out ? "left-out" : "" }, h("td", {}, partName(scene, part), out ? h("span", { class: "why" }, h("strong", {}, "kept out: "), part.leftOut ?? "") : null), h("td", { class: "number" }, formatNumber(part.value)), h("td", { class: "number rank2" }, out ? "–" : percent(part.weight, 2)), h("td", { class: "strip rank3" }, strip(mark)));
  });
  const total = h("tr", { class: "sum" }, h("td", {}, "Used here"), h("td", { class: "number" }, formatNumber(link.value)), h("td", { class: "number rank2" }, `${formatNumber(link.low95)} – ${formatNumber(link.high95)}`),
    h("td", { class: "strip rank3" }, strip(bar(x(link.low95), 6, x(link.high95) - x(link.low95), 6, "var(--accent)", { opacity: 0.28 }), diamond(x(link.value), 9))));
  return h("table", { class: "data", "data-parameter": link.parameter }, h("caption", {}, link.label), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Taken from"), h("th", { scope: "col", class: "number" }, "value"), h("th", { scope: "col", class: "number rank2" }, "weight"), h("th", { scope: "col", class: "rank3" }, ""))), h("tbody", {}, ...rows, total));
}

function partName(scene: Scene, part: CalibrationLink["parts"][number]): string {
  const raw = part.run === undefined ? undefined : (scene.library.documents.run[part.run] as { title?: unknown } | undefined);
  if (typeof raw?.title !== "string") return part.what.charAt(0).toUpperCase() + part.what.slice(1);
  return part.point === undefined ? raw.title : `${raw.title}: ${part.point}`;
}

function calibrationTable(links: readonly CalibrationLink[]): Table {
  return {
    name: "calibration", caption: "Fitted parameters and what each was taken from",
    columns: [{ name: "parameter" }, { name: "taken from" }, { name: "value" }, { name: "weight" }, { name: "low 95" }, { name: "high 95" }, { name: "run" }, { name: "point" }, { name: "kept out because" }],
    rows: links.flatMap((link) => [...link.parts.map((part) => [link.label, part.what, part.value, part.weight, null, null, part.run ?? null, part.point ?? null, part.leftOut ?? null]), [link.label, "used here", link.value, null, link.low95, link.high95, null, null, null]]),
  };
}

interface Compared {
  item: Published;
  name: string;
  estimate: Estimate | null;
}

const metricNames: Record<Published["metric"], string> = { "sustained-rate": "Sustained rate", "peak-rate": "Peak rate", "parallel-efficiency": "Efficiency", throughput: "Samples", "step-time": "Step time", "staging-time": "Staging" };

/** Published points of the run as it ran, and of the second run of the same machine and workload. A point of other settings takes its prediction from the validation. */
function compare(scene: Scene): Compared[] {
  const asRun = scene.baseline ?? scene.current;
  return [asRun, ...(scene.secondary ? [scene.secondary] : [])].flatMap((outcome) =>
    outcome.published.map((item) => {
      const scored = scene.validation?.cases.find((one) => one.run === item.run && one.point === item.point);
      const point = pointAt(outcome, item.devices);
      const estimate = scored ? { value: scored.predicted, low80: scored.low80, high80: scored.high80, low95: scored.low95, high95: scored.high95 } : point && !item.overridden ? estimateOf(point, item.metric) : null;
      return { item, name: outcome.prediction.scenario.precision.toUpperCase(), estimate };
    }));
}

export function comparisonPanel(scene: Scene): PanelContent {
  const compared = compare(scene);
  const scored = compared.filter((one) => one.item.use === "validation" && one.estimate !== null);
  const inside = scored.filter(({ item, estimate }) => estimate && item.value >= estimate.low95 && item.value <= estimate.high95).length;
  const worst = Math.max(0, ...scored.map(({ item, estimate }) => Math.abs((estimate?.value ?? item.value) / item.value - 1)));
  const several = new Set(compared.map((one) => one.name)).size > 1;
  const { run } = scene.current.prediction.scenario;
  const apart = compared.flatMap(({ item, estimate }) => (estimate ? [estimate.low95, estimate.high95].map((end) => Math.abs(end / item.value - 1)) : []));
  const half = Math.min(0.9, Math.max(0.1, Math.ceil(Math.max(0, ...apart) * 10.5) / 10));
  const title = scored.length === 0 ? "Nothing is published for this scenario" : `${inside} of ${scored.length} published ${scored.length === 1 ? "figure lies" : "figures lie"} in the 95\u202f% interval`;
  const chart = compared.length === 0
    ? h("p", { class: "state-note" }, run ? "This run has no published point." : "Nobody published this combination. A run document with a point would stand here.")
    : h("table", { class: "data comparison" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Figure"), h("th", { scope: "col", class: "number rank3" }, "GPUs"), h("th", { scope: "col", class: "number" }, "published"), h("th", { scope: "col", class: "number" }, "predicted"), h("th", { scope: "col", class: "number" }, "error"), h("th", { scope: "col", class: "rank2" }, `${fixed(1 - half, 1)} to ${fixed(1 + half, 1)} of published`))), h("tbody", {}, ...compared.map((one) => comparisonRow(scene, one, several, half))));
  const definitions = [...(scene.baseline ?? scene.current).definitions];
  const after = definitions.length === 0 ? null : h("dl", { class: "definitions" }, ...definitions.flatMap((definition) => [h("dt", {}, definition.term), h("dd", {}, definition.text, definition.source ? h("span", { class: "source" }, ` ${sourceTitle(scene.library, definition.source)}`) : null)]));
  return {
    title,
    subtitle: [scored.length === 0 ? "Published points of the run appear here with their error." : `Each scenario as it was run; largest error ${percent(worst, 2)}. Ring: informs the fit, so it is not scored.`],
    chart, table: comparisonTable(scene, compared), after,
  };
}

function comparisonRow(scene: Scene, { item, name, estimate }: Compared, several: boolean, half: number): HTMLElement {
  const unit = unitOf(item.value, item.dimension);
  const fits = item.use === "calibration";
  const error = estimate ? estimate.value / item.value - 1 : null;
  const misses = estimate !== null && !fits && (item.value < estimate.low95 || item.value > estimate.high95);
  const tip = tipAttribute({ head: `${metricNames[item.metric]}, ${name}`, place: `${count(item.devices)} GPUs`, rows: [["published", item.text], ["how", item.how], ["source", sourceTitle(scene.library, item.source)], ...(estimate ? [["predicted", showIn(estimate.value, unit)] as const, ["95\u202f%", join(range(estimate.low95, estimate.high95, unit), unit.unit)] as const] : [])], ...(item.note ? { text: item.note } : {}) });
  return h("tr", {}, h("td", {}, h("button", { type: "button", class: "plain", "data-tip": tip, "data-key": `compare:${item.run}:${item.point}` }, `${metricNames[item.metric]}${several ? `, ${name}` : ""}`), fits ? h("span", { class: "why" }, "informs the fit, not scored") : null, item.overridden ? h("span", { class: "why" }, "with settings of its own") : null),
    h("td", { class: "number rank3" }, count(item.devices)), h("td", { class: "number" }, stated(item.text)), h("td", { class: "number" }, estimate ? showIn(estimate.value, unit).replace("samples/s", "/s") : "–"),
    h("td", { class: `number${misses ? " misses" : ""}` }, error === null ? "–" : signedPercent(error), misses ? h("span", { class: "why" }, "misses") : null), h("td", { class: "strip rank2" }, estimate ? ratioStrip(item, estimate, fits, misses, half) : "no prediction"));
}

/** Predicted over published on one linear axis for all rows: 1 is agreement. */
function ratioStrip(item: Published, estimate: Estimate, fits: boolean, misses: boolean, half: number): SVGSVGElement {
  const x = scaleLinear([1 - half, 1 + half], [4, stripWidth - 4]).clamp(true);
  const at = (value: number) => x(value / item.value);
  const colour = misses ? "var(--bad)" : "var(--accent)";
  const width = (low: number, high: number) => at(high) - at(low);
  return s("svg", { width: stripWidth, height: 18, viewBox: `0 0 ${stripWidth} 18`, role: "img", "aria-label": `predicted over published ${fixed(estimate.value / item.value, 2)}, 95 % interval ${fixed(estimate.low95 / item.value, 2)} to ${fixed(estimate.high95 / item.value, 2)}` },
    rule(0, 9, stripWidth, 9), rule(x(1), 1, x(1), 17, "var(--line2)"), bar(at(estimate.low95), 8.2, width(estimate.low95, estimate.high95), 1.6, colour), bar(at(estimate.low80), 6, width(estimate.low80, estimate.high80), 6, colour, { opacity: 0.4 }),
    fits ? ring(x(1), 9, 3.6) : disc(x(1), 9, 3.6), diamond(at(estimate.value), 9, 4.2, colour));
}

function comparisonTable(scene: Scene, compared: readonly Compared[]): Table {
  return {
    name: "published", caption: "Published figures beside what is predicted for them",
    columns: [{ name: "run" }, { name: "figure" }, { name: "GPUs" }, { name: "published" }, { name: "unit" }, { name: "predicted" }, { name: "low 95" }, { name: "high 95" }, { name: "error", unit: "%" }, { name: "use" }, { name: "source" }],
    rows: compared.map(({ item, estimate }) => {
      const unit = unitOf(item.value, item.dimension);
      const value = (si: number | undefined) => (si === undefined ? null : Number((si / unit.scale).toPrecision(6)));
      return [item.run, metricNames[item.metric], item.devices, value(item.value), unit.unit, value(estimate?.value), value(estimate?.low95), value(estimate?.high95), estimate ? Number(((estimate.value / item.value - 1) * 100).toPrecision(4)) : null, item.use, sourceTitle(scene.library, item.source)];
    }),
  };
}
