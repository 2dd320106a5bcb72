/**
 * What the page of validation shows of published runs: the points of one protocol that the filters leave, their figures by protocol, by family and by kind of network, and why
 * rows are kept out. Figures are those of describeErrors, as docs/accuracy.md and docs/accuracy-transformers.md have them.
 */
import { group } from "d3";
import { networks, type Network, type ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { describeErrors, normal95, type ErrorStatistics } from "../../../calibrate/fit/transformer/statistics.ts";
import { parityView, withFigures, type ParityPoint, type ParityView } from "./parity-data.ts";
import type { Table } from "./table.ts";

export type Kind = "all" | Network;
export const kinds: readonly Kind[] = ["all", ...networks];
export const kindWords: Readonly<Record<Kind, string>> = { all: "all", dense: "dense", experts: "mixture of experts", layers: "vision and science" };

/** What points are chosen by, one value of each at most. */
export const facets = ["family", "device", "machine", "precision", "source"] as const;
export type Facet = (typeof facets)[number];
export type Filters = { kind: Kind } & Record<Facet, string | null>;

const facetOf: Readonly<Record<Facet, (one: ParityPoint) => string>> = {
  family: ({ family }) => family,
  device: ({ deviceId }) => deviceId,
  machine: ({ machine }) => machine,
  precision: ({ precision }) => precision,
  source: ({ source }) => source.title,
};

export interface FamilyErrors {
  family: string;
  points: ParityPoint[];
  errors: ErrorStatistics;
}

export interface Validation {
  /** Whether no filter keeps points out: goals are of all. */
  whole: boolean;
  view: ParityView;
  /** The point in the card. */
  chosen: ParityPoint | undefined;
  byProtocol: ReadonlyArray<{ id: string; means: string; errors: ErrorStatistics | undefined }>;
  byFamily: FamilyErrors[];
  byKind: ReadonlyArray<{ kind: Kind; errors: ErrorStatistics }>;
  /** Values of each facet that the other filters leave points of. */
  choices: Readonly<Record<Facet, readonly string[]>>;
  keptOut: ReadonlyArray<{ rule: string; points: ParityPoint[] }>;
  /** Half of the 95 % intervals reach no further above their prediction than this share. */
  halfWidth: number | undefined;
}

const passes = (filters: Filters, but?: Facet) => (one: ParityPoint): boolean =>
  (filters.kind === "all" || one.network === filters.kind) && facets.every((facet) => facet === but || filters[facet] === null || facetOf[facet](one) === filters[facet]);
const scored = (points: readonly ParityPoint[]): ParityPoint[] => points.filter(({ flag }) => flag === null);
const median = (values: readonly number[]): number | undefined => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const nameOf = ({ family, network }: ParityPoint): string => `${family}${network === "experts" ? ", experts" : ""}`;

export type Wanted = { protocol: string | null; point: string | null } & Filters;

/** Points of a protocol are made once. */
export function createValidator(data: ParityData, titleOf: (device: string) => string): (wanted: Wanted) => Validation {
  const views = new Map(data.protocols.map(({ id }) => [id as string, parityView(data, id, "", titleOf)]));
  return (wanted) => validate(data, views, wanted);
}

function validate(data: ParityData, views: ReadonlyMap<string, ParityView>, wanted: Wanted): Validation {
  const pass = passes(wanted);
  const of = (protocol: string): ParityView => {
    const { points, ...view } = views.get(protocol) ?? { protocol, means: "", inSample: false, points: [] };
    return withFigures({ ...view, points: points.filter(pass) });
  };
  const protocol = wanted.protocol ?? data.protocols[0]?.id ?? "";
  const all = of(protocol);
  const chosen = all.points.find(({ id }) => id === wanted.point) ?? scored(all.points).toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error))[0];
  const view = { ...all, points: all.points.map((one) => ({ ...one, own: one.id === chosen?.id })) };
  const good = scored(view.points);
  const figures = (points: readonly ParityPoint[]): ErrorStatistics[] => [describeErrors(points)].filter((errors) => errors !== undefined);
  return {
    whole: wanted.kind === "all" && facets.every((facet) => wanted[facet] === null),
    view, chosen: view.points.find(({ own }) => own),
    byProtocol: data.protocols.map(({ id, means }) => ({ id, means, errors: id === protocol ? all.all : of(id).all })),
    byFamily: [...group(good, nameOf)].flatMap(([family, points]) => figures(points).map((errors) => ({ family, points, errors }))).toSorted((a, b) => b.errors.points - a.errors.points),
    byKind: (new Set(good.map(({ network }) => network)).size > 1 ? kinds : kinds.slice(1)).flatMap((kind) => figures(kind === "all" ? good : good.filter(({ network }) => network === kind)).map((errors) => ({ kind, errors }))),
    choices: Object.fromEntries(facets.map((facet) => [facet, valuesOf(facet, (views.get(protocol)?.points ?? []).filter(passes(wanted, facet)))])) as unknown as Validation["choices"],
    keptOut: [...group(view.points.filter((one) => one.flag !== null), (one) => one.flag?.split(":")[0] ?? "")].map(([rule, points]) => ({ rule, points })).toSorted((a, b) => b.points.length - a.points.length),
    halfWidth: median(good.map(({ sd }) => Math.expm1(normal95 * sd))),
  };
}

const valuesOf = (facet: Facet, points: readonly ParityPoint[]): string[] => [...new Set(points.map(facetOf[facet]))].toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));

const columns = [{ name: "points", whole: true }, { name: "series", whole: true }, ...["mean error", "median", "p90", "bias", "worst", "80 % holds", "95 % holds"].map((name) => ({ name, unit: "%" }))];
const cells = (errors: ErrorStatistics | undefined): Array<number | null> => (errors === undefined ? [0, 0, ...Array.from({ length: 7 }, () => null)] : [errors.points, errors.series, ...[errors.mape, errors.median, errors.p90, errors.bias, errors.worst, errors.coverage80, errors.coverage95].map((value) => Number((100 * value).toPrecision(5)))]);

export const protocolTable = ({ byProtocol }: Validation): Table => ({ name: "protocols", caption: "Errors of step time by what was known", columns: [{ name: "protocol" }, ...columns, { name: "means" }], rows: byProtocol.map(({ id, means, errors }) => [id, ...cells(errors), means]) });
export const familyTable = ({ byFamily, view }: Validation): Table => ({ name: "families", caption: `Errors of step time by family, ${view.protocol}`, columns: [{ name: "family" }, ...columns], rows: byFamily.map(({ family, errors }) => [family, ...cells(errors)]) });
export const coverageTable = ({ byKind, view }: Validation): Table => ({ name: "coverage", caption: `What intervals hold, ${view.protocol}`, columns: [{ name: "networks" }, ...columns], rows: byKind.map(({ kind, errors }) => [kindWords[kind], ...cells(errors)]) });
