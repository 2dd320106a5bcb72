/**
 * Intel MPI Benchmarks: blocks by benchmark and number of processes, columns by the names above them. Mbytes/sec are 1e6 bytes from 2018 on and 2^20 before. Tables
 * of point-to-point tests have one time, those of collectives the least, the largest and the mean over ranks.
 */
import { given } from "../json.ts";
import { benchmarkName, lineReader, problemList } from "../text.ts";

const suite = /^#\s*Intel ?\(R\) MPI Benchmarks? (?:(\d{4})\b.*?|V?([\d.]+).*?)(?:,\s*(\S+) part)?\s*$/;
const benchmark = /^#\s*Benchmarking\s+(\S+)/;
const processes = /^#\s*(?:#processes|\( )\s*=?\s*(\d+)/;
const head = /^\s*#bytes\s+#repetitions/;
const row = /^\s*(\d+)\s+(\d+)((?:\s+[\d.einfa+-]+)+)\s*$/i;

/** Columns to quantities; what is not named here is kept as printed. */
const columns: Readonly<Record<string, readonly [string, number]>> = {
  "t[usec]": ["time_s", 1e-6],
  "t_min[usec]": ["least_s", 1e-6],
  "t_max[usec]": ["most_s", 1e-6],
  "t_avg[usec]": ["time_s", 1e-6],
  "Mbytes/sec": ["rate_bytes_per_s", 1e6],
  "Msg/sec": ["messages_per_s", 1],
};

export const imb = lineReader({
  id: "imb",
  title: "Intel MPI Benchmarks: messages and collectives of MPI",
  accepts: (text) => /^#\s*Intel ?\(R\) MPI Benchmark/m.test(text) || (/^#\s*Benchmarking\s+\S+/m.test(text) && /^\s*#bytes\s+#repetitions/m.test(text)),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let name = "";
    let ranks: number | undefined;
    let names: string[] = [];
    let binary = false;
    let empty = 0;
    return {
      line(text, line, cutOff) {
        if (text.startsWith("#")) {
          const found = suite.exec(text);
          if (found) {
            facts["version"] = found[1] ?? found[2] ?? "";
            if (found[3]) facts["part"] = found[3];
            binary = Number(facts["version"]) < 2018;
            return;
          }
          const block = benchmark.exec(text)?.[1];
          if (block !== undefined) {
            [name, ranks, names] = [block, undefined, []];
            return;
          }
          const count = processes.exec(text)?.[1];
          if (count !== undefined && name !== "" && ranks === undefined) ranks = Number(count);
          return;
        }
        if (head.test(text)) {
          names = text.trim().split(/\s+/).slice(2);
          return;
        }
        if (names.length === 0) return;
        const cells = row.exec(text);
        if (!cells) return;
        const printed = (cells[3] ?? "").trim().split(/\s+/);
        if (printed.length !== names.length || cutOff) return problems.add(line, text, `columns #bytes #repetitions ${names.join(" ")}`);
        const values: Record<string, number> = {};
        const other: Record<string, string> = {};
        names.forEach((column, index) => {
          const [quantity, factor] = columns[column] ?? [];
          const value = Number(printed[index]);
          if (quantity === undefined || factor === undefined) other[column] = printed[index] ?? "";
          else if (Number.isFinite(value) && value > 0) values[quantity] = value * (column === "Mbytes/sec" && binary ? 2 ** 20 : factor);
        });
        if (Object.keys(values).length === 0) {
          empty++;
          return;
        }
        emit({ line, benchmark: benchmarkName("imb", name), case: given({ bytes: Number(cells[1]), repetitions: Number(cells[2]), ranks }), values, ...(Object.keys(other).length > 0 ? { other } : {}) });
      },
      end: () => ({ facts, asks: [{ key: "nodes", expected: "over how many nodes the processes were spread" }], documents: [], excluded: empty > 0 ? [{ rule: "no-value", count: empty }] : [], problems: problems.list() }),
    };
  },
});
