/** What the page of validation says: first what is held out, then findings, each from the figures that stand beside it. */
import { describeErrors, type ErrorStatistics } from "../../../calibrate/fit/transformer/statistics.ts";
import { count, percent, signedPercent } from "../format.ts";
import { holds } from "./parity-data.ts";
import { facets, kindWords, type Facet, type Filters, type Validation } from "./validation-data.ts";

/** In the order of the switch. */
export const protocolWords: Readonly<Record<string, { name: string; held: string }>> = {
  "leave-one-series-out": { name: "Series out", held: "Held out: each run's own series" },
  "leave-one-machine-out": { name: "Machine out", held: "Held out: each run's own machine" },
  "leave-twins-out": { name: "Twins out", held: "Held out: each run's twins" },
  extrapolate: { name: "Extrapolate", held: "Held out: larger scales" },
  cold: { name: "Cold", held: "Held out: every run" },
  "in-sample": { name: "In-sample", held: "Nothing is held out" },
};
const order = Object.keys(protocolWords);

/** Mean and median error that each protocol is meant to reach over all networks; no goal is set for twins. */
const goals: Readonly<Record<string, readonly [mean: number, median: number]>> = { "leave-one-series-out": [0.05, 0.03], "leave-one-machine-out": [0.08, 0.05], extrapolate: [0.04, 0.025], cold: [0.12, 0.08], "in-sample": [0.03, 0.02] };

/** The goal of a protocol beside whether these points reach it; undefined where there is none, or no point. */
export function goalOf(protocol: string, errors: ErrorStatistics | undefined): { words: string; met: boolean } | undefined {
  const goal = goals[protocol];
  if (goal === undefined || errors === undefined) return undefined;
  const [mean, median] = goal;
  return { words: `${100 * mean} / ${100 * median}`, met: errors.mape <= mean && errors.median <= median };
}

/** Held out first; a protocol without a place of its own comes last. */
export function inOrder<T extends { readonly id: string }>(protocols: readonly T[]): T[] {
  const place = ({ id }: T): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return protocols.toSorted((a, b) => place(a) - place(b));
}

export const nameOfProtocol = (id: string): string => protocolWords[id]?.name ?? id;
export const nothing = "No point is left by this protocol and these filters.";

export function heldOut({ view }: Validation): string {
  return `${protocolWords[view.protocol]?.held ?? view.protocol}: ${view.means}.`;
}

export function headline({ view: { all, inSample, protocol } }: Validation): string {
  if (all === undefined) return "No published step is left to compare";
  const known = inSample ? "Learned from" : protocol === "cold" ? "With no run learned from" : "Held out";
  return `${known}, half of ${count(all.points)} predictions are within ${percent(all.median, 2)} of the measured step`;
}

/** What a filter is called, and what its menu says where nothing is chosen. */
export const facetWords: Readonly<Record<Facet, { name: string; every: string }>> = {
  family: { name: "Family", every: "every family" },
  device: { name: "Device", every: "every device" },
  machine: { name: "Machine", every: "every machine" },
  precision: { name: "Precision", every: "every precision" },
  source: { name: "Source", every: "every source" },
};

/** Titles of devices and machines by id; other facets are their own words. */
export const facetTitle = (facet: Facet, value: string, titles: Titles): string => (facet === "device" ? titles.device(value) : facet === "machine" ? titles.machine(value) : value);
export interface Titles {
  readonly device: (id: string) => string;
  readonly machine: (id: string) => string;
}

export function subjectOf(filters: Filters, titles: Titles): string {
  const chosen = facets.flatMap((facet) => (filters[facet] === null ? [] : [facetTitle(facet, filters[facet], titles)]));
  return ["published training runs", ...(filters.kind === "all" ? [] : [kindWords[filters.kind]]), ...chosen].join(" · ");
}

/** Where a node ends and its network begins to matter differs by machine; 64 devices are several nodes on all but rack-wide ones. */
const several = 64;

export function scaleTitle({ view }: Validation): string {
  const good = view.points.filter(({ flag }) => flag === null);
  const [few, many] = [describeErrors(good.filter(({ devices }) => devices <= several)), describeErrors(good.filter(({ devices }) => devices > several))];
  if (few && many) return `Mean error ${percent(few.mape, 2)} up to ${several} devices, ${percent(many.mape, 2)} above`;
  const one = few ?? many;
  return one ? `Mean error ${percent(one.mape, 2)}, ${few ? "none above" : "all above"} ${several} devices` : nothing;
}

export function missesTitle({ view }: Validation): string {
  const good = view.points.filter(({ flag }) => flag === null);
  const outside = good.filter((one) => !holds(one)).length;
  return good.length === 0 ? nothing : `${count(outside)} of ${count(good.length)} are outside their 95\u202f% interval`;
}

export function familiesTitle({ byFamily }: Validation): string {
  const worst = byFamily.toSorted((a, b) => b.errors.mape - a.errors.mape)[0];
  return worst ? `${byFamily.length > 1 ? "Furthest off: " : ""}${worst.family}, ${percent(worst.errors.mape, 2)} over ${count(worst.errors.points)} ${worst.errors.points === 1 ? "point" : "points"}` : nothing;
}

export function coverageTitle({ view: { all } }: Validation): string {
  return all ? `95\u202f% intervals hold ${percent(all.coverage95, 2)}, 80\u202f% intervals ${percent(all.coverage80, 2)}` : nothing;
}

export const coverageSubtitle = ({ halfWidth }: Validation): string => (halfWidth === undefined ? "" : `Tick: promised; bar: held. Half of the 95\u202f% intervals end at ${signedPercent(halfWidth)} of their prediction or nearer.`);

/** What a figure of this page does not say. */
export const cautions = [
  "Equations, priors and most rules for suspicious rows were chosen with residuals of these same sources in view; runs that nobody has looked at will do worse.",
  "Transformers and vision or science networks are two fits, each held out within itself; leave twins out is of transformers only.",
  "Suspected causes are what a row itself gives reason to suspect; none is known for certain.",
];
