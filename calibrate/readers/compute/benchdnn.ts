/**
 * benchdnn of oneDNN with --mode=P: "perf,engine,implementation,name,problem,Gops,clock MHz,least ms,Gops/s,mean ms,Gops/s". Two columns that are printed as zero (clock)
 * are left out. The output template may have other columns; the line that names it says which.
 */
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const standard = ["perf", "engine", "impl", "name", "prb", "Gops", "Gfreq", "-time", "-Gflops", "0time", "0Gflops"];

export const benchdnn = lineReader({
  id: "benchdnn",
  title: "benchdnn: operations of oneDNN, performance mode",
  accepts: (text) => /^perf,(?:cpu|gpu|%)/m.test(text) || /^Output template: perf,/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    let columns: readonly string[] = standard;
    return {
      line(text, line, cutOff) {
        const template = /^Output template: (perf,.*)$/.exec(text)?.[1];
        if (template) {
          columns = template.split(",").map((cell) => cell.replaceAll("%", ""));
          return;
        }
        if (!text.startsWith("perf,")) return;
        const cells = splitQuoted(text);
        const at = (name: string): string | undefined => cells[columns.indexOf(name)];
        const number = (name: string): number | undefined => {
          const value = Number(at(name));
          return at(name) !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
        };
        const scaled = (value: number | undefined, factor: number) => (value === undefined ? undefined : value * factor);
        const mean = number("0time");
        if (cutOff || cells.length !== columns.length || mean === undefined) return problems.add(line, text, columns.join(","));
        const used = new Set(["perf", "engine", "impl", "name", "prb", "Gops", "Gfreq", "-time", "-Gflops", "0time", "0Gflops"]);
        const other = Object.fromEntries(columns.flatMap((name, index) => (used.has(name) || (cells[index] ?? "") === "" ? [] : [[name, cells[index] ?? ""]])));
        emit({
          line,
          benchmark: "benchdnn",
          case: given<string>({ engine: at("engine") || undefined, implementation: at("impl") || undefined, name: at("name") || undefined, problem: at("prb") || undefined }),
          values: given({ time_s: mean / 1e3, least_s: scaled(number("-time"), 1e-3), work_flop: scaled(number("Gops"), 1e9), rate_flop_per_s: scaled(number("0Gflops"), 1e9), best_flop_per_s: scaled(number("-Gflops"), 1e9) }),
          ...(Object.keys(other).length > 0 ? { other } : {}),
        });
      },
      end: () => ({ facts: {}, asks: [{ key: "processor", expected: "what computed" }], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});

/** Cells between commas; text in double quotes keeps its commas. */
function splitQuoted(text: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  return [...cells, cell];
}
