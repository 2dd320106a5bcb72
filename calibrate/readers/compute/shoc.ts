/** SHOC: "test (result): value unit" lines of its driver, and "result for name: value unit" of the summary. */
import { benchmarkName, lineReader, problemList } from "../text.ts";

const summary = /^result for ([\w.+-]+):\s+([\d.einfa+-]+)\s+(\S+)\s*$/i;

const units: Readonly<Record<string, readonly [string, number]>> = {
  "gb/s": ["rate_bytes_per_s", 1e9],
  "gb/sec": ["rate_bytes_per_s", 1e9],
  "gflops": ["rate_flop_per_s", 1e9],
  "gflop/s": ["rate_flop_per_s", 1e9],
  "ms": ["time_s", 1e-3],
  "s": ["time_s", 1],
  "us": ["time_s", 1e-6],
};

export const shoc = lineReader({
  id: "shoc",
  title: "SHOC: benchmarks of accelerators",
  accepts: (text) => /^(?:---\s+)?(?:Starting|Welcome To The) SHOC\b|Scalable Heterogeneous Computing/im.test(text) || /^result for [\w.+-]+:\s+[\d.]+\s+\S+/im.test(text),
  begin(_name, emit) {
    const problems = problemList();
    let skipped = 0;
    return {
      line(text, line, cutOff) {
        const found = summary.exec(text);
        if (!found) {
          if (/^result for \S+:\s*(?:BenchmarkError|Skipped)/i.test(text)) skipped++;
          else if (/^result for \S+:/i.test(text)) problems.add(line, text, "a value with a unit");
          return;
        }
        const [quantity, factor] = units[(found[3] ?? "").toLowerCase()] ?? [];
        const value = Number(found[2]);
        if (cutOff || quantity === undefined || factor === undefined || !(value > 0) || !Number.isFinite(value * factor)) return problems.add(line, text, `a value above zero in ${Object.keys(units).join(", ")}`);
        emit({ line, benchmark: benchmarkName("shoc", found[1] ?? ""), case: {}, values: { [quantity]: value * factor } });
      },
      end: () => ({ facts: {}, asks: [{ key: "device", expected: "what computed" }], documents: [], excluded: skipped > 0 ? [{ rule: "not-run", count: skipped }] : [], problems: problems.list() }),
    };
  },
});
