/**
 * Fits a curve to points of one benchmark. Candidates are compared by the Bayesian information criterion on robust residuals of log y; points more than four
 * robust spreads off are kept out, with the reason, and the fit made again. Intervals are 95 %, from resampled residuals (Efron 1979), of a parameter and,
 * with the scatter of one measurement, of a new run.
 */
import { medianAbsoluteDeviation, quantileSorted } from "simple-statistics";
import type { CurveFit } from "../../model/schema/calibration.ts";
import { alphaBetaModel, constantModel, levelsModel, saturationModel, type CurveModel, type CurvePoint } from "./curve-models.ts";
import { fitLeastSquares } from "./least-squares.ts";
import { seededUniform } from "./random.ts";

export type CurveFamily = "constant" | "latency-bandwidth" | "saturation" | "levels";

interface Fitted {
  readonly model: CurveModel;
  readonly parameters: readonly number[];
  /** log(y / fit). */
  readonly residuals: readonly number[];
  readonly bic: number;
}

const draws = 200;
const leastInRegime = 3;
const leastSpread = 0.005;

export interface FittedCurve {
  readonly model: string;
  readonly parameters: ReadonlyArray<{ name: string; unit: "x" | "y" | "x/y" | "1"; value: number; low: number; high: number }>;
  readonly excluded: ReadonlyMap<number, string>;
  readonly curve: CurveFit["curve"];
  readonly breaks: readonly number[];
  readonly candidates: CurveFit["candidates"];
  readonly residuals: CurveFit["residuals"];
}

/** `points` in rising order of x, all values above zero. */
export function fitCurve(points: readonly CurvePoint[], family: CurveFamily, seed: number): FittedCurve {
  const all = choose(points, family);
  const spread = Math.max(leastSpread, 1.4826 * medianAbsoluteDeviation([...all.best.residuals]));
  const excluded = new Map<number, string>();
  if (points.length >= 6) {
    all.best.residuals.forEach((residual, at) => {
      const off = Math.abs(residual) / Math.hypot(spread, points[at]?.noise ?? 0);
      if (off > 4) excluded.set(at, `${((Math.exp(residual) - 1) * 100).toFixed(0)} % off the fit, ${off.toFixed(0)} robust spreads`);
    });
  }
  if (excluded.size > points.length / 4) excluded.clear();
  const kept = points.filter((_, at) => !excluded.has(at));
  const { best, candidates } = excluded.size > 0 ? choose(kept, family) : all;
  return { model: best.model.id, excluded, breaks: best.model.breaks(best.parameters), candidates, residuals: summarise(best.residuals), ...bootstrap(kept, best, seed) };
}

function choose(points: readonly CurvePoint[], family: CurveFamily): { best: Fitted; candidates: CurveFit["candidates"] } {
  const tried = candidatesOf(points, family).map((model) => fitOne(model, points));
  const best = tried.reduce((a, b) => (b.bic < a.bic ? b : a));
  const shown = [...new Map(tried.toSorted((a, b) => a.bic - b.bic).map((one) => [one.model.id, one] as const).toReversed()).values()].toSorted((a, b) => a.bic - b.bic);
  return {
    best,
    candidates: shown.map(({ model, residuals, bic }) => {
      const { median, worst } = summarise(residuals);
      return { model: model.id, parameters: countParameters(model), median, worst, bic: Number((bic - best.bic).toPrecision(4)) };
    }),
  };
}

const countParameters = (model: CurveModel): number => model.parameters.length + (model.id.includes("regimes") ? model.breaks([]).length : 0);

function candidatesOf(points: readonly CurvePoint[], family: CurveFamily): CurveModel[] {
  // Two points fix a latency and a bandwidth, and nothing else.
  if (points.length < (family === "latency-bandwidth" ? 2 : 3)) return [constantModel(points)];
  switch (family) {
    case "constant": return [constantModel(points)];
    case "saturation": return [constantModel(points), saturationModel(points)];
    case "latency-bandwidth": return cutsOf(points).map((cuts) => alphaBetaModel(points, cuts));
    case "levels": return edgesOf(points).map((edges) => levelsModel(points, edges));
  }
}

/** No change, one change, two changes of regime, between any two neighbours that leave enough points in each regime. */
function cutsOf(points: readonly CurvePoint[]): number[][] {
  const between = points.slice(1).map(({ x }, at) => Math.sqrt(x * (points[at]?.x ?? x)));
  const found: number[][] = [[]];
  for (let one = leastInRegime; one <= points.length - leastInRegime; one++) {
    found.push([between[one - 1] as number]);
    for (let two = one + leastInRegime; two <= points.length - leastInRegime; two++) found.push([between[one - 1] as number, between[two - 1] as number]);
  }
  return found;
}

