/**
 * The prediction of one scenario over a list of device counts.
 * 1. prepare: layers, program, costs of one device   2. outputs at each scale   3. move every input to its ends   4. intervals, terms, words.
 */
import { termIds, type EnergyReport, type Estimate, type InputRecord, type Prediction, type ScalePoint, type Term, type TermGroup, type TermId } from "../prediction.ts";
import { stepCost } from "../economics/step-cost.ts";
import { reportEnergy } from "../energy/report.ts";
import { addLawSpread } from "../energy/spread.ts";
import { findPowerLaw } from "../energy/power-model.ts";
import { powerAt, widest, type StepPower } from "../energy/step-power.ts";
import { collectiveDimensions } from "../resolve/collectives.ts";
import type { Protocol } from "../resolve/parameters.ts";
import type { Scenario } from "../scenario.ts";
import { elementBytes } from "../schema/common.ts";
import { flopConventions, type FlopConvention } from "../schema/plan.ts";
import { ends, listInputs, valueOf, type Input } from "../uncertainty/inputs.ts";
import { describeOutside } from "../uncertainty/domain.ts";
import { addEffect, noSpread, toEstimate, widen, type Spread } from "../uncertainty/interval.ts";
import { labelOf } from "../uncertainty/labels.ts";
import { showQuantity } from "../units.ts";
import { countFlop } from "../workload/flop.ts";
import { countGradientBytes, countMultiplierInputs, countParameters, listGradientTensors } from "../workload/totals.ts";
import { networkAt } from "../cost/index.ts";
import { delayOf, describeAsynchrony } from "./asynchrony.ts";
import { describeLimits } from "./binds.ts";
import { chooseDevices } from "./devices.ts";
import { activitiesOf, jobSize, powerModelOf } from "./energy.ts";
import { requireFinite } from "./finite.ts";
import { describeInput, inputNotes } from "./input.ts";
import { collectNotes } from "./notes.ts";
import { unusedChoices } from "./unused.ts";
import { outputsOfVariant, outputsOver, type Outputs } from "./outputs.ts";
import { describeStaging, stagingRace } from "./staging.ts";
import { targetsOf } from "./targets.ts";
import { openSpread, outsideOf } from "./open-spread.ts";
import { pathOfParameter, prepare, variant, type Prepared } from "./prepare.ts";

export interface PredictOptions {
  devices?: readonly number[];
  protocol?: Protocol;
}

export function predict(scenario: Scenario, options: PredictOptions = {}): Prediction {
  const devices = chooseDevices(scenario, options.devices);
  // 1. One device.
  const base = prepare(scenario, options.protocol ?? "leave-one-series-out");
  const flopPerSample = Object.fromEntries(flopConventions.map((convention) => [convention, countFlop(base.layers, convention)])) as Record<FlopConvention, number>;
  // 2. Every scale.
  const outputs = outputsOver(base, devices);
  requireFinite(outputs, "outputs");
  // 3. Every input.
  const inputs = listInputs(base.scenario, base.parameters, pathOfParameter(base), base.collectives);
  const effects = inputs.map((input) => effectOf(base, input, devices, outputs));
  // 4. Intervals and words.
  const points = devices.map((count, index) => makePoint(base, count, index, outputs, effects, flopPerSample[scenario.plan.flopConvention]));
  const records = inputs.map((input, index) => makeRecord(input, effects[index]));
  const choices = unusedChoices(base);
  const prediction: Prediction = {
    scenario: describeScenario(scenario),
    convention: scenario.plan.flopConvention,
    totals: describeTotals(base, flopPerSample),
    points,
    stagingRace: stagingRace(base),
    inputs: records,
    unusedChoices: choices,
    assumed: records.filter(({ kind, used }) => kind === "assumed" && used).length,
    calibration: Object.values(base.parameters).map(({ link }) => link),
    notes: [...describeOutside(devices.flatMap((count) => outsideOf(base, count))), ...inputNotes(base, points), ...collectNotes(base, records, choices)],
  };
  requireFinite(prediction.points, "points");
  return prediction;
}

