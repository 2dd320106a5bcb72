/** What the panels of the transformer page draw, and the same as tables: pure functions of a picture. */
import { transformerTerms, type TransformerTerm } from "../../../model/engine/pipeline/terms.ts";
import type { TransformerParameterRecord, TransformerPoint, TransformerTermTime } from "../../../model/prediction-transformer.ts";
import { formatNumber } from "../../../model/units.ts";
import type { TornadoData, TornadoRow } from "../charts/tornado.ts";
import type { WaterfallData } from "../charts/waterfall.ts";
import { count, percent, range, showIn, unitOf } from "../format.ts";
import type { ScalePoint, Schedule, TransformerPicture } from "../transformer/protocol.ts";
import { closeRounded } from "./rounding.ts";
import { groupColour } from "./scene.ts";
import type { Table } from "./table.ts";
import { parameterName, rangeParameter, showParameter } from "./transformer-parameters.ts";
import { transformerTermMeanings } from "./transformer-words.ts";
import { closeWaterfall, sumHolds } from "./waterfall-data.ts";

/** Second and third terms of a family are the same hue, lighter. */
const lighter: Partial<Record<TransformerTerm, number>> = { "kernel-inefficiency": 0.66, head: 0.82, context: 0.82, expert: 0.66, "pipeline-messages": 0.74, data: 0.58, jitter: 0.66, fixed: 0.66 };
const idOf = (id: string): TransformerTerm => transformerTerms.find((term) => term === id) ?? "fixed";

export function transformerWaterfall(point: TransformerPoint, before: TransformerPoint | null): WaterfallData {
  const { stepTime_s } = point;
  const unit = unitOf(stepTime_s.value, "time");
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(stepTime_s.value / unit.scale)));
  const was = (id: string): TransformerTermTime | undefined => before?.terms.find((term) => term.id === id);
  const visible = (time_s: number) => time_s >= 0.5 * 10 ** -decimals * unit.scale;
  const shown = point.terms.filter((term) => visible(term.time_s) || visible(was(term.id)?.time_s ?? 0));
  const rest_s = point.terms.filter((term) => !shown.includes(term)).reduce((sum, { time_s }) => sum + time_s, 0);
  const closed = closeRounded(shown.map(({ time_s }) => time_s / unit.scale), decimals);
  const rows = shown.map((term, index) => {
    const former = was(term.id);
    return {
      id: term.id, label: term.label, colour: groupColour[term.group], opacity: lighter[idOf(term.id)] ?? 1, time_s: term.time_s, printed: closed.rows[index] ?? 0, share: term.time_s / stepTime_s.value, binds: term.binds,
      change: before ? (term.time_s - (former?.time_s ?? 0)) / unit.scale : null, baseline_s: before ? (former?.time_s ?? 0) : null, overlapped_s: 0, overlappedChange: null,
      tip: {
        head: term.label, place: `${count(point.devices)} GPUs`, text: transformerTermMeanings[idOf(term.id)],
        rows: [["time", `${showIn(term.time_s, unit)}, 95\u202f%: ${range(term.low95_s, term.high95_s, unit)} ${unit.unit}`] as const, ["share", percent(term.time_s / stepTime_s.value)] as const, ["binds", term.binds] as const, ...(former ? [["as planned", showIn(former.time_s, unit)] as const] : [])],
      },
    };
  });
  const sums = sumHolds(point.terms.map(({ time_s }) => time_s), stepTime_s.value);
  const more = rest_s > 0 ? `, ${point.terms.length - shown.length} terms round to zero` : "";
  return { ...closeWaterfall({ point, before, unit, printed: closed.total, rows, sums, was: "as planned", more, text: "The rows above add up to it." }), unit, decimals, rows };
}

export function memoryTable({ memory }: TransformerPoint): Table {
  const gib = (bytes: number) => Number((bytes / 2 ** 30).toPrecision(6));
  const parts = [...new Set(memory?.stages.flatMap((stage) => stage.parts.map(({ part }) => part)) ?? [])];
  return {
    name: "memory", caption: "Device memory by stage at the fullest moment of a step",
    columns: [{ name: "stage", whole: true }, ...parts.map((part) => ({ name: part.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), unit: "GiB" })), ...["resident", "allocated", "reserved", "device", "device, deviation", "capacity"].map((name) => ({ name, unit: "GiB" }))],
    rows: (memory?.stages ?? []).map((stage) => [stage.stage, ...parts.map((part) => gib(stage.parts.find((one) => one.part === part)?.bytes ?? 0)), gib(stage.resident.bytes), gib(stage.allocated.bytes), gib(stage.reserved.bytes), gib(stage.device.bytes), gib(stage.device.deviation_bytes), gib(memory?.capacity_bytes ?? 0)]),
  };
}

export const passWords = ["forward", "backward", "data gradient", "weight gradient", "forward and backward"] as const;

