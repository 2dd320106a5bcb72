/**
 * What runs cannot tell about the effects of a fit: pairs that only their sum or difference is known of (correlations of the Laplace covariance), effects that hardly know more
 * than their prior, and a bootstrap over series (Efron 1979). Series are drawn with replacement and the fit moves by steps on one linearisation, so that curvature far from the
 * optimum is left out. Priors stay in every draw: what the draws spread is compared with is the part of Laplace's error that comes from runs, H^-1 (H - P) H^-1 with the
 * curvature H and the precisions P of the priors.
 */
import { substitute } from "./transformer/cholesky.ts";
import { table } from "./transformer/page-table.ts";
import type { FitProblem } from "./transformer/problem.ts";
import { linearise, refit, seriesWeights, usual, type Solution } from "./transformer/solve.ts";
import { seededUniform } from "./random.ts";

/** Share of its prior's error above which an effect knows hardly more than it. */
const uninformed = 0.9;
const entangled = 0.9;
const draws = 40;
const seed = 20260101;
const shownPairs = 20;

export interface Identifiability {
  readonly effects: number;
  /** By parameter: its effects, and those that know hardly more than their prior. */
  readonly parameters: ReadonlyArray<{ readonly name: string; readonly effects: number; readonly uninformed: number }>;
  readonly pairs: ReadonlyArray<{ readonly one: string; readonly other: string; readonly correlation: number }>;
  /** Of effects that know more than their prior: spread over draws, over the part of Laplace's error that comes from runs. */
  readonly ratios: readonly number[];
}

export function identify(problem: FitProblem, solution: Solution, learns: (run: number) => boolean): Identifiability {
  const { active, factor } = solution;
  const size = active.length;
  const covariance = Array.from(active, (_, at) => {
    const unit = new Float64Array(size);
    unit[at] = 1;
    substitute(factor, size, unit);
    return unit;
  });
  const sd = Float64Array.from(covariance, (column, at) => Math.sqrt(column[at]!));
  const keyOf = (at: number): string => problem.effects[active[at]!]!.key;
  const pairs = covariance.flatMap((column, i) =>
    Array.from(column.subarray(0, i), (value, j) => ({ one: keyOf(j), other: keyOf(i), correlation: value / (sd[i]! * sd[j]!) })).filter(({ correlation }) => Math.abs(correlation) > entangled));
  const known = new Set(problem.runs.flatMap(({ effects }, at) => (learns(at) ? effects : [])));
  const place = new Map(Array.from(active, (effect, at) => [effect, at]));
  const shareOf = (effect: number): number => (place.has(effect) ? sd[place.get(effect)!]! / problem.effects[effect]!.sd : 1);
  const parameters = new Map<string, { effects: number; uninformed: number }>();
  for (const effect of known) {
    const name = problem.effects[effect]!.key.split(" ")[0]!;
    const one = parameters.get(name) ?? { effects: 0, uninformed: 0 };
    parameters.set(name, { effects: one.effects + 1, uninformed: one.uninformed + (shareOf(effect) > uninformed ? 1 : 0) });
  }
  const fromRuns = (at: number): number => Math.sqrt(Math.max(0, covariance[at]!.reduce((left, value, k) => left - (value / problem.effects[active[k]!]!.sd) ** 2, covariance[at]![at]!)));
  const spread = resampleSeries(problem, solution, learns);
  return {
    effects: known.size,
    parameters: [...parameters].map(([name, one]) => ({ name, ...one })).toSorted((a, b) => b.effects - a.effects || (a.name < b.name ? -1 : 1)),
    pairs: pairs.toSorted((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation)),
    ratios: [...place].filter(([effect]) => shareOf(effect) <= uninformed).map(([effect, at]) => spread[effect]! / fromRuns(at)).toSorted((a, b) => a - b),
  };
}

/** Standard deviation of each effect over fits to series drawn with replacement. */
function resampleSeries(problem: FitProblem, { effects }: Solution, learns: (run: number) => boolean): Float64Array {
  const uniform = seededUniform(seed);
  const series = [...new Set(problem.runs.flatMap(({ run }, at) => (learns(at) ? [run.series] : [])))];
  const linear = linearise(problem, effects);
  const whole = seriesWeights(problem, learns);
  const sums = new Float64Array(problem.effects.length);
  const squares = new Float64Array(problem.effects.length);
  for (let draw = 0; draw < draws; draw += 1) {
    const times = new Map<string, number>();
    for (let at = 0; at < series.length; at += 1) {
      const name = series[Math.floor(uniform() * series.length)]!;
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    const weights = whole.map((weight, at) => weight * (times.get(problem.runs[at]!.run.series) ?? 0));
    const drawn = refit(problem, weights, linear, 2, usual);
    drawn.effects.forEach((value, effect) => {
      sums[effect]! += value;
      squares[effect]! += value * value;
    });
  }
  return sums.map((sum, effect) => Math.sqrt(Math.max(0, squares[effect]! / draws - (sum / draws) ** 2)));
}

const quantile = (sorted: readonly number[], share: number): string => (sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2);

export function showIdentifiability({ effects, parameters, pairs, ratios }: Identifiability): string {
  const told = parameters.reduce((sum, one) => sum + one.effects - one.uninformed, 0);
  const shown = pairs.slice(0, shownPairs);
  return [
    "## What the runs cannot tell apart",
    `Of ${effects} effects that some run knows, ${told} know more than their prior (an error below ${uninformed} of its own); the others are predicted from documents as they are. ${pairs.length === 0 ? `No pair of effects has a correlation beyond ${entangled}.` : `${pairs.length} ${pairs.length === 1 ? "pair has" : "pairs have"} a correlation beyond ${entangled}: of these, runs know a sum or a difference, and predictions use it with its covariance.`}${pairs.length > shownPairs ? ` The ${shownPairs} closest:` : ""}`,
    ...(shown.length === 0 ? [] : [table(["effect", "and", "correlation"], shown.map(({ one, other, correlation }) => [one, other, correlation.toFixed(2)]))]),
    table(["parameter", "effects", "hardly more than their prior"], parameters.map((one) => [one.name, String(one.effects), String(one.uninformed)])),
    ratios.length === 0 ? "No effect knows more than its prior." : `Bootstrap over series, ${draws} draws: of the ${ratios.length} effects that know more than their prior, the spread over draws is ${quantile(ratios, 0.5)} of what Laplace's covariance expects of runs in the middle, ${quantile(ratios, 0.1)} to ${quantile(ratios, 0.9)} for eight in ten; 1 is as expected, below it errors are cautious, above it too small.`,
    "Each effect's factor, error, prior and the series that moved it are in the calibration document.",
  ].join("\n\n");
}
