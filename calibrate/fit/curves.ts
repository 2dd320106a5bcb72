/**
 * Fits a curve to points of one benchmark: the best of a family's candidates, twice where points more than four robust spreads off had to be kept out.
 * Such points stay in the document with the reason. More than a quarter of them means that the curve is wrong and not the points: then all are kept.
 */
import { medianAbsoluteDeviation } from "simple-statistics";
import type { CurveFit } from "../../model/schema/calibration.ts";
import { resample } from "./bootstrap.ts";
import { chooseCurve, fitModel, noiseOf, summariseResiduals, type Chosen, type CurveFamily, type Fitted } from "./curve-candidates.ts";
import type { CurveParameter, CurvePoint } from "./curve-models.ts";

export type { CurveFamily } from "./curve-candidates.ts";

export interface FittedCurve {
  readonly model: string;
  readonly parameters: ReadonlyArray<{ name: string; unit: CurveParameter["unit"]; value: number; low: number; high: number }>;
  /** Index of a point -> why the fit does not take it. */
  readonly excluded: ReadonlyMap<number, string>;
  readonly curve: CurveFit["curve"];
  readonly breaks: readonly number[];
  readonly candidates: CurveFit["candidates"];
  readonly residuals: CurveFit["residuals"];
}

const mostSpreads = 4;
const leastForExclusion = 6;

/** `points` in rising order of x, all values above zero. */
export function fitCurve(points: readonly CurvePoint[], family: CurveFamily, seed: number): FittedCurve {
  const all = chooseCurve(points, family);
  const excluded = findFar(points, all.best);
  const kept = points.filter((_, at) => !excluded.has(at));
  const { best: chosen, candidates, changes } = excluded.size > 0 ? chooseCurve(kept, family) : all;
  const best = settle(kept, chosen);
  const { parameters, curve } = resample(kept, best, seed);
  const { model } = best;
  return {
    model: model.id,
    excluded,
    breaks: model.breaks(best.parameters),
    candidates,
    residuals: summariseResiduals(best.residuals),
    curve,
    parameters: [...model.parameters.map(({ name, unit }, at) => ({ name, unit, ...tidyInterval(parameters[at] as Ends) })), ...changesOf(chosen, changes)],
  };
}

/** Noise that the residuals have shown to be larger leaves fewer points to the flat part of the loss. */
function settle(points: readonly CurvePoint[], fitted: Fitted): Fitted {
  return fitted.scale <= 1 ? fitted : { ...fitted, ...fitModel(fitted.model, points, { start: fitted.parameters, scale: fitted.scale }) };
}

function findFar(points: readonly CurvePoint[], { residuals }: Fitted): Map<number, string> {
  const far = new Map<number, string>();
  if (points.length < leastForExclusion) return far;
  const standardised = residuals.map((residual, at) => residual / noiseOf(points[at] as CurvePoint));
  const spread = Math.max(1, 1.4826 * medianAbsoluteDeviation(standardised));
  standardised.forEach((value, at) => {
    const spreads = Math.abs(value) / spread;
    if (spreads > mostSpreads) far.set(at, `${(Math.expm1(residuals[at] as number) * 100).toFixed(0)} % off the fit, ${spreads.toFixed(0)} robust spreads`);
  });
  if (far.size > points.length / 4) far.clear();
  return far;
}

type Ends = { readonly value: number; readonly low: number; readonly high: number };

function changesOf({ model }: Fitted, changes: Chosen["changes"]): FittedCurve["parameters"] {
  return model.cuts.map((value, at) => ({ name: model.cuts.length > 1 ? `change ${at + 1}` : "change", unit: "x", ...tidyInterval({ value, ...(changes[at] as { low: number; high: number }) }) }));
}

const tidy = (value: number): number => Number(value.toPrecision(5));
const tidyInterval = ({ value, low, high }: Ends): Ends => ({ value: tidy(value), low: tidy(Math.min(low, value)), high: tidy(Math.max(high, value)) });
