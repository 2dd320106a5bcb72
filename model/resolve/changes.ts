/**
 * Changed values ("what if") on raw documents. A path begins with the kind of document: "machine.node.injection", "plan.gradientLag".
 * A changed fact keeps its place but is exact and marked as assumed, since nobody measured the changed value.
 */
import { unknownKey, unknownName, wrongValue, type Problem } from "../problems.ts";
import type { Changes } from "../scenario.ts";
import { changedSource } from "../schema/fact.ts";
import { knownKeys } from "../schema/json-schema.ts";

export const changeableKinds = ["device", "machine", "workload", "plan", "stack"] as const;
export type ChangeableKind = (typeof changeableKinds)[number];
export type RawDocuments = Record<ChangeableKind, unknown>;

type Tree = Record<string, unknown>;

export function applyChanges(documents: RawDocuments, changes: Changes): { documents: RawDocuments; problems: Problem[] } {
  const problems: Problem[] = [];
  let changed = documents;
  for (const [path, value] of Object.entries(changes)) {
    const [kind, ...keys] = path.split(".");
    if (!(changeableKinds as readonly string[]).includes(kind ?? "")) {
      problems.push(unknownName(`change ${path}`, "document to change", kind ?? "", changeableKinds));
      continue;
    }
    const known = kind as ChangeableKind;
    const wrong = firstUnknown(known, keys, changed[known]);
    if (wrong) {
      problems.push(unknownKey(`change ${path}`, wrong.key, wrong.known));
      continue;
    }
    if (knownKeys(known, keys).length > 0 && !isFactPath(known, keys)) {
      problems.push(wrongValue(`change ${path}`, value, `a path to one value, such as ${path}.${knownKeys(known, keys)[0]}`));
      continue;
    }
    changed = { ...changed, [known]: write(changed[known], keys, (old) => replace(known, keys, old, value)) };
  }
  return { documents: changed, problems };
}

function firstUnknown(kind: ChangeableKind, keys: string[], document: unknown): { key: string; known: string[] } | undefined {
  if (keys.length === 0) return { key: "", known: knownKeys(kind, [], document) };
  for (let depth = 0; depth < keys.length; depth++) {
    const known = knownKeys(kind, keys.slice(0, depth), document);
    const key = keys[depth] ?? "";
    if (!known.includes(key)) return { key, known };
  }
  return undefined;
}

const isFactPath = (kind: ChangeableKind, keys: string[]) => knownKeys(kind, keys).includes("low");

function write(node: unknown, keys: string[], change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return change(node);
  const tree: Tree = typeof node === "object" && node !== null ? (node as Tree) : {};
  return { ...tree, [key]: write(tree[key], rest, change) };
}

function replace(kind: ChangeableKind, keys: string[], old: unknown, value: string | number | boolean): unknown {
  if (isFactPath(kind, keys)) return { value, kind: "assumed", source: changedSource };
  if (typeof value !== "string") return value;
  if (typeof old === "number" || typeof old === "boolean") return parseScalar(value);
  if (old === undefined) return parseScalar(value);
  if (Array.isArray(old)) return value.split(",").map((item) => parseScalar(item.trim()));
  return value;
}

function parseScalar(text: string): unknown {
  if (text === "true") return true;
  if (text === "false") return false;
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : text;
}
