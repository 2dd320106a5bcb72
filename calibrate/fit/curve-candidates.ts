/**
 * Candidates of a curve, fitted and compared. Change of regime and edges of levels are searched over the gaps between points. Comparison is by the Bayesian
 * information criterion of the robust scale of standardised residuals, the scale corrected for the parameters used; a fit closer than the repeats of the
 * points earns nothing, so that noise is not taken for structure.
 */
import { quantileSorted } from "simple-statistics";
import type { CurveFit } from "../../model/schema/calibration.ts";
import { alphaBetaModel, constantModel, levelsModel, saturationModel, type CurveModel, type CurvePoint } from "./curve-models.ts";
import { fitLeastSquares } from "./least-squares.ts";
import { robustScale } from "./robust-scale.ts";

export type CurveFamily = "constant" | "latency-bandwidth" | "saturation" | "levels";

export interface Fitted {
  readonly model: CurveModel;
  readonly parameters: readonly number[];
  /** log(y / fit). */
  readonly residuals: readonly number[];
  /** Of residuals over the noise of their points. */
  readonly scale: number;
  readonly bic: number;
}

export interface Chosen {
  readonly best: Fitted;
  /** Of each kind of curve the best, in order of merit; bic less that of the best. */
  readonly candidates: CurveFit["candidates"];
  /** Of the places of each change of regime, those that the points do not rule out. */
  readonly changes: ReadonlyArray<{ readonly low: number; readonly high: number }>;
}

/** No curve of these holds closer than this, as a standard deviation of log y. */
export const modelNoise = 0.01;
export const noiseOf = ({ noise }: CurvePoint): number => Math.hypot(noise, modelNoise);
const leastInRegime = 3;
/** Twice the loss of log likelihood at the ends of a 95 % interval. */
const profileLoss = 3.84;

export function chooseCurve(points: readonly CurvePoint[], family: CurveFamily): Chosen {
  const tried = fitAll(points, family);
  const best = tried.reduce((a, b) => (b.bic < a.bic - 1e-9 ? b : a));
  const ofKind = new Map<string, Fitted>();
  for (const one of tried) if (one.bic < (ofKind.get(one.model.id)?.bic ?? Infinity)) ofKind.set(one.model.id, one);
  return {
    best,
    candidates: [...ofKind.values()]
      .toSorted((a, b) => a.bic - b.bic)
      .map(({ model, residuals, bic }) => {
        const { median, worst } = summariseResiduals(residuals);
        return { model: model.id, parameters: countParameters(model), median, worst, bic: Number((bic - best.bic).toPrecision(4)) };
      }),
    changes: profileChanges(points, tried, best),
  };
}

function fitAll(points: readonly CurvePoint[], family: CurveFamily): Fitted[] {
  // Two points fix a latency and a bandwidth, and nothing else.
  const sizes = new Set(points.map(({ x }) => x)).size;
  const models = (list: readonly CurveModel[]) => list.map((model) => rate(model, points, fitModel(model, points)));
  if (sizes < (family === "latency-bandwidth" ? 2 : 3)) return models([constantModel(points)]);
  switch (family) {
    case "constant": return models([constantModel(points)]);
    case "saturation": return models([constantModel(points), saturationModel(points, false), ...(sizes > 3 ? [saturationModel(points, true)] : [])]);
    case "levels": return models(edgesOf(points).map((edges) => levelsModel(points, edges)));
    case "latency-bandwidth": return fitRegimes(points);
  }
}

export interface Solution {
  readonly parameters: readonly number[];
  readonly residuals: readonly number[];
}

/** `values`: log y, where they are not those of the points. `scale`: by which the noise of the points is off. */
export function fitModel(model: CurveModel, points: readonly CurvePoint[], { start, values, scale = 1 }: { start?: readonly number[]; values?: readonly number[]; scale?: number } = {}): Solution {
  const logs = values ?? points.map(({ y }) => Math.log(y));
  return fitLeastSquares({
    priors: model.parameters.map(({ prior }) => prior),
    residuals: (parameters, out) => points.forEach(({ x }, at) => (out[at] = (logs[at] as number) - model.logAt(parameters, x))),
    count: points.length,
    noise: points.map((point) => scale * noiseOf(point)),
    ...(start ? { start } : {}),
    iterations: start ? 12 : 40,
  });
}

