/** exatwin list: what there is. */
import { InputError, unknownName } from "../../model/problems.ts";
import { documentFolders, shelvedFolders, shelvedKinds, storedKinds } from "../../model/schema/index.ts";
import { csvOption } from "../arguments.ts";
import { requireCount, type Command } from "../command.ts";
import { idsOf } from "../host/library.ts";
import { sheetOf } from "../host/sheet.ts";
import { readShelf } from "../host/shelf.ts";
import { writeTable } from "../text/table.ts";

const kinds = [...storedKinds, ...shelvedKinds];
const folders = { ...documentFolders, ...shelvedFolders };

export const list: Command = {
  name: "list",
  summary: "the documents of the scenarios folder",
  usage: ["list [KIND]"],
  description: `Kinds: ${storedKinds.join(", ")}; what fits and checks read: ${shelvedKinds.join(", ")}. The names of their folders do as well.`,
  options: csvOption,
  examples: [
    { line: "list", shows: "all documents" },
    { line: "list machine", shows: "the machines" },
    { line: "list run --json", shows: "the runs as JSON" },
    { line: "list published-runs", shows: "sources of the published runs that fits learn from" },
  ],
  run(call) {
    requireCount(call, 0, 1);
    const word = call.positionals[0];
    const kind = kinds.find((known) => known === word || folders[known] === word);
    if (word !== undefined && kind === undefined) throw new InputError([unknownName("the command line", "kind of document", word, kinds)]);
    const { library, folder } = call.load();
    const isWanted = (known: string): boolean => kind === undefined || known === kind;
    const stored = storedKinds.filter(isWanted).flatMap((known) => idsOf(library, known).map((id) => ({ kind: known as string, id, title: titleOf(library.documents[known][id]) })));
    const shelved = readShelf(folder, shelvedKinds.filter(isWanted)).documents.map(({ kind: known, id, value }) => ({ kind: known as string, id, title: titleOf(value) }));
    const rows = [...stored, ...shelved];
    return {
      json: rows,
      csv: () => sheetOf(["kind", "id", "title"], rows),
      text: (look) =>
        rows.length === 0
          ? `no ${kind ?? "document"} in ${call.load().folder}`
          : writeTable([{ head: "kind", align: "left", cells: rows.map((row, index) => (rows[index - 1]?.kind === row.kind ? "" : row.kind)) }, { head: "id", align: "left", cells: rows.map(({ id }) => id) }, { head: "title", align: "left", gives: true, cells: rows.map(({ title }) => title) }], look),
    };
  },
};

export function titleOf(document: unknown): string {
  const title = (document as { title?: unknown } | null)?.title;
  return typeof title === "string" ? title : "";
}
