/**
 * Values of a transformer's parameters after runs were seen: the value of a document times the factors of every level it belongs to, and what is left unknown. Effects that no run
 * informed keep the deviation of their prior and are independent of all others; informed ones vary together as the fit's covariance says.
 */
import type { CorpusCalibration } from "../../schema/calibration.ts";
import type { TransformerParameter } from "./parameters.ts";
import type { Level } from "./priors.ts";

export interface ParameterState<Name extends string = TransformerParameter> {
  readonly name: Name;
  readonly value: number;
  /** Standard deviation of the logarithm, of all levels together. */
  readonly sd: number;
  /** Of the document alone. */
  readonly prior: number;
  readonly priorSd: number;
  /** Series that told most of it. */
  readonly series: readonly string[];
}

export interface Prior<Name extends string = string> {
  readonly name: Name;
  readonly value: number;
  readonly levels: readonly Level[];
}

export interface Posterior<Name extends string = TransformerParameter> {
  readonly values: Float64Array;
  readonly states: readonly ParameterState<Name>[];
  /** Variance of the logarithm of an output whose logarithm changes by `slopes` per logarithm of each parameter. */
  readonly variance: (slopes: ArrayLike<number>) => number;
}

/** Key of an effect, as levels of priors name it. */
const keyOf = ({ parameter, scope }: CorpusCalibration["effects"][number]): string => (scope === "all" ? parameter : `${parameter} ${scope}`);

export function combinePosterior<Name extends string>(priors: ReadonlyArray<Prior<Name>>, corpus: CorpusCalibration | undefined): Posterior<Name> {
  const informed = new Map((corpus?.effects ?? []).map((effect, index) => [keyOf(effect), index] as const));
  const covariance = (a: number, b: number): number => corpus?.covariance[Math.max(a, b)]?.[Math.min(a, b)] ?? 0;
  const values = new Float64Array(priors.length);
  const states = priors.map(({ name, value, levels }, at): ParameterState<Name> => {
    const known = levels.flatMap(({ key }) => informed.get(key) ?? []);
    const effects = known.map((index) => corpus!.effects[index]!);
    values[at] = effects.reduce((product, { factor }) => product * factor, value);
    const own = known.reduce((sum, a) => known.reduce((inner, b) => inner + covariance(a, b), sum), 0);
    const priorVariance = levels.reduce((sum, { sd }) => sum + sd * sd, 0);
    const rest = levels.reduce((sum, { key, sd }) => (informed.has(key) ? sum : sum + sd * sd), 0);
    return { name, value: values[at], sd: Math.sqrt(own + rest), prior: value, priorSd: Math.sqrt(priorVariance), series: [...new Set(effects.flatMap(({ series }) => series))] };
  });
  const variance = (slopes: ArrayLike<number>): number => {
    // Slopes by effect: a parameter's slope counts for each of its levels, and parameters may share one.
    const shared = new Map<number, number>();
    const alone = new Map<string, { slope: number; sd: number }>();
    priors.forEach(({ levels }, at) => {
      const slope = slopes[at] ?? 0;
      if (slope === 0) return;
      for (const { key, sd } of levels) {
        const index = informed.get(key);
        if (index !== undefined) shared.set(index, (shared.get(index) ?? 0) + slope);
        else alone.set(key, { slope: (alone.get(key)?.slope ?? 0) + slope, sd });
      }
    });
    let sum = 0;
    for (const [a, left] of shared) for (const [b, right] of shared) sum += left * right * covariance(a, b);
    for (const { slope, sd } of alone.values()) sum += (slope * sd) ** 2;
    return Math.max(0, sum);
  };
  return { values, states, variance };
}
