/** What the scenario's own choices were worth, for its panel: a finding, bars of the longer step, the table. */
import type { Alternative, Alternatives } from "../../../model/index.ts";
import type { PartBar } from "../charts/part-bars.ts";
import { count, percent, show } from "../format.ts";
import type { Table } from "./table.ts";

const same = 5e-4;
const signed = (share: number): string => (Math.abs(share) < same ? "as it is" : `${share > 0 ? "+" : "−"}${percent(Math.abs(share), 2)}`);

export function alternativesTitle(alternatives: Alternatives | null): string {
  if (alternatives === null) return "What other choices would cost";
  const worst = alternatives.others.reduce<Alternative | null>((most, one) => (most === null || one.longer > most.longer ? one : most), null);
  return worst === null || worst.longer < same ? "No other choice asked about would make the step longer" : `Of other choices, ${worst.label} would cost most: ${signed(worst.longer)} a step`;
}

export function alternativesRows({ step_s, hidden_s, staging_s, others }: Alternatives): PartBar[] {
  return others.map(({ label, changes, longer, step_s: time_s, hidden_s: hidden, staging_s: staging }, index) => ({
    id: String(index), label, value: Math.abs(longer), shown: signed(longer), colour: longer < -same ? "var(--compute)" : "var(--wait)",
    tip: { head: label, rows: [["step", `${show(step_s, "time")} → ${show(time_s, "time")}`], ["sums hidden behind it", `${show(hidden_s, "time")} → ${show(hidden, "time")}`], ...(staging_s === null || staging === null ? [] : [["staging", `${show(staging_s, "time")} → ${show(staging, "time")}`] as const]), ...Object.entries(changes).map(([path, value]) => [path, String(value)] as const)] },
  }));
}

export const alternativesSubtitle = ({ devices }: Alternatives): string => `Step time at ${count(devices)} GPUs with one choice taken back at a time, no intervals; steps to accuracy are left out.`;

/** What the step does not show. */
export function notesBeside({ step_s, hidden_s, staging_s, others }: Alternatives): string[] {
  const sums = others.flatMap(({ label, longer, hidden_s: other }) => (Math.abs(longer) >= same || Math.abs(other - hidden_s) < same * step_s ? [] : [`Sums with ${label} hide behind the step: ${show(hidden_s, "time")} → ${show(other, "time")}.`]));
  const staging = others.flatMap(({ label, staging_s: other }) => (staging_s === null || other === null || Math.abs(other / staging_s - 1) < same ? [] : [`Staging with ${label}: ${show(staging_s, "time")} → ${show(other, "time")}.`]));
  return [...sums, ...staging];
}

export function alternativesTable(alternatives: Alternatives | null): Table {
  const rows = alternatives === null ? [] : [["as it is", alternatives.step_s, 0, alternatives.hidden_s, alternatives.staging_s], ...alternatives.others.map(({ label, step_s, longer, hidden_s, staging_s }) => [label, step_s, longer, hidden_s, staging_s])];
  return { name: "choices", caption: "Step and staging with one choice changed", columns: [{ name: "Choice" }, { name: "Step", unit: "s" }, { name: "Longer by", unit: "share" }, { name: "Sums hidden behind it", unit: "s" }, { name: "Staging", unit: "s" }], rows };
}
