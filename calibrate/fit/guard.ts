/**
 * A fit beside the record of the last one (the points that the page shows): whether the record is still of these documents and equations, and which protocol and family
 * predict worse than recorded. Families of few points wander more than a whole kind of networks when a fit stops a step earlier, so they are held less tightly.
 */
import type { CorpusCalibration } from "../../model/schema/calibration.ts";
import type { Network, ParityData, ParityRow } from "./transformer/parity.ts";
import type { FitProblem } from "./transformer/problem.ts";
import type { FitProtocol, Prediction } from "./transformer/protocols.ts";
import { describeErrors, type Scored } from "./transformer/statistics.ts";

/** Percentage points that a mean error of a kind of networks, and of one family of it, may get worse by. */
export const tolerance = { kind: 0.3, family: 1.2 } as const;
/** Share of 95 % intervals that must hold, in percent, where they did. */
export const promised = [90, 98] as const;
/** A prediction without any fit that moves by more is of other documents or equations. */
const same = 2e-3;
/** Standard errors that an effect may be away from the optimum. */
const still = 0.75;

const remedy = "refit: npm run fit, then read what moved and say it in CHANGELOG.md";
const keyOf = ({ parameter, scope }: CorpusCalibration["effects"][number]): string => (scope === "all" ? parameter : `${parameter} ${scope}`);

/** Where a fit stands that starts from a document; effects that it does not list are at their priors. */
export function startFrom({ effects }: Pick<CorpusCalibration, "effects">, problem: FitProblem): Float64Array {
  const known = new Map(effects.map((effect) => [keyOf(effect), effect.factor]));
  return Float64Array.from(problem.effects, ({ key }) => Math.log(known.get(key) ?? 1));
}

/** Effects of the document that further steps move: it is no optimum of these runs, documents and equations. */
export function findMoved({ effects }: Pick<CorpusCalibration, "effects">, problem: FitProblem, reached: Float64Array): string[] {
  const place = new Map(problem.effects.map(({ key }, at) => [key, at]));
  return effects.flatMap((effect) => {
    const at = place.get(keyOf(effect));
    if (at === undefined) return [`${keyOf(effect)} is in the calibration and no run knows it; ${remedy}`];
    const moves = Math.abs((reached[at] ?? 0) - Math.log(effect.factor)) / effect.standardError;
    return moves < still ? [] : [`${keyOf(effect)} moves by ${moves.toFixed(1)} standard errors from ${effect.factor} to ${Math.exp(reached[at] ?? 0).toPrecision(4)}: the calibration is no optimum; ${remedy}`];
  });
}

/** Runs, and predictions from documents alone, that are not those of the record. */
export function findStale(recorded: ParityData, rows: readonly ParityRow[], cold: readonly Prediction[]): string[] {
  const { id: ids, flag, predicted_s } = recorded.points;
  const before = new Map(ids.map((id, at) => [id, predicted_s["cold"]?.[at] ?? Number.NaN]));
  const flagged = new Map(ids.map((id, at) => [id, flag[at] !== null]));
  const now = new Set(rows.map(({ id }) => id));
  const list = (names: readonly string[]): string => `${names.length} of ${rows.length}, first ${names[0] ?? ""}`;
  const changed = rows.filter(({ id, flags }) => !before.has(id) || flagged.get(id) !== flags.length > 0).map(({ id }) => id);
  const gone = ids.filter((id) => !now.has(id));
  const moved = cold.filter(({ id, predicted_s: value }) => Math.abs(value / (before.get(id) ?? value) - 1) > same);
  const [first] = moved;
  return [
    ...(changed.length > 0 ? [`runs that the record has not, or flags otherwise: ${list(changed)}; ${remedy}`] : []),
    ...(gone.length > 0 ? [`runs that only the record has: ${list(gone)}; ${remedy}`] : []),
    ...(first === undefined ? [] : [`cold predictions moved, ${list(moved.map(({ id }) => id))} from ${before.get(first.id)} s to ${first.predicted_s.toPrecision(5)} s: documents or equations changed since the fit; ${remedy}`]),
  ];
}

interface Group {
  readonly name: string;
  readonly isKind: boolean;
  readonly before: readonly Scored[];
  readonly now: readonly Scored[];
}

/** What got worse than recorded, by protocol, kind of networks and family, over the points that both have. */
export function findWorsening(recorded: ParityData, rows: readonly ParityRow[], predictions: Readonly<Partial<Record<FitProtocol, readonly Prediction[]>>>): string[] {
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return Object.entries(predictions).flatMap(([protocol, list]) => {
    const known = new Set(list.filter(({ id }) => rowOf.get(id)?.flags.length === 0).map(({ id }) => id));
    const before = recordedErrors(recorded, protocol).filter(({ id }) => known.has(id));
    const both = new Set(before.map(({ id }) => id));
    const good = list.filter(({ id }) => both.has(id));
    const names = (of: (id: string) => string | undefined): string[] => [...new Set(good.map(({ id }) => of(id)))].filter((name) => name !== undefined).toSorted();
    const groupsOf = (of: (id: string) => string | undefined, isKind: boolean): Group[] => names(of).map((name) => ({ name, isKind, before: before.filter(({ id }) => of(id) === name), now: good.filter(({ id }) => of(id) === name) }));
    const groups = [...groupsOf((id) => rowOf.get(id)?.network, true), ...groupsOf((id) => rowOf.get(id)?.family, false)];
    return groups.flatMap((group) => judge(protocol, group));
  });
}

export interface RecordedError extends Scored {
  readonly id: string;
  readonly network: Network;
}

/** Of points that no rule keeps out. */
export function recordedErrors({ points, series }: ParityData, protocol: string): RecordedError[] {
  return points.id.flatMap((id, at) => {
    const [predicted_s, sd, measured_s] = [points.predicted_s[protocol]?.[at] ?? null, points.sd[protocol]?.[at] ?? null, points.measured_s[at] ?? Number.NaN];
    return predicted_s === null || sd === null || points.flag[at] !== null ? [] : [{ id, network: points.network[at] ?? "dense", error: predicted_s / measured_s - 1, sd, series: series[points.series[at] ?? -1]?.id ?? "" }];
  });
}

function judge(protocol: string, { name, isKind, before, now }: Group): string[] {
  const [was, is] = [describeErrors(before), describeErrors(now)];
  if (was === undefined || is === undefined) return [];
  const percent = (value: number, digits: number): string => `${(100 * value).toFixed(digits)} %`;
  const [least, most] = promised;
  const holds = (coverage: number): boolean => least <= 100 * coverage && 100 * coverage <= most;
  const worse = 100 * (is.mape - was.mape) > (isKind ? tolerance.kind : tolerance.family);
  return [
    ...(worse ? [`${protocol}, ${name}: mean error ${percent(was.mape, 2)} before, ${percent(is.mape, 2)} now, over ${is.points} points`] : []),
    ...(isKind && holds(was.coverage95) && !holds(is.coverage95) ? [`${protocol}, ${name}: 95 % intervals held ${percent(was.coverage95, 1)} before, ${percent(is.coverage95, 1)} now, ${least} to ${most} % are promised`] : []),
  ];
}