function describeTotals({ layers, sample_bytes, scenario }: Prepared, flopPerSample: Record<FlopConvention, number>): Prediction["totals"] {
  return {
    parameters: countParameters(layers),
    gradientTensors: listGradientTensors(layers).length,
    gradient_bytes: countGradientBytes(layers, elementBytes[scenario.plan.reductionPrecision]),
    activationsPerSample_elements: countMultiplierInputs(layers),
    inputPerSample_bytes: sample_bytes,
    flopPerSample,
  };
}

interface Effect {
  low: Outputs[] | null;
  high: Outputs[] | null;
  used: boolean;
}

/** Facts that act without moving a value: one bounds the number of devices, one widens the interval of borrowed constants. */
const actWithoutMoving = new Set(["machine.nodes", "device.kernelsLike.spread", "plan.asynchrony.penalty"]);

function effectOf(base: Prepared, input: Input, devices: readonly number[], outputs: readonly Outputs[]): Effect {
  if (actWithoutMoving.has(input.path)) return { low: null, high: null, used: input.path === "machine.nodes" || (input.path === "plan.asynchrony.penalty" ? (base.scenario.convergence ?? []).length > 0 : base.kernels.borrowed) };
  const traffic = /^stack\.traffic\.([\w-]+)\.(forward|backward)/.exec(input.path);
  // Where operations were measured, their table stands in for the row.
  if (traffic && replacesTraffic(base, traffic[1] ?? "", traffic[2] ?? "")) return { low: null, high: null, used: false };
  const range = ends(input);
  if (range) {
    const low = outputsOfVariant(variant(base, input, range.low), base, devices, outputs);
    const high = outputsOfVariant(variant(base, input, range.high), base, devices, outputs);
    return { low, high, used: differs(low, outputs) || differs(high, outputs) };
  }
  // A row of the traffic table moves the step where the network has a layer of its kind: no need to build the program again to see it.
  if (traffic) return { low: null, high: null, used: base.layers.some(({ kind }) => kind === traffic[1]) };
  const value = valueOf(input);
  const moved = input.kind === "fact" && input.fact.dimension === "count" ? value + 1 : value * 1.1;
  const edges = [...new Set([0, devices.length - 1])];
  const known = edges.map((edge) => outputs[edge] as Outputs);
  const probe = outputsOfVariant(variant(base, input, moved), base, edges.map((edge) => devices[edge] as number), known);
  return { low: null, high: null, used: differs(probe, known) };
}

function replacesTraffic({ kernels, layers }: Prepared, kind: string, pass: string): boolean {
  return !layers.some((layer) => layer.kind === kind) || (kernels.model.kind === "measured" && kernels.model.table.surfaces.has(`${kind} ${pass}`));
}

function differs(a: readonly Outputs[], b: readonly Outputs[]): boolean {
  const apart = (x: number, y: number) => Math.abs(x - y) > 1e-12 * Math.max(Math.abs(x), Math.abs(y));
  return a.some((one, index) => {
    const other = b[index];
    if (!other) return false;
    return (
      apart(one.terms.step_s, other.terms.step_s) ||
      apart(one.terms.alone_s, other.terms.alone_s) ||
      apart(one.staging?.time_s ?? 0, other.staging?.time_s ?? 0) ||
      differsInPower(one, other) ||
      termIds.some((id) => apart(one.terms.added_s[id], other.terms.added_s[id]) || apart(one.terms.overlapped_s[id] ?? 0, other.terms.overlapped_s[id] ?? 0))
    );
  });
}

const differsInPower = ({ power: one }: Outputs, { power: other }: Outputs): boolean =>
  one !== null && other !== null && (["device_w", "node_w", "system_w", "site_w"] as const).some((key) => Math.abs((one[key] ?? 0) - (other[key] ?? 0)) > 1e-12 * Math.abs(one[key] ?? 0));

