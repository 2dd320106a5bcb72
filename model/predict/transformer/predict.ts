/**
 * The prediction of one transformer scenario over a list of device counts: step time with its interval, terms, throughput, memory by stage, what would make it fit.
 * Intervals come from the covariance of the fitted parameters and the priors of the others, through the slopes of the outputs, and from what the equations leave open.
 */
import { transformerParameters } from "../../cost/transformer/parameters.ts";
import { transformerTerms } from "../../engine/pipeline/terms.ts";
import { describeMemory } from "../../memory/describe.ts";
import { memoryStackOf } from "../../memory/from-document.ts";
import { findRemedies } from "../../memory/remedies.ts";
import { checkLayout } from "../../plan/check-layout.ts";
import type { Layout } from "../../plan/layout.ts";
import type { Estimate, Named } from "../../prediction.ts";
import type { LayoutSummary, TransformerParameterRecord, TransformerPoint, TransformerPrediction } from "../../prediction-transformer.ts";
import { InputError, notFinite, tooManyDevices, wrongValue, type Problem } from "../../problems.ts";
import { z80, z95, type Protocol } from "../../resolve/parameters.ts";
import type { TransformerScenario } from "../../scenario.ts";
import { showQuantity } from "../../units.ts";
import { countTransformerParameters } from "../../workload/transformer/count-parameters.ts";
import { countTransformerFlop, transformerFlopConventions } from "../../workload/transformer/flop.ts";
import { wholeCount } from "../devices.ts";
import { targetsOf } from "../targets.ts";
import { unusedInStep } from "../unused.ts";
import { describeEnergy, type Slopes } from "./energy.ts";
import { describeOutside } from "../../uncertainty/domain.ts";
import { describeTokens, tokenTerms } from "./input.ts";
import { openSpread, outsideOf } from "./open-spread.ts";
import { prepareTransformer, type PreparedTransformer } from "./prepare.ts";
import { describeTransformerLimits, transformerTermNames } from "./terms.ts";
import { timeFleet, unequalDevices } from "./unequal.ts";

export interface PredictTransformerOptions {
  readonly devices?: readonly number[];
  readonly protocol?: Protocol;
}

export function predictTransformer(scenario: TransformerScenario, options: PredictTransformerOptions = {}): TransformerPrediction {
  const prepared = prepareTransformer(scenario, options.protocol ?? "in-sample");
  const layouts = chooseTransformerLayouts(prepared, options.devices);
  const slopes = layouts.map(({ layout }) => slopesOf(prepared, layout));
  const points = layouts.map(({ layout, unused, notes }, index) => makePoint(prepared, layout, slopes[index] as Slopes, unused, notes.map(({ text }) => text)));
  const { architecture, corpus } = prepared;
  const counted = countTransformerParameters(architecture);
  const sequence = layouts[0]?.layout.sequence ?? architecture.sequence;
  return {
    kind: "transformer",
    scenario: describeScenario(scenario),
    totals: { parameters: counted.total, activeParameters: counted.active, flopPerToken: Object.fromEntries(transformerFlopConventions.map((convention) => [convention, countTransformerFlop(architecture, convention, sequence) / sequence])) },
    points,
    parameters: listParameters(prepared, slopes.at(-1) as Slopes),
    calibration: corpus === undefined ? null : { id: corpus.id, title: corpus.title, runs: corpus.runs },
    notes: [...describeOutside(layouts.flatMap(({ layout }) => outsideOf(prepared, layout))), ...collectNotes(prepared, points)],
  };
}

