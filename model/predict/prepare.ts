/**
 * Scenario -> everything that does not depend on the number of devices: layers, program, kernel constants, parameter values, local costs.
 * A variant is the same with one input replaced; it reuses what that input cannot change.
 */
import { costLocal, tableError, type LocalCosts, type Resources } from "../cost/index.ts";
import { layersOfStep } from "../plan/classifier.ts";
import { buildProgram } from "../program/build.ts";
import type { Program } from "../program/types.ts";
import { findCollectives, withCollective, type FoundCollectives } from "../resolve/collectives.ts";
import type { Protocol } from "../resolve/parameters.ts";
import { combineParameters, findKernels, makeResources, measuredHost, parameterPath, storedBytes, type Kernels, type MeasuredHost, type ParameterName, type Parameters } from "../resources.ts";
import type { Scenario } from "../scenario.ts";
import type { CorpusCalibration } from "../schema/calibration.ts";
import type { Input } from "../uncertainty/inputs.ts";
import { informScenario } from "./layers/informed.ts";
import { buildLayers } from "../workload/build-layers.ts";
import type { Layer } from "../workload/layer.ts";
import { listGradientTensors } from "../workload/totals.ts";
import { sampleBytes } from "../workload/sample.ts";

export interface Prepared {
  scenario: Scenario;
  layers: readonly Layer[];
  sample_bytes: number;
  program: Program;
  kernels: Kernels;
  host: MeasuredHost;
  parameters: Parameters;
  /** Fitted parameters of the stack's communication library; null where closed forms time its collectives. */
  collectives: FoundCollectives | null;
  values: Record<ParameterName, number>;
  resources: Resources;
  /** The resources as text, to see whether a variant changed any of them. */
  resourcesKey: string;
  local: LocalCosts;
  /** The fit of published runs that moved facts of the scenario, if one did. */
  corpus: CorpusCalibration | undefined;
}

export function prepare(given: Scenario, protocol: Protocol): Prepared {
  const layers = layersOfStep(buildLayers(given.workload), given.plan);
  const sample_bytes = sampleBytes(layers, given.workload);
  const program = build(given, layers, sample_bytes);
  const { scenario, kernels, corpus } = informScenario(given, withTableError(findKernels(given), program), protocol);
  const parameters = combineParameters(scenario, protocol, kernels);
  const values = { convolutionFactor: parameters.convolutionFactor.value, depthwiseTraffic: parameters.depthwiseTraffic.value };
  const host = measuredHost(kernels, listGradientTensors(layers).length, storedBytes(scenario, sample_bytes));
  const collectives = findCollectives(scenario.machine, scenario.calibrations, scenario.stack.collective.library);
  const made = makeResources(scenario, host, values, sample_bytes, collectives);
  const local = costLocal(program, made, kernels.model);
  const base = { scenario, layers, sample_bytes, program, kernels, host, parameters, collectives, values, resources: made, resourcesKey: JSON.stringify(made), local, corpus };
  return { ...base, resources: withOtherDevices(base, made) };
}

/** Resources with the time of the machine's other kind of device: the same step's local work on it, over that on the first. */
function withOtherDevices({ scenario, program, host, values, sample_bytes, collectives, local }: Prepared, resources: Resources): Resources {
  const { otherDevice } = scenario;
  if (otherDevice === undefined) return resources;
  const other = { ...scenario, device: otherDevice };
  const { sums } = costLocal(program, makeResources(other, host, values, sample_bytes, collectives), findKernels(other).model);
  const total = (one: LocalCosts["sums"]) => one.kernel + one.memory + one.optimizer + one.launch;
  return { ...resources, spread: { ...resources.spread, otherTime: total(sums) / total(local.sums) } };
}

/** Sizes far from those that were measured make the whole prediction less sure. */
function withTableError(kernels: Kernels, program: Program): Kernels {
  if (kernels.model.kind === "tiled") return kernels;
  return { ...kernels, standardError: Math.hypot(kernels.standardError, tableError(program, kernels.model.table)) };
}

function build(scenario: Scenario, layers: readonly Layer[], sample_bytes: number): Program {
  return buildProgram(layers, { stored: storedBytes(scenario, sample_bytes), copied: sample_bytes }, scenario.plan, scenario.stack);
}

export const pathOfParameter = (prepared: Prepared) => (name: ParameterName) => parameterPath(name, prepared.scenario);

export function variant(base: Prepared, input: Input, value: number): Prepared {
  if (input.kind === "parameter") return update(base, base.scenario, { ...base.values, [input.name]: value }, base.program);
  if (input.kind === "collective") return update({ ...base, collectives: base.collectives && withCollective(base.collectives, input.path, value) }, base.scenario, base.values, base.program);
  const scenario = replaceFact(base.scenario, input.path.split("."), value);
  const rebuilds = /^(plan\.|workload\.dataset\.storedSample|stack\.traffic(Fp32)?\.|stack\.optimizerTraffic|stack\.collective\.firstBucket)/.test(input.path);
  if (input.path.startsWith("device.kernelsLike.constants.")) return { ...base, scenario, ...costAnew(base, { ...base.kernels, model: findKernels(scenario).model }) };
  return update(base, scenario, base.values, rebuilds ? build(scenario, base.layers, base.sample_bytes) : base.program);
}

const costAnew = ({ program, resources }: Prepared, kernels: Kernels): Pick<Prepared, "kernels" | "local"> => ({ kernels, local: costLocal(program, resources, kernels.model) });

function update(base: Prepared, scenario: Scenario, values: Prepared["values"], program: Program): Prepared {
  const made = makeResources(scenario, base.host, values, base.sample_bytes, base.collectives);
  const resources = JSON.stringify(made) === base.resourcesKey ? base.resources : made;
  const local = program === base.program && (resources === base.resources || sameLocally(resources, base.resources)) ? base.local : costLocal(program, resources, base.kernels.model);
  const changed = { ...base, scenario, values, program, resources, local };
  return resources === base.resources && local === base.local ? changed : { ...changed, resources: withOtherDevices(changed, resources) };
}

/** Whether two sets of resources give the same local costs; the kernel constants are the same object in every variant. */
function sameLocally(a: Resources, b: Resources): boolean {
  return (
    a.convolutionFactor === b.convolutionFactor &&
    a.trafficFactor === b.trafficFactor &&
    a.memory_bytes_per_s === b.memory_bytes_per_s &&
    a.launchOperation_s === b.launchOperation_s &&
    a.launchStep_s === b.launchStep_s &&
    a.denseFactor === b.denseFactor &&
    JSON.stringify(a.hostTransfer) === JSON.stringify(b.hostTransfer) &&
    a.convolution.depthwiseTraffic === b.convolution.depthwiseTraffic &&
    a.compute.peak_flop_per_s === b.compute.peak_flop_per_s &&
    a.compute.memory_bytes_per_s === b.compute.memory_bytes_per_s &&
    a.compute.multiprocessors === b.compute.multiprocessors &&
    a.compute.l2_bytes === b.compute.l2_bytes &&
    a.compute.memory_bytes === b.compute.memory_bytes &&
    a.compute.matrixUnit === b.compute.matrixUnit
  );
}

function replaceFact<T>(node: T, keys: readonly string[], value: number): T {
  const [key, ...rest] = keys;
  if (key === undefined) return { ...node, value };
  return { ...node, [key]: replaceFact((node as Record<string, unknown>)[key], rest, value) };
}
