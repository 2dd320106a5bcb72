/** The panel of published runs: how far predictions are from what was measured, by what was known when they were made; held-out protocols first. */
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import type { ErrorStatistics } from "../../../calibrate/fit/transformer/statistics.ts";
import { parityChart } from "../charts/parity.ts";
import type { Ruler } from "../charts/kit.ts";
import { parityTable, parityView, protocolNames, type ParityView } from "../data/parity-data.ts";
import { h } from "../dom.ts";
import { count, percent, signedPercent } from "../format.ts";
import { missesTable } from "./misses-table.ts";
import type { PanelContent } from "./panel.ts";

export type ParityState = ParityData | "reading" | null;

export function parityPanel(data: ParityState, wanted: string, device: { id: string; title: string }, width: number, ruler: Ruler, titleOf: (device: string) => string, choose: (protocol: string) => void): PanelContent {
  if (data === null || data === "reading") {
    const words = data === null ? "The points of published runs are not beside this page. docs/accuracy-transformers.md has their figures." : "Reading the points of published runs.";
    return { title: "Predictions beside published runs", subtitle: [], chart: h("p", { class: "state-note" }, words), table: { name: "parity", caption: words, columns: [{ name: "run" }], rows: [] } };
  }
  const view = parityView(data, wanted, device.id, titleOf);
  const select: HTMLSelectElement = h("select", { class: "field small", "data-key": "protocol", "aria-label": "What was known", onchange: () => choose(select.value) }, ...data.protocols.map(({ id }) => h("option", { value: id, selected: id === view.protocol }, protocolNames[id] ?? id)));
  return { title: findingOf(view), subtitle: subtitleOf(view, device.title), controls: h("div", { class: "map-controls" }, h("span", { class: "click-word" }, "Runs"), select), chart: parityChart(view, { width, ruler }), table: parityTable(view), after: missesTable(view, 6) };
}

function findingOf({ all, inSample }: ParityView): string {
  if (all === undefined) return "No published run is predicted under this protocol";
  return `${inSample ? "Learned from" : "Held out"}: half of ${count(all.points)} published steps are within ${percent(all.median, 2)}`;
}

const figures = (of: ErrorStatistics): string => `mean error ${percent(of.mape, 2)}, 95\u202f% intervals hold ${percent(of.coverage95, 2)}`;

function subtitleOf({ protocol, means, all, own, flagged }: ParityView, device: string): Array<string | Node> {
  if (all === undefined) return [];
  const mine = own === undefined ? `No run is on ${device}.` : `Blue: ${device}, ${count(own.points)} points, ${figures(own)}.`;
  return [h("strong", {}, protocol), `: ${means}. All: ${figures(all)}, worst ${signedPercent(all.worst)}. ${mine}${flagged > 0 ? ` Crossed: ${count(flagged)} rows that a rule keeps out, in no figure.` : ""}`];
}
