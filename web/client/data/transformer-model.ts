/** Answers of the transformer page, from the library alone: what its worker runs and what tests call. Pure. */
import { simulateTransformerStep } from "../../../model/engine/pipeline/events/simulate-step.ts";
import { completeTransformer, predictTransformer, resolveTransformer, suggestedPlan, plansOf, planSteps, type Completed, type Library, type PlanSearch, type TransformerScenario } from "../../../model/index.ts";
import { transformerPriors } from "../../../model/cost/transformer/priors.ts";
import { memoryStackOf } from "../../../model/memory/from-document.ts";
import { chooseTransformerLayouts } from "../../../model/predict/transformer/predict.ts";
import { prepareTransformer, type PreparedTransformer } from "../../../model/predict/transformer/prepare.ts";
import type { TransformerPoint } from "../../../model/prediction-transformer.ts";
import { InputError, type Problem } from "../../../model/problems.ts";
import type { SearchState, Stop } from "../../../model/search/search.ts";
import type { Refusal, ScalePoint, Schedule, SearchWish, TransformerPicture, TransformerWish } from "../transformer/protocol.ts";
import { listControls, nearestLayout, validCounts, type Editable } from "./transformer-controls.ts";

/** More passes than these are not drawn one by one. */
const mostPasses = 150_000;
/** Points of the curve over devices. */
const mostScales = 11;

export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.problems.map(({ path }) => path).join(", "));
    this.refusal = refusal;
  }
}

type Subject = Extract<Completed, { readonly library: Library }> & { readonly scenario: TransformerScenario };

