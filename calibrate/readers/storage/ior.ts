/**
 * IOR (hpc/ior): options as "key : value" lines, then a table with one line per operation and repetition. Columns are found by the names above them: IOPS and
 * latency came with 3.3, the node count too. Rates are MiB/s. With stonewalling less is moved than asked for; the bytes that were moved are taken where the output says them.
 */
import { given } from "../json.ts";
import type { ImportedRow } from "../reader.ts";
import { parseSize } from "../size.ts";
import { lineReader, problemList } from "../text.ts";

const title = /^IOR-(\S+?):? MPI Coordinated Test/;
const option = /^([A-Za-z][A-Za-z ]*?)\s*:\s*(.*)$/;
const head = /^access\s+bw\(MiB\/s\)/;
const operation = /^(write|read|remove)\s/;
const moved = /^WARNING: Using actual aggregate bytes moved\s*=\s*(\d+)/;

interface Column {
  readonly name: string;
  readonly from: number;
}

export const ior = lineReader({
  id: "ior",
  title: "IOR: parallel reading and writing of a file system",
  accepts: (text) => /^IOR-\S+ MPI Coordinated Test/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let options: Record<string, string> = {};
    let columns: Column[] = [];
    let moved_bytes: number | undefined;
    let notRun = 0;

    const readRow = (text: string, line: number, cutOff: boolean): void => {
      const cells = cellsOf(text, columns);
      const number = (name: string): number | undefined => {
        const value = Number(cells?.[name]);
        return cells?.[name] !== undefined && cells[name] !== "-" && Number.isFinite(value) ? value : undefined;
      };
      const [rate, total] = [number("bw(MiB/s)"), number("total(s)")];
      if (!cells || cutOff) return problems.add(line, text, `columns ${columns.map(({ name }) => name).join(" ")}`);
      // A phase that did not run, or a removal, has no rate.
      if (rate === undefined || rate <= 0) {
        notRun++;
        return;
      }
      if (total === undefined || total <= 0) return problems.add(line, text, "a total time above zero");
      const iteration = number("iter");
      emit({
        line,
        benchmark: `ior-${text.slice(0, text.search(/\s/))}`,
        case: { ...describe(options), ...given({ iteration }) },
        values: given({
          rate_bytes_per_s: rate * 2 ** 20,
          time_s: total,
          moved_bytes,
          operations_per_s: atLeastZero(number("IOPS")),
          latency_s: atLeastZero(number("Latency(s)")),
          open_s: atLeastZero(number("open(s)")),
          transfer_s: atLeastZero(number("wr/rd(s)")),
          close_s: atLeastZero(number("close(s)")),
        }),
      });
      moved_bytes = undefined;
    };

    return {
      line(text, number, cutOff) {
        if (operation.test(text) && columns.length > 0) return readRow(text, number, cutOff);
        // The summary's rows begin with the operation too and have other columns.
        if (text.startsWith("Summary of all tests")) columns = [];
        const found = title.exec(text);
        if (found) {
          facts["version"] = found[1] ?? "";
          options = {};
          columns = [];
          return;
        }
        if (head.test(text)) {
          columns = columnsOf(text);
          return;
        }
        const bytes = Number(moved.exec(text)?.[1]);
        if (bytes > 0) moved_bytes = bytes;
        const pair = columns.length === 0 ? option.exec(text) : null;
        if (!pair) return;
        const [, key = "", value = ""] = pair;
        if (key === "Options") options = given({ command: options["command"] });
        else if (key === "Began") facts["began"] = value.trim() || "not said";
        else if (key === "Machine") facts["host"] = value.trim() || "not said";
        else if (key.startsWith("Command line")) options["command"] = value;
        else options[key] = value.trim();
      },
      end() {
        const nodes = describe(options)["nodes"];
        return {
          facts: { ...facts, ...(nodes === undefined ? {} : { nodes: nodes as number }) },
          asks: nodes === undefined ? [{ key: "nodes", expected: "how many client nodes took part" }] : [],
          documents: [],
          excluded: notRun > 0 ? [{ rule: "no-rate", count: notRun }] : [],
          problems: problems.list(),
        };
      },
    };
  },
});

const atLeastZero = (value: number | undefined): number | undefined => (value !== undefined && value >= 0 ? value : undefined);

/** Independent variables from the option lines. Nodes follow from tasks where only clients per node are printed. */
function describe(options: Readonly<Record<string, string>>): ImportedRow["case"] {
  const whole = (key: string): number | undefined => (/^\d+$/.test(options[key] ?? "") ? Number(options[key]) : undefined);
  const size = (key: string): number | undefined => (options[key] === undefined ? undefined : parseSize(options[key]));
  const [tasks, perNode] = [whole("tasks"), whole("clients per node")];
  const command = options["command"] ?? "";
  return given<string | number | boolean>({
    api: options["api"] || undefined,
    access: options["access"] || undefined,
    nodes: whole("nodes") ?? (tasks !== undefined && perNode ? Math.ceil(tasks / perNode) : undefined),
    tasks,
    tasksPerNode: perNode,
    transferBytes: size("xfersize"),
    blockBytes: size("blocksize"),
    segments: whole("segments"),
    direct: /odirect|(?:^|\s)-B(?:\s|$)/.test(command) ? true : undefined,
    stonewall_s: whole("stonewallingTime"),
  });
}

function columnsOf(text: string): Column[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: name, index }) => ({ name, from: index }));
}

/** Cells by column name: as many words as columns, or, where numbers touch, what stands below each name. */
function cellsOf(text: string, columns: readonly Column[]): Record<string, string> | undefined {
  const words = text.trim().split(/\s+/);
  if (words.length === columns.length) return Object.fromEntries(columns.map(({ name }, index) => [name, words[index] ?? ""]));
  const cells = columns.map(({ name, from }, index) => [name, text.slice(from, columns[index + 1]?.from).trim()] as const);
  return cells.slice(1).every(([, cell]) => /^-?(?:[\d.]+(?:e[+-]?\d+)?)?$/i.test(cell)) && cells.at(-1)?.[1] !== "" ? Object.fromEntries(cells) : undefined;
}
