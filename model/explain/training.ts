/** What decides a training run, in words with formula and numbers: how often it is interrupted, what it then loses, how often to save, and what comes of it in days. */
import type { Training, TrainingRun } from "../training-run/training-run.ts";
import { formatCount, formatNumber, showQuantity } from "../units.ts";

export interface ExplainedTraining {
  readonly id: "interruptions" | "checkpoint" | "interval" | "effective" | "days";
  readonly title: string;
  readonly formula: string;
  readonly numbers: string;
  readonly words: string;
}

const time = (value: number): string => showQuantity(value, "time");
const share = (value: number): string => showQuantity(value, "fraction");

/** Of the run on most devices. */
export function explainTraining({ runs }: Training): ExplainedTraining[] {
  const run = runs.at(-1);
  return run === undefined ? [] : [explainInterruptions(run), explainCheckpoint(run), explainInterval(run), explainEffective(run), explainDays(run)].flat();
}

function explainInterruptions({ interruptions, nodes }: TrainingRun): ExplainedTraining[] {
  if (interruptions === null) return [];
  const { meanBetween_s, count, law, down_s, facts } = interruptions;
  const stated = facts.some(({ key, from }) => key === "nodeInterval" && from === "machine");
  const from = law === null || stated ? "as the machine states" : `from ${law.title} (${law.id})`;
  const node_s = meanBetween_s.value * nodes;
  return [{
    id: "interruptions",
    title: "How often the job is interrupted",
    formula: "time between interruptions = time between those that one node causes / nodes",
    numbers: `${time(node_s)} / ${nodes} = ${time(meanBetween_s.value)} (${time(meanBetween_s.low95)} to ${time(meanBetween_s.high95)})`,
    words: `${formatNumber(count, 3)} interruptions are expected, ${from}; after each the job stands for ${time(down_s)} in the mean before it loads its checkpoint.`,
  }];
}

function explainCheckpoint({ checkpoint }: TrainingRun): ExplainedTraining {
  const { bytes, words, write_s, blocked_s, behind_s, load_s, mode, storage, binds } = checkpoint;
  return {
    id: "checkpoint",
    title: "What a checkpoint costs",
    formula: mode === "synchronous" ? "the job is held for bytes / write rate" : "the job is held for bytes of a device / host link; the write goes on behind it",
    numbers: `${showQuantity(bytes, "data")} (${words}); write ${time(write_s)}, held ${time(blocked_s)}${behind_s > 0 ? `, durable ${time(behind_s)} later` : ""}, load ${time(load_s)}`,
    words: `Written to ${storage}; ${binds} set${binds === "one node" ? "s" : ""} the time.`,
  };
}

function explainInterval({ interval, interruptions, checkpoint }: TrainingRun): ExplainedTraining[] {
  if (interval === null || interruptions === null) return [];
  const { best_s, young_s, daly_s, flat, used_s, stated } = interval;
  return [{
    id: "interval",
    title: "How often to save",
    formula: "best interval t: rate x t = 1 - exp(-rate (t + held)); about sqrt(2 x held x time between interruptions)",
    numbers: `held ${time(checkpoint.blocked_s)}, ${time(interruptions.meanBetween_s.value)} between interruptions: best ${time(best_s)} (Young ${time(young_s)}, Daly ${time(daly_s)}); ${time(flat.low_s)} to ${time(flat.high_s)} lose at most ${share(flat.tolerance)} more`,
    words: stated ? `The plan saves every ${time(used_s)}.` : `The run saves every ${time(used_s)}, because no interval is stated.`,
  }];
}

function explainEffective({ effective, uptime, goodput, parts }: TrainingRun): ExplainedTraining {
  const lost = parts.filter(({ id, share: part }) => id !== "useful" && part >= 5e-5).toSorted((a, b) => b.share - a.share);
  return {
    id: "effective",
    title: "What is kept",
    formula: "effective time = interval / (exp(rate (load + behind)) (1 / rate + down) (exp(rate (interval + held)) - 1))",
    numbers: `${share(effective.value)} (${share(effective.low95)} to ${share(effective.high95)}); uptime ${share(uptime.value)}; goodput ${share(goodput.value)}`,
    words: lost.length === 0 ? "Nothing is lost." : `Lost: ${lost.map(({ label, share: part }) => `${label.toLowerCase()} ${share(part)}`).join(", ")}. Effective time is training that is kept over wall time, uptime counts all time in which processes run, goodput counts staging as lost.`,
  };
}

function explainDays({ steps, stepTime_s, work_s, wall_s, days }: TrainingRun): ExplainedTraining {
  return {
    id: "days",
    title: "How long it takes",
    formula: "days = steps x step time / effective time + staging",
    numbers: `${formatCount(steps)} x ${time(stepTime_s.value)} = ${time(work_s)}, hence ${time(wall_s)}`,
    words: `Of the drawn runs half end within ${time(days.p50 * 86_400)}, nine in ten between ${time(days.p05 * 86_400)} and ${time(days.p95 * 86_400)}.`,
  };
}
