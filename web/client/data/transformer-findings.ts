/** Titles of the transformer page: findings, made from the data that the panels draw. */
import { formatNumber } from "../../../model/units.ts";
import { count, join, percent, show, showIn, unitOf } from "../format.ts";
import type { TransformerPicture } from "../transformer/protocol.ts";
import { bubbleShare } from "./pipeline-pieces.ts";
import { movingParameters } from "./transformer-tables.ts";

const fitting = (...sentences: string[]): string => sentences.find((sentence) => sentence.length <= 68) ?? sentences.at(-1) ?? "";

/** Title and subtitle of the page. */
export function headingOf({ prediction: { scenario, calibration }, point }: TransformerPicture): [title: string, subtitle: string] {
  const machine = scenario.machine.title.split(/[,(]/)[0]?.trim() ?? scenario.machine.title;
  return [
    `${scenario.workload.title} on ${count(point.devices)} GPUs of ${machine}: ${show(point.stepTime_s.value, "time")} a step`,
    `${count(point.devices)} × ${scenario.device.title} on ${count(point.nodes)} ${point.nodes === 1 ? "node" : "nodes"} · ${scenario.plan.title} · ${scenario.stack.title} · ${calibration ? `informed by ${count(calibration.runs)} published runs` : "no run informs it"}`,
  ];
}

export function stepFinding({ point, baseline }: TransformerPicture): string {
  const { stepTime_s } = point;
  const unit = unitOf(stepTime_s.value, "time");
  if (baseline) {
    const change = stepTime_s.value - baseline.stepTime_s.value;
    const terms = point.terms.map((term, index) => ({ label: term.label, change: term.time_s - (baseline.terms[index]?.time_s ?? 0) })).toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change));
    if (Math.abs(change) < 5e-4 * baseline.stepTime_s.value) return "These changes leave the step as long as it was";
    const amount = showIn(Math.abs(change), unit, 3);
    return fitting(`${change < 0 ? "Shorter" : "Longer"} by ${amount}, most of it ${terms[0]?.label.toLowerCase() ?? ""}`, `${change < 0 ? "Shorter" : "Longer"} by ${amount}`);
  }
  const ideal = point.terms.find(({ id }) => id === "ideal-compute")?.time_s ?? 0;
  const [worst] = point.terms.filter(({ id }) => id !== "ideal-compute").toSorted((a, b) => b.time_s - a.time_s);
  const lost = 1 - ideal / stepTime_s.value;
  if (!worst) return `A step takes ${showIn(stepTime_s.value, unit)}`;
  const next = worst.label.toLowerCase().replace(/, exposed$/, "");
  return fitting(`Compute at peak is ${percent(1 - lost, 2)} of the step; ${next} comes next`, `Beyond compute at peak, ${next} takes most`);
}

export function memoryFinding({ point }: TransformerPicture): string {
  const { memory } = point;
  if (memory === null) return "Memory is not predicted: the stack names no memory document";
  const used = percent(memory.fullest.device.bytes / memory.capacity_bytes, 2);
  if (memory.answer === "fits") return `It fits: stage ${memory.fullest.stage} is fullest with ${used} of the device`;
  if (memory.answer === "tight") return `It is tight: stage ${memory.fullest.stage} takes ${used} of the device`;
  return `It does not fit: stage ${memory.fullest.stage} needs more than ${show(memory.capacity_bytes, "data")}`;
}

export function pipelineFinding({ schedule, point }: TransformerPicture): string {
  if (schedule === null) return "The pipeline has too many passes to draw";
  if (schedule.stages === 1) return `One stage: ${count(schedule.microBatches)} micro-batches, one after the other`;
  const bubble = bubbleShare(schedule);
  return fitting(`Stages wait for ${percent(bubble, 2)} of the passes: ${count(point.layout.microBatches)} micro-batches over ${count(point.layout.pipeline)} stages`, `Stages wait for ${percent(bubble, 2)} of the passes`);
}

export function scalingFinding({ scaling, point, wish }: TransformerPicture): string {
  const first = scaling[0];
  const last = scaling.at(-1);
  if (!first || !last || first === last) return `Only ${count(point.devices)} GPUs divide this batch and layout`;
  const ratio = last.devices / first.devices;
  const many = Number.isInteger(ratio) ? count(ratio) : formatNumber(ratio, 3);
  const grows = last.throughput_tokens_per_s.value / first.throughput_tokens_per_s.value;
  const batch = wish.scaling === "strong" ? "with the same batch" : "as the batch grows";
  return fitting(`${many} times the GPUs train ${formatNumber(grows, 3)} times the tokens a second ${batch}`, `${many} times the GPUs, ${formatNumber(grows, 3)} times the tokens a second`);
}

/** How many parameters, widest first, make four fifths of the variance (squared swings, taken as independent). */
export function parametersFinding(picture: TransformerPicture): string {
  const squares = movingParameters(picture).map(({ stepTimeLow_s, stepTimeHigh_s }) => (stepTimeHigh_s - stepTimeLow_s) ** 2);
  const whole = squares.reduce((sum, value) => sum + value, 0);
  if (whole === 0) return "No parameter has an interval that moves the step";
  let seen = 0;
  const deciding = squares.findIndex((value) => (seen += value) >= 0.8 * whole) + 1;
  return deciding === 1 ? "One parameter makes most of what the parameters leave open" : `${count(deciding)} parameters make most of what the parameters leave open`;
}

export const fitsWords = { fits: "fits", tight: "tight", "does not fit": "does not fit" } as const;
export const asPercent = (fraction: number): string => join(formatNumber(fraction * 100, 3), "%");
