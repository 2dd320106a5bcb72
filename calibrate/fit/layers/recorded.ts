/** Errors by protocol and network as they are recorded, so that a change that worsens them is seen: percent, and the share of intervals that hold. */
import type { FittedRuns } from "../transformer/fit-catalogue.ts";
import { describeErrors } from "../transformer/statistics.ts";
import type { LayerRun } from "./runs.ts";

export interface RecordedErrors {
  readonly points: number;
  readonly mape: number;
  readonly median: number;
  readonly coverage95: number;
}
/** By protocol, then by network; "all" are all. */
export type RecordedAccuracy = Readonly<Record<string, Readonly<Record<string, RecordedErrors>>>>;

const hundredths = (value: number): number => Math.round(1e4 * value) / 100;

export function recordAccuracy({ runs, predictions }: Pick<FittedRuns<LayerRun>, "runs" | "predictions">): RecordedAccuracy {
  const models = new Map(runs.flatMap(({ case: { id, model, flags } }) => (flags.length === 0 ? [[id, model] as const] : [])));
  const record = (list: NonNullable<(typeof predictions)["cold"]>): RecordedErrors | undefined => {
    const errors = describeErrors(list);
    return errors && { points: errors.points, mape: hundredths(errors.mape), median: hundredths(errors.median), coverage95: hundredths(errors.coverage95) };
  };
  return Object.fromEntries(
    Object.entries(predictions).map(([protocol, list]) => {
      const good = list.filter(({ id }) => models.has(id));
      const names = ["all", ...[...new Set(models.values())].toSorted()];
      return [protocol, Object.fromEntries(names.flatMap((name) => {
        const errors = record(name === "all" ? good : good.filter(({ id }) => models.get(id) === name));
        return errors === undefined ? [] : [[name, errors]];
      }))];
    }),
  );
}
