/** What rules did: rows outside the score with their effect on it, rows that could not become cases, what was assumed in how many rows. */
import type { ReadCatalogue } from "../../readers/catalogue/case.ts";
import type { Told } from "./page.ts";
import { count, percent, signed, table } from "./page-table.ts";
import type { CaseRun } from "./runs.ts";
import { describeErrors } from "./statistics.ts";

function tally(names: readonly string[]): Array<[string, number]> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

export function showExclusions(held: readonly Told[]): string {
  const flagged = held.filter(({ of }) => of.case.flags.length > 0);
  const good = held.filter(({ of }) => of.case.flags.length === 0);
  const errors = (told: readonly Told[]): string => {
    const statistics = describeErrors(told.map(({ prediction }) => prediction));
    return statistics === undefined ? "" : `${percent(statistics.mape)} (${percent(statistics.median)})`;
  };
  const byRule = tally(flagged.flatMap(({ of }) => of.case.flags.map(({ rule }) => rule))).map(([rule, rows]) => {
    const own = flagged.filter(({ of }) => of.case.flags.some((flag) => flag.rule === rule));
    return [rule, String(rows), errors(own), errors([...good, ...own])];
  });
  const rows = flagged.map(({ of: { case: one }, prediction }) => [one.id, signed(prediction.error), one.flags.map(({ rule, what }) => `${rule}: ${what}`).join("; ")]);
  return [
    `${count(flagged.length, "flagged row")}. Leave-one-series-out MAPE (median) is ${errors(good)} without and ${errors(held)} with all of them; nothing was learned from them either way.`,
    table(["rule", "rows", "MAPE of these", "MAPE with these"], byRule),
    table(["flagged row", "error", "why"], rows),
  ].join("\n\n");
}

export function showSkips({ skipped, problems, points, cases }: ReadCatalogue): string {
  const text = `Of ${points} points ${cases.length} became cases. The others by rule:`;
  const unknown = problems.length === 0 ? "" : `\n\n${count(problems.length, "problem")} in the catalogue: ${problems.map(({ path, got }) => `${path}: ${got}`).join("; ")}.`;
  return `${text}\n\n${table(["rule", "points"], tally(skipped.map(({ rule }) => rule)).map(([rule, rows]) => [rule, String(rows)]))}${unknown}`;
}

export function showAssumptions(runs: readonly CaseRun[]): string {
  const assumed = tally(runs.flatMap(({ case: { assumed: list } }) => [...new Set(list.map(({ rule, what }) => `${rule}: ${what}`))]));
  return table(["assumption", "rows"], assumed.map(([what, rows]) => [what, String(rows)]));
}
