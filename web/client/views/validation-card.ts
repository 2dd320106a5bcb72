/** One point in all its details: run, source, layout, what was measured and predicted, and what to suspect where it misses. */
import { intervalBar } from "../charts/interval-bar.ts";
import { holds, networkWords, type ParityPoint } from "../data/parity-data.ts";
import { h } from "../dom.ts";
import { count, range, showIn, signedPercent, unitOf } from "../format.ts";

export function pointCard(one: ParityPoint, { inSample, wanted }: { inSample: boolean; wanted: boolean }): HTMLElement {
  const unit = unitOf(one.measured_s, "time");
  const { predicted_s: value, low95_s: low95, high95_s: high95, low80_s: low80, high80_s: high80 } = one;
  const line = (name: string, ...what: Array<string | Node>): Node[] => [h("dt", {}, name), h("dd", {}, ...what)];
  const inside = holds(one);
  return h("div", { class: "point-card", "data-point": one.id },
    h("p", { class: "point-kind" }, wanted ? (inSample ? "Chosen point, learned from" : "Chosen point, held out") : `The largest miss${inSample ? ", learned from" : ", held out"}; choose another in a chart or below`),
    h("h3", { class: "point-title" }, one.title),
    intervalBar({ estimate: { value, low80, high80, low95, high95 }, baseline: null, published: one.measured_s, label: `Measured ${showIn(one.measured_s, unit)}, predicted ${showIn(value, unit)}` }, 260),
    h("dl", { class: "point-facts" },
      ...line("run", h("code", {}, one.id)),
      ...line("on", `${count(one.devices)} × ${one.device}`),
      ...line("machine", h("code", {}, one.machine)),
      ...line("layout", one.layout),
      ...line("family", `${one.family}, ${networkWords[one.network]}`),
      ...line("measured", h("strong", {}, showIn(one.measured_s, unit)), " a step"),
      ...line("predicted", h("strong", { class: "predicted" }, showIn(value, unit)), `, error ${signedPercent(one.error)}`),
      ...line("80\u202f%", `${range(low80, high80, unit)} ${unit.unit}`),
      ...line("95\u202f%", `${range(low95, high95, unit)} ${unit.unit}, `, h("span", { class: inside ? "" : "fit bad" }, inside ? "holds the measured step" : "misses the measured step")),
      ...(one.flag === null ? line("suspected cause", one.cause) : line("kept out", one.flag)),
      ...line("source", h("a", { href: one.source.url, rel: "noreferrer", target: "_blank" }, one.source.title))));
}
