/**
 * Reads a scenarios folder into a Library: raw documents by kind and id, and the sources. Never throws: what cannot be read is left out and reported,
 * so that one broken file does not stop the work on the others.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { unreadableFile, type Problem } from "../../model/problems.ts";
import type { Library } from "../../model/scenario.ts";
import { documentFolders, storedKinds, type StoredKind } from "../../model/schema/index.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import { readJsonFile, reasonOf } from "./read-json.ts";

export interface LoadedLibrary {
  library: Library;
  /** What was left out, and why. */
  problems: Problem[];
  folder: string;
}

export function emptyLibrary(): Library {
  const documents = Object.fromEntries(storedKinds.map((kind) => [kind, emptyRecord()])) as Library["documents"];
  return { documents, sources: {} };
}

/** Without a prototype, so that a document called "constructor" is found only where there is one. */
const emptyRecord = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

export function readLibrary(folder: string): LoadedLibrary {
  const library = emptyLibrary();
  const problems: Problem[] = [];
  try {
    readdirSync(folder);
  } catch (error) {
    return { library, problems: [{ ...unreadableFile(folder, reasonOf(error)), expected: "the folder of the scenarios", hint: "--scenarios DIR or EXATWIN_SCENARIOS names it" }], folder };
  }
  for (const kind of storedKinds) readKind(folder, kind, library, problems);
  const sources = readJsonFile(join(folder, "sources.json"), "sources");
  if (sources.problems.length > 0) problems.push(...sources.problems);
  else {
    const parsed = parseDocument("sources", sources.value, "sources");
    if (parsed.document) library.sources = parsed.document;
    else problems.push(...parsed.problems);
  }
  return { library, problems, folder };
}

function readKind(folder: string, kind: StoredKind, library: Library, problems: Problem[]): void {
  for (const file of jsonFiles(join(folder, documentFolders[kind]))) {
    const id = file.slice(0, -".json".length);
    const name = `${documentFolders[kind]}/${id}`;
    const read = readJsonFile(join(folder, documentFolders[kind], file), name);
    if (read.problems.length > 0) {
      problems.push(...read.problems);
      continue;
    }
    const written = (read.value as { id?: unknown } | null)?.id;
    if (typeof written === "string" && written !== id) {
      problems.push({ code: "wrong-id", path: `${name}: id`, got: JSON.stringify(written), expected: `"${id}", the name of the file without .json` });
      continue;
    }
    library.documents[kind][id] = read.value;
  }
}

export function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(".json") && !file.startsWith(".")).toSorted();
  } catch {
    return [];
  }
}

/** A copy with one more document, or with one replaced. The library given is not changed. */
export function withDocument(library: Library, kind: StoredKind, id: string, document: unknown): Library {
  const record = Object.assign(emptyRecord(), library.documents[kind]);
  Object.defineProperty(record, id, { value: document, enumerable: true, writable: true, configurable: true });
  return { ...library, documents: { ...library.documents, [kind]: record } };
}

export const idsOf = (library: Library, kind: StoredKind): string[] => Object.keys(library.documents[kind]).toSorted();