/** A layout for each number of devices: those that are asked for, or that the run or the plan names, or as few as a node and the plan allow. */
export function chooseTransformerLayouts({ scenario, architecture, machine }: PreparedTransformer, wanted: readonly number[] | undefined) {
  const { plan, machine: { node, nodes, title } } = scenario;
  const available = node.devices.value * nodes.value;
  const smallest = plan.tensor * plan.pipeline * plan.context;
  const problems: Problem[] = [];
  const counts = [...new Set(wanted ?? scenario.run?.scales ?? [(plan.madeFor?.devices ?? Infinity) <= available ? (plan.madeFor?.devices as number) : Math.min(available, Math.max(node.devices.value, smallest))])].toSorted((a, b) => a - b);
  if (counts.length === 0) problems.push(wrongValue("devices", wanted, "at least one number of devices"));
  const layouts = counts.flatMap((count) => {
    const wrong = [...wholeCount(count), ...(count > available ? [tooManyDevices("devices", count, available, title)] : [])];
    if (wrong.length > 0) {
      problems.push(...wrong);
      return [];
    }
    const checked = checkLayout(plan, architecture, count, machine, "plan");
    if (checked.layout === undefined) {
      problems.push(...checked.problems.map((problem) => ({ ...problem, path: `${count} devices, ${problem.path}` })));
      return [];
    }
    return [checked];
  });
  if (problems.length > 0) throw new InputError(problems);
  return layouts;
}

const step = 1e-4;

function slopesOf(prepared: PreparedTransformer, layout: Layout): Slopes {
  const values = prepared.posterior.values.slice();
  const spread = unequalDevices(prepared, layout);
  const base = timeFleet(prepared, layout, values, spread);
  base.forEach((value, at) => {
    if (!Number.isFinite(value)) throw new InputError([notFinite(`outputs.${at}`, value, "a time of the step")]);
  });
  const by = Array.from(values, (value, at) => {
    values[at] = value * Math.exp(step);
    const moved = timeFleet(prepared, layout, values, spread);
    values[at] = value;
    return moved.map((time, term) => (time - (base[term] as number)) / step);
  });
  return { base, by };
}

function makePoint(prepared: PreparedTransformer, layout: Layout, slopes: Slopes, unused: TransformerPoint["unused"], notes: readonly string[]): TransformerPoint {
  const { architecture, hardware, posterior, scenario } = prepared;
  const own_s = slopes.base[0] as number;
  const input = describeTokens(prepared, layout, own_s);
  const time_s = own_s + input.wait_s;
  const spread = Math.sqrt(posterior.variance(slopes.by.map((by) => (by[0] as number) / own_s)) + openSpread(prepared, layout) ** 2);
  const estimate = (value: number): Estimate => ({ value, low80: value * Math.exp(-z80 * spread), high80: value * Math.exp(z80 * spread), low95: value * Math.exp(-z95 * spread), high95: value * Math.exp(z95 * spread) });
  const tokens = layout.globalBatch * layout.sequence;
  const flop = countTransformerFlop(architecture, "model-causal", layout.sequence) * layout.globalBatch;
  const limits = describeTransformerLimits(prepared, layout);
  const memory = scenario.memory === null ? null : describeMemory(architecture, layout, scenario.memory, hardware.memory_bytes, false);
  return {
    devices: layout.devices,
    nodes: Math.ceil(layout.devices / hardware.devicesPerNode),
    layout: summarise(layout),
    stepTime_s: estimate(time_s),
    throughput_tokens_per_s: estimate(tokens / time_s),
    throughputPerDevice_tokens_per_s: estimate(tokens / time_s / layout.devices),
    ratePerDevice_flop_per_s: estimate(flop / time_s / layout.devices),
    utilisation: estimate(flop / time_s / layout.devices / hardware.peak_flop_per_s),
    terms: [...transformerTerms.map((id, index) => {
      const term_s = slopes.base[index + 1] as number;
      const deviation = Math.sqrt(posterior.variance(slopes.by.map((by) => by[index + 1] as number)));
      return { id, ...transformerTermNames[id], time_s: term_s, low95_s: Math.max(0, term_s - z95 * deviation), high95_s: term_s + z95 * deviation, binds: limits[id] };
    }), ...tokenTerms(input)],
    input,
    memory,
    remedies: memory === null || memory.answer === "fits" ? [] : listRemedies(prepared, layout),
    ...describeEnergy(prepared, layout, slopes),
    unused: [...unused, ...unusedInStep(scenario.plan, scenario.machine), ...unusedJitter(scenario)],
    targets: targetsOf(scenario.convergence ?? [], layout.globalBatch, null, estimate(time_s)),
    notes,
  };
}

