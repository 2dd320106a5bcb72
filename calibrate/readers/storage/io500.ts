/**
 * IO500: the result lines of all ages. Names had underscores and phases until 2019. Bandwidth was printed "GB/s" then and "GiB/s" later: it is GiB/s always, as the IOR
 * output of the same runs shows. The score is the geometric mean of what is scored.
 */
import { benchmarkName, lineReader, problemList } from "../text.ts";

const result = /^\[\s*(RESULT|INVALID)?\s*(?:-?(invalid))?\s*\]\s+(?:(BW|IOPS)\s+phase\s+\d+\s+)?([a-z0-9_-]+)\s+([\d.einfa+-]+)\s+(\S+)\s*:\s*time\s+([\d.einfa+-]+)\s+seconds(.*)$/i;
const score = /^\[SCORE\s*(?:-?(invalid))?\s*\]\s+Bandwidth\s+([\d.einfa+-]+)\s+G(?:i)?B\/s\s*:\s*IOPS\s+([\d.einfa+-]+)\s+kiops\s*:\s*TOTAL\s+([\d.einfa+-]+)(.*)$/i;
const versionLine = /^IO500 version (\S+)(?:\s+\((\w+)\))?/;

export const io500 = lineReader({
  id: "io500",
  title: "IO500: scores of a file system, one line per phase",
  accepts: (text) => /^\[(?:RESULT|SCORE)\b[^\]]*\]\s+(?:BW|IOPS|Bandwidth|ior|mdtest|find)\b/im.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let unscored = 0;
    return {
      line(text, line, cutOff) {
        if (!text.startsWith("[")) {
          const version = versionLine.exec(text);
          if (version) {
            facts["version"] = version[1] ?? "";
            if (version[2]) facts["mode"] = version[2];
          }
          return;
        }
        const found = result.exec(text);
        if (found && !cutOff) {
          const [, scored, invalid, , phase = "", printed, unit = "", time] = found;
          const [value, time_s] = [Number(printed), Number(time)];
          if (phase === "timestamp" || value === 0) {
            unscored++;
            return;
          }
          const factor = /^gi?b\/s$/i.test(unit) ? 2 ** 30 : /^kiops$/i.test(unit) ? 1e3 : undefined;
          if (factor === undefined || !(value > 0) || !(time_s >= 0) || !Number.isFinite(value * factor) || !Number.isFinite(time_s)) return problems.add(line, text, "a rate in GiB/s or kIOPS and a time");
          const wrong = invalid !== undefined || /invalid/i.test(scored ?? "") || /INVALID/.test(found[8] ?? "");
          emit({
            line,
            benchmark: benchmarkName("io500", phase),
            case: { scored: scored !== undefined },
            values: { [factor === 1e3 ? "operations_per_s" : "rate_bytes_per_s"]: value * factor, time_s },
            ...(wrong ? { marks: ["wrong-result" as const] } : {}),
          });
          return;
        }
        const total = score.exec(text);
        if (total && !cutOff) {
          const [bandwidth, operations, all] = total.slice(2, 5).map(Number) as [number, number, number];
          if (![bandwidth, operations, all].every((value) => Number.isFinite(value) && value > 0)) return problems.add(line, text, "three scores above zero");
          emit({ line, benchmark: "io500-total", case: {}, values: { rate_bytes_per_s: bandwidth * 2 ** 30, operations_per_s: operations * 1e3, score: all }, ...(total[1] ?? /INVALID/.exec(total[5] ?? "")?.[0] ? { marks: ["wrong-result" as const] } : {}) });
          return;
        }
        if (/^\[\s*(?:RESULT|SCORE)/i.test(text)) problems.add(line, text, "a result line with value, unit and time");
      },
      end: () => ({ facts, asks: [{ key: "nodes", expected: "how many client nodes took part" }, { key: "processes", expected: "how many processes took part" }], documents: [], excluded: unscored > 0 ? [{ rule: "not-scored", count: unscored }] : [], problems: problems.list() }),
    };
  },
});
