/** OSU micro-benchmarks as rows. The grammar is read in ../osu.ts; ranks and nodes are not printed. */
import { given } from "../json.ts";
import { osu, startOsu } from "../osu.ts";
import type { Ask } from "../reader.ts";
import { lineReader } from "../text.ts";

/** Words of a title that say what is done, to the name of a benchmark. */
const names: readonly (readonly [RegExp, string])[] = [
  [/multiple bandwidth|mbw_mr/i, "message-rate"],
  [/multi.?(?:threaded|pair|process).*latency/i, "multi-latency"],
  [/bi-?directional/i, "bidirectional-bandwidth"],
  [/put bandwidth/i, "put-bandwidth"],
  [/get bandwidth|get_bw/i, "get-bandwidth"],
  [/put latency/i, "put-latency"],
  [/get latency/i, "get-latency"],
  [/accumulate/i, "accumulate-latency"],
  [/all-?reduce/i, "all-reduce"],
  [/all-?gather/i, "all-gather"],
  [/reduce_?-?scatter/i, "reduce-scatter"],
  [/all-?to-?all/i, "all-to-all"],
  [/broadcast|bcast/i, "broadcast"],
  [/barrier/i, "barrier"],
  [/gather/i, "gather"],
  [/scatter/i, "scatter"],
  [/reduce/i, "reduce"],
  [/bandwidth/i, "bandwidth"],
  [/latency/i, "latency"],
];

export const osuReader = lineReader({
  id: "osu",
  title: "OSU micro-benchmarks: messages and collectives of MPI",
  accepts: osu.accepts,
  begin(_name, emit) {
    let known = { test: "", benchmark: "" };
    const reading = startOsu(({ line, bytes, time_s, least_s, most_s, rate_bytes_per_s, messages_per_s }, test, window) => {
      if (test !== known.test) known = { test, benchmark: `osu-${names.find(([pattern]) => pattern.test(test))?.[1] ?? "test"}` };
      const values: Record<string, number> = time_s === undefined ? {} : { time_s };
      if (least_s !== undefined) values["least_s"] = least_s;
      if (most_s !== undefined) values["most_s"] = most_s;
      if (rate_bytes_per_s !== undefined) values["rate_bytes_per_s"] = rate_bytes_per_s;
      if (messages_per_s !== undefined) values["messages_per_s"] = messages_per_s;
      for (const _ in values) return emit({ line, benchmark: known.benchmark, case: window ? { bytes, ...window } : { bytes }, values });
    });
    return {
      line: (text, line) => reading.line(text, line),
      span: reading.span,
      end() {
        const { test, version, pairs, measures, problems } = reading.end();
        const asks: Ask[] = measures === "collective" ? [{ key: "ranks", expected: "how many ranks took part" }, { key: "nodes", expected: "over how many nodes" }] : [{ key: "nodes", expected: "one node or two" }];
        return { facts: given({ test: test || undefined, version: version || undefined, pairs }), asks, documents: [], excluded: [], problems };
      },
    };
  },
});
