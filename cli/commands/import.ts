/** exatwin import: logs and tables of other tools, recognised by their content, read to rows in SI, kept in the store. */
import { readers } from "../../calibrate/readers/index.ts";
import { csvOption } from "../arguments.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { sheetOf } from "../host/sheet.ts";
import { importFiles } from "../import/import-files.ts";
import { storeOption, storePath } from "../store/index.ts";
import { writeImport } from "../text/import.ts";
import { writeTable } from "../text/table.ts";

const columns = ["file", "reader", "bytes", "rows", "marked", "problems", "stored"] as const;

export const importCommand: Command = {
  name: "import",
  summary: "logs of other tools, recognised by what is in them, become measurements in the store",
  usage: ["import FILE... [--as NAME] [--dry-run]", "import --list"],
  description: "Takes files and folders, gzip too. Each file is read by the one reader that knows it; if none knows one of them, nothing is stored and every refusal is told (--skip-unknown goes on without those). The same file twice is stored once. Rows keep the line they came from; warm-up, outliers and in-place times are marked, never dropped.",
  options: {
    as: { type: "string", value: "NAME", help: "a name under which these files belong together, such as that of a cluster" },
    "dry-run": { type: "boolean", help: "tell what each file is and what would be stored, and store nothing" },
    "skip-unknown": { type: "boolean", help: "leave out files that no reader knows" },
    list: { type: "boolean", help: "the tools whose files are read" },
    ...storeOption,
    ...csvOption,
  },
  examples: [
    { line: "import --list", shows: "the tools whose files are read" },
    { line: "import logs --dry-run", shows: "what each file of a folder is and would store" },
    { line: "import logs --as my-cluster", shows: "the same, stored under one name; what is stored already is left as it is" },
  ],
  async run(call) {
    if (call.flag("list")) return listReaders(call);
    requireCount(call, 1, 10_000);
    const result = await importFiles(call.positionals, {
      cwd: call.io.cwd,
      label: call.value("as"),
      store: call.flag("dry-run") ? null : storePath(call.io.cwd, call.value("store"), call.io.env),
      skipUnknown: call.flag("skip-unknown"),
      now: new Date().toISOString().replace("Z", ""),
    });
    return {
      json: result,
      csv: () => sheetOf(columns, result.files.map(({ file, reader, bytes, rows, marked, problems, stored }) => ({ file, reader, bytes, rows, marked, problems: problems.length, stored }))),
      text: (look) => writeImport(result, look),
    };
  },
};

function listReaders(call: Call) {
  requireCount(call, 0, 0);
  const rows = readers.map(({ id, title }) => ({ id, title }));
  return {
    json: rows,
    csv: () => sheetOf(["id", "title"], rows),
    text: (look: Parameters<typeof writeTable>[1]) => writeTable([{ head: "reader", align: "left", cells: rows.map(({ id }) => id) }, { head: "reads", align: "left", gives: true, cells: rows.map(({ title }) => title) }], look),
  };
}
