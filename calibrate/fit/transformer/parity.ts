/**
 * Every point of a fitted catalogue beside what each protocol predicts of it, as columns: the data of the page's parity plot and the record that a later fit is compared with,
 * written with the calibration document so that all tell of the same fit. Flagged rows are there with their reason and no part of any score; rows that a source computed are
 * left out, as they are scored apart.
 */
import { causeOf } from "./cause.ts";
import type { FittedCatalogue, FittedRuns } from "./fit-catalogue.ts";
import type { FitProtocol } from "./protocols.ts";

/** Dense transformers, transformers with experts, and networks made of layers. */
export const networks = ["dense", "experts", "layers"] as const;
export type Network = (typeof networks)[number];

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
  /** A series of several networks or devices has an entry for each. */
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
    readonly network: readonly Network[];
    /** Machine document, which a row may have only stood in for. */
    readonly machine: readonly string[];
    readonly precision: readonly string[];
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

/** What a point needs besides its predictions. */
export interface ParityRow {
  readonly id: string;
  readonly series: string;
  readonly title: string;
  readonly family: string;
  readonly network: Network;
  readonly device: string;
  readonly machine: string;
  readonly precision: string;
  readonly devices: number;
  readonly layout: string;
  readonly cause: string;
  readonly measured_s: number;
  readonly flags: ReadonlyArray<{ readonly rule: string; readonly what: string }>;
}

export type ParityHead = Pick<ParityData, "about" | "from"> & { readonly sources: ReadonlyMap<string, ParitySeries["source"]>; readonly meanings: Readonly<Partial<Record<FitProtocol, string>>> };

/** `sources` by series. */
export function describeParity(rows: readonly ParityRow[], predictions: FittedRuns["predictions"], { about, from, sources, meanings }: ParityHead): ParityData {
  const keyOf = ({ series: id, family, device }: ParityRow): string => `${id} ${family} ${device}`;
  const firsts = new Map(rows.toReversed().map((row) => [keyOf(row), row]));
  const keys = [...new Set(rows.map(keyOf))];
  const series = keys.map((key): ParitySeries => {
    const { series: id, title, family, device } = firsts.get(key) as ParityRow;
    return { id, title, family, device, source: sources.get(id) ?? { title: id, url: "" } };
  });
  const place = new Map(keys.map((key, at) => [key, at]));
  const protocols = order.filter((id) => predictions[id] !== undefined);
  const columnOf = (protocol: FitProtocol, of: "predicted_s" | "sd"): Array<number | null> => {
    const byId = new Map(predictions[protocol]?.map((one) => [one.id, one]));
    return rows.map(({ id }) => {
      const found = byId.get(id);
      return found === undefined ? null : round(found[of], 5);
    });
  };
  const column = <T>(of: (row: ParityRow) => T): T[] => rows.map(of);
  return {
    about,
    from,
    protocols: protocols.map((id) => ({ id, means: meanings[id] ?? id })),
    series,
    points: {
      id: column(({ id }) => id),
      series: column((row) => place.get(keyOf(row)) ?? 0),
      devices: column(({ devices }) => devices),
      layout: column(({ layout }) => layout),
      cause: column(({ cause }) => cause),
      network: column(({ network }) => network),
      machine: column(({ machine }) => machine),
      precision: column(({ precision }) => precision),
      measured_s: column(({ measured_s }) => round(measured_s, 5)),
      flag: column(({ flags }) => (flags.length === 0 ? null : flags.map(({ rule, what }) => `${rule}: ${what}`).join("; "))),
      predicted_s: Object.fromEntries(protocols.map((id) => [id, columnOf(id, "predicted_s")])),
      sd: Object.fromEntries(protocols.map((id) => [id, columnOf(id, "sd")])),
    },
  };
}

/** Points of transformers. */
export function transformerRows({ runs, predictions }: Pick<FittedCatalogue["measured"], "runs" | "predictions">): ParityRow[] {
  const caseOf = new Map(runs.map((one) => [one.case.id, one.case]));
  const held = (predictions["leave-one-series-out"] ?? []).flatMap(({ id, error }) => {
    const of = caseOf.get(id);
    return of === undefined || of.flags.length > 0 ? [] : [{ case: of, error }];
  });
  return runs.map(({ case: one }): ParityRow => {
    const { id, series, title, family, device, machine, flags, layout, sparse, measured } = one;
    return { id, series, title, family, network: sparse ? "experts" : "dense", device, machine, precision: layout.recipe, devices: layout.devices, layout: describeLayout(layout, sparse), cause: causeOf(one, held), measured_s: measured.step_s, flags };
  });
}

function describeLayout({ tensor, pipeline, context, data, expert, microBatch, recipe }: FittedCatalogue["measured"]["runs"][number]["case"]["layout"], sparse: boolean): string {
  const degrees = [["tensor", tensor], ["context", context], ["pipeline", pipeline], ["expert", sparse ? expert : 1]] as const;
  return [...degrees.flatMap(([name, value]) => (value > 1 ? [`${name} ${value}`] : [])), `data ${data}`, `micro-batch ${microBatch}`, recipe].join(", ");
}
