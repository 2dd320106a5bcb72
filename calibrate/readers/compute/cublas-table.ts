/** Rows "m n k batch time_us TFLOPS", tab-separated, that a loop over cuBLAS prints amid the output of a profiler. */
import { lineReader, problemList } from "../text.ts";

const head = /^\s*m\s+n\s+k\s+batch\S*\s+time_us\s+tflops\S*/i;
const row = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s*$/;

export const cublasTable = lineReader({
  id: "cublas-table",
  title: "Rows of matrix products: m, n, k, batch, time and TFLOPS",
  accepts: (text) => /^\s*m\s+n\s+k\s+batch\S*\s+time_us\s+tflops/im.test(text) || /^\d+\t\d+\t\d+\t\d+\t[\d.]+\t[\d.]+\s*$/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    return {
      line(text, line, cutOff) {
        if (head.test(text)) return;
        const found = row.exec(text);
        if (!found) return;
        const [m, n, k, batch, time_us, tflops] = found.slice(1).map(Number) as [number, number, number, number, number, number];
        if (cutOff || ![m, n, k, batch, time_us].every((value) => value > 0 && Number.isFinite(value)) || !(tflops >= 0)) return problems.add(line, text, "sizes, batch and a time above zero");
        emit({ line, benchmark: "matrix-product", case: { m, n, k, batch }, values: { time_s: time_us / 1e6, ...(tflops > 0 ? { rate_flop_per_s: tflops * 1e12 } : {}) } });
      },
      end: () => ({ facts: {}, asks: [{ key: "precision", expected: "number format of the products" }, { key: "device", expected: "what computed" }], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});
