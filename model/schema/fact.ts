/**
 * A fact: a quantity with where it was read and how it is known. Files write a bare string where the document names one source for all,
 * or { value, source, kind, low?, high?, note? }. low and high are the ends of a 95 % interval; a fact without them is taken as exact.
 * "assumed" means nobody measured it: such a fact must state low and high, and every result counts them.
 */
import { z } from "zod";
import { dimensions, parseQuantity, type Dimension } from "../units.ts";
import { nearest, showValue, type Problem } from "../problems.ts";

export const factKinds = ["datasheet", "measured", "published", "assumed"] as const;
export type FactKind = (typeof factKinds)[number];

/** The source of facts that a user changed; it needs no entry in sources.json, and such a fact is exact. */
export const changedSource = "changed-by-you";

export interface Fact {
  /** SI value in the unit of the dimension. */
  value: number;
  dimension: Dimension;
  kind: FactKind;
  /** Id in sources.json; "" until the document's own source is filled in. */
  source: string;
  /** The value as the file writes it. */
  text: string;
  low?: number;
  high?: number;
  note?: string;
}

const keys = ["value", "source", "kind", "low", "high", "note"] as const;
type LocalProblem = Omit<Problem, "path"> & { at: readonly string[] };

export interface FactRange {
  /** Smallest and largest value that makes sense, in SI. Default: above zero. */
  min?: number;
  max?: number;
}

/** A schema of a fact of one dimension. The parsed output is a Fact in SI. */
export function fact(dimension: Dimension, range: FactRange = {}): z.ZodType<Fact> {
  return z
    .unknown()
    .meta({ factDimension: dimension })
    .transform((input, context): Fact => {
      const problems: LocalProblem[] = [];
      const parsed = readFact(input, dimension, range, problems);
      for (const { at, ...problem } of problems) context.addIssue({ code: "custom", path: [...at], message: problem.expected, params: { problem } });
      return parsed;
    }) as unknown as z.ZodType<Fact>;
}

function readFact(input: unknown, dimension: Dimension, range: FactRange, problems: LocalProblem[]): Fact {
  const result: Fact = { value: Number.NaN, dimension, kind: "published", source: "", text: "" };
  if (typeof input === "string" || typeof input === "number") {
    readValue(input, dimension, range, [], problems, (value) => (result.value = value));
    result.text = String(input);
    return result;
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    problems.push({ at: [], code: "wrong-value", got: showValue(input), expected: `${dimensions[dimension].name}, such as "${dimensions[dimension].example}", or {value, source, kind}` });
    return result;
  }
  const record = input as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    if (!(keys as readonly string[]).includes(key)) {
      const hint = nearest(key, keys);
      problems.push({ at: [key], code: "unknown-key", got: `the unknown key "${key}"`, expected: `one of ${keys.join(", ")}`, ...(hint ? { hint: `did you mean "${hint}"?` } : {}) });
    }
  }
  readValue(record["value"], dimension, range, ["value"], problems, (value) => (result.value = value));
  result.text = String(record["value"]);
  for (const end of ["low", "high"] as const) {
    if (record[end] !== undefined) readValue(record[end], dimension, range, [end], problems, (value) => (result[end] = value));
  }
  if (record["kind"] !== undefined) {
    const kind = record["kind"];
    if ((factKinds as readonly unknown[]).includes(kind)) result.kind = kind as FactKind;
    else problems.push({ at: ["kind"], code: "wrong-value", got: showValue(kind), expected: `one of ${factKinds.join(", ")}`, ...hintFor(kind) });
  }
  for (const key of ["source", "note"] as const) {
    const text = record[key];
    if (text === undefined) continue;
    if (typeof text === "string" && text.trim() !== "") result[key] = text;
    else problems.push({ at: [key], code: "wrong-value", got: showValue(text), expected: key === "source" ? "the id of a source in sources.json" : "a note in words" });
  }
  if (Number.isFinite(result.value) && (record["low"] === undefined) !== (record["high"] === undefined)) {
    problems.push({ at: [], code: "missing-interval", got: record["low"] === undefined ? "high without low" : "low without high", expected: "both ends of the 95 % interval, or neither" });
  } else if (result.kind === "assumed" && record["low"] === undefined && result.source !== changedSource) {
    problems.push({ at: [], code: "missing-interval", got: "an assumed value without low and high", expected: "low and high, the ends of a 95 % interval", hint: "a number nobody measured needs its range" });
  }
  if (Number.isFinite(result.value) && result.low !== undefined && result.high !== undefined && !(result.low <= result.value && result.value <= result.high)) {
    problems.push({ at: [], code: "wrong-interval", got: `low ${showValue(record["low"])}, value ${showValue(record["value"])}, high ${showValue(record["high"])}`, expected: "low <= value <= high" });
  }
  return result;
}

function hintFor(kind: unknown): { hint?: string } {
  const best = typeof kind === "string" ? nearest(kind, factKinds) : undefined;
  return best ? { hint: `did you mean "${best}"?` } : {};
}

function readValue(input: unknown, dimension: Dimension, range: FactRange, at: string[], problems: LocalProblem[], set: (value: number) => void): void {
  const plainNumber = dimension === "count" || dimension === "fraction";
  const wanted = `${dimensions[dimension].name}, such as "${dimensions[dimension].example}"`;
  if (typeof input === "number" && !plainNumber) {
    problems.push({ at, code: "missing-unit", got: showValue(input), expected: wanted, hint: "write the unit in the string" });
    return;
  }
  if (typeof input !== "string" && typeof input !== "number") {
    problems.push({ at, code: input === undefined ? "missing-key" : "wrong-value", got: showValue(input), expected: wanted });
    return;
  }
  const parsed = parseQuantity(String(input), dimension);
  if (!parsed.ok) {
    problems.push({ at, code: "wrong-unit", got: showValue(input), expected: parsed.expected, ...(parsed.hint ? { hint: parsed.hint } : {}) });
    return;
  }
  const { min, max } = range;
  if (min === undefined ? parsed.value <= 0 : parsed.value < min) {
    problems.push({ at, code: "out-of-range", got: showValue(input), expected: min === undefined ? `${dimensions[dimension].name} above zero` : `at least ${min}` });
    return;
  }
  if (max !== undefined && parsed.value > max) {
    problems.push({ at, code: "out-of-range", got: showValue(input), expected: `at most ${max}` });
    return;
  }
  set(parsed.value);
}

export function isFact(value: unknown): value is Fact {
  return typeof value === "object" && value !== null && "dimension" in value && "text" in value && "kind" in value && "value" in value;
}
