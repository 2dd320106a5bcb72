/** perftest (linux-rdma): bandwidth and latency of InfiniBand verbs. MB is 2^20 bytes unless the head says gigabits; message rates are millions. */
import { given } from "../json.ts";
import { benchmarkName, lineReader, problemList } from "../text.ts";

const title = /^\s*((?:RDMA|Send|Atomic|RAW\w*)[\w ]*?)\s+(Bidirectional )?(BW|Latency)\s+Test/;
const head = /^\s*#bytes\s+#iterations\s+(?:BW|t_min)/;
const row = /^\s*(\d+)\s+(\d+)((?:\s+[\d.einfa+-]+)+)\s*$/;

/** Names of columns; brackets hold the unit. */
const namesOf = (text: string): string[] => [...text.trim().matchAll(/#?[A-Za-z_0-9.%]+(?: (?:peak|average|percentile))?(?:\[[^\]]*\])?/g)].map(([name]) => name).slice(2);

const quantities: readonly (readonly [RegExp, string, number])[] = [
  [/^BW peak\[MB/, "peak_bytes_per_s", 2 ** 20],
  [/^BW average\[MB/, "rate_bytes_per_s", 2 ** 20],
  [/^BW peak\[Gb/, "peak_bytes_per_s", 1e9 / 8],
  [/^BW average\[Gb/, "rate_bytes_per_s", 1e9 / 8],
  [/^MsgRate\[Mpps/, "messages_per_s", 1e6],
  [/^t_min/, "least_s", 1e-6],
  [/^t_max/, "most_s", 1e-6],
  [/^t_typical/, "median_s", 1e-6],
  [/^t_avg/, "time_s", 1e-6],
  [/^t_stdev/, "deviation_s", 1e-6],
  [/^99% percentile/, "p99_s", 1e-6],
];

export const perftest = lineReader({
  id: "perftest",
  title: "perftest: bandwidth and latency of InfiniBand verbs",
  accepts: (text) => /^\s*#bytes\s+#iterations\s+(?:BW|t_min)/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let names: string[] = [];
    let test = "verbs";
    return {
      line(text, line, cutOff) {
        const found = title.exec(text);
        if (found) {
          test = benchmarkName(found[1] ?? "", found[2] ?? "", found[3] === "BW" ? "bandwidth" : "latency");
          facts["test"] = test;
          return;
        }
        if (head.test(text)) {
          names = namesOf(text);
          return;
        }
        const fact = /^\s*(Mtu|Link type|Device|Transport type|Connection type)\s*:\s*(\S+)/.exec(text);
        if (fact) facts[(fact[1] ?? "").toLowerCase()] = fact[2] ?? "";
        if (names.length === 0) return;
        const cells = row.exec(text);
        if (!cells) return;
        const printed = (cells[3] ?? "").trim().split(/\s+/).map(Number);
        const values: Record<string, number> = {};
        names.forEach((name, index) => {
          const [, quantity, factor] = quantities.find(([pattern]) => pattern.test(name)) ?? [];
          const value = printed[index];
          if (quantity !== undefined && factor !== undefined && value !== undefined && Number.isFinite(value) && value > 0) values[quantity] = value * factor;
        });
        if (cutOff || printed.length < names.length || Object.keys(values).length === 0) return problems.add(line, text, `columns #bytes #iterations ${names.join(" ")}`);
        emit({ line, benchmark: `perftest-${test}`, case: given({ bytes: Number(cells[1]), repetitions: Number(cells[2]) }), values });
      },
      end: () => ({ facts, asks: [], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});
