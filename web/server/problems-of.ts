/** Issues of a request's schema as problems, in the form that the command line uses. */
import type { z } from "zod";
import { missingKey, unknownKey, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import { showPath } from "../../model/schema/parse.ts";

type Issue = z.core.$ZodIssue;

export function problemsOf(error: z.ZodError, body: unknown, schema: z.ZodType): Problem[] {
  return error.issues.flatMap((issue) => explain(issue, body, schema, []));
}

function explain(issue: Issue, body: unknown, schema: z.ZodType, before: PropertyKey[]): Problem[] {
  const path = [...before, ...issue.path];
  const place = `request: ${showPath(path)}`;
  const value = valueAt(body, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(`request: ${showPath([...path, key])}`, key, knownKeys(schema, path)));
    case "invalid_type":
      return [value === undefined ? missingKey(place, words(issue.expected)) : wrongValue(place, value, words(issue.expected))];
    case "invalid_value":
      return [typeof value === "string" ? unknownName(place, String(path.at(-1) ?? "value"), value, issue.values.map(String)) : wrongValue(place, value, `one of ${issue.values.join(", ")}`)];
    case "invalid_union":
      return closest(issue.errors, value).flatMap((inner) => explain(inner, body, schema, path));
    case "too_small":
      return [wrongValue(place, value, `at least ${issue.minimum}`)];
    case "too_big":
      return [wrongValue(place, value, `at most ${issue.maximum}`)];
    default:
      return [wrongValue(place, value, issue.message)];
  }
}

/** Of the alternatives of a union, the one that shares most keys with what was sent: the fewest unknown and missing ones. */
function closest(alternatives: readonly (readonly Issue[])[], value: unknown): readonly Issue[] {
  const isPlain = typeof value !== "object" || value === null;
  const weight = (issues: readonly Issue[]) => issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
  const sorted = alternatives.toSorted((a, b) => weight(a) - weight(b));
  return (isPlain ? sorted.at(0) : sorted[0]) ?? [];
}

function words(expected: string): string {
  const known: Record<string, string> = { string: "a text", number: "a number", int: "a whole number", array: "a list", object: "an object", record: "an object", boolean: "true or false" };
  return known[expected] ?? expected;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined), root);
}

interface Shaped {
  shape?: Record<string, z.ZodType>;
  options?: readonly z.ZodType[];
  unwrap?: () => z.ZodType;
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const [key, ...rest] = path;
  const { shape, options, unwrap } = schema as Shaped;
  if (options) return [...new Set(options.flatMap((option) => knownKeys(option, path)))];
  if (!shape) return unwrap ? knownKeys(unwrap.call(schema), path) : [];
  if (key === undefined) return Object.keys(shape);
  const inner = shape[String(key)];
  return inner ? knownKeys(inner, rest) : [];
}
