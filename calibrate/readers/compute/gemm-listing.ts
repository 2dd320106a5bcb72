/**
 * Listings of matrix products: "Elapsed time for bmm (BxMxKxN): seconds" with "Throughput (in TFLOP/s)", and "Time elapsed for I iterations" with GFLOP/s. The elapsed
 * times have four decimals, so the rate is the better number of the two.
 */
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const elapsed = /^Elapsed time for (\w+) \((\d+(?:x\d+)+)\):\s*([\d.einfa+-]+)/;
const throughput = /^Throughput \(in TFLOP\/s\) for (\w+) \((\d+(?:x\d+)+)\):\s*([\d.einfa+-]+)/;
const iterations = /^Time elapsed for (\d+) iterations:\s*([\d.einfa+-]+)\s*s/;
const rateLine = /^([\d.einfa+-]+)\s+([GT])FLOP\/s/;

export const gemmListing = lineReader({
  id: "gemm-listing",
  title: "Listings of matrix products: sizes, time and rate",
  accepts: (text) => /^(?:Elapsed time|Throughput \(in TFLOP\/s\)) for \w+ \(\d+(?:x\d+)+\):/m.test(text) || /^Time elapsed for \d+ iterations:/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    let times = new Map<string, number>();
    let mean_s: number | undefined;
    return {
      line(text, line, cutOff) {
        if (cutOff && (elapsed.test(text) || throughput.test(text))) return problems.add(line, text, "a whole line");
        const time = elapsed.exec(text);
        if (time) {
          const value = Number(time[3]);
          if (value >= 0 && Number.isFinite(value)) times.set(`${time[1]} ${time[2]}`, value);
          else problems.add(line, text, "a time in seconds");
          return;
        }
        const rate = throughput.exec(text);
        if (rate) {
          const [, kind = "", sizes = "", printed] = rate;
          const value = Number(printed) * 1e12;
          if (!(value > 0) || !Number.isFinite(value)) return problems.add(line, text, "a rate in TFLOP/s above zero");
          const seconds = times.get(`${kind} ${sizes}`);
          times = new Map();
          return emit({ line, benchmark: "matrix-product", case: { kind, ...sizesOf(sizes) }, values: given({ rate_flop_per_s: value, time_s: seconds !== undefined && seconds > 0 ? seconds : undefined }) });
        }
        const run = iterations.exec(text);
        if (run) {
          const value = Number(run[2]) / Number(run[1]);
          mean_s = value > 0 && Number.isFinite(value) ? value : undefined;
          if (mean_s === undefined) problems.add(line, text, "a time above zero");
          return;
        }
        const found = rateLine.exec(text);
        if (!found || mean_s === undefined) return;
        const value = Number(found[1]) * (found[2] === "T" ? 1e12 : 1e9);
        if (value > 0 && Number.isFinite(value)) emit({ line, benchmark: "matrix-product", case: {}, values: { rate_flop_per_s: value, time_s: mean_s } });
        else problems.add(line, text, "a rate above zero");
        mean_s = undefined;
      },
      end: () => ({ facts: {}, asks: [{ key: "precision", expected: "number format of the products" }, { key: "device", expected: "what computed" }], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});

/** Batch x m x k x n, or m x k x n. */
function sizesOf(text: string): Record<string, number> {
  const sizes = text.split("x").map(Number);
  const [m, k, n] = sizes.slice(-3);
  return given({ batch: sizes.length > 3 ? sizes[0] : undefined, m, k, n });
}
