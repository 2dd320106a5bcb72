/** Numbers of a training run -> its answer: interval, ratios with their spread, days as a distribution, what each cause costs, and the curve over the interval. */
import type { Estimate } from "../prediction.ts";
import { dalyInterval, youngInterval } from "../reliability/interval.ts";
import { flatRegion, goodput, type Recovery } from "../reliability/goodput.ts";
import { InputError, type Problem } from "../problems.ts";
import { showQuantity } from "../units.ts";
import { bestIntervalOf, centralGoodput, centralRecovery, drawRuns, recoveryOf, savingOf, type Drawn, type RunNumbers } from "./draw-run.ts";
import { estimateFrom, quantile } from "./quantiles.ts";
import { runParts, type InterruptionAnswer, type IntervalAnswer, type Quantiles, type RunPart, type RunPartTime, type TrainingRun } from "./training-run.ts";

const partLabels: Record<RunPart, string> = {
  useful: "Training that is kept",
  staging: "Staging the data set",
  checkpoint: "Held by checkpoints",
  recomputed: "Training done again",
  detection: "Detecting and restarting",
  manual: "Waiting for people",
  wait: "Waiting for a node",
  load: "Loading checkpoints",
};

/** Share of the time that an interval may lose against the best to count as as good. */
const flatTolerance = 0.005;
const points = 61;

export interface RunAnswer extends Pick<TrainingRun, "interval" | "effective" | "uptime" | "goodput" | "parts" | "wall_s" | "days" | "drawn_s" | "unfinished" | "curve" | "work_s"> {
  readonly interruptions: Omit<InterruptionAnswer, "law" | "facts"> | null;
  readonly warnings: readonly string[];
}

export function answerRun(numbers: RunNumbers, statedInterval_s: number | null, draws: number, seed: number): RunAnswer {
  const work_s = numbers.steps * numbers.stepTime_s.value;
  const staging_s = numbers.staging_s?.value ?? 0;
  const noFailures: Recovery = { rate_per_s: 0, down_s: 0, load_s: 0 };
  const recovery = numbers.recovery === null ? { ...noFailures, automatic_s: 0, manual_s: 0, wait_s: 0 } : recoveryOf(numbers, centralRecovery(numbers.recovery), numbers.checkpoint.load_s);
  // With nothing to fear, one checkpoint at the end is enough.
  const used_s = statedInterval_s ?? (numbers.recovery === null ? work_s : bestIntervalOf(numbers, recovery));
  const central = centralGoodput(numbers, recovery, used_s);
  const wall_s = work_s / central.effective + staging_s;
  const count = central.interruptionsPer_s * (wall_s - staging_s);
  if (!(central.effective >= 1e-3) || !Number.isFinite(wall_s)) throw new InputError([neverEnds(numbers, recovery, used_s, statedInterval_s, central.effective)]);
  // Twelve times as many as expected is beyond what sites differ by: such a run is not worth waiting for.
  const drawn = drawRuns(numbers, used_s, draws, seed, Math.max(2000, Math.ceil(12 * count)));
  const ended = drawn.filter(({ finished }) => finished);
  if (ended.length === 0) throw new InputError([neverEnds(numbers, recovery, used_s, statedInterval_s, central.effective)]);
  const totals = ended.map((run) => run.wall_s + run.staging_s).toSorted((a, b) => a - b);
  const parts = partTimes(central, recovery, wall_s - staging_s, staging_s);
  return {
    work_s,
    interval: numbers.recovery === null && statedInterval_s === null ? null : describeInterval(numbers, recovery, used_s, statedInterval_s !== null),
    interruptions: numbers.recovery === null ? null : describeInterruptions(recovery, count, drawn),
    effective: estimateFrom(central.effective, drawn.map((run) => run.effective)),
    uptime: estimateFrom(central.uptime, drawn.map((run) => run.uptime)),
    goodput: estimateFrom(wall_s > 0 && Number.isFinite(wall_s) ? work_s / wall_s : 0, drawn.map((run) => (run.effective * run.wall_s) / (run.wall_s + run.staging_s))),
    parts,
    wall_s,
    days: quantilesOf(totals),
    drawn_s: totals,
    unfinished: drawn.length - ended.length,
    curve: numbers.recovery === null ? [] : curveOf(numbers, recovery, used_s, drawn),
    warnings: collectWarnings(numbers, recovery, used_s, statedInterval_s, central.effective, drawn.length - ended.length, draws),
  };
}

function partTimes(central: ReturnType<typeof goodput>, recovery: ReturnType<typeof recoveryOf>, running_s: number, staging_s: number): RunPartTime[] {
  const down = central.lost.down / Math.max(recovery.down_s, Number.MIN_VALUE);
  const shares: Record<RunPart, number> = { useful: central.effective, staging: 0, checkpoint: central.lost.checkpoint, recomputed: central.lost.recomputed, detection: down * recovery.automatic_s, manual: down * recovery.manual_s, wait: down * recovery.wait_s, load: central.lost.load };
  const wall_s = running_s + staging_s;
  return runParts.map((id) => {
    const time_s = id === "staging" ? staging_s : shares[id] === 0 ? 0 : shares[id] * running_s;
    return { id, label: partLabels[id], time_s, share: Number.isFinite(wall_s) ? time_s / wall_s : shares[id] };
  });
}