/** Up to three steps where y changes most between neighbours. */
function edgesOf(points: readonly CurvePoint[]): number[][] {
  const jumps = points.slice(1).map(({ x, y }, at) => ({ edge: Math.sqrt(x * (points[at]?.x ?? x)), size: Math.abs(Math.log(y / (points[at]?.y ?? y))) }));
  const largest = jumps.toSorted((a, b) => b.size - a.size);
  const edges: number[] = [];
  for (const { edge } of largest) if (edges.length < 3 && edges.every((other) => Math.abs(Math.log(edge / other)) > 1.2)) edges.push(edge);
  return [[], ...edges.map((_, at) => edges.slice(0, at + 1).toSorted((a, b) => a - b))].filter((steps) => points.length >= 2 * steps.length + 2);
}

function fitOne(model: CurveModel, points: readonly CurvePoint[], start?: readonly number[], values = points.map(({ y }) => Math.log(y))): Fitted {
  const fit = fitLeastSquares({
    priors: model.parameters.map(({ prior }) => prior),
    residuals: (parameters, out) => points.forEach(({ x }, at) => (out[at] = (values[at] as number) - model.logAt(parameters, x))),
    count: points.length,
    noise: points.map(({ noise }) => Math.hypot(noise, 0.02)),
    ...(start ? { start } : {}),
    iterations: start ? 12 : 40,
  });
  const n = points.length;
  const scatter = fit.residuals.reduce((sum, residual) => sum + Math.min(residual * residual, 0.25), 0) / n + leastSpread ** 2;
  return { model, parameters: fit.parameters, residuals: fit.residuals, bic: n * Math.log(scatter) + countParameters(model) * Math.log(n) };
}

function summarise(residuals: readonly number[]): CurveFit["residuals"] {
  const sizes = residuals.map((residual) => Math.abs(Math.exp(residual) - 1)).toSorted((a, b) => a - b);
  const show = (value: number) => Number(value.toPrecision(3));
  return { n: sizes.length, median: show(quantileSorted(sizes, 0.5)), p90: show(quantileSorted(sizes, 0.9)), worst: show(sizes.at(-1) ?? 0) };
}

const shownPoints = 48;

function bootstrap(points: readonly CurvePoint[], { model, parameters, residuals }: Fitted, seed: number): Pick<FittedCurve, "parameters" | "curve"> {
  const uniform = seededUniform(seed);
  const [from, to] = [Math.log(points[0]?.x ?? 1), Math.log(points.at(-1)?.x ?? 1)];
  const places = points.length < 2 ? [Math.exp(from)] : Array.from({ length: shownPoints }, (_, at) => Math.exp(from + ((to - from) * at) / (shownPoints - 1)));
  const drawn: number[][] = [];
  const curves: number[][] = [];
  // Fewer points than parameters leave nothing to resample: then the repeats' own spread is drawn.
  const inflate = Math.sqrt(points.length / Math.max(1, points.length - model.parameters.length));
  for (let draw = 0; draw < draws; draw++) {
    const values = points.map(({ x, noise }) => {
      const residual = residuals[Math.floor(uniform() * residuals.length)] ?? 0;
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      return model.logAt(parameters, x) + residual * inflate + noise * normal;
    });
    const again = fitOne(model, points, parameters, values);
    drawn.push(model.show(again.parameters));
    curves.push(places.map((x) => model.logAt(again.parameters, x)));
  }
  const ends = (values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
  };
  const shown = model.show(parameters);
  const scatter = Math.hypot(Math.sqrt(residuals.reduce((sum, residual) => sum + residual * residual, 0) / Math.max(1, residuals.length)), Math.min(...points.map(({ noise }) => noise)));
  return {
    parameters: model.parameters.map(({ name, unit }, at) => {
      const value = shown[at] as number;
      const { low, high } = ends(drawn.map((draw) => draw[at] as number));
      return { name, unit, value: tidy(value), low: tidy(Math.min(low, value)), high: tidy(Math.max(high, value)) };
    }),
    curve: places.map((x, at) => {
      const log = model.logAt(parameters, x);
      const { low, high } = ends(curves.map((curve) => curve[at] as number));
      const width = Math.hypot((high - low) / 2, 1.96 * scatter);
      return { x: tidy(x), y: tidy(Math.exp(log)), low: tidy(Math.exp(log - width)), high: tidy(Math.exp(log + width)) };
    }),
  };
}

const tidy = (value: number): number => Number(value.toPrecision(5));
