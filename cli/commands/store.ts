/** exatwin store: what was imported, by SQL and as files. */
import { resolve } from "node:path";
import { InputError, unknownName } from "../../model/problems.ts";
import { csvOption } from "../arguments.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { countRows, exportTables, formats, importTables, openStore, query, storeOption, storePath, tables, type QueryResult, type Store } from "../store/index.ts";
import { writeTable } from "../text/table.ts";

const actions = ["query", "tables", "export", "import"] as const;

export const store: Command = {
  name: "store",
  summary: "what was imported: questions in SQL, and the tables as Parquet or CSV",
  usage: ["store query SQL", "store tables", "store export FOLDER [--format parquet]", "store import FOLDER"],
  description: "The store is one DuckDB file; other programs that know DuckDB can read it too. query only reads. export writes one file per table, the same content always the same; import adds what is not there yet. Predictions of networks of layers that are kept hold what kernels and communication take, scaleUp.time_s and scaleOut.time_s, with the day in made: their history, week by week.",
  options: { format: { type: "string", value: "FORMAT", help: `of the exported files: ${formats.join(" or ")}; the first is the default` }, ...storeOption, ...csvOption },
  examples: [
    { line: "store tables", shows: "the tables, their columns and how many rows they hold" },
    { line: "store query \"select benchmark, unit, count(*) as rows from measurements group by all\"", shows: "what was measured, as a table" },
    { line: "store export exported --format parquet", shows: "every table as a Parquet file" },
    { line: "store import exported", shows: "adds what such a folder holds and the store does not" },
  ],
  async run(call) {
    const action = actions.find((name) => name === call.positionals[0]);
    if (!action) throw new InputError([unknownName("the command line", "action", call.positionals[0] ?? "", actions)]);
    requireCount(call, action === "tables" ? 1 : 2, action === "tables" ? 1 : 2);
    const argument = call.positionals[1] ?? "";
    const path = storePath(call.io.cwd, call.value("store"), call.io.env);
    const open = await openStore(path, action === "import" ? {} : { mustExist: true, readOnly: true });
    try {
      switch (action) {
        case "query": return answerRows(await query(open, argument));
        case "tables": return answerRows(await describe(open));
        case "export": return answerRows(moved(await exportTables(open, resolve(call.io.cwd, argument), readFormat(call))));
        case "import": return answerRows(moved(await importTables(open, resolve(call.io.cwd, argument))));
      }
    } finally {
      open.close();
    }
  },
};

function readFormat(call: Call) {
  const wanted = call.value("format") ?? formats[0];
  const format = formats.find((name) => name === wanted);
  if (!format) throw new InputError([unknownName("--format", "format", wanted, formats)]);
  return format;
}

async function describe(open: Store): Promise<QueryResult> {
  const columns = await query(open, `select table_name as "table", string_agg(column_name || ' ' || lower(data_type), ', ' order by column_index) as columns from duckdb_columns() where not internal group by table_name`);
  const rows = await Promise.all(tables.map(async (table) => ({ table, rows: await countRows(open, table), columns: String(columns.rows.find((row) => row["table"] === table)?.["columns"] ?? "") })));
  return { columns: ["table", "rows", "columns"], rows };
}

const moved = (list: ReadonlyArray<{ table: string; rows: number }>): QueryResult => ({ columns: ["table", "rows"], rows: list.map(({ table, rows }) => ({ table, rows })) });

function answerRows({ columns, rows }: QueryResult) {
  return {
    json: rows,
    csv: () => ({ columns: [...columns], rows: rows.map((row) => columns.map((column) => row[column] ?? null)) }),
    text: (look: Parameters<typeof writeTable>[1]) =>
      rows.length === 0 ? "no rows" : writeTable(columns.map((head, index) => ({ head, gives: index === columns.length - 1, align: typeof rows[0]?.[head] === "number" ? ("right" as const) : ("left" as const), cells: rows.map((row) => String(row[head] ?? "")) })), look),
  };
}
