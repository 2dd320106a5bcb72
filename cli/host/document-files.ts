/** Documents in files that a user names: which kind each is, and its id. A file may hold a list of runs. */
import { resolve } from "node:path";
import { guessKind } from "../../model/index.ts";
import { missingKey, wrongValue, type Problem } from "../../model/problems.ts";
import { documentKinds, type DocumentKind } from "../../model/schema/index.ts";
import { readJsonFile } from "./read-json.ts";

export interface NamedDocument {
  /** What problems call it: the file, with the place in it where it holds several. */
  name: string;
  kind: DocumentKind;
  id: string;
  value: unknown;
}

export function documentFile(path: string, cwd: string, kind: DocumentKind): { document?: NamedDocument; problems: readonly Problem[] } {
  const read = readJsonFile(resolve(cwd, path), path);
  if (read.problems.length > 0) return { problems: read.problems };
  const { documents, problems } = documentsIn(read.value, path, kind);
  const [document, second] = documents;
  if (problems.length > 0 || document === undefined) return { problems };
  if (second) return { problems: [wrongValue(path, `a list of ${documents.length}`, `one ${kind} document`)] };
  return { document, problems: [] };
}

/** Splits a value into its documents. Without a kind it is guessed from the keys; an object that is no known kind is a problem. */
export function documentsIn(value: unknown, name: string, kind: DocumentKind | undefined): { documents: NamedDocument[]; problems: Problem[] } {
  if (!Array.isArray(value)) return named(value, name, kind);
  if (value.length === 0) return { documents: [], problems: [wrongValue(name, value, "at least one document")] };
  const parts = value.map((item: unknown, index) => named(item, `${name}[${index}]`, kind));
  return { documents: parts.flatMap((part) => part.documents), problems: parts.flatMap((part) => part.problems) };
}

function named(value: unknown, name: string, given: DocumentKind | undefined): { documents: NamedDocument[]; problems: Problem[] } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { documents: [], problems: [wrongValue(name, value, "an object, the document")] };
  const kind = given ?? guessKind(value);
  if (kind === undefined) return { documents: [], problems: [{ ...missingKey(name, `the keys of one kind of document: ${documentKinds.join(", ")}`), got: "an object that looks like none of them", hint: "--kind K says which it is" }] };
  const id = (value as { id?: unknown }).id;
  return { documents: [{ name, kind, id: typeof id === "string" ? id : "", value }], problems: [] };
}

/** Two documents of one kind with one id: the second would hide the first. */
export function duplicateProblems(documents: readonly NamedDocument[]): Problem[] {
  const seen = new Map<string, string>();
  return documents.flatMap(({ kind, id, name }) => {
    if (id === "") return [];
    const key = `${kind}/${id}`;
    const first = seen.get(key);
    seen.set(key, first ?? name);
    return first === undefined ? [] : [{ code: "duplicate-id", path: `${name}: id`, got: `"${id}", which ${first} has as well`, expected: `an id that no other ${kind} has` }];
  });
}
