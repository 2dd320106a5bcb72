/** OSU micro-benchmarks as rows. The grammar is read in ../osu.ts; ranks and nodes are not printed. */
import { given } from "../json.ts";
import { osu } from "../osu.ts";
import type { Ask } from "../reader.ts";
import { cleanText, wholeTextReader } from "../text.ts";

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

export const osuReader = wholeTextReader({
  id: "osu",
  title: "OSU micro-benchmarks: messages and collectives of MPI",
  accepts: osu.accepts,
  read(text, _name, emit) {
    const table = osu.read(cleanText(text));
    const name = names.find(([pattern]) => pattern.test(table.test))?.[1] ?? "test";
    for (const { line, bytes, time_s, least_s, most_s, rate_bytes_per_s, messages_per_s } of table.rows) {
      const values = given({ time_s, least_s, most_s, rate_bytes_per_s, messages_per_s });
      if (Object.keys(values).length > 0) emit({ line, benchmark: `osu-${name}`, case: given({ bytes, pairs: table.pairs, window: table.window }), values });
    }
    const asks: Ask[] = table.measures === "collective" ? [{ key: "ranks", expected: "how many ranks took part" }, { key: "nodes", expected: "over how many nodes" }] : [{ key: "nodes", expected: "one node or two" }];
    return { facts: given({ test: table.test || undefined, version: table.version || undefined, pairs: table.pairs }), asks, documents: [], excluded: [], problems: table.problems };
  },
});
