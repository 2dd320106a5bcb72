/**
 * Fits a surface (model/compute/surface.ts) to measured times: length scales, spread and noise of a Gaussian process by maximum a posteriori of the marginal
 * likelihood (Rasmussen and Williams 2006, section 5.4.1), mean by generalised least squares. Priors: a time changes its course over a factor of about four in
 * a size; one measurement repeats within 3 %. Search by coordinates, deterministic, from three starts. Residuals are leave-one-out in closed form (their equation 5.12).
 */
import { quantileSorted } from "simple-statistics";
import { covariance, factorise, solveLower } from "../../model/compute/surface.ts";
import type { SurfaceDocument } from "../../model/schema/calibration.ts";

export interface SurfacePoint {
  /** Raw sizes, all above zero. */
  readonly features: readonly number[];
  readonly bound_s: number;
  readonly time_s: number;
}

/** What a surface is fitted to, and what of it no search changes. */
interface Sample {
  readonly logs: readonly (readonly number[])[];
  readonly bounds_s: readonly number[];
  readonly times_s: readonly number[];
  readonly width: number;
  /** Of the logarithms of what is searched: length scales, signal, noise, call bound. */
  readonly priors: readonly Prior[];
}

interface Prior {
  readonly mean: number;
  readonly sd: number;
}

const scalePrior = { mean: Math.log(2.5), sd: 0.8 };
const signalPrior = { mean: Math.log(0.5), sd: 0.8 };
const noisePrior = { mean: Math.log(0.03), sd: 0.7 };
/** Of the call bound over the least bound: a table begins where calls begin to matter, or long after. */
const callPrior = { mean: 0, sd: 2 };

export function fitSurface(operation: string, pass: SurfaceDocument["pass"], names: readonly string[], measured: readonly SurfacePoint[]): SurfaceDocument {
  const points = average(measured);
  const width = names.length;
  const bounds_s = points.map(({ bound_s }) => bound_s);
  const least_s = Math.log(Math.min(...bounds_s));
  const priors = [...names.map(() => scalePrior), signalPrior, noisePrior, { ...callPrior, mean: callPrior.mean + least_s }];
  const sample: Sample = { logs: points.map(({ features }) => features.map(Math.log)), bounds_s, times_s: points.map(({ time_s }) => time_s), width, priors };
  const best = search(sample);
  const { residuals, mean } = leaveOneOut(sample, best);
  const sizes = residuals.map((value) => Math.abs(Math.exp(value) - 1)).toSorted((a, b) => a - b);
  const [signal, noise, callBound_s] = best.slice(width).map(Math.exp) as [number, number, number];
  return {
    operation,
    pass,
    features: [...names],
    lengthScales: best.slice(0, width).map((log) => round(Math.exp(log), 4)),
    callBound_s: round(callBound_s, 4),
    mean: round(mean, 5),
    signal: round(signal, 4),
    noise: round(noise, 4),
    points: points.map(({ features, bound_s, time_s }) => [...features, round(bound_s, 5), round(time_s, 5)]),
    residuals: { n: points.length, median: round(quantileSorted(sizes, 0.5), 3), p90: round(quantileSorted(sizes, 0.9), 3), worst: round(sizes.at(-1) ?? 0, 3) },
  };
}

/** Repeated sizes become one point, in the mean of their logarithms. */
function average(measured: readonly SurfacePoint[]): SurfacePoint[] {
  const groups = new Map<string, SurfacePoint[]>();
  for (const point of measured) {
    const key = point.features.join(" ");
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const points = [...groups.values()].map((group) => ({ ...(group[0] as SurfacePoint), time_s: Math.exp(group.reduce((sum, { time_s }) => sum + Math.log(time_s), 0) / group.length) }));
  return points.toSorted((a, b) => compare(a.features, b.features));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0);
  return 0;
}

/** From calls that cost nothing and from calls that cost as much as the larger of the points: between the two a descent can be caught. */
function search(sample: Sample): number[] {
  const last = sample.priors.length - 1;
  const tried = [-2, 0, 2].map((sds) => descend(sample, sample.priors.map(({ mean, sd }, at) => (at === last ? mean + sds * sd : mean))));
  return tried.reduce((a, b) => (b.cost < a.cost - 1e-9 ? b : a)).settings;
}

function descend(sample: Sample, start: readonly number[]): { settings: number[]; cost: number } {
  let settings = [...start];
  let cost = costOf(sample, settings);
  for (let step = 0.8; step > 0.05; step /= 2) {
    for (let improved = true, turn = 0; improved && turn < 6; turn++) {
      improved = false;
      for (let at = 0; at < settings.length; at++) {
        for (const change of [step, -step]) {
          const trial = settings.with(at, (settings[at] as number) + change);
          const reached = costOf(sample, trial);
          if (reached < cost - 1e-9) {
            settings = trial;
            cost = reached;
            improved = true;
            break;
          }
        }
      }
    }
  }
  return { settings, cost };
}

interface Solved {
  readonly factor: Float64Array;
  readonly mean: number;
  /** The factor's inverse times what the mean leaves. */
  readonly rest: Float64Array;
  readonly size: number;
}

function solve({ logs, bounds_s, times_s, width }: Sample, settings: readonly number[]): Solved {
  const size = logs.length;
  const scales = settings.slice(0, width).map(Math.exp);
  const [signal, noise, callBound_s] = settings.slice(width).map(Math.exp) as [number, number, number];
  const places = new Float64Array(size * width);
  logs.forEach((row, at) => row.forEach((value, feature) => (places[at * width + feature] = value / (scales[feature] as number))));
  const factor = factorise(covariance(places, size, width, signal, noise), size);
  const ones = solveLower(factor, new Float64Array(size).fill(1), size);
  const values = solveLower(factor, Float64Array.from(times_s, (time_s, at) => Math.log(time_s / ((bounds_s[at] as number) + callBound_s))), size);
  const mean = dot(ones, values) / dot(ones, ones);
  return { factor, mean, rest: values.map((value, at) => value - mean * (ones[at] as number)), size };
}

/** Negative log posterior, up to a constant. */
function costOf(sample: Sample, settings: readonly number[]): number {
  const { factor, rest, size } = solve(sample, settings);
  let cost = dot(rest, rest) / 2;
  for (let at = 0; at < size; at++) cost += Math.log(factor[at * size + at] as number);
  sample.priors.forEach(({ mean, sd }, at) => (cost += (((settings[at] as number) - mean) / sd) ** 2 / 2));
  return cost;
}

/** Mean of the process, and each point's logarithm less what the others say of it. */
function leaveOneOut(sample: Sample, settings: readonly number[]): { mean: number; residuals: number[] } {
  const { factor, mean, rest, size } = solve(sample, settings);
  // Columns of the inverse factor give the inverse covariance: its diagonal, and its product with the rest.
  const residuals = Array.from({ length: size }, (_, at) => {
    const unit = new Float64Array(size);
    unit[at] = 1;
    const column = solveLower(factor, unit, size);
    return dot(column, rest) / dot(column, column);
  });
  return { mean, residuals };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

const round = (value: number, digits: number): number => Number(value.toPrecision(digits));
