/** Key figures of a transformer's step: each with its interval, and the difference from the plan where something is changed. */
import type { Estimate } from "../../../model/prediction.ts";
import type { TransformerPoint } from "../../../model/prediction-transformer.ts";
import { intervalBar } from "../charts/interval-bar.ts";
import { showLarge } from "../data/transformer-tables.ts";
import type { Tip } from "../dom.ts";
import { h } from "../dom.ts";
import { count, fixed, inUnit, join, range, show, showIn, signedFixed, signedPercent, unitOf, type Unit } from "../format.ts";
import type { TransformerPicture } from "../transformer/protocol.ts";
import { figureBox } from "./figure.ts";

interface Figure {
  id: string;
  name: string;
  unit(value: number): Unit;
  of(point: TransformerPoint): Estimate;
  /** How FLOP are counted. */
  convention?: string;
  help: string;
}

const tokens = (value: number): Unit => (value >= 1e6 ? { unit: "M/s", scale: 1e6 } : value >= 1e4 ? { unit: "k/s", scale: 1e3 } : { unit: "/s", scale: 1 });

const figures: readonly Figure[] = [
  { id: "step", name: "Step time", unit: (value) => unitOf(value, "time"), of: (point) => point.stepTime_s, help: "Forward and backward passes of all micro-batches and the update, on the slowest stage." },
  { id: "tokens-device", name: "Tokens a GPU", unit: tokens, of: (point) => point.throughputPerDevice_tokens_per_s, help: "Tokens of a step over its time and the number of devices." },
  { id: "tokens", name: "Tokens", unit: tokens, of: (point) => point.throughput_tokens_per_s, help: "Tokens trained in a second, all devices together." },
  { id: "rate", name: "FLOP/s a GPU", convention: "model-causal", unit: (value) => unitOf(value, "rate"), of: (point) => point.ratePerDevice_flop_per_s, help: "Model FLOP a second and device, counted as model-causal: without recomputation, causal attention by its half. Other conventions give another rate of the same step:" },
  { id: "mfu", name: "MFU", convention: "model-causal", unit: () => ({ unit: "%", scale: 0.01 }), of: (point) => point.utilisation, help: "Model FLOP utilisation: the rate over the dense peak of the number format. FLOP counted as model-causal: no recomputation, causal attention by its half; other sources count full attention or 6 N, and get more." },
];

export function transformerFigures({ point, baseline, prediction }: TransformerPicture, width: number): HTMLElement[] {
  const barWidth = Math.max(72, Math.min(132, width));
  return [...figures.map((figure) => element(figure, point, baseline, barWidth, figure.id === "rate" ? otherRates(prediction, point) : [])), bubbleFigure(point, baseline, barWidth), memoryFigure(point, baseline, barWidth), sizeFigure(prediction)];
}

/** The rate by the other conventions that sources report most. */
function otherRates({ totals }: TransformerPicture["prediction"], point: TransformerPoint): ReadonlyArray<readonly [string, string]> {
  const base = totals.flopPerToken["model-causal"] ?? 0;
  return (["model-full", "hardware-causal", "hardware-full", "six-parameters"] as const).flatMap((convention) => {
    const flop = totals.flopPerToken[convention];
    return flop === undefined || base === 0 ? [] : [[convention, show((point.ratePerDevice_flop_per_s.value * flop) / base, "rate")] as const];
  });
}

/** Share of the step in which the slowest stage waits for the others; its interval is that of the term. */
function bubbleFigure(point: TransformerPoint, before: TransformerPoint | null, barWidth: number): HTMLElement {
  const help = "Share of the step in which the slowest stage waits for the others: while the pipeline fills and drains, and where stages are uneven. The schedule below shows all stages.";
  const shareOf = ({ terms, stepTime_s }: TransformerPoint) => (terms.find(({ id }) => id === "pipeline-bubble")?.time_s ?? 0) / stepTime_s.value;
  const term = point.terms.find(({ id }) => id === "pipeline-bubble");
  if (point.layout.pipeline === 1 || term === undefined) return figureBox("bubble", "Bubble", "0", "%", [h("span", {}, "one stage")], null, { head: "Bubble", text: `${help} With one stage there is none.` });
  const step_s = point.stepTime_s.value;
  const [value, low95, high95] = [term.time_s / step_s, term.low95_s / step_s, term.high95_s / step_s];
  // The term's law is normal: an 80 % interval is its 95 % one, narrower.
  const inner = 1.2816 / 1.96;
  const unit: Unit = { unit: "%", scale: 0.01 };
  const was = before === null ? null : shareOf(before);
  const notes = [h("span", {}, range(low95, high95, unit)), ...(was === null ? [] : [h("span", { class: "difference" }, `${signedFixed((value - was) * 100, 1)}\u00a0pt`)])];
  const tip: Tip = { head: "Bubble", place: `${count(point.devices)} GPUs`, rows: [["value", `${showIn(value, unit)} of the step`], ["time", show(term.time_s, "time")], ["95\u202f%", join(range(low95, high95, unit), "%")], ...(was === null ? [] : [["as planned", showIn(was, unit)] as const])], text: help };
  return figureBox("bubble", "Bubble", inUnit(value, unit), "%", notes, intervalBar({ estimate: { value, low95, high95, low80: value - (value - low95) * inner, high80: value + (high95 - value) * inner }, baseline: was, published: null, label: `Bubble: ${showIn(value, unit)}` }, barWidth), tip);
}

