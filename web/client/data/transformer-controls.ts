/**
 * What each control of the layout editor may offer: values that give a valid layout with everything else as it is, each with the step time and the answer of memory that it
 * leads to. Where a value needs another choice to follow (stages that no longer interleave), the least that makes it valid is set with it. Also the closest valid layout.
 */
import type { TransformerHardware, TransformerValues } from "../../../model/cost/transformer/parameters.ts";
import { timeStep } from "../../../model/engine/pipeline/time-step.ts";
import { resultLength } from "../../../model/engine/pipeline/terms.ts";
import { footprintColumns } from "../../../model/memory/columns.ts";
import { footprint, makeFootprint } from "../../../model/memory/footprint.ts";
import { judgeFit } from "../../../model/memory/judge.ts";
import type { MemoryStack } from "../../../model/memory/stack.ts";
import { findFaults, type LayoutMachine } from "../../../model/plan/find-faults.ts";
import { checkLayout } from "../../../model/plan/check-layout.ts";
import { makeLayout } from "../../../model/plan/make-layout.ts";
import { pipelineSchedules, recomputes, shardings, type LayoutChoices } from "../../../model/schema/plan-layout.ts";
import { divisorsOf } from "../../../model/search/axes.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import type { Control, Offer, RefusedValue } from "../transformer/protocol.ts";

export interface Editable {
  readonly choices: LayoutChoices;
  readonly architecture: Architecture;
  readonly machine: LayoutMachine;
  /** Number formats that the device multiplies by itself and whose rates its document states. */
  readonly recipes: LayoutMachine["recipes"];
  readonly hardware: TransformerHardware;
  /** Null: times are not told, as in another number format. */
  readonly values: TransformerValues;
  readonly memory: MemoryStack | null;
  readonly devices: number;
}

type Value = string | number | boolean;
type Sets = Readonly<Record<string, Value>>;

const joined = (value: number, powers: readonly number[]): number[] => [...new Set([...powers, value])].toSorted((a, b) => a - b);
const doublings = (from: number, to: number): number[] => Array.from({ length: Math.max(0, Math.floor(Math.log2(to / from)) + 1) }, (_, index) => from * 2 ** index);

/** Values that a control might offer, before they are tried. */
function candidates({ choices, architecture, machine, devices }: Editable): Record<string, readonly Value[]> {
  const divisors = joined(1, [...divisorsOf(devices), ...doublings(1, Math.min(64, devices))]);
  const layers = architecture.layers + architecture.encoderLayers;
  const sequence = choices.sequence ?? architecture.sequence;
  const { experts } = architecture;
  return {
    tensor: divisors.filter((value) => value <= architecture.attention.heads),
    pipeline: divisors.filter((value) => value <= layers + 2),
    virtualStages: Array.from({ length: Math.min(32, layers) }, (_, index) => index + 1),
    schedule: choices.pipeline > 1 ? pipelineSchedules : [],
    context: divisors.filter((value) => value <= 64),
    expert: experts === null ? [] : divisorsOf(experts.count),
    expertTensor: experts === null ? [] : divisorsOf(experts.inner).filter((value) => value <= machine.domain),
    sharding: shardings,
    microBatch: joined(choices.microBatch, doublings(1, 256)),
    globalBatch: joined(choices.globalBatch, doublings(choices.globalBatch / 2 ** Math.min(4, Math.floor(Math.log2(choices.globalBatch))), choices.globalBatch * 16)).filter((value) => value % 1 === 0),
    sequence: joined(sequence, doublings(512, 1_048_576)),
    sequenceParallel: choices.tensor > 1 ? [true, false] : [],
    recompute: recomputes.filter((value) => (value === "modules" ? choices.recomputeModules.length > 0 : value === "block" ? choices.recomputedLayers !== undefined : true)),
    attentionKernel: ["flash", "unfused"],
    recipe: machine.recipes,
  };
}

