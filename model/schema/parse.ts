/** Text or data -> document, or every problem it has. Facts written as bare strings take the document's source here. */
import type { z } from "zod";
import { missingKey, notJson, unknownKey, unknownName, wrongValue, type Problem } from "../problems.ts";
import { isFact } from "./fact.ts";
import { documentSchemas, type DocumentKind, type DocumentOf } from "./index.ts";
import { knownKeys } from "./json-schema.ts";

export type ParsedDocument<K extends DocumentKind> = { readonly document: DocumentOf<K>; readonly problems: readonly [] } | { readonly document?: undefined; readonly problems: readonly Problem[] };

/** The largest document that is read; larger text is refused with one problem. */
export const maximumDocumentBytes = 2 * 2 ** 20;

export function parseJson(text: string, name: string): { value?: unknown; problems: Problem[] } {
  if (text.trim() === "") return { problems: [notJson(name, "the file is empty")] };
  if (text.length > maximumDocumentBytes) {
    return { problems: [wrongValue(name, `${(text.length / 2 ** 20).toFixed(1)} MiB of text`, `a document of at most ${maximumDocumentBytes / 2 ** 20} MiB`)] };
  }
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, "")), problems: [] };
  } catch (error) {
    return { problems: [notJson(name, error instanceof Error ? error.message : String(error))] };
  }
}

/** Checks one value against the schema of a kind. `name` begins the path of every problem. */
export function parseDocument<K extends DocumentKind>(kind: K, value: unknown, name: string): ParsedDocument<K> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problems: [wrongValue(name, value, `an object, the ${kind} document`)] };
  }
  if (isDeeperThan(value, maximumDepth)) return { problems: [wrongValue(name, `values nested more than ${maximumDepth} deep`, `a document nested at most ${maximumDepth} deep`)] };
  const parsed = documentSchemas[kind].safeParse(value);
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explainIssue(kind, issue, value, name));
  const hidden = findPrototypeKey(value, []);
  if (hidden && !problems.some(({ path }) => path === showIn(name, hidden))) problems.push(unknownKey(showIn(name, hidden), "__proto__", knownKeys(kind, hidden.slice(0, -1), value)));
  if (!parsed.success || problems.length > 0) return { problems };
  const document = parsed.data as DocumentOf<K>;
  const unsourced = fillSources(document, (document as { source?: string }).source, name);
  return unsourced.length > 0 ? { problems: unsourced } : { document, problems: [] };
}

export const maximumDepth = 64;

/** Whether values are nested deeper than a limit; without recursion, so that depth itself cannot end the program. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** A key named __proto__ would be lost in copies of the document, so it is refused by name. */
function findPrototypeKey(value: unknown, path: PropertyKey[]): PropertyKey[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return [...path, key];
    const inner = findPrototypeKey((value as Record<string, unknown>)[key], [...path, key]);
    if (inner) return inner;
  }
  return undefined;
}

type Issue = z.core.$ZodIssue;

function explainIssue(kind: DocumentKind, issue: Issue, root: unknown, name: string): Problem[] {
  const path = `${name}: ${showPath(issue.path)}`;
  const value = at(root, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(showIn(name, [...issue.path, key]), key, knownKeys(kind, issue.path, root)));
    case "custom": {
      const problem = issue.params?.["problem"] as Omit<Problem, "path"> | undefined;
      return [problem ? { ...problem, path } : wrongValue(path, value, issue.message)];
    }
    case "invalid_type":
      return [value === undefined ? missingKey(path, article(issue.expected)) : wrongValue(path, value, article(issue.expected))];
    case "invalid_value": {
      const names = issue.values.map(String);
      if (typeof value === "string") return [unknownName(path, issue.path.at(-1)?.toString() ?? "value", value, names)];
      return [value === undefined ? missingKey(path, `one of ${names.join(", ")}`) : wrongValue(path, value, `one of ${names.join(", ")}`)];
    }
    case "invalid_union": {
      if ("discriminator" in issue && typeof issue.discriminator === "string") {
        const known = "options" in issue && issue.options ? issue.options.map(String) : knownValues(kind, issue.discriminator);
        return [typeof value === "string" ? unknownName(path, issue.discriminator, value, known) : missingKey(path, `one of ${known.join(", ")}`)];
      }
      const branches = issue.errors.map((errors) => errors.flatMap((inner) => explainIssue(kind, { ...inner, path: [...issue.path, ...inner.path] } as Issue, root, name)));
      const best = pickBranch(branches, value);
      return best ?? [wrongValue(path, value, issue.message)];
    }
    case "too_small":
      return [wrongValue(path, value, issue.origin === "string" || issue.origin === "array" ? `at least ${issue.minimum} of them` : `at least ${issue.minimum}`)];
    case "too_big":
      return [wrongValue(path, value, `at most ${issue.maximum}`)];
    default:
      return [wrongValue(path, value, issue.message)];
  }
}

/** Of the alternatives of a union, the one whose kind matches what was written, else the one with the fewest problems. */
function pickBranch(branches: Problem[][], value: unknown): Problem[] | undefined {
  const kind = (value as { scope?: { kind?: unknown } } | undefined)?.scope?.kind;
  const matching = kind === undefined ? [] : branches.filter((problems) => !problems.some((problem) => problem.path.endsWith("scope.kind")));
  return (matching.length > 0 ? matching : branches).toSorted((a, b) => a.length - b.length)[0];
}

function knownValues(kind: DocumentKind, key: string): string[] {
  const schema = documentSchemas[kind] as unknown as { options?: Array<{ shape: Record<string, { values?: Set<unknown> }> }> };
  return (schema.options ?? []).flatMap((option) => [...(option.shape[key]?.values ?? [])].map(String));
}

function article(expected: string): string {
  const words: Record<string, string> = { string: "a text", number: "a number", int: "a whole number", boolean: "true or false", object: "an object", array: "a list", record: "an object" };
  return words[expected] ?? expected;
}

export function showPath(path: ReadonlyArray<PropertyKey>): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`)).join("") || "(the document)";
}

const showIn = (name: string, path: ReadonlyArray<PropertyKey>) => `${name}: ${showPath(path)}`;

function at(root: unknown, path: ReadonlyArray<PropertyKey>): unknown {
  let value: unknown = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

function fillSources(document: object, source: string | undefined, name: string): Problem[] {
  const problems: Problem[] = [];
  const visit = (value: unknown, path: PropertyKey[]): void => {
    if (isFact(value)) {
      if (value.source !== "") return;
      if (source === undefined) problems.push({ code: "missing-source", path: showIn(name, path), got: `"${value.text}" without a source`, expected: "{value, source, kind}, or a source for the whole document" });
      else value.source = source;
    } else if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
    else if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
  };
  visit(document, []);
  return problems;
}
