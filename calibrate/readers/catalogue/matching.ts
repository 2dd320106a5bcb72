/** Which rule speaks about a row: patterns over the words of a series and its point. The first that matches counts. */
import type { CatalogueRules } from "../../../model/schema/catalogue-rules.ts";
import { textAtPath, type JsonRecord } from "./record.ts";

export type When = CatalogueRules["machines"][number]["when"];

/** A series with one of its points. */
export interface Row {
  readonly id: string;
  readonly path: string;
  readonly series: JsonRecord;
  readonly point: JsonRecord;
}

const expressions = new Map<string, RegExp>();

export function matches(pattern: string, text: string): boolean {
  let expression = expressions.get(pattern);
  if (expression === undefined) expressions.set(pattern, (expression = new RegExp(pattern, "i")));
  return expression.test(text);
}

export const holds = (when: When, row: Row): boolean => when.every(({ field, matches: pattern }) => matches(pattern, textAtPath({ series: row.series, point: row.point }, field)));

export const firstMeaning = <T extends { matches: string }>(meanings: readonly T[], text: string): T | undefined => meanings.find(({ matches: pattern }) => matches(pattern, text));