/** What a value may need to set besides, the least first. */
function follow(key: string, value: Value, { choices, architecture, devices }: Editable): Sets[] {
  const alone: Sets = { [key]: value };
  const flat: Sets = { virtualStages: 1, schedule: "1f1b" };
  if (key === "tensor") return value === 1 ? [{ ...alone, sequenceParallel: false }] : [alone, { ...alone, sequenceParallel: true }];
  if (key === "pipeline") return value === 1 ? [{ ...alone, virtualStages: 1, schedule: "1f1b", ...(choices.sharding === "gradients" ? {} : {}) }] : [alone, { ...alone, ...flat }];
  if (key === "virtualStages") return value === 1 ? [{ ...alone, schedule: choices.schedule === "interleaved" || choices.schedule === undefined ? "1f1b" : choices.schedule }] : [alone, { ...alone, schedule: "interleaved" }];
  if (key === "schedule" && value === "interleaved") {
    const layers = architecture.layers + architecture.encoderLayers;
    return [alone, ...divisorsOf(layers).filter((parts) => parts > 1).map((virtualStages) => ({ ...alone, virtualStages }))];
  }
  if (key === "schedule") return [alone, { ...alone, virtualStages: 1 }];
  if (key === "globalBatch" || key === "microBatch" || key === "sequence") return [alone];
  if (key === "context") return [alone, ...(value === 1 ? [] : [{ ...alone, globalBatch: Math.max(1, Math.round(choices.globalBatch / (devices / choices.tensor / choices.pipeline / Number(value)))) * (devices / choices.tensor / choices.pipeline / Number(value)) }])];
  return [alone];
}

export const withSets = (choices: LayoutChoices, sets: Sets): LayoutChoices => ({ ...choices, ...sets }) as LayoutChoices;

/** `planned`: the choices without changes. */
export function listControls(editable: Editable, planned: LayoutChoices): Control[] {
  const { choices, architecture, devices } = editable;
  const layout = makeLayout(choices, architecture, devices);
  const now = layout as unknown as Readonly<Record<string, Value>>;
  const before = makeLayout(planned, architecture, devices) as unknown as Readonly<Record<string, Value>>;
  return Object.entries(candidates(editable)).flatMap(([key, values]): Control[] => {
    const offers = values.flatMap((value): Offer[] => {
      const sets = follow(key, value, editable).find((some) => isValid(editable, some));
      return sets === undefined ? [] : [{ value, sets, ...judge(editable, sets) }];
    });
    const value = now[key];
    if (value === undefined || values.length === 0) return [];
    return [{ key, value, planned: before[key] ?? value, offers, refused: listRefused(editable, key, value, values, offers) }];
  });
}

/** More of them are no help. */
const mostRefused = 8;

/** Those closest to the present value, each with the words of the check and the offer that is closest to it. */
function listRefused(editable: Editable, key: string, now: Value, values: readonly Value[], offers: readonly Offer[]): RefusedValue[] {
  const { choices, architecture, devices, machine } = editable;
  const refused = values.filter((value) => value !== now && !offers.some((offer) => offer.value === value));
  const apart = (a: Value, b: Value): number => (typeof a === "number" && typeof b === "number" ? Math.abs(Math.log(a / b)) : 0);
  return refused.toSorted((a, b) => apart(a, now) - apart(b, now)).slice(0, mostRefused).toSorted((a, b) => values.indexOf(a) - values.indexOf(b)).map((value): RefusedValue => {
    const { problems } = checkLayout(withSets(choices, { [key]: value }), architecture, devices, machine, "");
    const why = key === "recipe" && problems.length === 0 ? "no rate is known for this format on the device" : problems.map(({ path, expected }) => (path.endsWith(` ${key}`) ? `must be ${expected}` : `needs ${path.replace(/^: /, "")} to be ${expected}`)).join("; ");
    const closest = typeof value === "number" ? offers.toSorted((a, b) => apart(a.value, value) - apart(b.value, value))[0] : undefined;
    return { value, why, nearest: closest?.value ?? null };
  });
}

