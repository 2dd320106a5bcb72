/**
 * Fit of the power law to metered nodes of eight H100 (MLPerf Training v4.0, SMC, AC side): shares of the range between idle and board power by activity, common to all accelerators.
 * What the submissions do not say is assumed alike for all: the mix of work (half products, half memory-bound kernels), a twentieth of a run without work on one node, and on more nodes the
 * work of the same benchmark on one node over the time of all nodes; the rest is messages and waiting in halves. The nodes' other parts get one common factor, which no prediction uses.
 * Maximum a posteriori on logarithms (least-squares.ts); left-one-out by benchmark. The dc submissions are the same runs and serve for the losses of rectifiers alone.
 */
import { layerlessMix } from "../../model/energy/activity-mix.ts";
import { powerParameters, type PowerLaw } from "../../model/energy/power-law.ts";
import type { PowerModel } from "../../model/energy/power-model.ts";
import { nodePower_w, stepPower } from "../../model/energy/step-power.ts";
import type { PowerCalibration } from "../../model/schema/calibration.ts";
import type { PublishedFact } from "../../model/schema/published-facts.ts";
import { fitLeastSquares } from "./least-squares.ts";

export const fittedBenchmarks = [
  { benchmark: "bert", nodes: [1] }, { benchmark: "dlrm-dcnv2", nodes: [1] }, { benchmark: "llama2-70b-lora", nodes: [1, 8] },
  { benchmark: "resnet", nodes: [1, 8] }, { benchmark: "ssd", nodes: [1, 8] }, { benchmark: "unet3d", nodes: [1, 9] },
] as const;

type Figures = Readonly<Record<string, PublishedFact>>;

/** A metered run: mean node power, and the share of its time that devices work as on one node. */
export interface MeteredRun {
  readonly benchmark: string;
  readonly nodes: number;
  readonly node_w: number;
  readonly working: number;
  readonly figures: readonly string[];
}

const site = "mlperf-power-v40-smc-ac-power";
const workingAlone = 0.95;

const valueOf = (facts: Figures, id: string): number | undefined => facts[id]?.value;

/** Mean node power of a submission: as stated, or energy over time and nodes. */
export function meteredPower(facts: Figures, prefix: string, nodes: number): { node_w: number; figures: string[] } {
  const stated = valueOf(facts, `${prefix}-node-power`);
  if (stated !== undefined) return { node_w: stated, figures: [`${prefix}-node-power`] };
  const [energy_kWh, time_s] = [valueOf(facts, `${prefix}-energy`), valueOf(facts, `${prefix}-time`)];
  if (energy_kWh === undefined || time_s === undefined) throw new Error(`no power of "${prefix}" in scenarios/facts`);
  return { node_w: (energy_kWh * 3.6e6) / time_s / nodes, figures: [`${prefix}-energy`, `${prefix}-time`] };
}

/** On more nodes: the time that the same benchmark took on one node over the time of all of them. */
export function workingShare(facts: Figures, benchmark: string, nodes: number): number {
  const [one, many] = [valueOf(facts, `${site}-${benchmark}-n1-time`), valueOf(facts, `${site}-${benchmark}-n${nodes}-time`)];
  return nodes === 1 || one === undefined || many === undefined ? workingAlone : Math.min(workingAlone, (workingAlone * one) / (nodes * many));
}

export const meteredRuns = (facts: Figures): MeteredRun[] =>
  fittedBenchmarks.flatMap(({ benchmark, nodes }) => nodes.map((count) => ({ benchmark, nodes: count, working: workingShare(facts, benchmark, count), ...meteredPower(facts, `${site}-${benchmark}-n${count}`, count) })));