function element({ id, name, unit: unitFor, of, convention, help }: Figure, point: TransformerPoint, before: TransformerPoint | null, barWidth: number, more: ReadonlyArray<readonly [string, string]>): HTMLElement {
  const estimate = of(point);
  const unit = unitFor(estimate.value);
  const was = before ? of(before) : null;
  const change = was === null ? null : id === "mfu" ? `${signedFixed((estimate.value - was.value) * 100, 1)}\u00a0pt` : signedPercent(estimate.value / was.value - 1);
  const interval = join(range(estimate.low95, estimate.high95, unit), unit.unit);
  const tip: Tip = { head: name, place: `${count(point.devices)} GPUs`, rows: [["value", showIn(estimate.value, unit)], ["95\u202f%", interval], ["80\u202f%", join(range(estimate.low80, estimate.high80, unit), unit.unit)], ...(was ? [["as planned", showIn(was.value, unit)] as const] : []), ...more], text: help };
  return figureBox(id, name, inUnit(estimate.value, unit), unit.unit, [h("span", {}, `${id === "step" ? "95\u202f%: " : ""}${range(estimate.low95, estimate.high95, unit)}`), ...(change === null ? (convention === undefined ? [] : [h("span", {}, convention)]) : [h("span", { class: "difference" }, change)])], intervalBar({ estimate, baseline: was?.value ?? null, published: null, label: `${name}: ${showIn(estimate.value, unit)}, 95 % interval ${interval}` }, barWidth), tip);
}

function memoryFigure({ memory, devices }: TransformerPoint, before: TransformerPoint | null, barWidth: number): HTMLElement {
  if (memory === null) return figureBox("memory", "Memory", "–", "", [h("span", {}, "not predicted")], null, { head: "Memory", text: "The stack names no memory document." });
  const { fullest, capacity_bytes, answer } = memory;
  const { bytes, deviation_bytes } = fullest.device;
  const ends = (z: number) => [Math.max(0, bytes - z * deviation_bytes), bytes + z * deviation_bytes] as const;
  const [[low95, high95], [low80, high80]] = [ends(1.96), ends(1.282)];
  const gib: Unit = { unit: "GiB", scale: 2 ** 30 };
  const was = before?.memory?.fullest.device.bytes ?? null;
  const notes = [h("span", { class: `fit ${answer === "fits" ? "good" : answer === "tight" ? "tight" : "bad"}` }, answer), h("span", {}, `of ${inUnit(capacity_bytes, gib)}`), ...(was === null ? [] : [h("span", { class: "difference" }, join(signedFixed((bytes - was) / 2 ** 30, 1), "GiB"))])];
  const tip: Tip = { head: "Device memory", place: `${count(devices)} GPUs, stage ${fullest.stage}`, rows: [["device", `${showIn(bytes, gib)} of ${showIn(capacity_bytes, gib)}`], ["95\u202f%", join(range(low95, high95, gib), "GiB")], ["allocated", show(fullest.allocated.bytes, "data")], ["reserved", show(fullest.reserved.bytes, "data")]], text: "The fullest stage at the fullest moment. It does not fit where live tensors exceed the device, or where the device would show 5 % more than it has." };
  return figureBox("memory", "Memory", inUnit(bytes, gib), "GiB", notes, intervalBar({ estimate: { value: bytes, low95, high95, low80, high80 }, baseline: was, published: null, label: `Memory: ${showIn(bytes, gib)}` }, barWidth), tip);
}

function sizeFigure({ totals, calibration }: TransformerPicture["prediction"]): HTMLElement {
  const [number = "", unit = ""] = showLarge(totals.parameters).split("\u00a0");
  const sparse = totals.activeParameters < 0.999 * totals.parameters;
  return figureBox("parameters", "Parameters", number, unit, [h("span", {}, sparse ? `${showLarge(totals.activeParameters)} active` : "all active")], null, { head: "Parameters", rows: [["in all", fixed(totals.parameters, 0)], ["a token meets", fixed(totals.activeParameters, 0)], ...Object.entries(totals.flopPerToken).slice(0, 2).map(([name, value]) => [`FLOP a token, ${name}`, show(value, "work")] as const), ["informed by", calibration ? `${count(calibration.runs)} runs` : "no run"]], text: "Computed from the sizes of the model." });
}
