/** Interruptions, goodput, checkpoints and days to train beside what was published of them. */
import { valueOf } from "../fit/reliability/observations.ts";
import { effectiveWith, lawWithout, newSite, storedLaw, trainStored, unseenSites, type Range } from "./reliability-models.ts";
import { against, type Check, type CheckInput, type CheckRoom } from "./types.ts";

const scaled = ({ value, low95, high95 }: Range, by: (one: number) => number): Range => {
  const ends = [by(low95), by(high95)].toSorted((a, b) => a - b) as [number, number];
  return { value: by(value), low95: ends[0], high95: ends[1] };
};

const unseen = "the site is left out of the law";

/** Days between interruptions of a job, by the law without the job's site, in the figure's own unit. */
function collectSites({ facts }: CheckInput): Check[] {
  const cases = unseenSites(facts);
  const days = (site: string, nodes: number): Range => {
    const found = cases.find(({ observation }) => observation.site === site && Math.abs(observation.nodes - nodes) < 1);
    if (found === undefined) throw new Error(`no site ${site}`);
    return { value: found.expected_d, low95: found.low95_d, high95: found.high95_d };
  };
  const hours = (range: Range): Range => scaled(range, (one) => one * 24);
  const inWindow = (range: Range, window_d: number): Range => scaled(range, (one) => window_d / one);
  return [
    against(facts, "llama3-405b-mtti-unexpected", hours(days("Llama 3", 2048)), "out", unseen),
    against(facts, "rsc-mttf-8", days("RSC-1", 1), "out", `${unseen}; its shares of failed jobs before and after nodes were taken out are used`),
    against(facts, "rsc-mttf-1024", hours(days("RSC-1", 128)), "out", "the same; one hardware rate and 1/N says 28.8 h"),
    against(facts, "megascale-restarts", inWindow(days("MegaScale", 1250), valueOf(facts, "megascale-window")), "out", `${unseen}; several weeks taken as 35 days`),
    against(facts, "opt175b-restarts-2weeks", inWindow(days("OPT-175B", 124), 16), "out", `${unseen}; the source calls part of them instability of the training itself`),
    against(facts, "fthsdp-interval-100k", scaled(days("FT-HSDP", 12_500), (one) => one * 1440), "out", unseen),
    against(facts, "b200-downtimes", inWindow(days("B200", 63), valueOf(facts, "b200-window")), "out", unseen),
  ];
}

function collectOthers(input: CheckInput): Check[] {
  const { facts } = input;
  const node = newSite(storedLaw(input));
  const hardware_d = 1000 / valueOf(facts, "rsc-rate-rsc1");
  return [
    against(facts, "crusoe-failures", scaled(node, (one) => ((valueOf(facts, "crusoe-gpus") / 8) * valueOf(facts, "crusoe-window")) / one), "out", "the count is an estimate of the source"),
    against(facts, "aurora-mtti-large-jobs", scaled(node, (one) => (((one * 8) / 6) * 24) / 10_624), "out", "nodes of six GPUs instead of eight, taken to fail in proportion; all 10,624 nodes"),
    against(facts, "bloom-gpu-failure-rate", scaled(node, (one) => (7 * valueOf(facts, "bloom-nodes")) / one), "out", "predicted are interruptions of all causes, stated are GPUs that die"),
    against(facts, "rsc-rate-rsc2", scaled(node, (one) => 1000 / one), "out", "predicted are interruptions of well-kept jobs, stated are hardware failures"),
    against(facts, "mtbf-titan-10k", scaled(node, (one) => (one * 8 * 24) / 10_000), "out", "failures of an older machine without the interruptions of training; nodes of one GPU taken to fail in proportion: the law is of AI clusters and too dark here"),
    against(facts, "rsc-mttf-16384", { value: (hardware_d / 2048) * 24 }, "arithmetic", "the source's own projection from its hardware rate"),
    against(facts, "rsc-mttf-131072", { value: (hardware_d / 16_384) * 24 }, "arithmetic", "the same"),
  ];
}

