/** High-Performance Linpack and HPL-MxP: one line per run, with its residual told after it. A run whose residual failed is marked. */
import type { ImportedRow } from "../reader.ts";
import { lineReader, problemList } from "../text.ts";

const row = /^(W[RC]\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)(?:\s+\(.*\))?\s*$/i;

export const hpl = lineReader({
  id: "hpl",
  title: "HPL, HPL-MxP: dense linear algebra over a machine",
  accepts: (text) => /^(?:HPLinpack|HPL-(?:AI|MxP|NVIDIA))\b/m.test(text) || /^T\/V\s+N\s+NB\s+P\s+Q\s+Time\s+Gflops/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    // A row waits for its residual.
    let waiting: ImportedRow | undefined;
    const release = (failed: boolean): void => {
      if (waiting) emit(failed ? { ...waiting, marks: ["wrong-result"] } : waiting);
      waiting = undefined;
    };
    return {
      line(text, line, cutOff) {
        const found = row.exec(text);
        if (found) {
          release(false);
          const [order, block, rows, columns, time_s, gflops] = found.slice(2).map(Number) as [number, number, number, number, number, number];
          if (cutOff || !(time_s > 0) || !(gflops > 0) || !Number.isFinite(time_s * gflops)) return problems.add(line, text, "N, NB, P, Q, a time and a rate above zero");
          waiting = { line, benchmark: "hpl", case: { order, block, processRows: rows, processColumns: columns, ranks: rows * columns, variant: found[1] ?? "" }, values: { time_s, rate_flop_per_s: gflops * 1e9 } };
          return;
        }
        if (waiting && /\.{3,}\s*(PASSED|FAILED)/.test(text)) return release(text.includes("FAILED"));
        const version = /^(HPLinpack|HPL-\w+)\s+([\d.]+)/.exec(text);
        if (version) facts["version"] = `${version[1]} ${version[2]}`;
      },
      end() {
        release(false);
        return { facts, asks: [{ key: "nodes", expected: "over how many nodes the ranks were spread" }], documents: [], excluded: [], problems: problems.list() };
      },
    };
  },
});
