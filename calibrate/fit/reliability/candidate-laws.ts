/**
 * Laws of the rate at which jobs are interrupted, each fitted without the site that it then predicts. The question is how the rate of a job depends on its nodes, and how far one site's
 * figure may be carried to another; an answer that fails is told by what it says of a site that it has not seen.
 */
import { fitSites, studentQuantile, type SiteEffects } from "./random-effects.ts";
import type { Observation } from "./observations.ts";

export interface Expected {
  /** Logarithm of the mean time between interruptions of the job, in days. */
  readonly log: number;
  readonly spread: number;
  readonly degrees: number;
}

export interface CandidateLaw {
  readonly id: string;
  readonly words: string;
  fit(seen: readonly Observation[]): (job: Observation) => Expected;
}

export interface LawScore {
  readonly law: CandidateLaw;
  readonly cases: ReadonlyArray<{ readonly observation: Observation; readonly seen_d: number; readonly expected_d: number; readonly low95_d: number; readonly high95_d: number; readonly inside: boolean }>;
  /** Geometric mean of the factor between expected and seen. */
  readonly factor: number;
  readonly worst: number;
  readonly inside: number;
}

/** One value per site: observations of a site are averaged by their errors. */
function bySite(seen: readonly Observation[], valueOf: (one: Observation) => number): Array<{ value: number; error: number }> {
  return [...new Set(seen.map(({ site }) => site))].map((site) => {
    const own = seen.filter((one) => one.site === site);
    const weights = own.map(({ error }) => 1 / (error * error));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { value: own.reduce((sum, one, index) => sum + valueOf(one) * (weights[index] as number), 0) / total, error: Math.sqrt(1 / total) };
  });
}

const spreadOf = ({ spread, degrees }: SiteEffects): { spread: number; degrees: number } => ({ spread, degrees });

/** With a mean of logarithms over sites of whatever the law leaves constant. */
const perSite = (id: string, words: string, constant: (one: Observation) => number, ofJob: (constant: number, job: Observation) => number): CandidateLaw => ({
  id,
  words,
  fit: (seen) => {
    const sites = fitSites(bySite(seen, constant));
    return (job) => ({ log: ofJob(sites.mean, job), ...spreadOf(sites) });
  },
});

const logInterval = ({ nodeInterval_d }: Observation): number => Math.log(nodeInterval_d);

export function listLaws(hardwareRate_per_d: number, keptFactor: number): CandidateLaw[] {
  const managed = (one: Observation): number => logInterval(one) + (one.kept ? Math.log(keptFactor) : 0);
  return [
    { id: "one-rate", words: "the rate of hardware failures of one site (RSC-1), times nodes", fit: () => (job) => ({ log: -Math.log(hardwareRate_per_d * job.nodes), spread: 0.1, degrees: 1000 }) },
    { id: "pooled", words: "one rate for all sites, times nodes; only counts scatter", fit: (seen) => {
      const [events, exposure] = seen.reduce(([count, total], { error, nodeInterval_d }) => [count + 1 / error ** 2, total + nodeInterval_d / error ** 2], [0, 0]);
      return (job) => ({ log: Math.log(exposure / events / job.nodes), spread: Math.hypot(job.error, 1 / Math.sqrt(events)), degrees: 1000 });
    } },
    { id: "job-and-nodes", words: "a rate of the job, whatever its size, and one per node; sites differ", fit: fitJobAndNodes },
    { id: "power", words: "a power of the number of nodes; sites differ", fit: fitPower },
    perSite("per-node", "a rate per node; sites differ", logInterval, (mean, job) => mean - Math.log(job.nodes)),
    perSite("per-node-kept", "a rate per node; sites differ, and more often where failed nodes stay", managed, (mean, job) => mean - Math.log(job.nodes) - (job.kept ? Math.log(keptFactor) : 0)),
  ];
}

/** Jobs are interrupted at scale x (share + (1 - share) x nodes / 128): the share that leaves the least between sites. */
function fitJobAndNodes(seen: readonly Observation[]): (job: Observation) => Expected {
  const size = (share: number, nodes: number): number => share + ((1 - share) * nodes) / 128;
  const at = (share: number): SiteEffects => fitSites(bySite(seen, (one) => logInterval(one) - Math.log(one.nodes) + Math.log(size(share, one.nodes))));
  const shares = Array.from({ length: 100 }, (_, index) => index / 100);
  const best = shares.reduce((least, share) => (at(share).between < at(least).between ? share : least), 0);
  const sites = at(best);
  return (job) => ({ log: sites.mean - Math.log(size(best, job.nodes)), ...spreadOf(sites) });
}

function fitPower(seen: readonly Observation[]): (job: Observation) => Expected {
  const at = (power: number): SiteEffects => fitSites(bySite(seen, (one) => logInterval(one) - Math.log(one.nodes) + power * Math.log(one.nodes)));
  const powers = Array.from({ length: 201 }, (_, index) => index / 100);
  const best = powers.reduce((least, power) => (at(power).between < at(least).between ? power : least), 1);
  const sites = at(best);
  return (job) => ({ log: sites.mean - best * Math.log(job.nodes), spread: sites.spread, degrees: Math.max(1, sites.degrees - 1) });
}

/** Each site predicted by every law from the others. */
export function scoreLaws(laws: readonly CandidateLaw[], observations: readonly Observation[]): LawScore[] {
  return laws.map((law) => {
    const cases = observations.map((observation) => {
      const expected = law.fit(observations.filter(({ site }) => site !== observation.site))(observation);
      const reach = studentQuantile(0.975, expected.degrees) * Math.hypot(expected.spread, observation.error);
      const seen_d = observation.nodeInterval_d / observation.nodes;
      const expected_d = Math.exp(expected.log);
      return { observation, seen_d, expected_d, low95_d: expected_d * Math.exp(-reach), high95_d: expected_d * Math.exp(reach), inside: Math.abs(Math.log(seen_d) - expected.log) <= reach };
    });
    const factors = cases.map(({ seen_d, expected_d }) => Math.abs(Math.log(expected_d / seen_d)));
    return { law, cases, factor: Math.exp(factors.reduce((sum, one) => sum + one, 0) / factors.length), worst: Math.exp(Math.max(...factors)), inside: cases.filter(({ inside }) => inside).length };
  });
}
