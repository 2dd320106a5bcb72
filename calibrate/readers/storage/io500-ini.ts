/** IO500's result file: a section per phase with its command, score and time. Scores are GiB/s for IOR phases and thousand operations per second for the others. */
import { given } from "../json.ts";
import { benchmarkName, lineReader, problemList } from "../text.ts";

const section = /^\[([A-Za-z0-9_-]+)\]\s*$/;
const pair = /^([A-Za-z][\w-]*)\s*=\s*(.*)$/;

export const io500Ini = lineReader({
  id: "io500-ini",
  title: "IO500: result file with a section per phase",
  accepts: (text) => /^\[(?:ior|mdtest)-(?:easy|hard)[\w-]*\]\s*$/m.test(text) && /^(?:score|t_start|exe|t_delta)\s*=/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let phase = "";
    let begun = 0;
    let pairs: Record<string, string> = {};
    let unscored = 0;

    const finish = (): void => {
      if (phase === "" || phase === "run" || pairs["score"] === undefined) {
        if (phase !== "" && phase !== "run" && Object.keys(pairs).length > 0) unscored++;
        return;
      }
      const [score, time_s] = [Number(pairs["score"]), Number(pairs["t_delta"])];
      if (score === 0) {
        unscored++;
        return;
      }
      const transfers = phase.startsWith("ior");
      const factor = transfers ? 2 ** 30 : 1e3;
      if (!(score > 0) || !Number.isFinite(score * factor)) return problems.add(begun, `[${phase}] score = ${pairs["score"]}`, "a score above zero");
      if (phase === "score" || phase.toUpperCase() === phase) return;
      const before = Number(pairs[transfers ? "throughput-stonewall" : "rate-stonewall"]);
      const name = transfers ? "rate_bytes_per_s" : "operations_per_s";
      emit({
        line: begun,
        benchmark: benchmarkName("io500", phase),
        case: given({ processes: typeof facts["processes"] === "number" ? facts["processes"] : undefined }),
        values: given({ [name]: score * factor, [`stonewall_${name}`]: before > 0 && Number.isFinite(before * factor) ? before * factor : undefined, time_s: time_s >= 0 && Number.isFinite(time_s) ? time_s : undefined }),
        ...(pairs["valid"] !== undefined && /false|no|0/i.test(pairs["valid"]) ? { marks: ["wrong-result" as const] } : {}),
      });
    };

    return {
      line(text, line) {
        const found = section.exec(text)?.[1];
        if (found !== undefined) {
          finish();
          phase = found;
          begun = line;
          pairs = {};
          return;
        }
        const [, key, value] = pair.exec(text) ?? [];
        if (key === undefined || value === undefined) return;
        pairs[key] = value.trim();
        if (phase !== "run") return;
        const number = Number(value);
        if (key === "procs" && Number.isInteger(number) && number > 0) facts["processes"] = number;
        else if ((key === "version" || key === "mode") && value.trim() !== "") facts[key] = value.trim();
      },
      end() {
        finish();
        return { facts, asks: [{ key: "nodes", expected: "how many client nodes took part" }], documents: [], excluded: unscored > 0 ? [{ rule: "not-scored", count: unscored }] : [], problems: problems.list() };
      },
    };
  },
});
