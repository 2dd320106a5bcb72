/**
 * 95 % intervals of a fitted curve by resampling its standardised residuals (Efron 1979): of its parameters, and of a new run, which adds the scatter of one
 * measurement. The spread mixes what the residuals show with what the repeats of the points say, the latter with the weight of two points, and ends are
 * widened as by Student's law, so that a curve through a handful of points does not look certain. Left out: other choices of model or of its changes.
 */
import { quantileSorted, rootMeanSquare } from "simple-statistics";
import type { CurveFit } from "../../model/schema/calibration.ts";
import { countParameters, fitModel, noiseOf, type Fitted } from "./curve-candidates.ts";
import type { CurvePoint } from "./curve-models.ts";
import { seededUniform } from "./random.ts";

const draws = 200;
const shownPoints = 25;
const priorPoints = 2;
/** Fewer residuals than this are too few to draw from: then they are drawn from a normal law. */
const leastResiduals = 8;
const normal95 = 1.96;

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Resampled {
  /** As the model shows them, in its order. */
  readonly parameters: readonly Interval[];
  readonly curve: CurveFit["curve"];
}

export function resample(points: readonly CurvePoint[], { model, parameters, residuals, scale: found }: Fitted, seed: number): Resampled {
  const uniform = seededUniform(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const n = points.length;
  const freedom = priorPoints + Math.max(0, n - countParameters(model));
  const scale = Math.sqrt((priorPoints + n * found * found) / freedom);
  const standardised = residuals.map((residual, at) => residual / noiseOf(points[at] as CurvePoint));
  const size = rootMeanSquare(standardised);
  const drawResidual = n < leastResiduals || size === 0 ? normal : () => (standardised[Math.floor(uniform() * n)] as number) / size;
  const places = placesOf(points);
  const fitted = points.map(({ x }) => model.logAt(parameters, x));
  const drawn: number[][] = [];
  const curves: number[][] = [];
  for (let draw = 0; draw < draws; draw++) {
    const values = points.map((point, at) => (fitted[at] as number) + noiseOf(point) * scale * drawResidual());
    const again = fitModel(model, points, { start: parameters, values, scale });
    drawn.push(model.show(again.parameters));
    curves.push(places.map((x) => model.logAt(again.parameters, x)));
  }
  const wider = studentEnd(freedom) / normal95;
  return {
    parameters: model.show(parameters).map((value, at) => {
      const [low, high] = middle(drawn.map((draw) => draw[at] as number));
      return { value, low: value * Math.min(1, low / value) ** wider, high: value * Math.max(1, high / value) ** wider };
    }),
    curve: places.map((x, at) => {
      const log = model.logAt(parameters, x);
      const [low, high] = middle(curves.map((curve) => curve[at] as number));
      const width = wider * Math.hypot((high - low) / 2, normal95 * scale * noiseAt(points, x));
      return { x: tidy(x), y: tidy(Math.exp(log)), low: tidy(Math.exp(log - width)), high: tidy(Math.exp(log + width)) };
    }),
  };
}

function middle(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [quantileSorted(sorted, 0.025), quantileSorted(sorted, 0.975)];
}

/** 97.5 % quantile of Student's law by Fisher's expansion; 10 % short at two degrees of freedom, 4 % at three. */
export function studentEnd(freedom: number): number {
  const z = normal95;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

function placesOf(points: readonly CurvePoint[]): number[] {
  const [from, to] = [points[0]?.x ?? 1, points.at(-1)?.x ?? 1];
  return from === to ? [from] : Array.from({ length: shownPoints }, (_, at) => from * (to / from) ** (at / (shownPoints - 1)));
}

/** Between neighbours on the logarithm of x. */
function noiseAt(points: readonly CurvePoint[], x: number): number {
  const above = points.findIndex((point) => point.x >= x);
  const [left, right] = [points[Math.max(0, above - 1)] as CurvePoint, points[above < 0 ? points.length - 1 : above] as CurvePoint];
  const share = right.x > left.x ? Math.min(1, Math.log(x / left.x) / Math.log(right.x / left.x)) : 0;
  return noiseOf(left) + (noiseOf(right) - noiseOf(left)) * share;
}

const tidy = (value: number): number => Number(value.toPrecision(5));
