/**
 * A whole training run of a scenario: steps x step time, checkpoints, interruptions, restarts and staging, at each number of devices. Takes the prediction of the step as it stands; what
 * is not known of interruptions comes from a failure law that is named. Left out: evaluation between steps, changes of the batch or the cluster during the run, loss spikes.
 */
import { makePowerModel } from "../energy/power-model.ts";
import { billTraining } from "../energy/training.ts";
import { z90 } from "../normal.ts";
import type { EnergyReport, Estimate, MoneyReport, Named, Prediction } from "../prediction.ts";
import type { TransformerPrediction } from "../prediction-transformer.ts";
import { InputError, unknownName, wrongValue, type Problem } from "../problems.ts";
import { checkpointTimes } from "../reliability/checkpoint.ts";
import { findRecovery, type FoundRecovery } from "../reliability/recovery.ts";
import type { Scenario, TransformerScenario } from "../scenario.ts";
import { isFailureLaw, type FailureLawCalibration } from "../schema/calibration.ts";
import { showQuantity } from "../units.ts";
import { activityTimes } from "./activities.ts";
import type { RunNumbers } from "./draw-run.ts";
import { answerRun } from "./run.ts";
import { layerState, transformerState, type FoundSize } from "./state-size.ts";
import { findRates, type FoundRates } from "./storage.ts";
import type { Training, TrainingRun } from "./training-run.ts";
import { unusedInRun } from "./unused.ts";

export type Wanted = { readonly unit: "tokens" | "samples" | "steps"; readonly count: number };

export interface TrainOptions {
  readonly wanted: Wanted;
  /** A failure law by name, or "none". */
  readonly failures?: string | undefined;
  readonly seed?: number | undefined;
  readonly draws?: number | undefined;
}

const usualDraws = 1000;

export function trainLayers(scenario: Scenario, prediction: Prediction, options: TrainOptions): Training {
  if (options.wanted.unit === "tokens") throw new InputError([wrongValue("--tokens", options.wanted.count, "--samples or --steps: a network of layers has no tokens")]);
  return train(scenario, options, prediction.points.map((point) => ({
    devices: point.devices,
    nodes: point.nodes,
    samplesPerStep: point.samplesPerStep,
    tokensPerStep: null,
    stepTime_s: point.stepTime_s,
    staging_s: point.stagingTime_s,
    energy: point.energy,
    money: point.money,
    state: layerState(scenario, prediction.totals.parameters, point.devices, point.nodes),
  })));
}

export function trainTransformer(scenario: TransformerScenario, prediction: TransformerPrediction, options: TrainOptions): Training {
  return train(scenario, options, prediction.points.map((point) => ({
    devices: point.devices,
    nodes: point.nodes,
    samplesPerStep: point.layout.globalBatch,
    tokensPerStep: point.layout.globalBatch * point.layout.sequence,
    stepTime_s: point.stepTime_s,
    staging_s: null,
    energy: point.energy,
    money: point.money,
    state: transformerState(scenario, prediction.totals.parameters, point.layout, point.devices, point.nodes),
  })));
}

interface Point {
  readonly devices: number;
  readonly nodes: number;
  readonly samplesPerStep: number;
  readonly tokensPerStep: number | null;
  readonly stepTime_s: Estimate;
  readonly staging_s: Estimate | null;
  readonly energy: EnergyReport | null;
  readonly money: MoneyReport;
  readonly state: FoundSize;
}

function train(scenario: Scenario | TransformerScenario, options: TrainOptions, points: readonly Point[]): Training {
  const { machine, plan, calibrations } = scenario;
  const laws = calibrations.filter(isFailureLaw);
  const problems = wrongOptions(options, laws);
  const statedLaw = machine.reliability?.law;
  if (statedLaw !== undefined && !laws.some(({ id }) => id === statedLaw)) problems.push(unknownName("machine.reliability.law", "failure law", statedLaw, laws.map(({ id }) => id)));
  const rates = findRates(machine, plan.checkpoint?.target ?? "file-system");
  if ("problem" in rates) problems.push(rates.problem);
  problems.push(...tooManyNodes(scenario, points));
  if (problems.length > 0 || "problem" in rates) throw new InputError(problems);
  const found = findRecovery(machine, laws, options.failures);
  const [seed, draws] = [options.seed ?? 1, options.draws ?? usualDraws];
  const named = ({ id, title }: Named): Named => ({ id, title });
  const { device, workload, stack } = scenario;
  return {
    kind: "training",
    scenario: { machine: named(machine), device: named(device), workload: named(workload), plan: named(plan), stack: named(stack) },
    wanted: `${options.wanted.count} ${options.wanted.unit}`,
    seed,
    draws,
    runs: points.map((point) => trainPoint(scenario, point, rates, found, options.wanted, draws, seed)),
    unused: unusedInRun(plan.checkpoint, found),
    notes: [...new Set([...found.notes, ...rates.notes, ...points.flatMap(({ state }) => state.notes), ...(plan.checkpoint === undefined ? ["The plan does not say how the run is saved (plan.checkpoint): synchronous checkpoints at the interval that loses least are taken, with a node always at hand."] : [])])],
  };
}

