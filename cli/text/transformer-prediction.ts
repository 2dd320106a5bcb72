/** A transformer's prediction on one screen: figures by number of devices, then of the largest its layout, terms as bars, memory by stage, and what to look at next. */
import type { TransformerPoint, TransformerPrediction } from "../../model/prediction-transformer.ts";
import { formatNumber, formatQuantity, showQuantity } from "../../model/units.ts";
import { asynchronyLines } from "./asynchrony.ts";
import { bar } from "./bars.ts";
import { energyLines } from "./energy.ts";
import { tokenLine } from "./input.ts";
import { bold, cyan, dim, wrap, type Look } from "./look.ts";
import { showCount, showInterval, unitFor } from "./quantities.ts";
import { lengthOf, pad, writeTable } from "./table.ts";
import { writeMemory } from "./transformer-memory.ts";

export function writeTransformerPrediction(prediction: TransformerPrediction, words: string, look: Look): string {
  const largest = prediction.points.at(-1);
  if (largest === undefined) return "";
  return [
    ...writeTransformerHead(prediction, look),
    "",
    writePoints(prediction.points, look),
    "",
    writeLayout(largest, look),
    "",
    writeTransformerTerms(largest, look),
    "",
    ...writeMemory(largest, look),
    "",
    ...writeFoot(prediction, largest, look),
    "",
    `${dim("next:", look)} ${cyan(`exatwin explain ${words} --gpus ${largest.devices}`, look)}`,
  ].join("\n");
}

export function writeTransformerHead({ scenario, totals, calibration }: TransformerPrediction, look: Look): string[] {
  const { machine, device, workload, plan, stack, changes } = scenario;
  const changed = Object.entries(changes).map(([path, value]) => `${path}=${value}`);
  const active = totals.activeParameters < totals.parameters * 0.999 ? `, ${showLarge(totals.activeParameters)} active` : "";
  return [
    wrap(bold(`${workload.title} on ${machine.title}`, look), look.width),
    wrap(`${showLarge(totals.parameters)} parameters${active}; ${device.title}; plan ${plan.id}; stack ${stack.id}; ${calibration ? `parameters informed by ${showCount(calibration.runs)} published runs` : "no run informs the parameters"}`, look.width),
    ...(changed.length > 0 ? [wrap(`changed by you: ${changed.join(", ")}`, look.width)] : []),
  ];
}

const large = [["T", 1e12], ["B", 1e9], ["M", 1e6], ["k", 1e3]] as const;

/** Parameters as model cards write them: 405 B, 1.01 T. */
export function showLarge(value: number): string {
  const [suffix, scale] = large.find(([, step]) => value >= step) ?? ["", 1];
  return `${formatNumber(value / scale, 4)}${suffix === "" ? "" : ` ${suffix}`}`;
}

function writePoints(points: readonly TransformerPoint[], look: Look): string {
  const time = unitFor(points.map(({ stepTime_s }) => stepTime_s.value), "time");
  return writeTable(
    [
      { head: "GPUs", cells: points.map(({ devices }) => showCount(devices)) },
      { head: "nodes", cells: points.map(({ nodes }) => showCount(nodes)) },
      { head: "step time", unit: time.unit, cells: points.map(({ stepTime_s }) => time.show(stepTime_s.value)) },
      { head: "95 % interval", unit: time.unit, cells: points.map(({ stepTime_s }) => showInterval(stepTime_s.low95, stepTime_s.high95, time)) },
      { head: "tokens/s", cells: points.map(({ throughput_tokens_per_s }) => formatNumber(throughput_tokens_per_s.value, 3)) },
      { head: "tokens/s", unit: "a GPU", cells: points.map(({ throughputPerDevice_tokens_per_s }) => formatNumber(throughputPerDevice_tokens_per_s.value, 3)) },
      { head: "model", unit: "TF/s a GPU", cells: points.map(({ ratePerDevice_flop_per_s }) => formatNumber(ratePerDevice_flop_per_s.value / 1e12, 3)) },
      { head: "MFU", unit: "%", cells: points.map(({ utilisation }) => (utilisation.value * 100).toFixed(1)) },
      { head: "memory", unit: "GiB", cells: points.map(({ memory }) => (memory === null ? "" : formatNumber(memory.fullest.device.bytes / 2 ** 30, 3))) },
      { head: "", align: "left", cells: points.map(({ memory }) => memory?.answer ?? "") },
    ],
    look,
  );
}

