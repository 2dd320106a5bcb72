/** STREAM (McCalpin): best rate of four kernels in 1e6 bytes per second, with mean, least and largest time. The first run is left out by the program itself. */
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const row = /^(Copy|Scale|Add|Triad):\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s*$/;

export const stream = lineReader({
  id: "stream",
  title: "STREAM: memory bandwidth of processors",
  accepts: (text) => /^STREAM version/m.test(text) || (/^Function\s+(?:Best )?Rate (?:\()?MB\/s/m.test(text) && /^Copy:/m.test(text)),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let elements: number | undefined;
    let elementBytes: number | undefined;
    return {
      line(text, line, cutOff) {
        const found = row.exec(text);
        if (found) {
          const [rate, mean, least, most] = found.slice(2).map(Number) as [number, number, number, number];
          if (cutOff || ![rate, mean, least, most].every((value) => Number.isFinite(value) && value > 0)) return problems.add(line, text, "a rate and three times above zero");
          const threads = typeof facts["threads"] === "number" ? facts["threads"] : undefined;
          const bytes = elements !== undefined && elementBytes !== undefined ? elements * elementBytes : undefined;
          return emit({ line, benchmark: `stream-${(found[1] ?? "").toLowerCase()}`, case: given({ arrayBytes: bytes, threads }), values: { rate_bytes_per_s: rate * 1e6, time_s: mean, least_s: least, most_s: most } });
        }
        const version = /^STREAM version \$Revision: ([\d.]+)/.exec(text)?.[1];
        if (version) facts["version"] = version;
        const threads = /^Number of Threads (?:counted|requested) = (\d+)/.exec(text)?.[1];
        if (threads) facts["threads"] = Number(threads);
        const size = /^Array size = (\d+)/.exec(text)?.[1];
        if (size) elements = Number(size);
        const width = /^This system uses (\d+) bytes per/.exec(text)?.[1];
        if (width) elementBytes = Number(width);
        if (/^(?:Failed Validation|.*Expected\s*:.*Observed)/.test(text)) problems.add(line, text, "a run whose results are right");
      },
      end: () => ({ facts, asks: [], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});
