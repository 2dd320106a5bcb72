/** A prediction on one screen: the curve beside what was published, the terms of the largest step as bars, and what to look at next. */
import type { Prediction, ScalePoint } from "../../model/prediction.ts";
import type { Library, Selection } from "../../model/scenario.ts";
import { showQuantity } from "../../model/units.ts";
import { metricWords, type PublishedPoint } from "../host/published.ts";
import { asynchronyLines } from "./asynchrony.ts";
import { bar } from "./bars.ts";
import { energyLines } from "./energy.ts";
import { stagingWords, supplyLines } from "./input.ts";
import { bold, cyan, dim, wrap, type Look } from "./look.ts";
import { showCount, showError, showInterval, unitFor } from "./quantities.ts";
import { lengthOf, pad, writeTable, type Column } from "./table.ts";

export function writePrediction(prediction: Prediction, published: readonly PublishedPoint[], chosen: { selection: Selection; library: Library }, look: Look): string {
  const largest = prediction.points.at(-1);
  return [
    ...writeHead(prediction, look),
    "",
    writeCurve(prediction, published, look),
    ...publishedNotes(prediction, published, look),
    "",
    ...(largest ? [writeTerms(largest, look), ""] : []),
    ...writeFoot(prediction, largest, look),
    "",
    `${dim("next:", look)} ${cyan(nextCommand(chosen.selection, prediction), look)}`,
  ].join("\n");
}

export function writeHead(prediction: Prediction, look: Look): string[] {
  const { machine, device, workload, plan, stack, run, precision, samplesPerDevice, devicesPerNode, changes } = prediction.scenario;
  const changed = Object.entries(changes).map(([path, value]) => `${path}=${value}`);
  return [
    wrap(bold(run ? run.title : `${workload.title} on ${machine.title}`, look), look.width),
    wrap(`${machine.title}, ${devicesPerNode} ${device.title} a node; ${workload.title}; ${precision.toUpperCase()}; ${samplesPerDevice} sample${samplesPerDevice === 1 ? "" : "s"} a GPU; plan ${plan.id}; stack ${stack.id}; FLOP counted as ${prediction.convention}`, look.width),
    ...(changed.length > 0 ? [wrap(`changed by you: ${changed.join(", ")}`, look.width)] : []),
  ];
}

interface Row {
  point: ScalePoint;
  beside: PublishedPoint | undefined;
  /** False for a further published value at the same scale. */
  first: boolean;
}

function writeCurve(prediction: Prediction, published: readonly PublishedPoint[], look: Look): string {
  const points = prediction.points;
  const time = unitFor(points.map((point) => point.stepTime_s.value), "time");
  const rate = unitFor(points.map((point) => point.rate_flop_per_s.value), "rate");
  const rows = points.flatMap((point): Row[] => {
    const beside = published.filter(({ devices }) => devices === point.devices);
    return beside.length === 0 ? [{ point, beside: undefined, first: true }] : beside.map((item, index) => ({ point, beside: item, first: index === 0 }));
  });
  const cells = (show: (point: ScalePoint) => string) => rows.map(({ point, first }) => (first ? show(point) : ""));
  const columns: Column[] = [
    { head: "GPUs", cells: cells((point) => showCount(point.devices)) },
    { head: "nodes", cells: cells((point) => showCount(point.nodes)) },
    { head: "step time", unit: time.unit, cells: cells((point) => time.show(point.stepTime_s.value)) },
    { head: "95 % interval", unit: time.unit, cells: cells((point) => showInterval(point.stepTime_s.low95, point.stepTime_s.high95, time)) },
    { head: "samples/s", cells: cells((point) => showQuantity(point.throughput_samples_per_s.value, "samples").replace(" samples/s", "")) },
    { head: "sustained", unit: rate.unit, cells: cells((point) => rate.show(point.rate_flop_per_s.value)) },
    { head: "efficiency", unit: "%", cells: cells((point) => (point.efficiency.value * 100).toFixed(1)) },
    { head: "published", align: "left", gives: true, cells: rows.map(({ beside }) => (beside ? `${beside.text}${metricWords[beside.metric]}` : "")) },
    { head: "error", unit: "%", cells: rows.map(({ beside }) => (!beside ? "" : beside.use === "calibration" ? "fitted" : showError(beside.error))) },
  ];
  return writeTable(columns, look);
}

