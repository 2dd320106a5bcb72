/**
 * Every point of a fitted catalogue beside what each protocol predicts of it, as columns: the data of the page's parity plot, written with the calibration document so that
 * both tell of the same fit. Flagged rows are there with their reason and no part of any score; rows that a source computed are left out, as they are scored apart.
 */
import { causeOf } from "./cause.ts";
import type { FittedCatalogue } from "./fit-catalogue.ts";
import type { FitProtocol } from "./protocols.ts";

export interface ParitySeries {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly device: string;
  readonly source: { readonly title: string; readonly url: string };
}

export interface ParityData {
  readonly about: string;
  readonly from: { readonly file: string; readonly sha256: string };
  /** Held-out protocols first. */
  readonly protocols: ReadonlyArray<{ readonly id: FitProtocol; readonly means: string }>;
  readonly series: readonly ParitySeries[];
  /** One entry a point in each column. */
  readonly points: {
    readonly id: readonly string[];
    /** Index in `series`. */
    readonly series: readonly number[];
    readonly devices: readonly number[];
    readonly layout: readonly string[];
    /** What the row gives reason to suspect where a prediction misses. */
    readonly cause: readonly string[];
    readonly experts: readonly boolean[];
    readonly measured_s: readonly number[];
    /** Why it is in no score, or null. */
    readonly flag: ReadonlyArray<string | null>;
    /** By protocol; null where the protocol does not predict the point. */
    readonly predicted_s: Readonly<Record<string, ReadonlyArray<number | null>>>;
    /** Standard deviation of the logarithm. */
    readonly sd: Readonly<Record<string, ReadonlyArray<number | null>>>;
  };
}

const order: readonly FitProtocol[] = ["leave-one-series-out", "leave-twins-out", "leave-one-machine-out", "extrapolate", "cold", "in-sample"];
const round = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** `sources` by series. */
export function describeParity({ measured: { runs, predictions } }: FittedCatalogue, from: ParityData["from"], sources: ReadonlyMap<string, ParitySeries["source"]>, meanings: Readonly<Record<FitProtocol, string>>): ParityData {
  const cases = runs.map((one) => one.case);
  const firsts = cases.filter((one, at) => cases.findIndex(({ series }) => series === one.series) === at);
  const series = firsts.map(({ series: id, title, family, device }): ParitySeries => ({ id, title, family, device, source: sources.get(id) ?? { title: id, url: "" } }));
  const caseOf = new Map(cases.map((one) => [one.id, one]));
  const held = (predictions["leave-one-series-out"] ?? []).flatMap(({ id, error }) => {
    const of = caseOf.get(id);
    return of === undefined || of.flags.length > 0 ? [] : [{ case: of, error }];
  });
  const place = new Map(series.map(({ id }, at) => [id, at]));
  const protocols = order.filter((id) => predictions[id] !== undefined);
  const columnOf = (protocol: FitProtocol, of: "predicted_s" | "sd"): Array<number | null> => {
    const byId = new Map(predictions[protocol]?.map((one) => [one.id, one]));
    return cases.map(({ id }) => {
      const found = byId.get(id);
      return found === undefined ? null : round(found[of], of === "sd" ? 3 : 5);
    });
  };
  return {
    about: "Step times of published transformer runs beside predictions, written by cli/fit-transformers.ts with the calibration transformer-runs; do not edit.",
    from,
    protocols: protocols.map((id) => ({ id, means: meanings[id] })),
    series,
    points: {
      id: cases.map(({ id }) => id),
      series: cases.map((one) => place.get(one.series) ?? 0),
      devices: cases.map(({ layout }) => layout.devices),
      layout: cases.map(({ layout, sparse }) => describeLayout(layout, sparse)),
      cause: cases.map((one) => causeOf(one, held)),
      experts: cases.map(({ sparse }) => sparse),
      measured_s: cases.map(({ measured }) => round(measured.step_s, 5)),
      flag: cases.map(({ flags }) => (flags.length === 0 ? null : flags.map(({ rule, what }) => `${rule}: ${what}`).join("; "))),
      predicted_s: Object.fromEntries(protocols.map((id) => [id, columnOf(id, "predicted_s")])),
      sd: Object.fromEntries(protocols.map((id) => [id, columnOf(id, "sd")])),
    },
  };
}

function describeLayout({ tensor, pipeline, context, data, expert, microBatch, recipe }: FittedCatalogue["measured"]["runs"][number]["case"]["layout"], sparse: boolean): string {
  const degrees = [["tensor", tensor], ["context", context], ["pipeline", pipeline], ["expert", sparse ? expert : 1]] as const;
  return [...degrees.flatMap(([name, value]) => (value > 1 ? [`${name} ${value}`] : [])), `data ${data}`, `micro-batch ${microBatch}`, recipe].join(", ");
}