/** Degrees as a product, then batch and choices. */
export function layoutWords({ layout }: TransformerPoint): string {
  const { tensor, context, pipeline, data, virtualStages, expert, expertTensor, microBatch, microBatches, globalBatch, sequence, schedule, sharding, recompute, recipe } = layout;
  const degrees = [`tensor ${tensor}`, ...(context > 1 ? [`context ${context}`] : []), `pipeline ${pipeline}`, `data ${showCount(data)}`].join(" x ");
  const experts = expert > 1 || expertTensor > 1 ? `; experts over ${expert}${expertTensor > 1 ? ` x ${expertTensor}` : ""} ranks` : "";
  const stages = pipeline > 1 ? `; ${schedule}${virtualStages > 1 ? ` by ${virtualStages}` : ""}` : "";
  return `${degrees}${experts}${stages}; ${showCount(globalBatch)} sequences of ${showCount(sequence)} tokens a step, ${showCount(microBatches)} micro-batches of ${showCount(microBatch)}; ${recipe}; sharding ${sharding}; recompute ${recompute}`;
}

const writeLayout = (point: TransformerPoint, look: Look): string => wrap(`${bold(`Layout at ${showCount(point.devices)} GPUs`, look)}: ${layoutWords(point)}`, look.width, "  ");

export function writeTransformerTerms(point: TransformerPoint, look: Look): string {
  const terms = point.terms.filter(({ time_s }) => time_s > 0);
  const time = unitFor([point.stepTime_s.value], "time");
  const scale = Number(formatQuantity(point.stepTime_s.value, "time", 12).number.replaceAll(",", "")) / point.stepTime_s.value;
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(point.stepTime_s.value * scale)));
  const show = (time_s: number) => (time_s * scale < 0.5 * 10 ** -decimals ? `< ${(10 ** -decimals).toFixed(decimals)}` : (time_s * scale).toFixed(decimals));
  const largest = Math.max(...terms.map(({ time_s }) => time_s));
  const labels = Math.max(...terms.map(({ label }) => lengthOf(label)));
  const total = point.stepTime_s.value;
  const lines = terms.map(({ label, time_s }) => `  ${pad(label, labels, "left")}  ${pad(`${show(time_s)} ${time.unit}`, 10, "right")} ${pad(`${((time_s / total) * 100).toFixed(1)} %`, 7, "right")}  ${cyan(bar(time_s, largest, 28), look)}`);
  return [bold(`Where the step goes at ${showCount(point.devices)} GPUs: ${showQuantity(total, "time")}`, look), ...lines].join("\n");
}

function writeFoot(prediction: TransformerPrediction, point: TransformerPoint, look: Look): string[] {
  const { utilisation, ratePerDevice_flop_per_s, unused, notes, layout } = point;
  const peak = ratePerDevice_flop_per_s.value / utilisation.value;
  return [
    ...energyLines(point.energy, point.money, showCount(point.devices), "token"),
    `MFU: model FLOP without recomputation, causal attention counted by half (model-causal), of the dense ${layout.recipe.toUpperCase()} peak of ${showQuantity(peak, "rate")}`,
    tokenLine(point),
    ...asynchronyLines({ asynchrony: null, targets: point.targets }),
    ...unused.map(({ label, path, reason }) => `Without effect: ${label} (${path}): ${reason}`),
    ...notes.map((note) => `Note: ${note}`),
    ...prediction.notes.map((note) => `Note: ${note}`),
  ].map((line) => wrap(line, look.width, "  "));
}