function publishedNotes(prediction: Prediction, published: readonly PublishedPoint[], look: Look): string[] {
  const notes: string[] = [];
  if (published.some(({ use }) => use === "calibration")) notes.push("\"fitted\": this published value has informed the prediction, so its error is no test.");
  if (published.length > 0 && Object.keys(prediction.scenario.changes).length > 0) notes.push("The published values belong to the run as it was, without your changes.");
  return notes.map((note) => dim(wrap(note, look.width), look));
}

export function writeTerms(point: ScalePoint, look: Look): string {
  const terms = point.terms.filter(({ time_s, overlapped_s }) => time_s > 0 || overlapped_s > 0);
  const time = unitFor(terms.map(({ time_s }) => time_s), "time");
  const largest = Math.max(...terms.map(({ time_s }) => time_s));
  const labels = Math.max(...terms.map(({ label }) => lengthOf(label)));
  const total = point.stepTime_s.value;
  const lines = terms.map((term) => {
    const hidden = term.overlapped_s > 0 ? dim(`  + ${time.show(term.overlapped_s)} ${time.unit} hidden`, look) : "";
    return `  ${pad(term.label, labels, "left")}  ${pad(`${time.show(term.time_s)} ${time.unit}`, 9, "right")} ${pad(`${((term.time_s / total) * 100).toFixed(1)} %`, 7, "right")}  ${cyan(bar(term.time_s, largest, 28), look)}${hidden}`;
  });
  return [bold(`Where the step goes at ${showCount(point.devices)} GPUs: ${showQuantity(total, "time")}`, look), ...lines].join("\n");
}

function writeFoot(prediction: Prediction, largest: ScalePoint | undefined, look: Look): string[] {
  const lines: string[] = [];
  if (largest) {
    const staging = largest.stagingTime_s;
    const { device, node, machine } = largest.inputNeed_bytes_per_s;
    lines.push(staging ? `Staging at ${showCount(largest.devices)} GPUs: ${showQuantity(staging.value, "time")} (${showQuantity(staging.low95, "time")} – ${showQuantity(staging.high95, "time")}) before training${stagingWords(largest)}` : "Staging: none; training reads the file system");
    lines.push(`Input needed: ${showQuantity(device, "bandwidth")} a GPU, ${showQuantity(node, "bandwidth")} a node, ${showQuantity(machine, "bandwidth")} in all`, ...supplyLines(largest));
  }
  if (largest) lines.push(...asynchronyLines(largest));
  if (largest) lines.push(...energyLines(largest.energy, largest.money, showCount(largest.devices), "sample"));
  const unused = prediction.inputs.filter(({ used }) => !used).length;
  lines.push(`Inputs: ${prediction.inputs.length}, of which ${prediction.assumed} assumed and ${unused} without effect here`);
  lines.push(...prediction.notes.map((note) => `Note: ${note}`));
  return lines.map((line) => wrap(line, look.width, "  "));
}

/** Words of the command line that repeat a selection. */
export function selectionWords(selection: Selection): string {
  const set = Object.entries(selection.changes ?? {}).map(([path, value]) => ` --set ${path}=${/^[\w.,:%+-]+$/.test(String(value)) ? value : JSON.stringify(value)}`);
  const nouns = "run" in selection ? selection.run : `${selection.machine} ${selection.workload} --plan ${selection.plan} --stack ${selection.stack}`;
  return nouns + set.join("");
}

function nextCommand(selection: Selection, prediction: Prediction): string {
  const largest = prediction.points.at(-1);
  const second = largest?.terms.filter(({ id, time_s }) => id !== "ideal-compute" && time_s > 0).toSorted((a, b) => b.time_s - a.time_s)[0];
  return `exatwin explain ${selectionWords(selection)}${second ? ` --term ${second.id}` : ""}`;
}