function makePoint(base: Prepared, devices: number, index: number, all: readonly Outputs[], effects: readonly Effect[], flopPerSample: number): ScalePoint {
  const outputs = all[index] as Outputs;
  const samplesPerStep = base.scenario.plan.samplesPerDevice * base.scenario.plan.accumulation * devices;
  const { nodes, devicesPerNode } = networkAt(base.resources, devices);
  const estimate = (of: (outputs: Outputs) => number): Estimate => {
    const value = of(outputs);
    const spread = noSpread();
    for (const { low, high } of effects) if (low && high) addEffect(spread, of(low[index] as Outputs), of(high[index] as Outputs), value);
    return toEstimate(value, spread);
  };
  // Of times and rates; shares of one run with another of its own scale leave it out, since both are off alike.
  const timed = (of: (outputs: Outputs) => number): Estimate => widen(estimate(of), openSpread(base, devices));
  const throughput = timed(({ terms }) => samplesPerStep / terms.step_s);
  const stepTime_s = timed(({ terms }) => terms.step_s);
  const asynchrony = describeAsynchrony(base, devices, outputs.terms.step_s);
  const need = (base.resources.input.stored_bytes * throughput.value) / devices;
  return {
    devices,
    nodes,
    samplesPerStep,
    stepTime_s,
    throughput_samples_per_s: throughput,
    rate_flop_per_s: timed(({ terms }) => (flopPerSample * samplesPerStep) / terms.step_s),
    peakRate_flop_per_s: timed(({ terms }) => (flopPerSample * samplesPerStep) / terms.alone_s),
    efficiency: capAtOne(estimate(({ terms, single_s }) => single_s / terms.step_s)),
    stagingTime_s: outputs.staging ? estimate(({ staging }) => staging?.time_s ?? 0) : null,
    staging: describeStaging(base, outputs.staging),
    input: describeInput(base, devices, outputs),
    inputNeed_bytes_per_s: { device: need, node: need * devicesPerNode, machine: need * devices },
    terms: makeTerms(base, devices, index, outputs, effects),
    asynchrony,
    targets: targetsOf(base.scenario.convergence ?? [], samplesPerStep, delayOf(base, devices), stepTime_s),
    energy: makeEnergy(base, devices, index, outputs, effects, samplesPerStep),
    money: stepCost(base.scenario.market?.prices ?? [], { device: base.scenario.device.id, machine: base.scenario.machine.id, machineNodes: base.scenario.machine.nodes.value, devices, nodes, step_s: outputs.terms.step_s, energy_J: outputs.power === null ? null : powerAt(outputs.power, widest(outputs.power)) * outputs.terms.step_s }),
  };
}

/** Every input that moves the step or its power moves the energy; what the law of power leaves open comes on top. */
function makeEnergy(base: Prepared, devices: number, index: number, outputs: Outputs, effects: readonly Effect[], samplesPerStep: number): EnergyReport | null {
  const model = powerModelOf(base.scenario);
  const calibration = findPowerLaw(base.scenario.calibrations);
  if (model === undefined || calibration === undefined || outputs.power === null) return null;
  const times = activitiesOf(base, outputs.terms);
  const job = jobSize(base, devices);
  return reportEnergy(model, times, job, samplesPerStep, (of) => {
    const value = of(outputs.power as StepPower);
    const spread = noSpread();
    for (const { low, high } of effects) {
      const [atLow, atHigh] = [low?.[index]?.power, high?.[index]?.power];
      if (atLow && atHigh) addEffect(spread, of(atLow), of(atHigh), value);
    }
    addLawSpread(spread, of, model, calibration, times, job);
    // A step that takes longer as a whole takes its energy longer; its mean power stays.
    const power = outputs.power as StepPower;
    const lasts = value > 0 ? of({ ...power, step_s: 2 * power.step_s }) / value - 1 : 0;
    return widen(toEstimate(value, spread), lasts * openSpread(base, devices));
  });
}