export function createTransformerModel(base: Library) {
  /** A plan that was found stays for its subject, so that turning a knob does not search again. */
  const found = new Map<string, Completed>();

  function resolve(wish: TransformerWish): Subject {
    const library = wish.model === null ? base : { ...base, documents: { ...base.documents, workload: { ...base.documents.workload, [wish.model.id]: wish.model } } };
    const [plan, forDevices] = wish.plan?.startsWith(`${suggestedPlan}:`) ? [undefined, Number(wish.plan.slice(suggestedPlan.length + 1))] : [wish.plan ?? undefined, undefined];
    const others = Object.fromEntries(Object.entries(wish.changes).filter(([path]) => !path.startsWith("plan.")));
    const key = JSON.stringify([wish.machine, wish.workload, wish.model, wish.plan, wish.stack, others]);
    const completed = found.get(key) ?? completeTransformer(forDevices === undefined ? library : withoutPlans(library, wish.workload), { machine: wish.machine, workload: wish.workload, plan, stack: wish.stack ?? undefined, changes: others }, forDevices);
    if (!completed.library) throw new Refused({ problems: completed.problems, nearest: null, nearestDevices: null });
    found.set(key, completed);
    const all = forDevices === undefined ? completed.library : { ...completed.library, documents: { ...completed.library.documents, plan: { ...library.documents.plan, ...completed.library.documents.plan } } };
    const { scenario, problems } = resolveTransformer(all, { ...completed.selection, changes: wish.changes });
    if (!scenario) throw new Refused({ problems, nearest: null, nearestDevices: null });
    return { ...completed, library: all, scenario };
  }

  return {
    show(wish: TransformerWish): Omit<TransformerPicture, "elapsed_ms"> {
      const { selection, scenario, notes, devices, library } = resolve(wish);
      const prepared = prepareSafely(scenario);
      const available = scenario.machine.node.devices.value * scenario.machine.nodes.value;
      const count = wish.devices ?? (devices !== null && devices <= available ? devices : undefined);
      const { device, machine, stack } = scenario;
      const known = prepared.machine.recipes.filter((recipe) => transformerPriors(device, machine, stack, recipe).problems.length === 0);
      const editable = (at: number): Editable => ({ choices: scenario.plan, architecture: prepared.architecture, machine: prepared.machine, recipes: known, hardware: prepared.hardware, values: prepared.posterior.values, memory: scenario.memory === null ? null : memoryStackOf(scenario.memory), devices: at });
      const prediction = predictSafely(scenario, count, () => (count === undefined ? nowhere : nearestOf(editable(Math.min(count, available)), count, available)));
      const point = prediction.points[0] as TransformerPoint;
      const edit = editable(point.devices);
      const counts = [...new Set([...validCounts(edit, available), point.devices])].toSorted((a, b) => a - b);
      const drawn = schedule(prepared, point);
      const titleOf = (id: string) => ({ id, title: String((library.documents.plan[id] as { title?: unknown }).title ?? id) });
      return {
        wish, selection: { ...selection, changes: wish.changes }, found: selection.plan === suggestedPlan ? choicesOf(library.documents.plan[suggestedPlan]) : null, prediction, point,
        baseline: Object.keys(wish.changes).length === 0 ? null : baseline(wish, point.devices),
        scaling: scale(scenario, wish.scaling === "strong" ? pick(counts, point.devices) : weakCounts(edit, available), wish.scaling, point),
        counts, schedule: drawn, unscheduled: drawn === null ? unscheduled(point) : "", controls: listControls(edit, plannedOf(wish, scenario).plan),
        plans: [...plansOf(library, wish.workload, wish.machine), ...(Object.hasOwn(library.documents.plan, suggestedPlan) ? [suggestedPlan] : [])].map(titleOf),
        notes,
      };
    },
    /** Step by step, so that a worker can hear a stop. */
    *search({ wish, devices, objective }: SearchWish): Generator<SearchState, PlanSearch, Stop> {
      const { scenario } = resolve(wish);
      const steps = planSteps(scenario, { devices: [devices], recipes: [scenario.plan.recipe], axes: {}, objective, top: 8, pareto: ["time", "memory"], checked: 3 });
      return yield* steps;
    },
  };

  function plannedOf(wish: TransformerWish, changed: TransformerScenario): TransformerScenario {
    try {
      return resolve({ ...wish, changes: Object.fromEntries(Object.entries(wish.changes).filter(([path]) => !path.startsWith("plan."))) }).scenario;
    } catch (error) {
      if (error instanceof Refused) return changed;
      throw error;
    }
  }

  /** The plan without changes, where it is valid on as many devices. */
  function baseline(wish: TransformerWish, devices: number): TransformerPoint | null {
    try {
      const { scenario } = resolve({ ...wish, changes: {} });
      return predictTransformer(scenario, { devices: [devices] }).points[0] ?? null;
    } catch (error) {
      if (error instanceof InputError || error instanceof Refused) return null;
      throw error;
    }
  }
}
export type TransformerModel = ReturnType<typeof createTransformerModel>;

/** What a found plan chooses, as a command can set it. */
function choicesOf(document: unknown): TransformerPicture["found"] {
  const head = ["id", "title", "kind", "madeFor", "note", "source"];
  return Object.fromEntries(Object.entries(document as Record<string, unknown>).filter(([key, value]) => !head.includes(key) && value !== null && ["string", "number", "boolean"].includes(typeof value))) as Record<string, string | number | boolean>;
}

/** As if no plan was made for the model. */
function withoutPlans(library: Library, workload: string): Library {
  const plan = Object.fromEntries(Object.entries(library.documents.plan).filter(([, document]) => (document as { madeFor?: { workload?: unknown } }).madeFor?.workload !== workload));
  return { ...library, documents: { ...library.documents, plan } };
}

function prepareSafely(scenario: TransformerScenario): PreparedTransformer {
  try {
    return prepareTransformer(scenario, "in-sample");
  } catch (error) {
    if (error instanceof InputError) throw new Refused({ problems: error.problems, nearest: null, nearestDevices: null });
    throw error;
  }
}

const nowhere = { nearest: null, nearestDevices: null } as const;

