/**
 * Fits a surface (model/compute/surface.ts) to measured times: length scales, spread and noise of a Gaussian process by maximum a posteriori of the marginal
 * likelihood (Rasmussen and Williams 2006, section 5.4.1), mean by generalised least squares. Priors: a time changes its course over a factor of about four in
 * a size; one measurement repeats within 3 %. Search by coordinates, deterministic. Residuals are leave-one-out in closed form (their equation 5.12).
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

interface Settings {
  /** Logarithms of length scales, then of signal and noise. */
  readonly logs: readonly number[];
}

const scalePrior = { mean: Math.log(2.5), sd: 0.8 };
const signalPrior = { mean: Math.log(0.5), sd: 0.8 };
const noisePrior = { mean: Math.log(0.03), sd: 0.7 };

export function fitSurface(operation: string, pass: SurfaceDocument["pass"], names: readonly string[], measured: readonly SurfacePoint[]): SurfaceDocument {
  const points = average(measured);
  const logs = points.map(({ features }) => features.map(Math.log));
  const values = Float64Array.from(points, ({ time_s, bound_s }) => Math.log(time_s / bound_s));
  const best = search(logs, values, names.length);
  const scales = best.slice(0, names.length).map(Math.exp);
  const [signal, noise] = best.slice(names.length).map(Math.exp) as [number, number];
  const { mean, residuals } = leaveOneOut(logs, values, scales, signal, noise);
  const sizes = residuals.map((value) => Math.abs(Math.exp(value) - 1)).toSorted((a, b) => a - b);
  return {
    operation,
    pass,
    features: [...names],
    lengthScales: scales.map((scale) => round(scale, 4)),
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

function search(logs: readonly (readonly number[])[], values: Float64Array, width: number): number[] {
  let best = [...Array<number>(width).fill(scalePrior.mean), signalPrior.mean, noisePrior.mean];
  let cost = costOf({ logs: best }, logs, values, width);
  for (let step = 0.8; step > 0.05; step /= 2) {
    for (let improved = true, round = 0; improved && round < 6; round++) {
      improved = false;
      for (let at = 0; at < best.length; at++) {
        for (const change of [step, -step]) {
          const trial = best.with(at, (best[at] as number) + change);
          const reached = costOf({ logs: trial }, logs, values, width);
          if (reached < cost - 1e-9) {
            best = trial;
            cost = reached;
            improved = true;
            break;
          }
        }
      }
    }
  }
  return best;
}

/** Negative log posterior, up to a constant. */
function costOf({ logs: settings }: Settings, logs: readonly (readonly number[])[], values: Float64Array, width: number): number {
  const scales = settings.slice(0, width).map(Math.exp);
  const [signal, noise] = settings.slice(width).map(Math.exp) as [number, number];
  const size = values.length;
  const factor = factorOf(logs, scales, signal, noise);
  const ones = solveLower(factor, new Float64Array(size).fill(1), size);
  const right = solveLower(factor, values, size);
  const mean = dot(ones, right) / dot(ones, ones);
  let cost = 0;
  for (let at = 0; at < size; at++) cost += ((right[at] as number) - mean * (ones[at] as number)) ** 2 / 2 + Math.log(factor[at * size + at] as number);
  const prior = (value: number, { mean: middle, sd }: { mean: number; sd: number }) => ((value - middle) / sd) ** 2 / 2;
  settings.slice(0, width).forEach((value) => (cost += prior(value, scalePrior)));
  return cost + prior(Math.log(signal), signalPrior) + prior(Math.log(noise), noisePrior);
}

function factorOf(logs: readonly (readonly number[])[], scales: readonly number[], signal: number, noise: number): Float64Array {
  const size = logs.length;
  const width = scales.length;
  const places = new Float64Array(size * width);
  logs.forEach((row, at) => row.forEach((value, feature) => (places[at * width + feature] = value / (scales[feature] as number))));
  return factorise(covariance(places, size, width, signal, noise), size);
}

/** Mean of the process, and each point's logarithm less what the others say of it. */
function leaveOneOut(logs: readonly (readonly number[])[], values: Float64Array, scales: readonly number[], signal: number, noise: number): { mean: number; residuals: number[] } {
  const size = values.length;
  const factor = factorOf(logs, scales, signal, noise);
  const ones = solveLower(factor, new Float64Array(size).fill(1), size);
  const mean = dot(ones, solveLower(factor, values, size)) / dot(ones, ones);
  const rest = solveLower(factor, values.map((value) => value - mean), size);
  // Columns of the inverse factor give the inverse covariance: its diagonal, and its product with the rest.
  const residuals = Array.from({ length: size }, (_, at) => {
    const unit = new Float64Array(size);
    unit[at] = 1;
    const column = solveLower(factor, unit, size);
    return dot(column, rest) / dot(column, column);
  });
  return { mean, residuals };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
const round = (value: number, digits: number): number => Number(value.toPrecision(digits));
