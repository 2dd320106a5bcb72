/**
 * Slurm's accounting, fields divided by bars (sacct -p, or a table for people). One row per job: batch, extern and steps repeat its energy. ConsumedEnergyRaw is joules;
 * "20.54M" is 1e6 J. Slurm warns that energies are wrong at times: zero and missing ones are left out.
 */
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const scales: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9 };

export const sacct = lineReader({
  id: "sacct",
  title: "Slurm: accounting of jobs",
  accepts: (text) => /^\s*\|?\s*JobID(?:Raw)?\s*\|(?:[^|\n]*\|)*\s*(?:Elapsed|ElapsedRaw|ConsumedEnergy|ConsumedEnergyRaw|AllocTRES|State)\s*(?:\||$)/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    let columns: string[] = [];
    let parts = 0;
    let plain = 0;
    const cellsOf = (text: string): string[] => text.replace(/^\s*\|/, "").replace(/\|\s*$/, "").split("|").map((cell) => cell.trim());
    return {
      line(text, line, cutOff) {
        if (!text.includes("|")) return;
        const cells = cellsOf(text);
        if (cells.some((cell) => /^JobID(?:Raw)?$/.test(cell))) {
          columns = cells;
          return;
        }
        if (columns.length === 0 || cells.every((cell) => /^-*$/.test(cell))) return;
        const at = (...names: readonly string[]): string | undefined => names.map((name) => cells[columns.indexOf(name)]).find((cell) => cell !== undefined && cell !== "");
        const job = at("JobID", "JobIDRaw");
        if (cells.length !== columns.length || cutOff || job === undefined) return problems.add(line, text, `${columns.length} fields`);
        if (job.includes(".")) {
          parts++;
          return;
        }
        const elapsed_s = seconds(at("ElapsedRaw") ?? at("Elapsed"));
        const energy = joules(at("ConsumedEnergyRaw") ?? at("ConsumedEnergy") ?? /(?:^|,)energy=(\d+)/.exec(at("AllocTRES") ?? "")?.[1]);
        const nodes = Number(at("NNodes", "AllocNodes") ?? Number.NaN);
        if (elapsed_s === undefined) return problems.add(line, at("Elapsed", "ElapsedRaw") ?? "no elapsed time", "a time, [days-]hours:minutes:seconds");
        if (energy === undefined) plain++;
        const power = energy !== undefined && elapsed_s > 0 ? energy / elapsed_s : undefined;
        emit({ line, benchmark: "slurm-job", case: given<string | number>({ job, name: at("JobName"), nodes: nodes > 0 ? nodes : undefined, state: at("State") }), values: given({ time_s: elapsed_s, energy_j: energy, meanPower_w: power }), ...(/^(?:FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF_MEMORY)/.test(at("State") ?? "") ? { marks: ["incomplete" as const] } : {}) });
      },
      end: () => ({ facts: {}, asks: [], documents: [], excluded: [...(parts > 0 ? [{ rule: "step-of-a-job", count: parts }] : []), ...(plain > 0 ? [{ rule: "without-energy", count: plain }] : [])], problems: problems.list() }),
    };
  },
});

function joules(text: string | undefined): number | undefined {
  const found = /^([\d.]+)([KMG]?)$/.exec(text ?? "");
  const value = Number(found?.[1]) * (scales[found?.[2] ?? ""] ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

/** Seconds as a number, or days-hours:minutes:seconds. */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const found = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)(?:\.\d+)?$/.exec(text);
  if (!found) return undefined;
  const [days = 0, hours = 0, minutes = 0, rest = 0] = found.slice(1).map((part) => (part === undefined ? 0 : Number(part)));
  return ((days * 24 + hours) * 60 + minutes) * 60 + rest;
}