export function scheduleTable(schedule: Schedule): Table {
  const rows = Array.from(schedule.device, (device, index) => [device, passWords[schedule.pass[index] ?? 0] ?? "", schedule.micro[index] ?? 0, schedule.start_s[index] ?? 0, schedule.end_s[index] ?? 0] as [number, string, number, number, number]);
  const ordered = rows.toSorted((a, b) => a[0] - b[0] || a[3] - b[3]);
  return { name: "pipeline", caption: `Passes of ${count(schedule.microBatches)} micro-batches over ${count(schedule.stages)} stages${ordered.length > 2000 ? "; the first 2,000 rows" : ""}`, columns: [{ name: "stage", whole: true }, { name: "pass" }, { name: "micro-batch number", whole: true }, { name: "start", unit: "s" }, { name: "end", unit: "s" }], rows: ordered.slice(0, 2000) };
}

export function scalingTable(points: readonly ScalePoint[]): Table {
  return {
    name: "scaling", caption: "Throughput and utilisation over numbers of devices",
    columns: [{ name: "GPUs" }, { name: "nodes" }, { name: "step time", unit: "s" }, { name: "low 95", unit: "s" }, { name: "high 95", unit: "s" }, { name: "tokens", unit: "1/s" }, { name: "MFU", unit: "%" }, { name: "memory" }],
    rows: points.map(({ devices, nodes, stepTime_s, throughput_tokens_per_s, utilisation, answer }) => [devices, nodes, ...[stepTime_s.value, stepTime_s.low95, stepTime_s.high95, throughput_tokens_per_s.value, utilisation.value * 100].map((value) => Number(value.toPrecision(6))), answer ?? "not predicted"]),
  };
}

/** What shares one value of a parameter. */
const scopeWords: Readonly<Record<string, string>> = { "device-precision": "of a device and number format", device: "of a device", "node-link": "of the link in a node", fabric: "of the network between nodes", stack: "of the software" };

const swing = ({ stepTimeLow_s, stepTimeHigh_s }: TransformerParameterRecord): number => Math.abs(stepTimeHigh_s - stepTimeLow_s);

export const movingParameters = ({ prediction }: TransformerPicture): TransformerParameterRecord[] => prediction.parameters.filter((one) => one.used).toSorted((a, b) => swing(b) - swing(a));

export function parameterTornado(picture: TransformerPicture, most = 9): TornadoData {
  const { point } = picture;
  const unit = unitOf(point.stepTime_s.value, "time");
  return {
    summary: `Parameters by their effect on step time at ${count(point.devices)} GPUs`, centre_s: point.stepTime_s.value, centreText: showIn(point.stepTime_s.value, unit), unit,
    rows: movingParameters(picture).slice(0, most).map((one): TornadoRow => ({
      path: one.name, label: parameterName(one.name), kind: one.kind, range: rangeParameter(one.name, one.low95, one.high95, one.unit), low_s: one.stepTimeLow_s, high_s: one.stepTimeHigh_s,
      tip: {
        head: parameterName(one.name), place: scopeWords[one.scope] ?? one.scope, text: `${one.means}.`,
        rows: [["value", showParameter(one.name, one.value, one.unit)], ["95\u202f%", rangeParameter(one.name, one.low95, one.high95, one.unit)], ["before runs", showParameter(one.name, one.prior, one.unit)], ["told by", one.series.length === 0 ? "no run" : `${one.series.slice(0, 2).join(", ")}${one.series.length > 2 ? ` and ${one.series.length - 2} more` : ""}`], ["step", `${showIn(one.stepTimeLow_s, unit, 4)} – ${showIn(one.stepTimeHigh_s, unit, 4)}`]],
      },
    })),
  };
}

export function parameterTable(picture: TransformerPicture): Table {
  return {
    name: "parameters", caption: "Parameters of the step with what is known of them",
    columns: [{ name: "parameter" }, { name: "scope" }, { name: "unit" }, { name: "before runs" }, { name: "value" }, { name: "low 95" }, { name: "high 95" }, { name: "kind" }, { name: "step at low end", unit: "s" }, { name: "step at high end", unit: "s" }, { name: "told by" }],
    rows: movingParameters(picture).map((one) => [one.name, one.scope, one.unit, one.prior, one.value, one.low95, one.high95, one.kind, one.stepTimeLow_s, one.stepTimeHigh_s, one.series.join(" ")].map((cell) => (typeof cell === "number" ? Number(cell.toPrecision(6)) : cell))),
  };
}

/** Parameters as model cards write them. */
export const showLarge = (value: number): string => {
  const [suffix, scale] = ([["T", 1e12], ["B", 1e9], ["M", 1e6]] as const).find(([, step]) => value >= step) ?? ["", 1];
  return `${formatNumber(value / scale, 4)}${suffix === "" ? "" : `\u00a0${suffix}`}`;
};
