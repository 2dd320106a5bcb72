/** exatwin import: logs and tables of other tools, recognised by their content, read to rows in SI, kept in the store. */
import { tellsOfMachine } from "../../calibrate/import/index.ts";
import { readers, type ImportedRow } from "../../calibrate/readers/index.ts";
import { readColumnMap, type ColumnMap } from "../../calibrate/readers/tables/mapped-csv.ts";
import { InputError } from "../../model/problems.ts";
import { csvOption } from "../arguments.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { sheetOf } from "../host/sheet.ts";
import { importFiles } from "../import/import-files.ts";
import { storeOption, storePath } from "../store/index.ts";
import { makeMachine, placeMachine, readTold } from "./import-machine.ts";
import { writeImport } from "../text/import.ts";
import { writeMachine } from "../text/import-machine.ts";
import { writeTable } from "../text/table.ts";

const columns = ["file", "reader", "bytes", "rows", "marked", "problems", "stored"] as const;

export const importCommand: Command = {
  name: "import",
  summary: "logs of other tools, recognised by what is in them, become measurements in the store",
  usage: ["import FILE... [--dry-run]", "import FILE.csv... --map NAME=COLUMN[@UNIT]", "import FILE... --as NAME [--tell KEY=VALUE] [--into DIR]", "import --list"],
  description: "Takes files and folders, gzip too. Each file is read by the one reader that knows it; if none knows one of them, nothing is stored and every refusal is told (--skip-unknown goes on without those). The same file twice is stored once. Rows keep the line they came from; warm-up, outliers and in-place times are marked, never dropped. With --as NAME a machine is made of all files under that name: what they measured with its interval, and what they did not as on a machine with the same device, named as assumed.",
  options: {
    as: { type: "string", value: "NAME", help: "the machine that these files were measured on: a document of that name is made" },
    into: { type: "string", value: "DIR", help: "where the machine is written (default: the folder of the scenarios)" },
    tell: { type: "string", multiple: true, value: "KEY=VALUE", help: "what files do not say: nodes, ranks (of such files), device, devicesPerNode, machineNodes, precision, like (the machine that lends what was not measured); repeatable" },
    map: { type: "string", multiple: true, value: "NAME=COLUMN[@UNIT]", help: "read the files as tables whose columns mean this: a quantity (time_s=dur@ms), case.NAME or benchmark; repeatable" },
    "dry-run": { type: "boolean", help: "tell what each file is and what would be stored, and store nothing" },
    "skip-unknown": { type: "boolean", help: "leave out files that no reader knows" },
    list: { type: "boolean", help: "the tools whose files are read" },
    ...storeOption,
    ...csvOption,
  },
  examples: [
    { line: "import --list", shows: "the tools whose files are read" },
    { line: "import logs --dry-run", shows: "what each file of a folder is and would store" },
    { line: "import logs/step-csv/own.csv --map \"time_s=seconds per step\" --dry-run", shows: "a table of your own, with what its columns mean" },
    { line: "import logs --as my-cluster", shows: "the same, stored under one name; what is stored already is left as it is" },
    { line: "import logs/osu --as mine --into mine --tell nodes=2 --tell device=a100-sxm4-40gb", shows: "a machine of what was measured, in a folder of its own, and how to predict with it" },
  ],
  async run(call) {
    if (call.flag("list")) return listReaders(call);
    requireCount(call, 1, 10_000);
    const label = call.value("as");
    for (const name of ["tell", "into"] as const) if (label === undefined && call.value(name) !== undefined) throw new InputError([{ code: "conflict", path: `--${name}`, got: `--${name} without --as`, expected: "--as NAME, the machine that is made" }]);
    readTold(call.values("tell"));
    const place = label === undefined ? undefined : placeMachine(call, label);
    const store = call.flag("dry-run") ? null : storePath(call.io.cwd, call.value("store"), call.io.env);
    const rows = new Map<string, ImportedRow[]>();
    const result = await importFiles(call.positionals, {
      cwd: call.io.cwd,
      label,
      store,
      ...(place ? { preview: (file, row) => void (tellsOfMachine(row) && (rows.get(file)?.push(row) ?? rows.set(file, [row]))) } : {}),
      skipUnknown: call.flag("skip-unknown"),
      columns: readMap(call.values("map")),
      now: new Date().toISOString().replace("Z", ""),
    });
    const machine = place && (await makeMachine(call, place, result, rows, store));
    return {
      json: machine ? { ...result, machine } : result,
      csv: () => sheetOf(columns, result.files.map(({ file, reader, bytes, rows, marked, problems, stored }) => ({ file, reader, bytes, rows, marked, problems: problems.length, stored }))),
      text: (look) => `${writeImport(result, look)}${machine ? `\n${writeMachine(machine, look)}` : ""}`,
    };
  },
};

function readMap(words: readonly string[]): ColumnMap | undefined {
  if (words.length === 0) return undefined;
  const { map, problems } = readColumnMap(words);
  if (problems.length > 0) throw new InputError(problems);
  return map;
}

function listReaders(call: Call) {
  requireCount(call, 0, 0);
  const rows = readers.map(({ id, title }) => ({ id, title }));
  return {
    json: rows,
    csv: () => sheetOf(["id", "title"], rows),
    text: (look: Parameters<typeof writeTable>[1]) => writeTable([{ head: "reader", align: "left", cells: rows.map(({ id }) => id) }, { head: "reads", align: "left", gives: true, cells: rows.map(({ title }) => title) }], look),
  };
}
