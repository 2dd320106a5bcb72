/** What the step-time table draws, from a scene. Rows are rounded together, so that they add up as printed. */
import type { Estimate } from "../../../model/prediction.ts";
import type { WaterfallData } from "../charts/waterfall.ts";
import { overlappedName } from "../charts/waterfall.ts";
import type { Tip } from "../dom.ts";
import { count, interval95, percent, range, showIn, unitOf, type Unit } from "../format.ts";
import { termMeanings } from "./glossary.ts";
import { closeRounded } from "./rounding.ts";
import { activePoint, groupColour, pointAt, termOpacity, type Scene } from "./scene.ts";
import type { Table } from "./table.ts";

export function waterfallData(scene: Scene): WaterfallData {
  const point = activePoint(scene);
  const before = scene.baseline ? pointAt(scene.baseline, point.devices) : undefined;
  const unit = unitOf(point.stepTime_s.value, "time");
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(point.stepTime_s.value / unit.scale)));
  // A term that is zero now and before (an exchange that this plan does not do) has no row.
  const terms = point.terms.filter((term) => term.time_s > 0 || term.overlapped_s > 0 || (before?.terms.find((other) => other.id === term.id)?.time_s ?? 0) > 0);
  const closed = closeRounded(terms.map((term) => term.time_s / unit.scale), decimals);
  const rows = terms.map((term, index) => {
    const was = before?.terms.find((other) => other.id === term.id);
    const tip: Tip = {
      head: term.label, place: `${count(point.devices)} GPUs`,
      rows: [
        ["time", `${showIn(term.time_s, unit)}, 95\u202f%: ${range(term.low95_s, term.high95_s, unit)} ${unit.unit}`], ["share", percent(term.time_s / point.stepTime_s.value)], ["binds", term.binds],
        ...(was ? [["baseline", showIn(was.time_s, unit)] as const] : []), ...(term.overlapped_s > 0 ? [["overlapped", `${showIn(term.overlapped_s, unit)}, adds nothing`] as const] : []),
      ],
      text: termMeanings[term.id],
    };
    return {
      id: term.id, label: term.label, colour: groupColour[term.group], opacity: termOpacity(term.id), time_s: term.time_s, printed: closed.rows[index] ?? 0, share: term.time_s / point.stepTime_s.value, binds: term.binds,
      change: before ? (term.time_s - (was?.time_s ?? 0)) / unit.scale : null, baseline_s: before ? (was?.time_s ?? 0) : null,
      overlapped_s: term.overlapped_s, overlappedChange: before ? (term.overlapped_s - (was?.overlapped_s ?? 0)) / unit.scale : null, tip,
    };
  });
  const { stepTime_s } = point;
  return {
    ...closeWaterfall({ point, before, unit, printed: closed.total, rows, sums: sumHolds(terms.map((term) => term.time_s), stepTime_s.value), was: "baseline", more: "", text: "The rows above add up to it; hatched time is hidden behind other work." }),
    unit, decimals, rows,
  };
}

/** What stands below the rows, and the whole in a sentence. */
export function closeWaterfall({ point, before, unit, printed, rows, sums, was, more, text }: {
  readonly point: { readonly devices: number; readonly stepTime_s: Estimate };
  readonly before: { readonly stepTime_s: Estimate } | null | undefined;
  readonly unit: Unit;
  readonly printed: number;
  readonly rows: ReadonlyArray<{ readonly label: string; readonly time_s: number }>;
  readonly sums: boolean;
  /** What the former state is called. */
  readonly was: string;
  readonly more: string;
  readonly text: string;
}): Pick<WaterfallData, "summary" | "total"> {
  const { stepTime_s } = point;
  return {
    summary: `Step time at ${count(point.devices)} GPUs: ${showIn(stepTime_s.value, unit)}, of which ${rows.toSorted((a, b) => b.time_s - a.time_s).slice(0, 3).map((row) => `${row.label.toLowerCase()} ${showIn(row.time_s, unit)}`).join(", ")}`,
    total: {
      time_s: stepTime_s.value, printed, low95: stepTime_s.low95, high95: stepTime_s.high95, low80: stepTime_s.low80, high80: stepTime_s.high80,
      change: before ? (stepTime_s.value - before.stepTime_s.value) / unit.scale : null, baseline_s: before?.stepTime_s.value ?? null,
      note: `95\u202f%: ${range(stepTime_s.low95, stepTime_s.high95, unit)} · ${sums ? "sum checked" : "rows do not add up"}${more}`,
      tip: { head: "Step time", place: `${count(point.devices)} GPUs`, rows: [["time", `${showIn(stepTime_s.value, unit)}, ${interval95(stepTime_s, unit)}`], ...(before ? [[was, showIn(before.stepTime_s.value, unit)] as const] : [])], text },
    },
  };
}

/** Terms must add up to the step within a millionth; the page says so, or says that they do not. */
export const sumHolds = (terms: readonly number[], total: number): boolean => Math.abs(terms.reduce((sum, value) => sum + value, 0) - total) <= 1e-6 * total;

export function waterfallTable(data: WaterfallData): Table {
  const { unit } = data.unit;
  const value = (seconds: number | null) => (seconds === null ? null : Number((seconds / data.unit.scale).toPrecision(6)));
  return {
    name: "step-time", caption: data.summary,
    columns: [{ name: "term" }, { name: "time", unit }, { name: "as printed", unit }, { name: "baseline", unit }, { name: "share", unit: "%" }, { name: "overlapped", unit }, { name: "what binds" }],
    rows: [
      ...data.rows.map((row) => [row.label, value(row.time_s), row.printed, value(row.baseline_s), Number((row.share * 100).toPrecision(6)), value(row.overlapped_s), row.binds]),
      ["Step time", value(data.total.time_s), data.total.printed, value(data.total.baseline_s), 100, null, data.total.note],
    ],
  };
}

export { overlappedName };
export type { Unit };