const unusedJitter = ({ machine }: TransformerScenario): TransformerPoint["unused"] => (machine.deviceSpread.jitter ? [{ path: "machine.deviceSpread.jitter", label: "Work that differs from step to step", reason: "the jitter of transformer stacks is fitted to runs and stands for it" }] : []);

function listRemedies(prepared: PreparedTransformer, layout: Layout): TransformerPoint["remedies"] {
  const { architecture, hardware, machine, posterior, scenario } = prepared;
  if (scenario.memory === null) return [];
  return findRemedies(architecture, layout, memoryStackOf(scenario.memory), hardware.memory_bytes, machine)
    .filter(({ answer }) => answer !== "does not fit")
    .map(({ label, change, saves_bytes, answer, layout: changed }) => ({ label, change, saves_bytes, answer, stepTime_s: timeFleet(prepared, changed, posterior.values, unequalDevices(prepared, changed))[0] as number }))
    .toSorted((a, b) => a.stepTime_s - b.stepTime_s);
}

function listParameters({ posterior, priors }: PreparedTransformer, { base, by }: Slopes): TransformerParameterRecord[] {
  const time_s = base[0] as number;
  return posterior.states.map(({ name, value, sd, prior, series }, at) => {
    const { scope, unit, means } = transformerParameters[name];
    const slope = (by[at]?.[0] ?? 0) as number;
    const informed = series.length > 0;
    return {
      name, means, unit, scope, value, prior, series,
      low95: value * Math.exp(-z95 * sd),
      high95: value * Math.exp(z95 * sd),
      kind: informed ? "calibrated" : (priors[at]?.levels.length ?? 0) > 0 ? "assumed" : "published",
      stepTimeLow_s: time_s - z95 * sd * slope,
      stepTimeHigh_s: time_s + z95 * sd * slope,
      used: Math.abs(slope) > 1e-12 * time_s,
    };
  });
}

function summarise({ tensor, pipeline, virtualStages, context, data, expert, expertTensor, microBatch, microBatches, globalBatch, sequence, schedule, sharding, recompute, recipe }: Layout): LayoutSummary {
  return { tensor, pipeline, virtualStages, context, data, expert, expertTensor, microBatch, microBatches, globalBatch, sequence, schedule, sharding, recompute, recipe };
}

function describeScenario({ machine, device, workload, plan, stack, changes }: TransformerScenario): TransformerPrediction["scenario"] {
  const named = ({ id, title }: Named): Named => ({ id, title });
  return { machine: named(machine), device: named(device), workload: named(workload), plan: named(plan), stack: named(stack), changes };
}

function collectNotes({ corpus, scenario }: PreparedTransformer, points: readonly TransformerPoint[]): string[] {
  const notes: string[] = [];
  if (corpus === undefined) notes.push("No run informs this prediction: every parameter has the value of its document, and the intervals are wide.");
  if (scenario.memory === null) notes.push(`The stack ${scenario.stack.id} names no memory document, so memory is not predicted.`);
  for (const { devices, memory } of points) {
    if (memory !== null && memory.answer !== "fits") notes.push(`On ${devices} devices it ${memory.answer === "tight" ? "is tight" : "does not fit"}: stage ${memory.fullest.stage} needs ${showQuantity(memory.fullest.device.bytes, "data")} of ${showQuantity(memory.capacity_bytes, "data")}. Times are as if it did.`);
  }
  return notes;
}
