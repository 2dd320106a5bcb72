/** docs/failure-law.md: which law of interruptions holds for a site that it has not seen. */
import { showQuantity } from "../../../model/units.ts";
import type { PublishedFact } from "../../../model/schema/published-facts.ts";
import { listLaws, scoreLaws, type LawScore } from "./candidate-laws.ts";
import { keptFactorOf, listObservations, valueOf } from "./observations.ts";

const day = 86_400;
const time = (value_d: number): string => showQuantity(value_d * day, "time");

export function describeLaws(facts: Readonly<Record<string, PublishedFact>>, command: string): string {
  const observations = listObservations(facts);
  const hardware = valueOf(facts, "rsc-rate-rsc1") / 1000;
  const keptFactor = keptFactorOf(facts);
  const scores = scoreLaws(listLaws(hardware, keptFactor), observations);
  const best = scores.at(-1) as LawScore;
  const rsc = (nodes: number) => (of: LawScore) => of.cases.find(({ observation }) => observation.site === "RSC-1" && observation.nodes === nodes);
  const [small, large] = [rsc(1)(best), rsc(128)(best)];
  const withJobPart = rsc(1)(scores.find(({ law }) => law.id === "job-and-nodes") ?? best);
  if (small === undefined || large === undefined || withJobPart === undefined) throw new Error("RSC-1 at 8 and 1,024 GPUs is what this page is about");
  const apart = [1 / (hardware * small.observation.nodeInterval_d), 1 / (hardware * large.observation.nodeInterval_d)];
  const rates = observations.map(({ nodeInterval_d }) => 1000 / nodeInterval_d);
  return [
    "# How often training jobs are interrupted",
    "",
    `Written by \`${command}\` from the figures in \`scenarios/facts/reliability.json\`; the law it chooses is \`scenarios/calibrations/interruptions-ai-clusters.json\`, which \`exatwin train\` names where a`,
    "machine does not state its own. Nodes are of 8 GPUs. A law is fitted to all sites but one and then says how long jobs of that one run between interruptions.",
    "",
    "| law | mean factor off | worst | inside its 95 % interval |",
    "| --- | ---: | ---: | ---: |",
    ...scores.map(({ law, factor, worst, inside, cases }) => `| ${law.words} | ${factor.toFixed(2)} | ${worst.toFixed(2)} | ${inside} of ${cases.length} |`),
    "",
    "## What fails, and why",
    "",
    `One rate and 1/N: RSC-1 states ${(hardware * 1000).toFixed(1)} failures per 1,000 node-days, hence ${time(1 / hardware / 128)} between failures at 1,024 GPUs, where ${time(large.seen_d)} was seen. The law is not at fault, the rate is: jobs of 8 GPUs there`,
    `ran ${time(small.seen_d)}, which is 1/N of the other to ${((small.observation.nodeInterval_d / large.observation.nodeInterval_d - 1) * 100).toFixed(0)} % over a factor of 128 in size. So neither a part that does not depend on the size nor another power is wanted: with the former, jobs of`,
    `8 GPUs are expected to run ${time(withJobPart.expected_d)}. What differs by ${apart.map((one) => one.toFixed(1)).join(" and ")} is hardware failures of nodes on one side and interruptions of jobs, while nodes that fail again and again were in use, on`,
    `the other: the share of jobs above 512 GPUs that failed went from 14 to 4 % when such nodes were taken out, a factor of ${keptFactor.toFixed(2)} in their rate. With that factor, and no count of`,
    `RSC-1, jobs of 1,024 GPUs there are expected to run ${time(large.expected_d)} (${time(large.seen_d)} seen) and jobs of 8 GPUs ${time(small.expected_d)} (${time(small.seen_d)} seen).`,
    "",
    `What is left is the difference between sites: from ${Math.min(...rates).toFixed(1)} to ${Math.max(...rates).toFixed(1)} interruptions per 1,000 node-days. No size, year or device explains it in these few; the interval says so. A site's own count is worth more than any law.`,
    "",
    "Doubts: that the figures of RSC-1 by job size are of the time before such nodes were taken out is this project's reading, and the factor comes from the same site. MegaScale's \"several weeks\"",
    "are taken as 3 to 8, its \"over 100\" and OPT's \"at least\" as counts. Bursts (five OPT hosts at once), early failures of new devices and repairs that fail are left out.",
    "",
    `## ${best.law.words[0]?.toUpperCase()}${best.law.words.slice(1)}`,
    "",
    "| job, predicted without its site | nodes | interruptions per 1,000 node-days | seen between two | expected | 95 % interval | inside |",
    "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ...best.cases.map(({ observation, seen_d, expected_d, low95_d, high95_d, inside }) => `| ${observation.label} | ${observation.nodes.toLocaleString("en-US")} | ${(1000 / observation.nodeInterval_d).toFixed(1)} | ${time(seen_d)} | ${time(expected_d)} | ${time(low95_d)} to ${time(high95_d)} | ${inside ? "yes" : "no"} |`),
    "",
  ].join("\n");
}