/** Efficiency of the rectifiers: the same runs metered behind and before them. */
export function rectifierEfficiency(facts: Figures): number {
  const ratios = Object.entries(facts).flatMap(([id, { value }]) => {
    const ac = id.includes("-smc-dc-power-") && !id.endsWith("-time") ? valueOf(facts, id.replace("-smc-dc-power-", "-smc-ac-power-")) : undefined;
    return ac === undefined ? [] : [value / ac];
  });
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

export interface PowerPrior {
  readonly name: string;
  readonly value: number;
  /** Standard deviation of the logarithm. */
  readonly error: number;
  readonly note: string;
}

export const powerPriors: readonly PowerPrior[] = [
  { name: "active", value: 0.4, error: 0.35, note: "constant part while kernels run, of the range between idle and board power" },
  { name: "products", value: 0.9, error: 0.35, note: "further part of products at the full peak of their precision; large products run at the board's limit" },
  { name: "memory", value: 0.6, error: 0.35, note: "further part at the full memory bandwidth" },
  { name: "communication", value: 0.3, error: 0.5, note: "messages that nothing hides" },
  { name: "waiting", value: 0.17, error: 0.5, note: "polling kernels and gaps between kernels" },
  { name: "idle", value: 0.17, error: 0.25, note: "idle over board power where the device document states none: 0.15 to 0.2 of A100, H100, H200, V100 and MI250X" },
  { name: "transfer", value: 1, error: 0.06, note: "the law carried to other boards, other work and other meters; judged" },
];
const unfitted = ["idle", "transfer"];
const restPrior = { mean: 0, sd: 0.25 };
const noise = 0.03;

export function nodeOf(model: PowerModel, law: PowerLaw, rest: number, working: number): number {
  const changed: PowerModel = { ...model, device: { ...model.device, law } };
  const { device_w } = stepPower(changed, layerlessMix(working), { nodes: 1, boards: model.devicesPerNode });
  const without = nodePower_w({ ...changed, node: null }, device_w, model.devicesPerNode);
  return without + rest * (nodePower_w(changed, device_w, model.devicesPerNode) - without);
}

interface Fitted {
  readonly law: PowerLaw;
  readonly rest: number;
  readonly logs: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

function fit(model: PowerModel, runs: readonly MeteredRun[]): Fitted {
  const laws = powerPriors.filter(({ name }) => !unfitted.includes(name));
  const lawAt = (logs: ArrayLike<number>): PowerLaw => Object.fromEntries(powerParameters.map((name, index) => [name, Math.exp(logs[index] ?? Number.NaN)])) as unknown as PowerLaw;
  const { parameters, covariance } = fitLeastSquares({
    priors: [...laws.map(({ value, error }) => ({ mean: Math.log(value), sd: error })), restPrior],
    count: runs.length,
    noise,
    residuals: (logs, out) => runs.forEach(({ node_w, working }, row) => (out[row] = Math.log(nodeOf(model, lawAt(logs), Math.exp(logs[laws.length] ?? 0), working) / node_w))),
  });
  return { law: lawAt(parameters), rest: Math.exp(parameters[laws.length] ?? 0), logs: parameters, covariance };
}

const round = (value: number, digits = 4): number => Number(value.toPrecision(digits));

/** `model`: of the metered nodes, with any law. */
export function fitPower(model: PowerModel, facts: Figures): { document: Omit<PowerCalibration, "$schema">; runs: Array<MeteredRun & { fitted_w: number; leftOut_w: number }>; rest: number } {
  const runs = meteredRuns(facts);
  const all = fit(model, runs);
  const told = runs.map((run) => {
    const without = fit(model, runs.filter(({ benchmark }) => benchmark !== run.benchmark));
    return { ...run, fitted_w: nodeOf(model, all.law, all.rest, run.working), leftOut_w: nodeOf(model, without.law, without.rest, run.working) };
  });
  const errors = (key: "fitted_w" | "leftOut_w") => told.map((run) => Math.abs(run[key] / run.node_w - 1));
  const mean = (values: readonly number[]) => round(values.reduce((sum, value) => sum + value, 0) / values.length);
  const fitted = powerPriors.length - unfitted.length;
  const variance = (i: number, j: number): number => (Math.max(i, j) < fitted ? (all.covariance[i]?.[j] ?? 0) : i === j ? (powerPriors[i]?.error ?? 0) ** 2 : 0);
  return {
    rest: all.rest,
    runs: told,
    document: {
      id: "power-accelerators",
      title: "Power of accelerators by activity, from metered nodes of eight H100",
      scope: { kind: "power", class: "accelerator" },
      method: "maximum a posteriori on logarithms of mean node power, common factor on the parts besides devices, left out by benchmark; priors are judged",
      parameters: Object.fromEntries(powerPriors.map(({ name, value, error, note }, index) => [name, { value: round(index >= fitted ? value : Math.exp(all.logs[index] ?? 0)), standardError: round(Math.sqrt(variance(index, index))), prior: value, priorError: error, note }])),
      covariance: powerPriors.map((_, i) => powerPriors.slice(0, i + 1).map((_unused, j) => round(variance(i, j)))),
      from: [...new Set(runs.flatMap(({ figures }) => figures))].map((id) => ({ figure: id, source: facts[id]?.source ?? "" })),
      residuals: { n: runs.length, mape: mean(errors("fitted_w")), worst: round(Math.max(...errors("fitted_w"))), leaveOneOutMape: mean(errors("leftOut_w")), leaveOneOutWorst: round(Math.max(...errors("leftOut_w"))) },
    },
  };
}
