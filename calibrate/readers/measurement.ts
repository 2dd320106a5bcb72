/**
 * Measurement files (JSON lines, model/schema/measurement.ts) -> header, rows with their line numbers, and what was skipped. Every line that is wrong is told
 * with its number: text cut off, keys that are not known, order statistics out of order, the same case measured twice. Nothing is taken from a file with a
 * problem, as nobody can say what else in it was changed.
 */
import { InputError, notJson, showValue, wrongValue, type Problem } from "../../model/problems.ts";
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
  lines.forEach((content, index) => {
    if (content.trim() === "") return;
    const line = index + 1;
    const at = `${name} line ${line}`;
    const value = parseLine(content, at, cutOff && line === lines.length, problems);
    const first = !begun;
    begun = true;
    if (value === undefined) return;
    if (first) {
      header = readHeader(value, at, problems);
      return;
    }
    if (typeof value === "object" && value !== null && "skipped" in value) {
      const parsed = skippedSchema.safeParse(value);
      if (parsed.success) skipped.push(parsed.data);
      else problems.push(wrongValue(at, value, "the benchmark that was skipped and the reason"));
      return;
    }
    const parsed = parseDocument("measurement", value, at);
    if (!parsed.document) {
      problems.push(...parsed.problems);
      return;
    }
    const key = caseKey(parsed.document);
    const before = seen.get(key);
    if (before !== undefined) problems.push({ code: "given-twice", path: at, got: `${parsed.document.benchmark} of a case that line ${before} has`, expected: "each case once" });
    seen.set(key, line);
    rows.push({ ...parsed.document, line });
  });
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

function readHeader(value: unknown, at: string, problems: Problem[]): MeasurementHeader | undefined {
  if (typeof value === "object" && value !== null && (value as { schema?: unknown }).schema === undefined) {
    problems.push({ code: "missing-key", path: `${at}: schema`, got: "nothing", expected: '"exatwin-measurement/1"', hint: "the first line of a measurement file is its header" });
    return undefined;
  }
  const parsed = parseDocument("measurement-header", value, at);
  problems.push(...parsed.problems);
  return parsed.document;
}

/** The same for two rows of one benchmark that have the same independent variables, in whatever order. */
export function caseKey({ benchmark, case: given }: Pick<MeasurementRow, "benchmark" | "case">): string {
  return JSON.stringify([benchmark, Object.entries(given).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))]);
}

/** The same, where a problem ends the work. */
export function requireMeasurements(text: string, name: string): Measurements {
  const { measurements, problems } = readMeasurements(text, name);
  if (!measurements) throw new InputError(problems);
  return measurements;
}
