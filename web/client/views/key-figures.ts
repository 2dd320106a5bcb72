/** Key figures: each with its interval, what was published or the difference from the baseline, and a small bar. */
import type { Estimate, ScalePoint } from "../../../model/prediction.ts";
import type { Dimension } from "../../../model/units.ts";
import { intervalBar } from "../charts/interval-bar.ts";
import { h, type Tip } from "../dom.ts";
import { activePoint, pointAt, type Scene } from "../data/scene.ts";
import { count, fixed, join, range, show, showIn, signedFixed, signedPercent, stated, unitOf, upperPrecision, inUnit } from "../format.ts";
import type { Published } from "../protocol.ts";
import { figureBox } from "./figure.ts";

interface Figure {
  id: string;
  name: string;
  dimension: Dimension;
  of(point: ScalePoint): Estimate | null;
  metric?: Published["metric"];
  help: string;
  none?: string;
}

const figures: readonly Figure[] = [
  { id: "sustained", name: "Sustained", dimension: "rate", of: (point) => point.rate_flop_per_s, metric: "sustained-rate", help: "FLOP of all samples of a step over the step time, all GPUs together, counted as the published figure counts them." },
  { id: "step", name: "Step time", dimension: "time", of: (point) => point.stepTime_s, metric: "step-time", help: "One forward pass, backward pass and update, on the slowest GPU." },
  { id: "efficiency", name: "Efficiency", dimension: "fraction", of: (point) => point.efficiency, metric: "parallel-efficiency", help: "Rate per GPU over the rate of one GPU alone in the same configuration." },
  { id: "samples", name: "Samples", dimension: "samples", of: (point) => point.throughput_samples_per_s, metric: "throughput", help: "Samples trained in a second, all GPUs together." },
  { id: "peak", name: "Peak rate", dimension: "rate", of: (point) => point.peakRate_flop_per_s, metric: "peak-rate", help: "What the GPUs compute in a step in which nothing is waited for." },
  { id: "staging", name: "Staging", dimension: "time", of: (point) => point.stagingTime_s, metric: "staging-time", help: "Time to bring every node its share of the data before training.", none: "nothing is staged" },
];

export function keyFigures(scene: Scene, width: number): HTMLElement[] {
  const point = activePoint(scene);
  const before = scene.baseline ? pointAt(scene.baseline, point.devices) : undefined;
  const barWidth = Math.max(72, Math.min(132, width));
  return [...figures.map((figure) => figureElement(scene, figure, point, before, barWidth)), inputNeed(scene, point, before)];
}

function figureElement(scene: Scene, figure: Figure, point: ScalePoint, before: ScalePoint | undefined, barWidth: number): HTMLElement {
  const estimate = figure.of(point);
  const name = figure.id === "sustained" || figure.id === "peak" ? `${figure.name}, ${upperPrecision(scene.current.prediction.scenario.precision)}` : figure.name;
  if (estimate === null) return figureBox(figure.id, name, "–", "", [h("span", {}, figure.none ?? "")], null, { head: figure.name, text: figure.help });
  const published = scene.current.published.find((item) => item.metric === figure.metric && item.devices === point.devices && !item.overridden);
  const unit = unitOf(published?.value ?? estimate.value, figure.dimension);
  const was = before ? figure.of(before) : null;
  const notes: Node[] = [];
  if (was) notes.push(h("span", { class: "difference" }, difference(figure.dimension, estimate.value, was.value)));
  else if (published) notes.push(h("span", { class: "published" }, `${stated(published.text).split(/[\u00a0\u202f]/)[0] ?? ""} published`));
  const exact = estimate.low95 === estimate.high95;
  const tip: Tip = {
    head: name, place: `${count(point.devices)} GPUs`,
    rows: [
      ["value", showIn(estimate.value, unit)], ["95\u202f%", exact ? "no interval: no input with a range enters" : rangeIn(estimate.low95, estimate.high95, unit)], ...(exact ? [] : [["80\u202f%", rangeIn(estimate.low80, estimate.high80, unit)] as const]),
      ...(was ? [["baseline", showIn(was.value, unit)] as const] : []), ...(published ? [[published.use === "calibration" ? "published, in the fit" : "published", `${stated(published.text)}, ${signedPercent(estimate.value / published.value - 1)}`] as const] : []),
    ],
    text: figure.help,
  };
  const bar = intervalBar({ estimate, baseline: was?.value ?? null, published: published?.value ?? null, label: `${name}: ${showIn(estimate.value, unit)}, 95 % interval ${rangeIn(estimate.low95, estimate.high95, unit)}` }, barWidth);
  return figureBox(figure.id, name, inUnit(estimate.value, unit), unit.unit.replace("samples", ""), [h("span", {}, exact ? "no interval" : `${figure.id === "sustained" ? "95\u202f%: " : ""}${range(estimate.low95, estimate.high95, unit)}`), ...notes], bar, tip);
}

const rangeIn = (low: number, high: number, unit: { unit: string; scale: number }) => join(range(low, high, unit), unit.unit);

function difference(dimension: Dimension, now: number, was: number): string {
  if (dimension === "fraction") return `${signedFixed((now - was) * 100, 1)}\u00a0pt`;
  if (dimension === "time") {
    const unit = unitOf(was, "time");
    const change = (now - was) / unit.scale;
    return `${signedFixed(change, Math.abs(change) >= 10 || Math.abs(change) < 1e-9 ? 0 : 1)}\u00a0${unit.unit}`;
  }
  return signedPercent(now / was - 1);
}

/** What the input pipeline must deliver: it follows from the rate and the size of a sample, so it has no interval of its own. */
function inputNeed(scene: Scene, point: ScalePoint, before: ScalePoint | undefined): HTMLElement {
  const { inputNeed_bytes_per_s: need, throughput_samples_per_s: rate } = point;
  const machine = { number: show(need.machine, "bandwidth").split("\u00a0")[0] ?? "", unit: show(need.machine, "bandwidth").split("\u00a0")[1] ?? "" };
  const low = (need.machine * rate.low95) / rate.value;
  const high = (need.machine * rate.high95) / rate.value;
  const unit = unitOf(need.machine, "bandwidth");
  const was = before?.inputNeed_bytes_per_s.machine;
  const note = was === undefined ? `${show(need.node, "bandwidth")} a node` : signedPercent(need.machine / was - 1);
  const estimate: Estimate = { value: need.machine, low95: low, high95: high, low80: (need.machine * rate.low80) / rate.value, high80: (need.machine * rate.high80) / rate.value };
  return figureBox("input", "Input need", machine.number, machine.unit, [h("span", {}, range(low, high, unit)), h("span", { class: was === undefined ? "" : "difference" }, note)],
    intervalBar({ estimate, baseline: was ?? null, published: null, label: `Input need: ${show(need.machine, "bandwidth")}` }, 132),
    { head: "Input need", place: `${count(point.devices)} GPUs`, rows: [["machine", show(need.machine, "bandwidth")], ["node", show(need.node, "bandwidth")], ["GPU", show(need.device, "bandwidth")], ["sample", `${fixed(scene.current.prediction.totals.inputPerSample_bytes / 1e6, 1)}\u00a0MB`]], text: "Samples a second times the bytes of a sample: what storage and readers must deliver so that nobody waits." });
}
