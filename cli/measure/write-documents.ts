/** Writes documents into a scenarios folder, each checked against its schema first, and the source that their facts name. A file is written whole or not at all. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError, notJson } from "../../model/problems.ts";
import { documentFolders, type StoredKind } from "../../model/schema/index.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import { packageRoot } from "../host/root.ts";
import { ownSource } from "../../calibrate/facts.ts";
import { write } from "./measurement-file.ts";

export interface Document {
  readonly kind: StoredKind;
  readonly id: string;
  readonly value: object;
}

/** Returns the files written. */
export function writeDocuments(out: string, documents: readonly Document[]): string[] {
  for (const { kind, id, value } of documents) {
    const { problems } = parseDocument(kind, value, `${documentFolders[kind]}/${id}`);
    if (problems.length > 0) throw new Error(`calibrate made a document that is wrong: ${problems[0]?.path}: ${problems[0]?.got}, not ${problems[0]?.expected}`);
  }
  const files = documents.map(({ kind, id, value }) => {
    const path = join(out, documentFolders[kind], `${id}.json`);
    writeWhole(path, value);
    return path;
  });
  return [...files, ...addSources(out, documents)];
}

function writeWhole(path: string, value: object): void {
  write(path, () => {
    writeFileSync(`${path}.draft`, `${showValue(value)}\n`);
    renameSync(`${path}.draft`, path);
  });
}

const lineWidth = 150;

/** JSON in which what fits on a line has one, as a fact or a point does. */
export function showValue(value: unknown, indent = ""): string {
  const line = showLine(value);
  if (typeof value !== "object" || value === null || line.length + indent.length <= lineWidth) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => showValue(item, inner))
    : Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => `${JSON.stringify(key)}: ${showValue(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

function showLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(showLine).join(", ")}]`;
  const parts = Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => `${JSON.stringify(key)}: ${showLine(item)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** Sources that facts anywhere in a value name. */
function sourcesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { source } = value as { source?: unknown };
  return [...(typeof source === "string" ? [source] : []), ...Object.values(value).flatMap(sourcesIn)];
}

/** A folder of its own needs the entries of sources.json that the documents name; a folder that has them is left as it is. */
function addSources(out: string, documents: readonly Document[]): string[] {
  const path = join(out, "sources.json");
  const there = readSources(path) ?? {};
  const ours = readSources(join(packageRoot, "scenarios", "sources.json")) ?? {};
  const needed = new Set([ownSource, "judgement", ...documents.flatMap(({ value }) => sourcesIn(value))]);
  const missing = [...needed].filter((id) => !Object.hasOwn(there, id) && Object.hasOwn(ours, id));
  if (missing.length === 0) return [];
  writeWhole(path, { ...there, ...Object.fromEntries(missing.map((id) => [id, ours[id]])) });
  return [path];
}

function readSources(path: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new InputError([notJson(path, error instanceof Error ? error.message : String(error))]);
  }
}
