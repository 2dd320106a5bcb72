/** exatwin check: every problem of some files, or of the whole scenarios folder. */
import { resolve } from "node:path";
import { checkDocument, checkLibrary } from "../../model/index.ts";
import { InputError, unknownName, type Problem } from "../../model/problems.ts";
import { documentKinds, shelvedKinds, storedKinds, type DocumentKind, type StoredKind } from "../../model/schema/index.ts";
import type { Call, Command } from "../command.ts";
import { documentsIn, duplicateProblems, type NamedDocument } from "../host/document-files.ts";
import { readLibrary, withDocument } from "../host/library.ts";
import { readJsonFile, readJsonStream } from "../host/read-json.ts";
import { scenariosFolder } from "../host/root.ts";
import { readShelf } from "../host/shelf.ts";
import { writeTable } from "../text/table.ts";

export const check: Command = {
  name: "check",
  summary: "every problem of a document, with its place, what was expected and the nearest valid name",
  usage: ["check [FILE...] [--kind KIND]"],
  description: "Without files, the whole scenarios folder. - is standard input. The kind of a document is told from its keys. References to devices, sources and other documents are looked up in the scenarios folder and in the files checked together. Exit code 1 if there is a problem.",
  options: { kind: { type: "string", value: "KIND", help: `what the files hold: ${documentKinds.join(", ")}` } },
  examples: [
    { line: "check", shows: "all documents of the scenarios folder" },
    { line: "check scenarios/machines/summit.json", shows: "one file" },
    { line: "check scenarios/runs/summit-deeplabv3plus-fp16-2018.json --kind run --json", shows: "{\"problems\": [], ...} for another program" },
  ],
  run: (call) => (call.positionals.length === 0 ? checkFolder(call) : checkFiles(call)),
};

function checkFolder(call: Call) {
  requireKind(call);
  const { library, problems, folder } = readLibrary(scenariosFolder(call.io.cwd, call.value("scenarios"), call.io.env));
  const isRead = !problems.some(({ path }) => path === folder);
  const shelf = isRead ? readShelf(folder, shelvedKinds) : { documents: [], problems: [] };
  const shelved = shelf.documents.flatMap(({ kind, name, value }) => checkDocument(kind, value, name, library));
  const all = [...problems, ...(isRead ? checkLibrary(library) : []), ...shelf.problems, ...shelved];
  if (all.length > 0) throw new InputError(all);
  const checked = [
    ...storedKinds.map((kind) => ({ kind, documents: Object.keys(library.documents[kind]).length })),
    ...shelvedKinds.map((kind) => ({ kind, documents: shelf.documents.filter((one) => one.kind === kind).length })),
  ];
  return {
    json: { problems: [], checked },
    text: (look: Parameters<typeof writeTable>[1]) =>
      `${writeTable([{ head: "kind", align: "left", cells: checked.map(({ kind }) => kind) }, { head: "documents", cells: checked.map(({ documents }) => String(documents)) }, { head: "problems", cells: checked.map(() => "0") }], look)}\nno problems`,
  };
}

async function checkFiles(call: Call) {
  const kind = requireKind(call);
  const problems: Problem[] = [];
  const documents: NamedDocument[] = [];
  for (const word of call.positionals) {
    const name = word === "-" ? "standard input" : word;
    const read = word === "-" ? await readJsonStream(call.io.stdin, name) : readJsonFile(resolve(call.io.cwd, word), name);
    const found = read.problems.length > 0 ? { documents: [], problems: read.problems } : documentsIn(read.value, name, kind);
    problems.push(...found.problems);
    documents.push(...found.documents);
  }
  let { library } = call.load();
  for (const document of documents) {
    if (isStored(document.kind) && document.id !== "") library = withDocument(library, document.kind, document.id, document.value);
  }
  problems.push(...duplicateProblems(documents));
  for (const document of documents) problems.push(...checkDocument(document.kind, document.value, document.name, library));
  if (problems.length > 0) throw new InputError(problems);
  const checked = documents.map(({ name, kind: found, id }) => ({ file: name, kind: found, id }));
  return {
    json: { problems: [], checked },
    text: (look: Parameters<typeof writeTable>[1]) =>
      `${writeTable([{ head: "file", align: "left", gives: true, cells: checked.map(({ file }) => file) }, { head: "kind", align: "left", cells: checked.map((item) => item.kind) }, { head: "id", align: "left", cells: checked.map(({ id }) => id) }], look)}\nno problems`,
  };
}

const isStored = (kind: DocumentKind): kind is StoredKind => (storedKinds as readonly string[]).includes(kind);

function requireKind(call: Call): DocumentKind | undefined {
  const word = call.value("kind");
  if (word === undefined) return undefined;
  const kind = documentKinds.find((known) => known === word);
  if (kind === undefined) throw new InputError([unknownName("--kind", "kind of document", word, documentKinds)]);
  return kind;
}