function describeInterval(numbers: RunNumbers, recovery: Recovery, used_s: number, stated: boolean): IntervalAnswer {
  const { blocked_s } = numbers.checkpoint;
  const best_s = bestIntervalOf(numbers, recovery);
  const rate = recovery.rate_per_s;
  return {
    used_s,
    stated,
    steps: Math.max(1, Math.round(used_s / numbers.stepTime_s.value)),
    best_s,
    young_s: rate > 0 ? youngInterval(rate, blocked_s) : best_s,
    daly_s: rate > 0 ? dalyInterval(rate, blocked_s) : best_s,
    flat: { ...flatRegion(recovery, savingOf(numbers, best_s), flatTolerance), tolerance: flatTolerance },
  };
}

function describeInterruptions(recovery: ReturnType<typeof recoveryOf>, count: number, drawn: readonly Drawn[]): Omit<InterruptionAnswer, "law" | "facts"> {
  const between = (one: Recovery): number => 1 / one.rate_per_s;
  return { meanBetween_s: estimateFrom(between(recovery), drawn.map((run) => between(run.recovery))), count, down_s: recovery.down_s, wait_s: recovery.wait_s };
}

function quantilesOf(sorted_s: readonly number[]): Quantiles {
  const day = 86_400;
  const at = (share: number): number => quantile(sorted_s, share) / day;
  return { mean: sorted_s.reduce((sum, value) => sum + value, 0) / sorted_s.length / day, p05: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) };
}

/** From a tenth to ten times the wider of both intervals; the band is over what is not known, without chance. */
function curveOf(numbers: RunNumbers, recovery: Recovery, used_s: number, drawn: readonly Drawn[]): TrainingRun["curve"] {
  const best_s = bestIntervalOf(numbers, recovery);
  const low = Math.min(best_s, used_s) / 10;
  const high = Math.max(best_s, used_s) * 10;
  const some = drawn.slice(0, 200);
  return Array.from({ length: points }, (_, index) => {
    const interval_s = low * (high / low) ** (index / (points - 1));
    const { effective, lost } = centralGoodput(numbers, recovery, interval_s);
    const band: Estimate = estimateFrom(effective, some.map((run) => goodput(run.recovery, { interval_s, blocked_s: run.blocked_s, behind_s: run.behind_s }).effective));
    return { interval_s, effective, low80: band.low80, high80: band.high80, lost };
  });
}

/** What a run that makes no headway is answered with: the times that decide it, and an interval with which more is kept. */
function neverEnds(numbers: RunNumbers, recovery: Recovery, used_s: number, stated_s: number | null, effective: number): Problem {
  const time = (value: number): string => showQuantity(value, "time");
  const best_s = bestIntervalOf(numbers, recovery);
  const best = centralGoodput(numbers, recovery, best_s).effective;
  const between = time(1 / recovery.rate_per_s);
  return {
    code: "never-ends",
    path: "plan.checkpoint.interval",
    got: `${time(used_s)} between checkpoints of ${time(numbers.checkpoint.blocked_s)} on ${numbers.nodes} nodes, where interruptions come every ${between} and a load takes ${time(numbers.checkpoint.load_s)}: ${effective < 1e-6 ? "next to nothing" : showQuantity(effective, "fraction", 2)} of the time is kept, and the run does not come to its end`,
    expected: stated_s !== null && best >= 1e-3 ? `about ${time(best_s)}, with which ${showQuantity(best, "fraction", 2)} is kept` : "checkpoints and loads that take less time than passes between interruptions: a faster target, sharded writes, or fewer nodes",
  };
}

function collectWarnings(numbers: RunNumbers, recovery: ReturnType<typeof recoveryOf>, used_s: number, stated_s: number | null, effective: number, unfinished: number, draws: number): string[] {
  const warnings: string[] = [];
  const { blocked_s, behind_s, load_s } = numbers.checkpoint;
  const between_s = 1 / recovery.rate_per_s;
  const time = (value: number): string => showQuantity(value, "time");
  const share = (value: number): string => showQuantity(value, "fraction", 2);
  if (recovery.rate_per_s > 0) {
    if (used_s > between_s) warnings.push(`${stated_s === null ? "The best interval" : "The interval"} of ${time(used_s)} is longer than the ${time(between_s)} between interruptions: ${share(Math.exp(-recovery.rate_per_s * (used_s + blocked_s)))} of the intervals end in a checkpoint, the others are done again, and ${share(effective)} of the time is kept.`);
    if (stated_s !== null) {
      const best_s = bestIntervalOf(numbers, recovery);
      const best = centralGoodput(numbers, recovery, best_s).effective;
      if (best - effective > 0.02) warnings.push(`The interval of ${time(stated_s)} keeps ${share(effective)} of the time; ${time(best_s)} would keep ${share(best)}.`);
    }
    if (blocked_s > between_s / 2) warnings.push(`A checkpoint holds the job for ${time(blocked_s)}, interruptions come every ${time(between_s)}: most of the time goes into saving. A faster target, sharded writes or an asynchronous mode help.`);
    if (load_s > between_s / 2) warnings.push(`Reading a checkpoint back takes ${time(load_s)}, interruptions come every ${time(between_s)}: loads are interrupted themselves.`);
    if (recovery.wait_s > recovery.automatic_s) warnings.push(`With ${numbers.spares === 0 ? "no spare node" : `${numbers.spares} spare node${numbers.spares > 1 ? "s" : ""}`} the job waits ${time(recovery.wait_s)} for a node after an interruption, in the mean; plan.checkpoint.spareNodes holds more ready.`);
  }
  if (behind_s > used_s + blocked_s) warnings.push(`A checkpoint is written behind the job in ${time(behind_s)}, longer than the ${time(used_s)} between two: the job waits for the one before.`);
  if (unfinished > 0) warnings.push(`${unfinished} of ${draws} drawn runs do not come to an end; days are of the others.`);
  return warnings;
}