function wrongOptions({ wanted, failures, draws }: TrainOptions, laws: readonly FailureLawCalibration[]): Problem[] {
  const problems: Problem[] = [];
  if (!(wanted.count > 0 && Number.isFinite(wanted.count))) problems.push(wrongValue(`--${wanted.unit}`, wanted.count, "a number above zero"));
  if (failures !== undefined && failures !== "none" && !laws.some(({ id }) => id === failures)) problems.push(wrongValue("--failures", failures, `"none" or a failure law: ${laws.map(({ id }) => id).join(", ") || "none is stored"}`));
  if (draws !== undefined && !(Number.isInteger(draws) && draws >= 20 && draws <= 100_000)) problems.push(wrongValue("draws", draws, "a whole number from 20 to 100,000"));
  return problems;
}

function tooManyNodes({ machine, plan }: Scenario | TransformerScenario, points: readonly Point[]): Problem[] {
  const spares = plan.checkpoint?.spareNodes ?? 0;
  return points.flatMap(({ nodes }) => (nodes + spares <= machine.nodes.value ? [] : [wrongValue("plan.checkpoint.spareNodes", spares, `at most ${machine.nodes.value - nodes}: ${machine.title} has ${machine.nodes.value} nodes and the job takes ${nodes}`)]));
}

export function stepsFor({ unit, count }: Wanted, samplesPerStep: number, tokensPerStep: number | null): number {
  return Math.ceil(unit === "steps" ? count : unit === "samples" ? count / samplesPerStep : count / (tokensPerStep ?? samplesPerStep));
}

function trainPoint(scenario: Scenario | TransformerScenario, point: Point, found: FoundRates, { known, law }: FoundRecovery, wanted: Wanted, draws: number, seed: number): TrainingRun {
  const { plan, machine } = scenario;
  const { devices, nodes, samplesPerStep, tokensPerStep, state } = point;
  const choices = plan.checkpoint;
  const asynchronous = choices?.mode === "asynchronous";
  const checkpoint = checkpointTimes(state.size, found.rates, asynchronous);
  const steps = stepsFor(wanted, samplesPerStep, tokensPerStep);
  const numbers: RunNumbers = { nodes, spares: choices?.spareNodes ?? Number.POSITIVE_INFINITY, suspectNodes: choices?.suspectNodes ?? "excluded", steps, stepTime_s: point.stepTime_s, staging_s: point.staging_s, checkpoint, writeDeviation: found.deviation, asynchronous, recovery: known };
  const answer = answerRun(numbers, choices?.interval?.value ?? null, draws, seed);
  const { interruptions, warnings, ...rest } = answer;
  return {
    devices,
    nodes,
    spareNodes: choices?.spareNodes ?? null,
    steps,
    samples: steps * samplesPerStep,
    tokens: tokensPerStep === null ? null : steps * tokensPerStep,
    stepTime_s: point.stepTime_s,
    checkpoint: { bytes: state.size.checkpoint_bytes, words: state.words, mode: choices?.mode ?? "synchronous", target: choices?.target ?? "file-system", storage: found.name, write_s: checkpoint.write_s, blocked_s: checkpoint.blocked_s, behind_s: checkpoint.behind_s, load_s: checkpoint.load_s, binds: checkpoint.binds },
    interruptions: interruptions === null || known === null ? null : { ...interruptions, law, facts: Object.values(known) },
    ...rest,
    bill: billTraining({
      times: activityTimes({ ...rest, stepTime_s: point.stepTime_s, nodes, spareNodes: choices?.spareNodes ?? null }),
      devices,
      stepTime_s: point.stepTime_s.value,
      // Nine runs in ten lie within 1.645 standard deviations of a normal law.
      wallError: Math.log(rest.days.p95 / rest.days.p05) / (2 * z90),
      energy: point.energy,
      money: point.money,
      model: makePowerModel({ device: scenario.device, machine, calibrations: scenario.calibrations, grid: scenario.market?.grid ?? null }),
    }),
    warnings: [...warnings, ...storageWarnings(state, found, machine.node.hostMemory?.value, nodes, asynchronous, choices?.target === "node" && known !== null ? known.drainShare.value : null)],
  };
}

function storageWarnings({ size }: FoundSize, { capacity_bytes, name }: FoundRates, hostMemory_bytes: number | undefined, nodes: number, asynchronous: boolean, lostShare: number | null): string[] {
  const warnings: string[] = [];
  const perNode = size.checkpoint_bytes / size.writerNodes;
  const held = lostShare === null ? size.checkpoint_bytes : perNode;
  if (capacity_bytes !== null && held > capacity_bytes) warnings.push(`A checkpoint of ${showQuantity(held, "data")} does not fit the ${showQuantity(capacity_bytes, "data")} of ${name}: it cannot be saved there. Times are as if it could.`);
  if (asynchronous && hostMemory_bytes !== undefined && perNode > hostMemory_bytes) warnings.push(`The copy of ${showQuantity(perNode, "data")} per node does not fit the host memory of ${showQuantity(hostMemory_bytes, "data")}: asynchronous checkpoints cannot be made. Times are as if they could.`);
  if (lostShare !== null && nodes > 0) warnings.push(`Checkpoints on storage of the node are gone with it: after ${showQuantity(lostShare, "fraction", 2)} of the interruptions a part is missing, unless a neighbour holds a copy. Times are as if one did.`);
  return warnings;
}
