/**
 * Measurement files (JSON lines, model/schema/measurement.ts) -> header, rows with their line numbers, and what was skipped. Every line that is wrong is told
 * with its number: text cut off, keys that are not known, order statistics out of order, the same case measured twice. Nothing is taken from a file with a
 * problem, as nobody can say what else in it was changed. A file whose header is of another schema gets that one problem: its lines are not ours to judge.
 */
import { missingKey, notJson, showValue, wrongValue, type Problem } from "../../model/problems.ts";
import { skippedSchema, type MeasurementHeader, type MeasurementRow, type Measurements, type SkippedBenchmark } from "../../model/schema/measurement.ts";
import { parseDocument } from "../../model/schema/parse.ts";

export type ReadMeasurements = { readonly measurements: Measurements; readonly problems: readonly [] } | { readonly measurements?: undefined; readonly problems: readonly Problem[] };

/** `name` begins the path of every problem. */
export function readMeasurements(text: string, name: string): ReadMeasurements {
  const problems: Problem[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const cutOff = lines.at(-1) !== "";
  const rows: Array<MeasurementRow & { line: number }> = [];
  const skipped: SkippedBenchmark[] = [];
  const seen = new Map<string, number>();
  let header: MeasurementHeader | undefined;
  let begun = false;
  for (const [index, content] of lines.entries()) {
    if (content.trim() === "") continue;
    const line = index + 1;
    const at = `${name} line ${line}`;
    const value = parseLine(content, at, cutOff && line === lines.length, problems);
    const first = !begun;
    begun = true;
    if (value === undefined) continue;
    if (first && !isRow(value)) {
      const foreign = explainForeign(value, at);
      if (foreign) return { problems: [foreign] };
      const parsed = parseDocument("measurement-header", value, at);
      problems.push(...parsed.problems);
      header = parsed.document;
      continue;
    }
    if (first) problems.push({ code: "missing-header", path: at, got: "a row", expected: `a first line with "schema": "${schema}"`, hint: "the first line says where and when the rows were measured" });
    if (typeof value === "object" && value !== null && "skipped" in value) {
      const parsed = skippedSchema.safeParse(value);
      if (parsed.success) skipped.push(parsed.data);
      else problems.push(wrongValue(at, value, "the benchmark that was skipped and the reason, nothing else"));
      continue;
    }
    const parsed = parseDocument("measurement", value, at);
    if (!parsed.document) {
      problems.push(...parsed.problems);
      continue;
    }
    const key = caseKey(parsed.document);
    const before = seen.get(key);
    if (before !== undefined) problems.push({ code: "given-twice", path: at, got: `${parsed.document.benchmark} of a case that line ${before} has`, expected: "each case once" });
    else seen.set(key, line);
    rows.push({ ...parsed.document, line });
  }
  if (!begun) problems.push(notJson(name, "the file is empty"));
  else if (rows.length === 0 && skipped.length === 0 && problems.length === 0) problems.push({ code: "no-rows", path: name, got: "a header alone", expected: "rows of measurements after it" });
  return problems.length > 0 || !header ? { problems } : { measurements: { header, rows, skipped }, problems: [] };
}

function parseLine(content: string, at: string, cutOff: boolean, problems: Problem[]): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    const hint = cutOff ? "the file ends in the middle of this line: calibrate --resume measures it again" : error instanceof Error ? error.message : String(error);
    problems.push({ code: "not-json", path: at, got: showValue(content.slice(0, 60)), expected: "one JSON object", hint });
    return undefined;
  }
}

const schema = "exatwin-measurement/1";

const isRow = (value: unknown): boolean => typeof value === "object" && value !== null && "benchmark" in value;

/** Text of another program, or of another version of this one. */
function explainForeign(value: unknown, at: string): Problem | undefined {
  const found = typeof value === "object" && value !== null ? (value as { schema?: unknown }).schema : undefined;
  if (found === schema) return undefined;
  const path = `${at}: schema`;
  const hint = "this is not a measurement file that calibrate writes and fits";
  return found === undefined ? { ...missingKey(path, `"${schema}"`), hint } : wrongValue(path, found, `"${schema}"`, hint);
}

/** The same for two rows of one benchmark that have the same independent variables, in whatever order. */
export function caseKey({ benchmark, case: given }: Pick<MeasurementRow, "benchmark" | "case">): string {
  return JSON.stringify([benchmark, Object.entries(given).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))]);
}
