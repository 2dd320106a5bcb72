/**
 * The fit as numbers: every run predicts a time from parameters, a parameter's logarithm is that of its prior plus the effects of its levels, and the effects are what is
 * fitted. Most runs know few effects: derivatives are kept by run, in the order of the effects that it knows.
 */
import type { Prior } from "../../../model/cost/transformer/posterior.ts";

export interface FitRun {
  readonly id: string;
  /** Runs of one series are one experiment: they count together as the square root of their number. */
  readonly series: string;
  readonly measured_s: number;
  /** Standard deviation of the logarithm between a run and the model at the true parameters: run-to-run noise, and what the source does not state. */
  readonly discrepancy: number;
  /** The part of it that the loss takes for its scale; what is beyond counts as outlying. */
  readonly noise: number;
  readonly priors: readonly Prior[];
  /** Seconds of a step at the given values, in the order of the priors. */
  readonly predict: (values: Float64Array) => number;
}

export interface Effect {
  readonly key: string;
  readonly sd: number;
}

interface PreparedRun {
  readonly run: FitRun;
  readonly logMeasured: number;
  readonly logPrior: Float64Array;
  /** Positions of the run's parameters that are not exact, and for each the effects of its levels. */
  readonly free: readonly { readonly parameter: number; readonly effects: readonly number[] }[];
  /** All effects of the run, each once. */
  readonly effects: readonly number[];
}

export interface FitProblem {
  readonly effects: readonly Effect[];
  readonly runs: readonly PreparedRun[];
}

export function makeFitProblem(runs: readonly FitRun[]): FitProblem {
  const index = new Map<string, number>();
  const effects: Effect[] = [];
  const numberOf = (key: string, sd: number): number => {
    let at = index.get(key);
    if (at === undefined) {
      index.set(key, (at = effects.length));
      effects.push({ key, sd });
    } else if (sd > effects[at]!.sd) effects[at] = { key, sd };
    return at;
  };
  const prepared = runs.map((run): PreparedRun => {
    const free = run.priors.flatMap(({ levels }, parameter) => (levels.length === 0 ? [] : [{ parameter, effects: levels.map(({ key, sd }) => numberOf(key, sd)) }]));
    return { run, logMeasured: Math.log(run.measured_s), logPrior: Float64Array.from(run.priors, ({ value }) => Math.log(value)), free, effects: [...new Set(free.flatMap((one) => one.effects))] };
  });
  return { effects, runs: prepared };
}

const values = new Float64Array(64);

function fill(run: PreparedRun, effects: Float64Array): Float64Array {
  const view = values.subarray(0, run.logPrior.length);
  for (let at = 0; at < view.length; at += 1) view[at] = Math.exp(run.logPrior[at]!);
  for (const { parameter, effects: own } of run.free) {
    let log = run.logPrior[parameter]!;
    for (const effect of own) log += effects[effect]!;
    view[parameter] = Math.exp(log);
  }
  return view;
}

/** Logarithm of predicted over measured. */
export function residualOf(run: PreparedRun, effects: Float64Array): number {
  return Math.log(run.run.predict(fill(run, effects))) - run.logMeasured;
}

const step = 1e-4;

/** Residual, and its derivative by each of the run's effects: forward differences, one prediction a parameter. */
export function lineariseRun(run: PreparedRun, effects: Float64Array, out: Float64Array): number {
  const view = fill(run, effects);
  const base = Math.log(run.run.predict(view));
  out.fill(0, 0, run.effects.length);
  for (const { parameter, effects: own } of run.free) {
    const kept = view[parameter]!;
    view[parameter] = kept * (1 + step);
    const slope = (Math.log(run.run.predict(view)) - base) / Math.log1p(step);
    view[parameter] = kept;
    if (slope !== 0) for (const effect of own) out[run.effects.indexOf(effect)]! += slope;
  }
  return base - run.logMeasured;
}
