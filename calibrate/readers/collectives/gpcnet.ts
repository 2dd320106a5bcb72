/**
 * GPCNeT: latency, bandwidth and reductions of random pairs, alone and while other nodes congest the network. Tables in boxes; rates are MiB/s per rank. The last table gives
 * the factors by which congestion made the network worse.
 */
import { benchmarkName, lineReader, problemList } from "../text.ts";

const title = /^\|\s+(Isolated[\w ]*|Network Tests running[^|]*?)\s+\|\s*$/;
const row = /^\|\s*([A-Za-z][^|]*?)\s*\|((?:[^|]*\|)+)\s*$/;
const test = /^(?:RR )?(.*?)\s*\((\d+) B\)$/;

const names: Readonly<Record<string, string>> = { Min: "least", Max: "most", Avg: "mean", "Avg(Worst)": "meanOfWorst", "99%": "p99", "99.9%": "p999" };

export const gpcnet = lineReader({
  id: "gpcnet",
  title: "GPCNeT: network under congestion",
  accepts: (text) => /^Network(?:Load)? Tests v[\d.]+/m.test(text) || /^\|\s+Isolated (?:Network|Congestion) Tests\s+\|/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let part = "isolated";
    let under = "";
    let columns: string[] = [];
    return {
      line(text, line, cutOff) {
        if (!text.startsWith("|")) {
          const version = /^Network(?:Load)? Tests v([\d.]+)/.exec(text);
          const ranks = /Test with (\d+) MPI ranks \((\d+) nodes\)/.exec(text);
          if (version) facts["version"] = version[1] ?? "";
          if (ranks) [facts["ranks"], facts["nodes"]] = [Number(ranks[1]), Number(ranks[2])];
          return;
        }
        const heading = title.exec(text)?.[1];
        if (heading !== undefined) {
          part = heading.includes("Key Results") ? "impact" : heading.startsWith("Isolated") ? "isolated" : "congested";
          under = part === "congested" ? (/\(\s*(.*?)(?: Network Test)?\)/.exec(heading)?.[1] ?? "") : "";
          return;
        }
        const found = row.exec(text);
        if (!found) return;
        const [, name = "", rest = ""] = found;
        const cells = rest.split("|").slice(0, -1).map((cell) => cell.trim());
        if (name === "Name") {
          columns = cells;
          return;
        }
        const what = test.exec(name);
        if (!what) return;
        const benchmark = benchmarkName("gpcnet", what[1] ?? "");
        const setting = { bytes: Number(what[2]), part, ...(under === "" ? {} : { under }) };
        if (part === "impact") {
          const [average, p99] = cells.map((cell) => (cell.endsWith("X") ? Number(cell.slice(0, -1)) : Number.NaN));
          if (average === undefined || p99 === undefined || !(average >= 0) || !(p99 >= 0) || cutOff) return problems.add(line, text, "two factors such as 1.2X");
          emit({ line, benchmark, case: setting, values: { mean_ratio: average, p99_ratio: p99 } });
          return;
        }
        const unit = cells.at(-1) ?? "";
        const rate = unit.startsWith("MiB");
        const factor = rate ? 2 ** 20 : unit === "usec" ? 1e-6 : undefined;
        const ending = rate ? "bytes_per_s" : "s";
        const printed = columns.slice(0, -1).map((column, index) => [`${names[column] ?? ""}_${ending}`.replace("mean_", rate ? "rate_" : "time_"), Number(cells[index] || Number.NaN) * (factor ?? Number.NaN)] as const);
        if (cutOff || printed.length === 0 || cells.length !== columns.length || !printed.every(([, value]) => Number.isFinite(value) && value >= 0)) return problems.add(line, text, "a number below each column and a unit, usec or MiB/s/rank");
        emit({ line, benchmark, case: setting, values: Object.fromEntries(printed) });
      },
      end: () => ({ facts, asks: [], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});