function collectGoodput(input: CheckInput): Check[] {
  const { facts } = input;
  const law = storedLaw(input);
  const percent = (range: Range): Range => scaled(range, (one) => one * 100);
  const known = (hours: number): Range => ({ value: hours, low95: hours, high95: hours });
  const perJob = (site: string, nodes: number): Range => scaled(lawWithout(law, site), (one) => (one * 24) / nodes);
  return [
    against(facts, "llama3-405b-effective-time", percent(effectiveWith(law, known(valueOf(facts, "llama3-405b-mtti-unexpected")), 3, 3)), "out", "its own interruptions, recoveries of the law, checkpoints of 5 TiB at 2 TB/s; next to none of them needed people there"),
    against(facts, "megascale-effective-rate", percent(effectiveWith(law, perJob("MegaScale", 1250), 5, 60)), "in", "its times of detection informed the law, its interruptions did not"),
    against(facts, "byterobust-ettr-dense", percent(effectiveWith(law, scaled(newSite(law), (one) => (one * 24) / 1200), 1, 60)), "out", "a system built to recover in memory, with machines of 8 GPUs"),
    against(facts, "fthsdp-eff-before", percent(effectiveWith(law, known(valueOf(facts, "fthsdp-interval-100k") / 60), 5, 60)), "out", "its own interruptions, recoveries of the law; a held checkpoint of 5 s and a load of 1 min are assumed"),
  ];
}

function collectRuns(input: CheckInput): Check[] {
  const { facts } = input;
  const llama = trainStored(input, { machine: "meta-24k-h100", workload: "llama3-405b", plan: "llama3-405b-2024", stack: "transformer-generic" }, valueOf(facts, "llama3-405b-tokens"), 16_384);
  const bloom = trainStored(input, { machine: "jean-zay-a100", workload: "bloom-176b", plan: "bloom-176b-2022", stack: "megatron-deepspeed-2022" }, valueOf(facts, "bloom-tokens"), 384);
  // The days of all that was drawn, in GPU-hours; the closed form's value where inputs have theirs.
  const gpuHours = ({ drawn_s, devices, wall_s }: typeof llama): Range => {
    const at = (share: number): number => ((drawn_s[Math.round(share * (drawn_s.length - 1))] as number) * devices) / 3600;
    return { value: (wall_s * devices) / 3600, low95: at(0.025), high95: at(0.975) };
  };
  const rename = (id: string, check: Check): Check => ({ ...check, id });
  return [
    rename("llama3-405b-days", against(facts, "llama31-405b-gpuh", gpuHours(llama), "out", `${(llama.wall_s / 86_400).toFixed(1)} d on 16,384 GPUs at ${llama.stepTime_s.value.toFixed(2)} s a step, this model's own; part of the time it ran on fewer, and a long-context stage is in what is stated`)),
    rename("bloom-days", against(facts, "bloom-gpuh", gpuHours(bloom), "out", `${(bloom.wall_s / 86_400).toFixed(1)} d on 384 GPUs at ${bloom.stepTime_s.value.toFixed(1)} s a step; steps of this run and its sweeps informed the step time, interruptions did not; a batch that grows at first and an evaluation each 1,000 steps are in what is stated`)),
    against(facts, "bloom-plan-days", { value: ((115_311 - 12_695) * valueOf(facts, "bloom-iteration-time")) / 86_400 }, "arithmetic", "steps times seconds"),
    against(facts, "bloom-checkpoint-size", { value: bloom.checkpoint.bytes / 2 ** 40 }, "out", `${bloom.checkpoint.words}; printed in binary units`, { unit: "TiB" }),
    against(facts, "bloom-checkpoint-write-time", { value: bloom.checkpoint.write_s }, "arithmetic", "the rate is its size over this time"),
    against(facts, "llama3-checkpoint-shard", { value: llama.checkpoint.bytes / llama.devices / 1e9 }, "out", "weights, master copy and moments once, over all GPUs"),
  ];
}

export const reliabilityChecks: CheckRoom = {
  title: "Interruptions, checkpoints and days to train",
  about: "The law of interruptions is one rate per node that differs from site to site ([failure-law.md](failure-law.md)); a site's figure is predicted from the others. Effective times follow in closed form from interruptions, recovery and the best interval, whose recovery times are those of the law. Sources define effective time, goodput and uptime differently: all rows here are training that is kept over wall time.",
  collect: (input) => [...collectSites(input), ...collectOthers(input), ...collectGoodput(input), ...collectRuns(input)],
};
