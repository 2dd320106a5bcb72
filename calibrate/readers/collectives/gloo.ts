/** Gloo's benchmark: a header with algorithm and processes, then a line per number of elements (4-byte floats) with the least, median, 99th and largest time. */
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const option = /^(Device|Algorithm|Options):\s*(.*)$/;
const head = /^\s*(?:size \(B\)|elements)\s+min \(us\)/;
const row = /^\s*(\d+)((?:\s+[\d.einfa+-]+){4,6})\s*$/;

export const gloo = lineReader({
  id: "gloo",
  title: "Gloo benchmark: collectives of PyTorch on processors",
  accepts: (text) => /^Algorithm:\s+\w+/m.test(text) && /^\s*(?:size \(B\)\s+)?(?:elements)?\s*min \(us\)/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let names: string[] = [];
    return {
      line(text, line, cutOff) {
        const found = option.exec(text);
        if (found) {
          const [, key = "", value = ""] = found;
          if (key !== "Options") facts[key.toLowerCase()] = value.trim() || "not said";
          else for (const pair of value.matchAll(/(\w+)=(\d+)/g)) facts[pair[1] ?? ""] = Number(pair[2]);
          return;
        }
        if (head.test(text)) {
          names = text.trim().replace(/ \((\w+(?:\/\w+)?)\)/g, "($1)").split(/\s{1,}/);
          return;
        }
        if (names.length === 0) return;
        const cells = row.exec(text);
        if (!cells) return;
        const printed = text.trim().split(/\s+/).map(Number);
        const at = (name: RegExp): number | undefined => {
          const value = printed[names.findIndex((one) => name.test(one))];
          return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
        };
        const median = at(/^p50/);
        if (cutOff || printed.length !== names.length || median === undefined) return problems.add(line, text, `columns ${names.join(" ")}`);
        const us = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / 1e6);
        const bytes = names[0]?.startsWith("size") ? printed[0] : (printed[0] ?? 0) * 4;
        const ranks = typeof facts["processes"] === "number" ? facts["processes"] : undefined;
        emit({ line, benchmark: "gloo-collective", case: given<string | number>({ bytes, algorithm: String(facts["algorithm"] ?? "not said"), ranks, repetitions: at(/^(?:samples|iterations)/) }), values: given({ time_s: us(median), least_s: us(at(/^min/)), p99_s: us(at(/^p99/)), most_s: us(at(/^max/)) }) });
      },
      end: () => ({ facts, asks: [{ key: "nodes", expected: "over how many nodes the processes were spread" }], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});
