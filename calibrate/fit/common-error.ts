/**
 * What is common to the interpolation errors of a whole network: the time of a group of operations, each predicted from surfaces without the sizes of that
 * group, over the time measured; root mean square of the logarithms over groups. Groups are networks where rows name one; else five parts of all sizes, in
 * which every operation is repeated until it takes as long as the others, as a table is no network. Errors that average out are not in it. Left out: another day of the machine, which only a second measurement shows.
 */
import { rootMeanSquare } from "simple-statistics";
import { prepareSurface, readSurfaceTime } from "../../model/compute/surface.ts";
import type { SurfaceDocument } from "../../model/schema/calibration.ts";
import type { SurfacePoint } from "./surface.ts";

export interface GroupedPoint extends SurfacePoint {
  readonly group?: string;
}

export interface FittedSurface {
  readonly surface: SurfaceDocument;
  /** What it was fitted to. */
  readonly points: readonly GroupedPoint[];
}

/** No machine repeats a training step better. */
export const leastCommonError = 0.02;
const folds = 5;
/** A left-out group of fewer sizes is an operation and not a network. */
const leastInGroup = 3;

export function commonErrorOf(fitted: readonly FittedSurface[]): number {
  const named = [...new Set(fitted.flatMap(({ points }) => points.flatMap(({ group }) => group ?? [])))];
  const byNetwork = errorsOf(fitted, named, () => 1);
  const parts = Array.from({ length: folds }, (_, at) => String(at));
  const logs = byNetwork.length > 1 ? byNetwork : errorsOf(fitted.map(part), parts, ({ time_s }) => 1 / time_s);
  return Number(Math.max(leastCommonError, logs.length > 0 ? rootMeanSquare(logs) : 0).toPrecision(3));
}

/** Logarithm of predicted over measured sums, of each group that is large enough. */
function errorsOf(fitted: readonly FittedSurface[], groups: readonly string[], timesOf: (point: GroupedPoint) => number): number[] {
  return groups.flatMap((group) => {
    const sums = fitted.map((one) => predictGroup(one, group, timesOf));
    const add = (of: keyof Sums): number => sums.reduce((sum, one) => sum + one[of], 0);
    return add("count") < leastInGroup ? [] : [Math.log(add("predicted_s") / add("measured_s"))];
  });
}

/** Neighbours in size go to different parts. */
function part({ surface, points }: FittedSurface): FittedSurface {
  const sizes = [...new Map(points.map((point) => [point.features.join(" "), point])).values()].toSorted((a, b) => a.bound_s - b.bound_s || (a.features.join(" ") < b.features.join(" ") ? -1 : 1));
  const partOf = new Map(sizes.map(({ features }, at) => [features.join(" "), String(at % folds)]));
  return { surface, points: points.map((point) => ({ ...point, group: partOf.get(point.features.join(" ")) as string })) };
}

interface Sums {
  readonly predicted_s: number;
  readonly measured_s: number;
  /** Of operations. */
  readonly count: number;
}

/** Sizes that the group shares with another are left out with it. Length scales and noise stay: they are of all points. */
function predictGroup({ surface, points }: FittedSurface, group: string, timesOf: (point: GroupedPoint) => number): Sums {
  const own = points.filter((point) => point.group === group);
  const sizes = new Set(own.map(({ features }) => features.join(" ")));
  const others = points.filter(({ features }) => !sizes.has(features.join(" ")));
  if (own.length === 0 || others.length === 0) return { predicted_s: 0, measured_s: 0, count: 0 };
  const prepared = prepareSurface({ ...surface, points: others.map(({ features, bound_s, time_s }) => [...features, bound_s, time_s]) });
  return {
    predicted_s: own.reduce((sum, point) => sum + timesOf(point) * readSurfaceTime(prepared, point.features, point.bound_s), 0),
    measured_s: own.reduce((sum, point) => sum + timesOf(point) * point.time_s, 0),
    count: own.length,
  };
}
