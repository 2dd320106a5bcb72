/** What rules did to a catalogue of layer networks: rows outside the score and their effect on it, rows that gave no case, what was assumed in how many. */
import type { ReadLayerCatalogue } from "../../readers/catalogue-hpc/case.ts";
import { count, percent, signed, table } from "../transformer/page-table.ts";
import type { Prediction } from "../transformer/protocols.ts";
import { describeErrors } from "../transformer/statistics.ts";
import type { FittedLayers } from "./fit-layers.ts";

function tally(names: readonly string[]): Array<[string, number]> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

export function showLeftOut({ points, cases, skipped, meanings }: ReadLayerCatalogue, { fitted: { runs }, left }: FittedLayers, held: readonly Prediction[]): string {
  const flagged = runs.filter(({ case: { flags } }) => flags.length > 0);
  const ids = new Set(flagged.map(({ case: { id } }) => id));
  const errors = (list: readonly Prediction[]): string => {
    const found = describeErrors(list);
    return found === undefined ? "" : `${percent(found.mape)} (${percent(found.median)})`;
  };
  const good = held.filter(({ id }) => !ids.has(id));
  const rules = tally(flagged.flatMap(({ case: { flags } }) => flags.map(({ rule }) => rule))).map(([rule, rows]) => {
    const own = held.filter(({ id }) => flagged.some(({ case: one }) => one.id === id && one.flags.some((flag) => flag.rule === rule)));
    return [rule, String(rows), errors(own), errors([...good, ...own])];
  });
  const rows = flagged.map(({ case: one }) => {
    const error = held.find(({ id }) => id === one.id)?.error;
    return [one.id, error === undefined ? "" : signed(error), one.flags.map(({ rule, what }) => `${rule}: ${what}`).join("; ")];
  });
  const assumed = tally(cases.flatMap(({ assumed: list }) => [...new Set(list.map(({ rule, what }) => `${rule}: ${what}`))]));
  return [
    "## Rules",
    `Of ${points} points ${cases.length} became cases${left.length > 0 ? `, ${left.length} of them without a prediction` : ""}. ${count(flagged.length, "row")} flagged: a series left out, MAPE (median) is ${errors(good)} without and ${errors(held)} with all of them; nothing was learned from them either way.`,
    table(["rule", "rows", "MAPE of these", "MAPE with these"], rules),
    table(["flagged row", "error", "why"], rows),
    "Points that gave no case:",
    table(["rule", "points", "what it says"], tally(skipped.map(({ rule }) => rule)).map(([rule, number]) => [rule, String(number), meanings[rule] ?? ""])),
    "Assumed, in how many rows:",
    table(["assumption", "rows"], assumed.map(([what, number]) => [what, String(number)])),
  ].join("\n\n");
}
