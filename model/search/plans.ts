/**
 * Search of a scenario's plans: documents -> problem, candidates -> plans with intervals, terms and reasons. Each plan that is told is predicted anew through the scenario, as
 * `predict` would with that plan, so nothing in it is the search's own; the first ones are run pass by pass besides.
 */
import { simulateTransformerStep } from "../engine/pipeline/events/simulate-step.ts";
import { makePowerModel } from "../energy/power-model.ts";
import { memoryStackOf } from "../memory/from-document.ts";
import { judgeFit } from "../memory/judge.ts";
import { checkLayout } from "../plan/check-layout.ts";
import { makeLayout } from "../plan/make-layout.ts";
import type { TransformerPoint } from "../prediction-transformer.ts";
import { predictTransformer } from "../predict/transformer/predict.ts";
import { powerSourcesOf } from "../predict/transformer/energy.ts";
import { prepareTransformer, type PreparedTransformer } from "../predict/transformer/prepare.ts";
import { InputError, missingKey, tooManyDevices, wrongValue, type Problem } from "../problems.ts";
import type { TransformerScenario } from "../scenario.ts";
import type { LayoutChoices } from "../schema/plan-layout.ts";
import type { Behind, FoundPlan, PlanSearch, SearchRequest } from "./found.ts";
import { scoreOf, weightsOf } from "./kept.ts";
import type { Candidate, SearchProblem } from "./problem.ts";
import { searchSteps, walk, type SearchHost, type SearchState, type Stop } from "./search.ts";

/** Passes of a pipeline that are run one by one at most. */
const mostPasses = 300_000;

interface Prepared {
  readonly scenario: TransformerScenario;
  readonly request: SearchRequest;
  readonly problem: SearchProblem;
  readonly recipes: readonly PreparedTransformer[];
}

export const searchPlans = (scenario: TransformerScenario, request: SearchRequest, host: SearchHost = {}): PlanSearch => walk(planSteps(scenario, request), host);

/** The same step by step. */
export function* planSteps(scenario: TransformerScenario, request: SearchRequest): Generator<SearchState, PlanSearch, Stop> {
  const prepared = prepare(scenario, request);
  const { state, stopped } = yield* searchSteps(prepared.problem);
  if (state.counts.valid === 0) throw new InputError(explainNone(prepared));
  const best = state.best[0];
  const told = (candidate: Candidate, at: number): FoundPlan => describe(prepared, candidate, at < (request.checked ?? 3), at === 0 ? undefined : best);
  const front = state.front.toSorted((a, b) => a.step_s - b.step_s);
  const notes = state.best.length > 0 ? [] : ["Nothing fits: every valid layout needs more memory than the device has. Host memory for the optimizer (--fix offloadOptimizer=1), more devices or a narrower recipe may help."];
  return { objective: request.objective, counts: state.counts, complete: !stopped, plans: state.best.map(told), front: front.map((candidate) => describe(prepared, candidate, false, best)), notes };
}

