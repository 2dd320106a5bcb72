/** Published runs beside what a protocol predicts of them: points, figures of all and of the device in view, the largest misses. From the points that the fit wrote. */
import type { Network, ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { describeErrors, normal80, normal95, type ErrorStatistics } from "../../../calibrate/fit/transformer/statistics.ts";
import type { Tip } from "../dom.ts";
import { count, range, showIn, signedPercent, unitOf } from "../format.ts";
import type { Table } from "./table.ts";

export const networkWords: Readonly<Record<Network, string>> = { dense: "dense transformer", experts: "mixture of experts", layers: "vision or science" };

export interface ParityPoint {
  id: string;
  title: string;
  series: string;
  family: string;
  network: Network;
  device: string;
  deviceId: string;
  machine: string;
  precision: string;
  layout: string;
  /** What the row gives reason to suspect where a prediction misses. */
  cause: string;
  devices: number;
  measured_s: number;
  predicted_s: number;
  low80_s: number;
  high80_s: number;
  low95_s: number;
  high95_s: number;
  sd: number;
  error: number;
  flag: string | null;
  /** On the device that the page shows. */
  own: boolean;
  source: { readonly title: string; readonly url: string };
  tip: Tip;
}

export interface ParityView {
  protocol: string;
  means: string;
  /** Whether the fit has learned from the points themselves. */
  inSample: boolean;
  points: ParityPoint[];
  /** Of points that no rule keeps out. */
  all: ErrorStatistics | undefined;
  own: ErrorStatistics | undefined;
  flagged: number;
}

export const protocolNames: Readonly<Record<string, string>> = {
  "leave-one-series-out": "held out, series by series", "leave-twins-out": "held out, model on device", "leave-one-machine-out": "held out, machine by machine", extrapolate: "held out, larger scales", cold: "no run learned from", "in-sample": "learned from",
};

export function parityView({ points, series, protocols }: ParityData, wanted: string, device: string, titleOf: (device: string) => string): ParityView {
  const protocol = protocols.find(({ id }) => id === wanted) ?? protocols[0];
  const id = protocol?.id ?? "";
  const [predictions, deviations] = [points.predicted_s[id] ?? [], points.sd[id] ?? []];
  const shown = points.id.flatMap((name, at): ParityPoint[] => {
    const of = series[points.series[at] ?? -1];
    const predicted_s = predictions[at] ?? null;
    const [measured_s, sd] = [points.measured_s[at] ?? 0, deviations[at] ?? 0];
    if (of === undefined || predicted_s === null) return [];
    const unit = unitOf(measured_s, "time");
    const flag = points.flag[at] ?? null;
    const [low95_s, high95_s] = [predicted_s * Math.exp(-normal95 * sd), predicted_s * Math.exp(normal95 * sd)];
    const [low80_s, high80_s] = [predicted_s * Math.exp(-normal80 * sd), predicted_s * Math.exp(normal80 * sd)];
    const error = predicted_s / measured_s - 1;
    const [devices, layout] = [points.devices[at] ?? 0, points.layout[at] ?? ""];
    const tip: Tip = {
      head: of.title, place: `${count(devices)} × ${titleOf(of.device)}`, text: flag === null ? layout : `Kept out: ${flag}. ${layout}`,
      rows: [["measured", showIn(measured_s, unit)], ["predicted", showIn(predicted_s, unit)], ["95\u202f%", `${range(low95_s, high95_s, unit)} ${unit.unit}`], ["error", signedPercent(error)]],
      foot: of.source.title,
    };
    return [{ id: name, title: of.title, series: of.id, family: of.family, network: points.network[at] ?? "dense", device: titleOf(of.device), deviceId: of.device, machine: points.machine[at] ?? "", precision: points.precision[at] ?? "", layout, cause: points.cause[at] ?? "not known", devices, measured_s, predicted_s, low80_s, high80_s, low95_s, high95_s, sd, error, flag, own: of.device === device, source: of.source, tip }];
  }).toSorted((a, b) => a.measured_s - b.measured_s);
  return withFigures({ protocol: id, means: protocol?.means ?? "", inSample: id === "in-sample", points: shown });
}

/** Figures of the points of a view, or of some of them. */
export function withFigures(view: Pick<ParityView, "protocol" | "means" | "inSample" | "points">): ParityView {
  const scored = view.points.filter(({ flag }) => flag === null);
  return { ...view, all: describeErrors(scored), own: describeErrors(scored.filter(({ own }) => own)), flagged: view.points.length - scored.length };
}

/** Largest first, of points that no rule keeps out. */
export const misses = ({ points }: ParityView, most: number): ParityPoint[] => points.filter(({ flag }) => flag === null).toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, most);

/** Whether the 95 % interval holds what was measured, as describeErrors counts it. */
export const holds = ({ error, sd }: Pick<ParityPoint, "error" | "sd">): boolean => Math.abs(Math.log1p(error)) <= normal95 * sd;

export function parityTable({ points, protocol }: ParityView): Table {
  return {
    name: "parity", caption: `Published runs, ${protocolNames[protocol] ?? protocol}`,
    columns: [{ name: "run" }, { name: "title" }, { name: "family" }, { name: "network" }, { name: "device" }, { name: "machine" }, { name: "precision" }, { name: "devices", whole: true }, { name: "layout" }, { name: "measured", unit: "s" }, { name: "predicted", unit: "s" }, { name: "low 80", unit: "s" }, { name: "high 80", unit: "s" }, { name: "low 95", unit: "s" }, { name: "high 95", unit: "s" }, { name: "error", unit: "%" }, { name: "within 95 %" }, { name: "suspected cause" }, { name: "kept out because" }, { name: "source" }],
    rows: points.map((one) => [one.id, one.title, one.family, networkWords[one.network], one.device, one.machine, one.precision, one.devices, one.layout, ...[one.measured_s, one.predicted_s, one.low80_s, one.high80_s, one.low95_s, one.high95_s, 100 * one.error].map((value) => Number(value.toPrecision(5))), holds(one) ? "yes" : "no", one.cause, one.flag, one.source.url]),
  };
}