/** Another number of devices where that is enough, else another layout. */
function nearestOf(edit: Editable, wanted: number, available: number): Omit<Refusal, "problems"> {
  const counts = validCounts(edit, available);
  if (counts.length > 0) return { nearest: null, nearestDevices: counts.reduce((best, one) => (Math.abs(Math.log(one / wanted)) < Math.abs(Math.log(best / wanted)) ? one : best)) };
  return { nearest: nearestLayout(edit), nearestDevices: null };
}

function predictSafely(scenario: TransformerScenario, devices: number | undefined, near: () => Omit<Refusal, "problems">) {
  try {
    return predictTransformer(scenario, devices === undefined ? {} : { devices: [devices] });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const problems: readonly Problem[] = error.problems;
    throw new Refused({ problems, ...near() });
  }
}

/** Some of the counts, evenly over their logarithm, with the active one. */
function pick(counts: readonly number[], active: number): number[] {
  if (counts.length <= mostScales) return [...counts];
  const [low, high] = [Math.log(counts[0] as number), Math.log(counts.at(-1) as number)];
  const wanted = Array.from({ length: mostScales }, (_, index) => low + ((high - low) * index) / (mostScales - 1));
  const nearest = wanted.map((at) => counts.reduce((best, count) => (Math.abs(Math.log(count) - at) < Math.abs(Math.log(best) - at) ? count : best), counts[0] as number));
  return [...new Set([...nearest, active])].toSorted((a, b) => a - b);
}

function weakCounts({ choices, devices }: Editable, available: number): number[] {
  const one = choices.tensor * choices.pipeline * choices.context;
  const perRank = choices.globalBatch / (devices / one);
  const counts = Array.from({ length: 21 }, (_, index) => devices * 2 ** (index - 10)).filter((count) => count % one === 0 && count >= one && count <= available && (perRank * count) / one >= 1);
  return counts.length > mostScales ? counts.slice(-mostScales) : counts;
}

function scale(scenario: TransformerScenario, counts: readonly number[], kind: TransformerWish["scaling"], now: TransformerPoint): ScalePoint[] {
  return counts.flatMap((devices): ScalePoint[] => {
    try {
      const plan = kind === "strong" ? scenario.plan : { ...scenario.plan, globalBatch: (now.layout.globalBatch * devices) / now.devices };
      const [point] = predictTransformer({ ...scenario, plan }, { devices: [devices] }).points;
      return point ? [{ devices, nodes: point.nodes, stepTime_s: point.stepTime_s, throughput_tokens_per_s: point.throughput_tokens_per_s, utilisation: point.utilisation, answer: point.memory?.answer ?? null }] : [];
    } catch (error) {
      if (error instanceof InputError) return [];
      throw error;
    }
  });
}

const passesOf = ({ layout }: TransformerPoint): number => 2 * layout.pipeline * layout.virtualStages * layout.microBatches;

const unscheduled = (point: TransformerPoint): string => `${passesOf(point).toLocaleString("en")} passes are too many to draw one by one: more than ${mostPasses.toLocaleString("en")}. A smaller global batch shows the same order.`;

function schedule(prepared: PreparedTransformer, point: TransformerPoint): Schedule | null {
  if (passesOf(point) > mostPasses) return null;
  const { architecture, hardware, posterior } = prepared;
  const [checked] = chooseTransformerLayouts(prepared, [point.devices]);
  if (!checked) return null;
  const { timeline, step_s } = simulateTransformerStep(architecture, checked.layout, hardware, posterior.values);
  const { count, device, pass, micro, start_s, end_s, busy_s, makespan_s } = timeline;
  const { pipeline, virtualStages, microBatches } = checked.layout;
  return { stages: pipeline, virtualStages, microBatches, makespan_s, step_s, device: device.slice(0, count), pass: pass.slice(0, count), micro: micro.slice(0, count), start_s: start_s.slice(0, count), end_s: end_s.slice(0, count), busy_s };
}