function prepare(scenario: TransformerScenario, request: SearchRequest): Prepared {
  const { machine, device, memory, stack, plan } = scenario;
  const problems: Problem[] = [];
  const available = machine.node.devices.value * machine.nodes.value;
  if (request.devices.length === 0) problems.push(missingKey("devices", "at least one number of devices"));
  for (const count of request.devices) if (count > available) problems.push(tooManyDevices("devices", count, available, machine.title));
  if (memory === null) problems.push(missingKey(`stacks/${stack.id}: memory`, "the name of a memory document: a search must know what fits"));
  if ([request.objective, ...(request.pareto ?? [])].includes("energy") && device.power === undefined) problems.push(missingKey(`devices/${device.id}: power`, "the power of the device, which the objective energy needs"));
  if (request.axes.recompute?.includes("modules") && plan.recomputeModules.length === 0) problems.push(missingKey("plan.recomputeModules", "the modules that recompute \"modules\" computes again"));
  const recipes = request.recipes.flatMap((recipe): PreparedTransformer[] => {
    try {
      return [prepareTransformer({ ...scenario, plan: { ...plan, recipe } }, "in-sample")];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  const first = recipes[0];
  if (problems.length > 0 || memory === null || first === undefined) throw new InputError(problems);
  const { reserve, pareto, price_per_device_hour } = request;
  const power = makePowerModel(powerSourcesOf(scenario));
  const problem: SearchProblem = {
    architecture: first.architecture,
    base: plan,
    axes: request.axes,
    devices: request.devices,
    recipes: recipes.map(({ hardware, posterior, scenario: { plan: { recipe } } }) => ({ recipe, hardware, values: posterior.values })),
    memory: memoryStackOf(memory),
    supports: first.machine.supports,
    objective: request.objective,
    top: request.top,
    ...(reserve === undefined ? {} : { reserve }),
    ...(pareto === undefined ? {} : { pareto }),
    ...(power === undefined ? {} : { power }),
    ...(price_per_device_hour === undefined ? {} : { price_per_device_hour }),
  };
  return { scenario, request, problem, recipes };
}

/** Keys of a plan that a search chooses, as a document would have them. */
function choicesOf({ layout }: Candidate): Partial<LayoutChoices> {
  const { tensor, context, pipeline, virtualStages, expert, expertTensor, microBatch, globalBatch, sequence, sequenceParallel, sharding, recompute, recipe, attentionKernel, offload } = layout;
  return {
    recipe, tensor, context, pipeline, virtualStages, expert, expertTensor, microBatch, globalBatch, sequence, sequenceParallel, sharding, recompute, attentionKernel, offload,
    ...(pipeline > 1 ? { schedule: layout.schedule } : {}),
    ...(recompute === "block" ? { recomputedLayers: layout.recomputedLayers } : {}),
    ...(sharding === "parameters" ? { reshardAfterForward: layout.reshardAfterForward } : {}),
    ...(context > 1 ? { contextScheme: layout.contextScheme } : {}),
  };
}

const toldKeys = ["recipe", "tensor", "context", "pipeline", "virtualStages", "schedule", "expert", "expertTensor", "microBatch", "sequenceParallel", "sharding", "reshardAfterForward", "recompute", "recomputedLayers", "attentionKernel", "contextScheme"] as const;

function describe(prepared: Prepared, candidate: Candidate, check: boolean, best: Candidate | undefined): FoundPlan {
  const { recipes, request } = prepared;
  const { layout, device_bytes, allocated_bytes, step_s } = candidate;
  const { architecture, hardware, posterior } = recipes[candidate.recipe] as PreparedTransformer;
  const point = pointOf(prepared, candidate);
  const choices = choicesOf(candidate);
  const passes = layout.microBatches * layout.pipeline * layout.virtualStages;
  const simulated = check && passes <= mostPasses ? simulateTransformerStep(architecture, layout, hardware, posterior.values) : null;
  const device_hours = (layout.devices * step_s) / 3600;
  return {
    devices: layout.devices,
    choices: { ...Object.fromEntries(toldKeys.flatMap((key) => (choices[key] === undefined ? [] : [[key, choices[key]]]))), ...(layout.offload.optimizer > 0 ? { offloadOptimizer: layout.offload.optimizer } : {}), ...(layout.offload.activations > 0 ? { offloadActivations: layout.offload.activations } : {}) },
    data: layout.data,
    microBatches: layout.microBatches,
    stepTime_s: point.stepTime_s,
    throughputPerDevice_tokens_per_s: point.throughputPerDevice_tokens_per_s,
    utilisation: point.utilisation,
    memory: { device_bytes, allocated_bytes, capacity_bytes: hardware.memory_bytes, margin_bytes: hardware.memory_bytes - device_bytes, answer: judgeFit(allocated_bytes, device_bytes, hardware.memory_bytes) },
    device_hours,
    price: request.price_per_device_hour === undefined ? null : device_hours * request.price_per_device_hour,
    energy_J: point.energy === null ? null : (point.energy.perStep_J[point.energy.boundary] ?? point.energy.perStep_J.devices).value,
    terms: point.terms.filter(({ time_s }) => time_s > 0).map(({ id, label, time_s }) => ({ id, label, time_s })),
    passByPass: simulated === null ? null : { step_s: simulated.step_s, difference: simulated.step_s / step_s - 1 },
    behind: best === undefined ? null : compare(prepared, candidate, point, best),
  };
}

/** As `predict` tells it, with the plan that was found. */
function pointOf({ scenario }: Prepared, candidate: Candidate): TransformerPoint {
  const { points: [point] } = predictTransformer({ ...scenario, plan: { ...scenario.plan, ...choicesOf(candidate) } }, { devices: [candidate.layout.devices] });
  return point as TransformerPoint;
}

/** Terms that are told of a plan behind the best, at most. */
const mostTerms = 3;

function compare(prepared: Prepared, candidate: Candidate, point: TransformerPoint, best: Candidate): Behind {
  const { problem: { objective }, problem } = prepared;
  const score = ({ step_s, device_bytes, energy_J, layout }: Candidate): number => scoreOf(objective, step_s, device_bytes, weightsOf(problem, layout.devices), energy_J);
  const [own, other] = [choicesOf(candidate), choicesOf(best)];
  const changed = toldKeys.filter((key) => own[key] !== other[key]).map((key) => ({ key, best: String(other[key] ?? "none"), here: String(own[key] ?? "none") }));
  const first = pointOf(prepared, best).terms;
  const terms = point.terms.map(({ id, label, time_s }, at) => ({ id, label, more_s: time_s - (first[at]?.time_s ?? 0) })).toSorted((a, b) => Math.abs(b.more_s) - Math.abs(a.more_s));
  const devices = candidate.layout.devices === best.layout.devices ? [] : [{ key: "devices", best: String(best.layout.devices), here: String(candidate.layout.devices) }];
  return { share: score(candidate) / score(best) - 1, changed: [...devices, ...changed], terms: terms.slice(0, mostTerms).filter(({ more_s }) => Math.abs(more_s) > 1e-9 * best.step_s), memoryMore_bytes: candidate.device_bytes - best.device_bytes };
}

/** What is wrong with the layout that the fixed choices name, everything else at one. */
function explainNone({ scenario, request, problem, recipes }: Prepared): Problem[] {
  const { axes } = request;
  const fixed: Partial<LayoutChoices> = Object.fromEntries(Object.entries(axes).flatMap(([key, values]) => (key in makeableKeys && values?.[0] !== undefined ? [[key, values[0]]] : [])));
  const devices = request.devices[0] ?? 1;
  const choices: LayoutChoices = { ...scenario.plan, tensor: 1, context: 1, pipeline: 1, virtualStages: 1, expert: 1, expertTensor: 1, microBatch: 1, schedule: undefined, ...fixed, recompute: "none" };
  const { data } = makeLayout(choices, problem.architecture, devices);
  const found = checkLayout(choices, problem.architecture, devices, (recipes[0] as PreparedTransformer).machine, "plan").problems;
  const more = found.length > 0 ? found : [wrongValue("plan", `${devices} devices, ${data} data ranks`, "choices that some valid layout has")];
  return more.map((problem) => ({ ...problem, hint: [problem.hint, "no layout of the search is valid"].filter(Boolean).join("; ") }));
}

const makeableKeys: Readonly<Record<string, true>> = { tensor: true, context: true, pipeline: true, virtualStages: true, expert: true, expertTensor: true, microBatch: true, schedule: true, sequenceParallel: true, sharding: true };
