/**
 * A plan for a model that comes without one: the fastest layout that fits, of those with tensor ranks inside the fast link, stages, experts and recomputation as most
 * frameworks offer them (search.ts). The batch is about four million tokens, as most published pre-training runs have. No claim that it is the best plan of all.
 */
import { memoryStackOf } from "../memory/from-document.ts";
import { missingKey, wrongValue, type Problem } from "../problems.ts";
import type { TransformerScenario } from "../scenario.ts";
import { search } from "./search.ts";
import type { Layout } from "../plan/layout.ts";
import { showQuantity } from "../units.ts";
import { prepareTransformer } from "../predict/transformer/prepare.ts";

/** Layout documents as files hold them. */
export type PlanDocument = Readonly<Record<string, unknown>> & { readonly id: string };

export const suggestedPlan = "suggested";
const batchTokens = 2 ** 22;

/** Of a step's sequences: about four million tokens, with the odd part of the number of devices, so that data ranks divide it. */
export function suggestBatch(sequence: number, devices: number): number {
  let odd = devices;
  while (odd % 2 === 0) odd /= 2;
  return odd * 2 ** Math.max(0, Math.round(Math.log2(batchTokens / sequence / odd)));
}

/** What every suggestion begins with; the model alone decides the rest. */
export const starterPlan = (workload: string, title: string, recipe: Layout["recipe"]): PlanDocument => ({ id: suggestedPlan, title: `A plan for ${title}, found here`, kind: "layout", madeFor: { workload }, microBatch: 1, globalBatch: 1, recipe });

export interface Suggestion {
  readonly document: PlanDocument;
  readonly devices: number;
  /** Layouts that were compared. */
  readonly layouts: number;
}

/** `scenario` holds the starter plan. Without `devices` it takes whole nodes, twice as many each time, until the model fits. */
export function suggestPlan(scenario: TransformerScenario, starter: PlanDocument, devices?: number): { readonly suggestion: Suggestion; readonly problems: readonly [] } | { readonly suggestion?: undefined; readonly problems: readonly Problem[] } {
  if (scenario.memory === null) return { problems: [missingKey("--plan", `a plan: the stack ${scenario.stack.id} names no memory document, so none can be found`)] };
  const { architecture, hardware, machine, posterior } = prepareTransformer(scenario, "in-sample");
  const { plan, workload, machine: { id, node, nodes } } = scenario;
  const available = node.devices.value * nodes.value;
  const sequence = plan.sequence ?? architecture.sequence;
  const counts = devices === undefined ? doublings(Math.min(available, hardware.devicesPerNode), available) : [devices];
  const tensor = powers(machine.domain);
  let layouts = 0;
  for (const count of counts) {
    const globalBatch = suggestBatch(sequence, count);
    const { state } = search({
      architecture, base: { ...plan, globalBatch }, devices: [count], recipes: [{ recipe: plan.recipe, hardware, values: posterior.values }], memory: memoryStackOf(scenario.memory), supports: machine.supports, objective: "time", top: 1, reserve: 0.08,
      axes: { tensor, context: [1], microBatch: [1, 2, 4], sharding: ["optimizer"], schedule: ["1f1b", "interleaved"], recompute: ["none", "selective", "full"], expertTensor: [1], sequenceParallel: [true, false] },
    });
    layouts += state.counts.valid;
    const best = state.best[0]?.layout;
    if (best !== undefined) return { suggestion: { document: { ...documentOf(starter, best), madeFor: { workload: workload.id, machine: id, devices: count } }, devices: count, layouts }, problems: [] };
  }
  const memory = `${hardware.devicesPerNode} devices of ${showQuantity(hardware.memory_bytes, "data")} a node`;
  const most = counts.at(-1) ?? available;
  return { problems: [{ ...wrongValue(devices === undefined ? "--plan" : "devices", devices, `a plan of your own: of ${layouts.toLocaleString("en")} layouts that were tried none fits ${most.toLocaleString("en")} devices (${memory})`, "offload, context ranks and sharded parameters were not tried"), ...(devices === undefined ? { got: "nothing" } : {}) }] };
}

function doublings(from: number, to: number): number[] {
  const counts: number[] = [];
  for (let count = from; count <= to; count *= 2) counts.push(count);
  return counts;
}

const powers = (most: number): number[] => doublings(1, Math.max(1, most));

function documentOf(starter: PlanDocument, { tensor, pipeline, virtualStages, expert, microBatch, globalBatch, sequenceParallel, recompute, attentionKernel }: Layout): PlanDocument {
  return { ...starter, tensor, pipeline, virtualStages, expert, microBatch, globalBatch, sequenceParallel: tensor > 1 && sequenceParallel, sharding: "optimizer", recompute, attentionKernel };
}
