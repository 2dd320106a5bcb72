/** nccom-test of AWS Neuron: collectives of Trainium and Inferentia, one time per size, no in-place half. The operation is on the command line, not in the table. */
import { lineReader, problemList } from "../text.ts";

const head = /^\s*size\(B\)\s+count\(elems\)\s+type\s+time/;
const row = /^\s*(\d+)\s+(\d+)\s+([a-z]\w*)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s*$/;
const operations: readonly (readonly [RegExp, string])[] = [[/all[-_]?r(?:educe)?\b|allr/i, "all-reduce"], [/all[-_]?g|allg/i, "all-gather"], [/red(?:uce)?[-_]?sc/i, "reduce-scatter"], [/all[-_]?to[-_]?all|alltoall/i, "all-to-all"], [/send[-_]?recv/i, "send-recv"]];

export const nccomTest = lineReader({
  id: "nccom-test",
  title: "nccom-test: collectives of AWS Trainium",
  accepts: (text) => /^\s*size\(B\)\s+count\(elems\)\s+type\s+time/m.test(text),
  begin(name, emit) {
    const problems = problemList();
    let operation = operations.find(([pattern]) => pattern.test(name))?.[1];
    let begun = false;
    return {
      line(text, line, cutOff) {
        if (head.test(text)) {
          begun = true;
          return;
        }
        if (!begun) {
          if (text.includes("nccom-test")) operation = operations.find(([pattern]) => pattern.test(text))?.[1] ?? operation;
          return;
        }
        const cells = row.exec(text);
        if (!cells) return;
        const time_us = Number(cells[4]);
        if (cutOff || !(time_us > 0) || !Number.isFinite(time_us)) return problems.add(line, text, "size, count, type, a time above zero and two bandwidths");
        emit({ line, benchmark: operation ?? "collective", case: { bytes: Number(cells[1]), type: cells[3] ?? "" }, values: { time_s: time_us / 1e6 } });
      },
      end: () => ({
        facts: {},
        asks: [...(operation === undefined ? [{ key: "operation", expected: "which collective was timed" }] : []), { key: "ranks", expected: "how many cores took part" }, { key: "nodes", expected: "over how many nodes" }],
        documents: [],
        excluded: [],
        problems: problems.list(),
      }),
    };
  },
});
