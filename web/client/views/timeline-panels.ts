/** The panels of the timeline page: lanes, where the time goes, the chosen operation, the difference between the interpreters, draws, sums. */
import type { KindName } from "../../../model/simulate/record.ts";
import type { Simulation } from "../../../model/simulate/simulation.ts";
import { causesChart } from "../charts/causes.ts";
import { drawsChart } from "../charts/draws.ts";
import type { Ruler } from "../charts/kit.ts";
import { timelineChart } from "../charts/timeline.ts";
import { causesFinding, drawsFinding, pathFinding, stepFinding, sumsFinding } from "../data/timeline-findings.ts";
import { kindMeanings, timelineMeanings } from "../data/glossary.ts";
import { decimalsFor, pathData, pathTable, printedPath } from "../data/timeline-path.ts";
import { causesTable, drawsTable, operationsTable, sumsTable } from "../data/timeline-tables.ts";
import type { Timeline } from "../data/timeline-lanes.ts";
import { barLabel, tipOfBar, tipOfGap, tipOfPiece } from "../data/timeline-words.ts";
import { h, s, tipAttribute } from "../dom.ts";
import { count, fixed, percent, show, showIn, signedPercent, unitOf, type Unit } from "../format.ts";
import type { SimulationOutcome } from "../timeline/protocol.ts";
import type { Span, TimelineState } from "../timeline/state.ts";
import type { PanelContent } from "./panel.ts";

/** A word with its meaning on hover and focus. */
export const explained = (word: string, meaning: string | undefined): Node => (meaning === undefined ? document.createTextNode(word) : h("button", { type: "button", class: "plain", "data-tip": tipAttribute({ head: word, text: meaning }) }, word));

export interface TimelineScene {
  state: TimelineState;
  outcome: SimulationOutcome;
  timeline: Timeline;
  unit: Unit;
}

export const sceneOf = (state: TimelineState, outcome: SimulationOutcome, timeline: Timeline): TimelineScene => ({ state, outcome, timeline, unit: unitOf(timeline.step_s, "time") });

/** The part in view: what the address says, kept inside the step. */
export function windowOf({ state, timeline: { step_s } }: Pick<TimelineScene, "state" | "timeline">): Span {
  if (state.window === null) return [0, step_s];
  const from = Math.min(state.window[0], step_s * 0.999);
  return [from, Math.min(Math.max(state.window[1], from + step_s * 1e-5), step_s)];
}

export function lanesPanel(scene: TimelineScene, width: number, ruler: Ruler, controls: Node): PanelContent {
  const { state, outcome, timeline, unit } = scene;
  const { simulation } = outcome;
  const [slowest] = timeline.roles;
  const whole = pathData(simulation, slowest ?? { lanes: [] }, timeline.step_s, null);
  const operations = timeline.roles[0]?.lanes.reduce((sum, { bars }) => sum + bars.length, 0) ?? 0;
  const drawn = simulation.draws_s.length === 1 ? "the one draw" : `draw ${simulation.recorded.draw} of ${simulation.draws_s.length}, the median`;
  return {
    title: stepFinding(timeline, whole),
    subtitle: [`${showIn(timeline.step_s, unit, 4)} a step in ${drawn}; ${count(operations)} operations a rank. Line under bars: critical path. Dashed: idle. Hatched: waits for other ranks.`],
    controls,
    chart: timelineChart(timeline, {
      window: windowOf(scene), range: state.range, selected: state.operation, path: state.path, unit,
      summary: `Timeline of one step, ${show(timeline.step_s, "time")}, of ${timeline.roles.length} ranks; arrows walk the operations`,
      words: { bar: (bar) => tipOfBar(bar, outcome, timeline, unit), piece: (piece) => tipOfPiece(piece, unit), gap: (gap) => tipOfGap(gap, unit), label: (bar) => barLabel(bar, unit) },
    }, { width, ruler }),
    table: operationsTable(timeline, outcome),
  };
}

