/**
 * The training run in numbers: once with every input at its value, in closed form, and a thousand times drawn, each draw with its own step time, failure law and storage, and its own
 * chance. The interval between checkpoints is the same in all: who trains does not know the draw. Inputs are log-normal within their 95 % intervals, upward and downward apart.
 */
import { z95 } from "../normal.ts";
import type { Estimate } from "../prediction.ts";
import { bestInterval } from "../reliability/interval.ts";
import { goodput, type Goodput, type Recovery, type Saving } from "../reliability/goodput.ts";
import { interruptionRate, recoveryKeys, type KnownRecovery, type RecoveryKey } from "../reliability/recovery.ts";
import { simulateRun, type DrawnRecovery } from "../reliability/simulate-run.ts";
import { waitForNode } from "../reliability/spares.ts";
import type { CheckpointPlan } from "../schema/reliability.ts";
import { drawNormal, seededRandom, type Random } from "../variability/draw.ts";
import type { CheckpointTimes } from "../reliability/checkpoint.ts";

export interface RunNumbers {
  readonly nodes: number;
  /** Infinite: a node is always at hand. */
  readonly spares: number;
  readonly suspectNodes: CheckpointPlan["suspectNodes"];
  readonly steps: number;
  readonly stepTime_s: Estimate;
  readonly staging_s: Estimate | null;
  readonly checkpoint: CheckpointTimes;
  /** Of the logarithm of the times that a write takes. */
  readonly writeDeviation: number;
  readonly asynchronous: boolean;
  readonly recovery: KnownRecovery | null;
}

export type RecoveryNumbers = Readonly<Record<RecoveryKey, number>>;

export const centralRecovery = (known: KnownRecovery): RecoveryNumbers => Object.fromEntries(recoveryKeys.map((key) => [key, known[key].value])) as unknown as RecoveryNumbers;

/** Mean recovery of a job with these numbers. A job that is down does not wear its nodes out, which the wait for a node takes into account. */
export function recoveryOf(numbers: RunNumbers, facts: RecoveryNumbers, load_s: number): Recovery & { readonly automatic_s: number; readonly manual_s: number; readonly wait_s: number } {
  const rate_per_s = interruptionRate(facts, numbers.nodes, numbers.suspectNodes);
  const automatic_s = facts.detection + facts.restart;
  const manual_s = facts.manualShare * facts.manualTime;
  const drains = rate_per_s * facts.drainShare;
  // Spares are short per time that passes, and part of it is down for other reasons.
  const wait_s = Number.isFinite(numbers.spares) && drains > 0 ? facts.drainShare * waitForNode(drains / (1 + rate_per_s * (automatic_s + manual_s)), facts.repair, numbers.spares) : 0;
  return { rate_per_s, down_s: automatic_s + manual_s + wait_s, load_s, automatic_s, manual_s, wait_s };
}

export function savingOf({ checkpoint }: RunNumbers, interval_s: number): Saving {
  return { interval_s, blocked_s: checkpoint.blocked_s, behind_s: checkpoint.behind_s };
}

/** The interval that loses least; where a checkpoint costs nothing, no shorter than the write behind the job takes, and at least a step. */
export function bestIntervalOf(numbers: RunNumbers, recovery: Recovery): number {
  const { blocked_s, behind_s } = numbers.checkpoint;
  const most = numbers.steps * numbers.stepTime_s.value;
  return Math.min(most, Math.max(numbers.stepTime_s.value, behind_s - blocked_s, bestInterval(recovery.rate_per_s, blocked_s)));
}

export const centralGoodput = (numbers: RunNumbers, recovery: Recovery, interval_s: number): Goodput => goodput(recovery, savingOf(numbers, interval_s));

export interface Drawn {
  readonly wall_s: number;
  readonly staging_s: number;
  readonly effective: number;
  readonly uptime: number;
  readonly finished: boolean;
  readonly recovery: Recovery;
  readonly blocked_s: number;
  readonly behind_s: number;
}

/** Value within a 95 % interval, log-normal, upward and downward apart. */
function drawWithin(value: number, low95: number, high95: number, random: Random): number {
  const deviate = drawNormal(random);
  if (!(value > 0)) return value;
  const end = deviate < 0 ? low95 : high95;
  return end > 0 ? value * Math.exp((Math.abs(deviate) / z95) * Math.log(end / value)) : value * Math.max(0, 1 + deviate / z95);
}

/** `most`: interruptions after which a drawn run is given up. */
export function drawRuns(numbers: RunNumbers, interval_s: number, draws: number, seed: number, most: number): Drawn[] {
  const random = seededRandom(seed);
  const known = numbers.recovery;
  return Array.from({ length: draws }, () => {
    const step_s = drawWithin(numbers.stepTime_s.value, numbers.stepTime_s.low95, numbers.stepTime_s.high95, random);
    const staging_s = numbers.staging_s === null ? 0 : drawWithin(numbers.staging_s.value, numbers.staging_s.low95, numbers.staging_s.high95, random);
    const slower = Math.exp(numbers.writeDeviation * drawNormal(random));
    const { checkpoint, asynchronous } = numbers;
    const blocked_s = checkpoint.blocked_s * (asynchronous ? 1 : slower);
    const behind_s = checkpoint.behind_s * slower;
    const facts = known === null ? null : (Object.fromEntries(recoveryKeys.map((key) => [key, clamp(key, drawWithin(known[key].value, known[key].low95, known[key].high95, random))])) as unknown as RecoveryNumbers);
    const mean: Recovery = facts === null ? { rate_per_s: 0, down_s: 0, load_s: checkpoint.load_s } : recoveryOf(numbers, facts, checkpoint.load_s);
    const drawn: DrawnRecovery = facts === null
      ? { rate_per_s: 0, load_s: 0, automatic_s: 0, manualShare: 0, manual_s: 0, spread: 0, drainShare: 0, repair_s: 0, spares: Number.POSITIVE_INFINITY }
      : { rate_per_s: mean.rate_per_s, load_s: checkpoint.load_s, automatic_s: facts.detection + facts.restart, manualShare: facts.manualShare, manual_s: facts.manualTime, spread: facts.spread, drainShare: facts.drainShare, repair_s: facts.repair, spares: numbers.spares };
    const times = simulateRun(numbers.steps * step_s, drawn, { interval_s, blocked_s, behind_s }, random, most);
    return { wall_s: times.wall_s, staging_s, effective: times.useful_s / times.wall_s, uptime: 1 - times.down_s / times.wall_s, finished: times.finished, recovery: mean, blocked_s, behind_s };
  });
}

const clamp = (key: RecoveryKey, value: number): number => (key === "manualShare" || key === "drainShare" ? Math.min(1, value) : key === "keptFactor" ? Math.max(1, value) : value);