const isValid = ({ choices, architecture, machine, devices, recipes }: Editable, sets: Sets): boolean => recipes.includes((sets["recipe"] ?? choices.recipe) as LayoutMachine["recipes"][number]) && findFaults(makeLayout(withSets(choices, sets), architecture, devices), architecture, machine) === 0;

const into = makeFootprint();
const scratch = makeFootprint();
const result = new Float64Array(resultLength);

function judge({ choices, architecture, hardware, values, memory, devices }: Editable, sets: Sets): Pick<Offer, "step_s" | "answer"> {
  const layout = makeLayout(withSets(choices, sets), architecture, devices);
  // Another number format has other rates: its time is known when it is chosen.
  const step_s = layout.recipe === choices.recipe ? (timeStep(architecture, layout, hardware, values, result)[0] as number) : Number.NaN;
  if (memory === null) return { step_s, answer: null };
  const allocated = footprint(architecture, layout, memory, into, scratch);
  return { step_s, answer: judgeFit(allocated, into[footprintColumns.device] as number, hardware.memory_bytes) };
}

/** The valid layout that changes degrees and batch least: distances are doublings. */
export function nearestLayout(editable: Editable): Sets | null {
  const { choices, architecture, devices, machine } = editable;
  const { tensor, pipeline, expert, virtualStages, globalBatch, microBatch, context } = choices;
  const apart = (a: number, b: number): number => Math.abs(Math.log2(a / b));
  const layers = architecture.layers + architecture.encoderLayers;
  let best: { sets: Sets; distance: number } | null = null;
  for (const t of divisorsOf(devices).filter((value) => architecture.attention.heads % value === 0)) for (const p of divisorsOf(devices / t).filter((value) => value <= layers + 2)) for (const c of new Set([context, 1])) {
    const data = devices / t / p / c;
    if (data % 1 !== 0) continue;
    for (const m of new Set([microBatch, 1])) for (const v of new Set([virtualStages, 1])) for (const e of architecture.experts === null ? [1] : divisorsOf(architecture.experts.count)) {
      const one = data * m * (v > 1 && p > 1 ? p : 1);
      const batch = Math.max(1, Math.round(globalBatch / one)) * one;
      const distance = apart(t, tensor) + apart(p, pipeline) + apart(e, expert) + apart(v, virtualStages) / 2 + apart(batch, globalBatch) + apart(m, microBatch) / 2 + apart(c, context);
      if (best !== null && distance >= best.distance) continue;
      const sets: Sets = { tensor: t, pipeline: p, context: c, expert: e, virtualStages: p === 1 ? 1 : v, schedule: p > 1 && v > 1 ? "interleaved" : "1f1b", microBatch: m, globalBatch: batch, ...(t === 1 ? { sequenceParallel: false } : {}), ...(choices.sharding === "gradients" && p > 1 ? { sharding: "optimizer" } : {}) };
      if (findFaults(makeLayout(withSets(choices, sets), architecture, devices), architecture, machine) === 0) best = { sets, distance };
    }
  }
  const now = makeLayout(choices, architecture, devices) as unknown as Readonly<Record<string, Value>>;
  return best === null ? null : Object.fromEntries(Object.entries(best.sets).filter(([key, value]) => now[key] !== value));
}

/** Numbers of devices on which the layout is valid with the same batch, up to what the machine has. */
export function validCounts({ choices, architecture, machine }: Editable, available: number): number[] {
  const one = choices.tensor * choices.pipeline * choices.context;
  return divisorsOf(Math.max(1, Math.floor(choices.globalBatch / choices.microBatch))).map((data) => data * one).filter((count) => count <= available && findFaults(makeLayout(choices, architecture, count), architecture, machine) === 0);
}