/** No device in a group is faster than alone, so an interval of efficiency ends at 1. */
function capAtOne(estimate: Estimate): Estimate {
  return { ...estimate, high80: Math.min(1, estimate.high80), high95: Math.min(1, estimate.high95) };
}

const termNames: Record<TermId, { label: string; group: TermGroup }> = {
  "ideal-compute": { label: "Compute at datasheet peak", group: "compute" },
  "kernel-inefficiency": { label: "Kernel inefficiency", group: "compute" },
  "memory-bound": { label: "Memory-bound operations", group: "memory" },
  optimizer: { label: "Optimizer", group: "other" },
  launch: { label: "Kernel launch", group: "other" },
  "normalisation-exchange": { label: "Batch-statistics exchange", group: "comm" },
  communication: { label: "All-reduce, exposed", group: "comm" },
  "control-plane": { label: "Control plane", group: "host" },
  input: { label: "Input wait", group: "storage" },
  stragglers: { label: "Stragglers", group: "wait" },
};

function makeTerms(base: Prepared, devices: number, index: number, outputs: Outputs, effects: readonly Effect[]): Term[] {
  const binds = describeLimits(base, devices, outputs);
  return termIds.map((id) => {
    const time_s = outputs.terms.added_s[id];
    const spread: Spread = noSpread();
    for (const { low, high } of effects) {
      if (!low || !high) continue;
      const changes = [low, high].map((ends) => (ends[index] as Outputs).terms.added_s[id] - time_s);
      spread.up += Math.max(0, ...changes) ** 2;
      spread.down += Math.min(0, ...changes) ** 2;
    }
    return {
      id,
      ...termNames[id],
      time_s,
      low95_s: Math.max(0, time_s - Math.sqrt(spread.down)),
      high95_s: time_s + Math.sqrt(spread.up),
      overlapped_s: outputs.terms.overlapped_s[id] ?? 0,
      binds: binds[id],
    };
  });
}

function makeRecord(input: Input, effect: Effect | undefined): InputRecord {
  const value = valueOf(input);
  const range = ends(input);
  const [atLow, atHigh] = [effect?.low, effect?.high].map((outputs) => outputs?.at(-1)?.terms.step_s);
  const common = { path: input.path, label: labelOf(input.path), value, used: effect?.used ?? false };
  const sensitivity = { ...range, ...(atLow === undefined || atHigh === undefined ? {} : { stepTimeLow_s: atLow, stepTimeHigh_s: atHigh }) };
  if (input.kind === "parameter") {
    return { ...common, dimension: "fraction", text: value.toPrecision(3), kind: "calibrated", source: input.parameter.link.parts.filter(({ weight }) => weight > 0.005).map(({ what }) => what).join("; "), ...sensitivity };
  }
  if (input.kind === "collective") {
    const { name, source, note } = input.parameter;
    return { ...common, dimension: collectiveDimensions[name], text: showQuantity(value, collectiveDimensions[name]), kind: "calibrated", source, note, ...sensitivity };
  }
  const { fact } = input;
  return { ...common, dimension: fact.dimension, text: fact.text, kind: fact.kind, source: fact.source, ...(fact.note ? { note: fact.note } : {}), ...sensitivity };
}

function describeScenario(scenario: Scenario): Prediction["scenario"] {
  const named = ({ id, title }: { id: string; title: string }) => ({ id, title });
  const { machine, device, workload, plan, stack, run, changes } = scenario;
  return { machine: named(machine), device: named(device), workload: named(workload), plan: named(plan), stack: named(stack), run: run ? named(run) : null, precision: plan.precision, samplesPerDevice: plan.samplesPerDevice, devicesPerNode: machine.node.devices.value, changes };
}