export function pathPanel({ state, outcome, timeline, unit }: TimelineScene, clear: () => void): PanelContent {
  const data = pathData(outcome.simulation, timeline.roles[0] ?? { lanes: [] }, timeline.step_s, state.range);
  const decimals = decimalsFor(timeline.step_s, unit);
  const printed = printedPath(data, unit, decimals);
  const most = Math.max(...data.rows.map(({ path_s, busy_s }) => Math.max(path_s, busy_s)), Number.MIN_VALUE);
  const rows = data.rows.map(({ id, label, category, path_s, busy_s, operations }, index) => {
    const wide = (time_s: number) => Math.round((time_s / most) * 900) / 10;
    return h("tr", { "data-kind": id, "data-path": path_s }, h("td", {}, explained(label, kindMeanings[id as KindName] ?? timelineMeanings[id])), h("td", { class: "path-bar rank2" }, s("svg", { width: "100%", height: 12, viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true" }, s("rect", { x: 0, y: 1, height: 10, width: wide(busy_s), fill: `var(--${category})`, opacity: 0.32 }), s("rect", { x: 0, y: 1, height: 10, width: wide(path_s), fill: `var(--${category})` }))),
      h("td", { class: "number" }, path_s > 0 ? fixed(printed.rows[index] ?? 0, decimals) : "–"), h("td", { class: "number" }, Math.abs(busy_s - path_s) < 1e-9 * timeline.step_s ? fixed(printed.rows[index] ?? 0, decimals) : fixed(busy_s / unit.scale, decimals)), h("td", { class: "number rank3" }, operations > 0 ? count(operations) : "–"));
  });
  const chosen = state.range !== null;
  const adds = Math.abs(data.rows.reduce((sum, { path_s }) => sum + path_s, 0) - data.total_s) <= 1e-9 * timeline.step_s;
  return {
    title: pathFinding(data, chosen),
    subtitle: [chosen ? `From ${showIn(data.span[0], unit)} to ${showIn(data.span[1], unit)}. ` : `The whole step, ${unit.unit}. Solid: on the critical path. Pale: the slowest rank, also beside it. `, chosen ? h("button", { type: "button", class: "link", "data-key": "clear-range", onclick: clear }, "the whole step") : "Drag over the lanes for a part."],
    chart: h("table", { class: "data path" }, h("thead", {}, h("tr", {}, h("th", {}, "Kind"), h("th", { class: "rank2" }, ""), h("th", { class: "number" }, explained("on path", timelineMeanings["on path"])), h("th", { class: "number" }, explained("busy", timelineMeanings["busy"])), h("th", { class: "number rank3" }, "operations"))),
      h("tbody", {}, ...rows, h("tr", { class: "sum" }, h("td", {}, adds ? "Path, sum checked" : "Rows do not add up"), h("td", { class: "rank2" }), h("td", { class: "number" }, fixed(printed.total, decimals)), h("td"), h("td", { class: "rank3" })))),
    table: pathTable(data, unit),
  };
}

export function causesPanel({ outcome: { simulation } }: TimelineScene, width: number, ruler: Ruler): PanelContent {
  return {
    title: causesFinding(simulation),
    subtitle: [`The same step program twice: in closed forms, and by events with flows that share links. Rows add up.`],
    chart: causesChart(simulation, { width, ruler }),
    table: causesTable(simulation),
    after: h("ul", { class: "timeline-notes" }, ...simulation.notes.map((note) => h("li", {}, note))),
  };
}

export function drawsPanel({ outcome: { simulation }, unit }: TimelineScene, width: number, ruler: Ruler): PanelContent {
  return {
    title: drawsFinding(simulation, unit, decimalsFor(simulation.step_s.mean, unit)),
    subtitle: [`Each draw gives every device a speed of its own; seed ${simulation.seed}. Ringed: the draw shown as lanes.`],
    chart: drawsChart(simulation, { width, ruler }),
    table: drawsTable(simulation),
  };
}

const methods: Record<Simulation["network"]["method"], string> = {
  events: "Flow by flow, sharing links fairly.",
  merged: "Flow by flow, sharing links fairly, with events close to each other as one.",
  synchronous: "Step by step, as if all ranks met after each.",
};

export function sumsPanel({ outcome: { simulation } }: TimelineScene): PanelContent {
  const { collectives, links, network } = simulation;
  const unit = unitOf(Math.max(...collectives.map(({ simulated_s, closed_s }) => Math.max(simulated_s, closed_s)), 1e-9), "time");
  const shown = collectives.slice(0, 6);
  const number = (text: string, more = "") => h("td", { class: `number ${more}` }, text);
  const sums = h("table", { class: "data sums" }, h("thead", {}, h("tr", {}, h("th", {}, "Vector"), h("th", { class: "number" }, "in a step"), h("th", { class: "number" }, `closed, ${unit.unit}`), h("th", { class: "number" }, "simulated"), h("th", { class: "number rank2" }, "difference"))),
    h("tbody", {}, ...shown.map(({ bytes, count: times, closed_s, simulated_s }) => h("tr", {}, h("td", {}, show(bytes, "data")), number(count(times)), number(fixed(closed_s / unit.scale, 3)), number(fixed(simulated_s / unit.scale, 3)), number(signedPercent(simulated_s / closed_s - 1), "rank2")))));
  const full = h("table", { class: "data links" }, h("thead", {}, h("tr", {}, h("th", {}, "Kind of link"), h("th", { class: "number" }, "links"), h("th", { class: "rank2" }, "the fullest"), h("th", { class: "number" }, "in use"))),
    h("tbody", {}, ...links.map(({ kind, from, to, links: several, used }) => h("tr", {}, h("td", {}, kind), number(count(several)), h("td", { class: "rank2" }, `${from} > ${to}`), number(used < 5e-4 ? `under ${percent(0.001)}` : percent(used, 3))))));
  return {
    title: sumsFinding(simulation),
    subtitle: [`${methods[network.method]} Links: during the largest sum.`],
    chart: collectives.length === 0 ? h("p", { class: "state-note" }, "One device alone, or no gradients to sum: nothing goes over the network.") : h("div", { class: "chain" }, sums, collectives.length > shown.length ? h("p", { class: "note" }, `${collectives.length - shown.length} smaller sizes are in the table.`) : null, links.length > 0 ? full : null),
    table: sumsTable(simulation),
  };
}
