/** Reading a fitted curve for a chart: its course, its value at a place, its residuals; and how two of them compare. */
import { readCurve } from "../../../calibrate/fit/read-curve.ts";
import type { CurveFit } from "../../../model/schema/calibration.ts";

type Sample = CurveFit["curve"][number];
type Drawn = Pick<CurveFit, "model" | "curve" | "breaks" | "parameters">;

/** Levels pass into each other; regimes of latency and bandwidth jump. */
export const jumps = ({ model }: Pick<CurveFit, "model">): boolean => model.includes("regimes");

const apart = 160;

/** The curve of each regime apart, dense enough for the steps between levels; one list where it does not jump. The band is that of the document. */
export function regimesOf(fit: Drawn): Sample[][] {
  const [first, last] = [fit.curve[0], fit.curve.at(-1)];
  if (!first || !last || first.x === last.x || readCurve(fit, first.x) === null) return [[...fit.curve]];
  const ends = [first.x, ...(jumps(fit) ? fit.breaks.filter((end) => end > first.x && end < last.x) : []), last.x];
  return ends.slice(1).map((end, at) => {
    const begin = ends[at] ?? first.x;
    // A regime ends just before its break.
    const stop = at < ends.length - 2 ? end * (1 - 1e-9) : end;
    const count = Math.max(2, Math.round((apart * Math.log(stop / begin)) / Math.log(last.x / first.x)));
    return Array.from({ length: count + 1 }, (_, step) => sampleAt(fit, begin * (stop / begin) ** (step / count)));
  });
}

function sampleAt(fit: Drawn, x: number): Sample {
  const y = fitAt(fit, x) ?? 0;
  const after = Math.min(fit.curve.length - 1, Math.max(1, fit.curve.filter((sample) => sample.x < x).length));
  const [a, b] = [fit.curve[after - 1] as Sample, fit.curve[after] as Sample];
  const share = Math.min(1, Math.max(0, Math.log(x / a.x) / Math.log(b.x / a.x)));
  const between = (of: (sample: Sample) => number) => of(a) ** (1 - share) * of(b) ** share;
  return { x, y, low: y * between(({ y: value, low }) => low / value), high: y * between(({ y: value, high }) => high / value) };
}

/** By the stated parameters; of a model that is not known here, the nearest sample. Null where there is no curve. */
export function fitAt(fit: Drawn, x: number): number | null {
  const [nearest] = fit.curve.toSorted((a, b) => Math.abs(Math.log(a.x / x)) - Math.abs(Math.log(b.x / x)));
  return readCurve(fit, x) ?? nearest?.y ?? null;
}

/** Measured over fit, less one. */
export const residualAt = (fit: Drawn, point: { readonly x: number; readonly y: number }): number | null => {
  const value = fitAt(fit, point.x);
  return value === null || value === 0 ? null : point.y / value - 1;
};

/** How many numbers the chosen model has. */
export const sizeOf = (fit: CurveFit): number => fit.candidates.find(({ model }) => model === fit.model)?.parameters ?? Object.keys(fit.parameters).length;

/** The unit of the y axis: a pace over another is read as per cent. */
export const unitOfY = ({ y }: Pick<CurveFit, "y">): string => (y.name === "share" ? "share" : y.unit);
export const unitOfParameter = (fit: Pick<CurveFit, "y">, name: string, unit: string): string => (fit.y.name === "share" && unit === "1" && name === "value" ? "share" : unit);

export interface Ratio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

type Interval = { readonly value: number; readonly low: number; readonly high: number };

/** Other over own, with the ends that both intervals give, as independent errors of the logarithms. Null where a value is not above zero. */
export function ratioOf(own: Interval, other: Interval): Ratio | null {
  if (![own.value, own.low, other.value, other.low].every((value) => value > 0)) return null;
  const value = other.value / own.value;
  const down = Math.hypot(Math.log(other.value / other.low), Math.log(own.high / own.value));
  const up = Math.hypot(Math.log(other.high / other.value), Math.log(own.value / own.low));
  return { value, low: value * Math.exp(-down), high: value * Math.exp(up) };
}

/** The same curve of another calibration: by its name, which is made of the benchmark and the case. */
export const sameFit = (fit: CurveFit, others: readonly CurveFit[]): CurveFit | undefined => others.find(({ id }) => id === fit.id);

const told = [/^peak$/, /^bandwidth/, /^level/, /^value$/];

/** The parameter that a list compares by: what a curve reaches at its largest sizes. */
export const mainParameter = (fit: CurveFit): string | undefined => told.map((pattern) => Object.keys(fit.parameters).findLast((name) => pattern.test(name))).find((name) => name !== undefined) ?? Object.keys(fit.parameters)[0];