function rate(model: CurveModel, points: readonly CurvePoint[], { parameters, residuals }: Solution): Fitted {
  const n = points.length;
  const k = countParameters(model);
  const scale = robustScale(residuals.map((residual, at) => residual / noiseOf(points[at] as CurvePoint)));
  return { model, parameters, residuals, scale, bic: 2 * n * Math.log(Math.max(1, scale * Math.sqrt(n / Math.max(1, n - k)))) + countPenalty(model) * Math.log(n) };
}

/** A change of regime is a parameter as well; where an edge lies is one already. */
export const countParameters = (model: CurveModel): number => model.parameters.length + model.cuts.length;
/** The best of many places of a change fits noise better than one free parameter does. That it costs as much as two was chosen on drawn data with one regime. */
const countPenalty = (model: CurveModel): number => countParameters(model) + model.cuts.length;

/** No change, one, two changes of regime between neighbours that leave enough points in each. Regimes share nothing, so each stretch of points is fitted once. */
function fitRegimes(points: readonly CurvePoint[]): Fitted[] {
  const n = points.length;
  const xAt = (at: number): number => (points[at] as CurvePoint).x;
  const known = new Map<string, Solution>();
  const stretch = (from: number, to: number): Solution => {
    const key = `${from} ${to}`;
    const own = points.slice(from, to);
    const found = known.get(key) ?? fitModel(alphaBetaModel(own, []), own);
    known.set(key, found);
    return found;
  };
  const canCut = (from: number, at: number): boolean => at - from >= leastInRegime && n - at >= leastInRegime && xAt(at) > xAt(at - 1);
  const joined = (cuts: readonly number[]): Fitted => {
    const ends = [0, ...cuts, n];
    const parts = cuts.length === 0 ? [stretch(0, n)] : ends.slice(1).map((to, at) => stretch(ends[at] as number, to));
    const model = alphaBetaModel(points, cuts.map((at) => Math.sqrt(xAt(at) * xAt(at - 1))));
    return rate(model, points, { parameters: parts.flatMap(({ parameters }) => parameters), residuals: parts.flatMap(({ residuals }) => residuals) });
  };
  const all = [joined([])];
  for (let one = leastInRegime; one < n; one++) {
    if (!canCut(0, one)) continue;
    all.push(joined([one]));
    for (let two = one + leastInRegime; two < n; two++) if (canCut(one, two)) all.push(joined([one, two]));
  }
  return all;
}

function profileChanges(points: readonly CurvePoint[], tried: readonly Fitted[], best: Fitted): Chosen["changes"] {
  const alike = tried.filter(({ model, bic }) => model.cuts.length === best.model.cuts.length && bic <= best.bic + profileLoss);
  return best.model.cuts.map((_, at) => {
    const cuts = alike.map(({ model }) => model.cuts[at] as number);
    const [least, most] = [Math.min(...cuts), Math.max(...cuts)];
    return { low: Math.max(...points.map(({ x }) => x).filter((x) => x < least)), high: Math.min(...points.map(({ x }) => x).filter((x) => x > most)) };
  });
}

/** Up to three steps where y changes most between neighbours. */
function edgesOf(points: readonly CurvePoint[]): number[][] {
  const jumps = points.slice(1).map(({ x, y }, at) => ({ edge: Math.sqrt(x * (points[at]?.x ?? x)), size: Math.abs(Math.log(y / (points[at]?.y ?? y))) }));
  const largest = jumps.toSorted((a, b) => b.size - a.size);
  const edges: number[] = [];
  for (const { edge } of largest) if (edges.length < 3 && edges.every((other) => Math.abs(Math.log(edge / other)) > 1.2)) edges.push(edge);
  return [[], ...edges.map((_, at) => edges.slice(0, at + 1).toSorted((a, b) => a - b))].filter((steps) => points.length >= 2 * steps.length + 2);
}

export function summariseResiduals(residuals: readonly number[]): CurveFit["residuals"] {
  const sizes = residuals.map((residual) => Math.abs(Math.exp(residual) - 1)).toSorted((a, b) => a - b);
  const show = (value: number) => Number(value.toPrecision(3));
  return { n: sizes.length, median: show(quantileSorted(sizes, 0.5)), p90: show(quantileSorted(sizes, 0.9)), worst: show(sizes.at(-1) ?? 0) };
}
