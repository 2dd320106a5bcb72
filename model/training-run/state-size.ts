/**
 * What a checkpoint holds: the weights that products read, their master copy and the moments of the optimizer, once, however many devices hold them. Gradients and activations are not
 * saved. Bytes per parameter are those of the memory model. BLOOM's 2.3 TB (binary) are 14 bytes a parameter: two of BF16, four each of master copy and two moments.
 */
import { memoryStackOf } from "../memory/from-document.ts";
import { momentsOf } from "../memory/stack.ts";
import type { LayoutSummary } from "../prediction-transformer.ts";
import type { StateSize } from "../reliability/checkpoint.ts";
import type { Scenario, TransformerScenario } from "../scenario.ts";

export interface FoundSize {
  readonly size: StateSize;
  readonly words: string;
  readonly notes: readonly string[];
}

/** Values per parameter that an optimizer keeps beside the weights. */
const layerMoments = { "sgd-momentum": 1, adam: 2, "larc-adam": 2, lamb: 2 } as const;

/** Where no memory document says so: BF16 weights, FP32 master copy and moments. */
const usual = { weight_bytes: 2, shardedWeight_bytes: 0, master_bytes: 4, moment_bytes: 4 };

export function transformerState(scenario: TransformerScenario, parameters: number, layout: LayoutSummary, devices: number, nodes: number): FoundSize {
  const { plan, memory } = scenario;
  const notes: string[] = [];
  const stack = memory === null ? usual : memoryStackOf(memory);
  if (memory === null) notes.push(`The stack ${scenario.stack.id} names no memory document: a checkpoint is taken to hold 2 bytes of weight, 4 of master copy and 4 of each moment per parameter.`);
  const wide = layout.recipe === "fp32" || layout.recipe === "tf32";
  const divided = layout.sharding === "parameters";
  const weight = wide ? 0 : divided ? stack.shardedWeight_bytes : stack.weight_bytes;
  const states = stack.master_bytes + stack.moment_bytes * momentsOf[plan.optimizer];
  if (plan.adapterRank > 0 && plan.checkpoint?.size === undefined) notes.push("Only adapters train: a checkpoint of them alone is smaller than the one counted here; plan.checkpoint.size says how large.");
  const checkpoint_bytes = plan.checkpoint?.size?.value ?? parameters * (weight + states);
  const replicas = Math.max(1, devices / (layout.tensor * layout.pipeline));
  const scale = checkpoint_bytes / (parameters * (weight + states));
  const load_bytes = scale * parameters * (weight * (divided ? 1 : replicas) + states * (layout.sharding === "none" ? replicas : 1));
  const sharded = plan.checkpoint?.sharded ?? true;
  const writers = sharded ? (layout.sharding === "none" ? Math.max(1, Math.round(devices / replicas)) : devices) : 1;
  const words = plan.checkpoint?.size === undefined ? `${weight + states} bytes per parameter: ${[...(weight > 0 ? [`${weight} of weights`] : []), `${stack.master_bytes} of master copy`, `${stack.moment_bytes * momentsOf[plan.optimizer]} of moments`].join(", ")}` : "stated in the plan";
  return { size: { checkpoint_bytes, load_bytes, writers, writerNodes: writersOn(writers, devices, nodes), readerNodes: nodes }, words, notes };
}

export function layerState(scenario: Scenario, parameters: number, devices: number, nodes: number): FoundSize {
  const { plan } = scenario;
  const perParameter = 4 * (1 + layerMoments[plan.optimizer]);
  const checkpoint_bytes = plan.checkpoint?.size?.value ?? parameters * perParameter;
  // One rank reads and sends to the others, which costs next to nothing beside the read.
  const writers = (plan.checkpoint?.sharded ?? false) ? devices : 1;
  const writerNodes = writersOn(writers, devices, nodes);
  const words = plan.checkpoint?.size === undefined ? `${perParameter} bytes per parameter: 4 of weights, ${perParameter - 4} of the optimizer's moments` : "stated in the plan";
  return { size: { checkpoint_bytes, load_bytes: checkpoint_bytes, writers, writerNodes, readerNodes: writerNodes }, words, notes: [] };
}

const writersOn = (writers: number, devices: number, nodes: number): number => Math.min(nodes, Math.max(1, Math.ceil((writers * nodes) / devices)));
