/**
 * One training run, interruption by interruption, drawn with a seed: times between interruptions are exponential while the job runs, down times log-normal, some need people, some take a
 * node out for repair. Checks the closed forms (goodput.ts, spares.ts) and gives the spread that they leave out. Between two interruptions the number of checkpoints is a division,
 * so that a run costs its interruptions and not its steps.
 */
import { drawNormal, type Random } from "../variability/draw.ts";
import { heldFor, type Saving } from "./goodput.ts";

export interface DrawnRecovery {
  readonly rate_per_s: number;
  readonly load_s: number;
  /** Mean of detection and restart without people. */
  readonly automatic_s: number;
  readonly manualShare: number;
  readonly manual_s: number;
  /** Standard deviation of the logarithm of each of both. */
  readonly spread: number;
  readonly drainShare: number;
  readonly repair_s: number;
  /** Infinite: a node is always at hand. */
  readonly spares: number;
}

export interface RunTimes {
  wall_s: number;
  useful_s: number;
  checkpoint_s: number;
  recomputed_s: number;
  down_s: number;
  /** Of which waiting for a node. */
  wait_s: number;
  load_s: number;
  interruptions: number;
  /** False where the run was stopped after `mostInterruptions`. */
  finished: boolean;
}

const exponential = (mean: number, random: Random): number => -mean * Math.log(1 - random());
const logNormal = (mean: number, spread: number, random: Random): number => mean * Math.exp(spread * drawNormal(random) - (spread * spread) / 2);

export function simulateRun(work_s: number, recovery: DrawnRecovery, saving: Saving, random: Random, mostInterruptions = 1_000_000): RunTimes {
  const { rate_per_s, load_s, automatic_s, manualShare, manual_s, spread, drainShare, repair_s, spares } = recovery;
  const { interval_s, behind_s } = saving;
  const held_s = heldFor(saving);
  const period_s = interval_s + held_s;
  const times: RunTimes = { wall_s: 0, useful_s: 0, checkpoint_s: 0, recomputed_s: 0, down_s: 0, wait_s: 0, load_s: 0, interruptions: 0, finished: false };
  const repairs: number[] = [];
  let loading_s = 0;
  while (times.interruptions < mostInterruptions) {
    const left_s = work_s - times.useful_s;
    // The last part is saved too: a run ends with its result in the file.
    const parts = Math.max(1, Math.ceil(left_s / interval_s - 1e-9));
    const needed_s = loading_s + left_s + parts * held_s + behind_s;
    const runs_s = rate_per_s > 0 ? exponential(1 / rate_per_s, random) : Number.POSITIVE_INFINITY;
    if (runs_s >= needed_s) {
      times.wall_s += needed_s;
      times.useful_s += left_s;
      times.checkpoint_s += parts * held_s + behind_s;
      times.load_s += loading_s;
      times.finished = true;
      return times;
    }
    const works_s = runs_s - loading_s;
    const kept = works_s <= behind_s ? 0 : Math.floor((works_s - behind_s) / period_s);
    times.load_s += Math.min(runs_s, loading_s);
    times.useful_s += kept * interval_s;
    times.checkpoint_s += kept * held_s;
    times.recomputed_s += Math.max(0, works_s) - kept * period_s;
    times.interruptions++;
    times.wall_s += runs_s;
    const down_s = logNormal(automatic_s, spread, random) + (random() < manualShare ? logNormal(manual_s, spread, random) : 0);
    const wait_s = random() < drainShare ? waitForSpare(repairs, times.wall_s, repair_s, spares, random) : 0;
    times.down_s += down_s + wait_s;
    times.wait_s += wait_s;
    times.wall_s += down_s + wait_s;
    loading_s = load_s;
  }
  return times;
}

/** Takes a node out at `now_s` and gives the wait until another can take its place. `repairs`: when those in repair come back. */
function waitForSpare(repairs: number[], now_s: number, repair_s: number, spares: number, random: Random): number {
  if (!Number.isFinite(spares)) return 0;
  for (let at = repairs.length - 1; at >= 0; at--) if ((repairs[at] as number) <= now_s) repairs.splice(at, 1);
  repairs.push(now_s + exponential(repair_s, random));
  if (repairs.length <= spares) return 0;
  const first = Math.min(...repairs);
  repairs.splice(repairs.indexOf(first), 1);
  return first - now_s;
}
