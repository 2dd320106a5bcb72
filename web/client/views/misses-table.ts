/** The largest misses by name: measured, predicted, error, what to suspect, source. A name is a button where a point can be chosen. */
import { missBar } from "../charts/miss-bar.ts";
import { holds, misses, type ParityPoint, type ParityView } from "../data/parity-data.ts";
import { h } from "../dom.ts";
import { count, fixed, show, showIn, signedPercent, unitOf } from "../format.ts";

const heads = [["Run", ""], ["measured", "number"], ["predicted", "number rank2"], ["error", "number"], ["÷ measured, 95\u202f%", "rank3"], ["suspected cause", "rank3"], ["source", "rank3"]] as const;

export function missesTable(view: ParityView, most: number, choose?: (id: string) => void): HTMLElement {
  const rows = misses(view, most).map((one) => h("tr", { "data-run": one.id },
    h("td", {}, nameOf(one, choose), h("span", { class: "why" }, `${count(one.devices)} × ${one.device}: ${one.layout}`)),
    h("td", { class: "number" }, showIn(one.measured_s, unitOf(one.measured_s, "time"))), h("td", { class: "number rank2" }, show(one.predicted_s, "time")),
    h("td", { class: holds(one) ? "number" : "number misses" }, signedPercent(one.error)),
    h("td", { class: "rank3" }, missBar({ ratio: 1 + one.error, low: one.low95_s / one.measured_s, high: one.high95_s / one.measured_s, holds: holds(one), label: `${signedPercent(one.error)}; the 95\u202f% interval is ${fixed(one.low95_s / one.measured_s, 2)} to ${fixed(one.high95_s / one.measured_s, 2)} times the measured step` })),
    h("td", { class: "rank3" }, one.cause),
    h("td", { class: "rank3" }, h("a", { href: one.source.url, rel: "noreferrer", target: "_blank" }, one.source.title))));
  return h("table", { class: "data parity-misses" }, h("caption", {}, "Largest misses"), h("thead", {}, h("tr", {}, ...heads.map(([name, kind]) => h("th", { class: kind, scope: "col" }, name)))), h("tbody", {}, ...rows));
}

const nameOf = (one: ParityPoint, choose?: (id: string) => void): HTMLElement | string => (choose === undefined ? one.title : h("button", { type: "button", class: "link", "data-key": `miss:${one.id}`, onclick: () => choose(one.id) }, one.title));
