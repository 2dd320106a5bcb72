/** The failure law as a calibration document: what the sites say of nodeInterval and keptFactor is computed, the times of recovery stay as they stand in the document that is there. */
import type { FactKind } from "../../../model/schema/fact.ts";
import type { PublishedFact } from "../../../model/schema/published-facts.ts";
import { fitSites, studentQuantile } from "./random-effects.ts";
import { keptFactorOf, listObservations } from "./observations.ts";

export interface WrittenFact {
  readonly value: string | number;
  readonly source: string;
  readonly kind: FactKind;
  readonly low?: string | number;
  readonly high?: string | number;
  readonly note?: string;
}

const days = (value: number): string => `${Number(value.toPrecision(3))} d`;
/** A factor of two either way. */
const keptError = Math.log(2) / 1.96;
const rounded = (value: number): number => Number(value.toPrecision(3));

export function makeLawDocument(facts: Readonly<Record<string, PublishedFact>>, before: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keptFactor = keptFactorOf(facts);
  const observations = listObservations(facts);
  const sites = [...new Set(observations.map(({ site }) => site))].map((site) => {
    const own = observations.filter((one) => one.site === site);
    const weights = own.map(({ error }) => 1 / (error * error));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const log = own.reduce((sum, one, index) => sum + (Math.log(one.nodeInterval_d) + (one.kept ? Math.log(keptFactor) : 0)) * (weights[index] as number), 0) / total;
    return { site, nodes: Math.max(...own.map(({ nodes }) => nodes)), value: log, error: Math.sqrt(1 / total), figures: own.flatMap(({ figures }) => figures), kept: own.some(({ kept }) => kept) };
  });
  const fit = fitSites(sites.map(({ value, error, kept }) => ({ value, error: Math.hypot(error, kept ? keptError : 0) })));
  const reach = studentQuantile(0.975, fit.degrees) * fit.spread;
  const nodeInterval: WrittenFact = { value: days(Math.exp(fit.mean)), source: "failure-law-fit", kind: "published", low: days(Math.exp(fit.mean - reach)), high: days(Math.exp(fit.mean + reach)), note: `mean of ${sites.length} sites; the range is that of a site not seen` };
  const kept: WrittenFact = { value: rounded(keptFactor), source: "rsc-reliability", kind: "published", low: rounded(keptFactor / 2), high: rounded(keptFactor * 2), note: "jobs above 512 GPUs that failed: 14 % before nodes that fail again and again were taken out, 4 % after; no counts are stated, a factor of 2 either way is taken" };
  const { nodeInterval: _, keptFactor: __, betweenSites: ___, sites: ____, devicesPerNode: _____, ...rest } = before;
  return {
    ...rest,
    devicesPerNode: 8,
    nodeInterval,
    keptFactor: kept,
    betweenSites: rounded(fit.between),
    sites: sites.map(({ site, nodes, value, error, figures, kept: wasKept }) => ({ site, nodes, nodeInterval_d: rounded(Math.exp(value)), standardError: rounded(Math.hypot(error, wasKept ? keptError : 0)), figures: [...new Set(wasKept ? [...figures, "rsc-lemon-before", "rsc-lemon-after"] : figures)] })),
  };
}
