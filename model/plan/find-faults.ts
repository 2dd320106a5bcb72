/**
 * What is wrong with a layout, as a set of bits: one pass of divisions without allocation, so that a search can ask a million times a second. What each fault means, with
 * the nearest valid choices, is told by check-layout.ts.
 */
import type { Architecture } from "../workload/transformer/architecture.ts";
import type { Layout } from "./layout.ts";
import type { StackSupport } from "./stack-support.ts";
import { mostLayersOnStage } from "./stages.ts";

/** What a layout needs to know of devices, machine and framework. */
export interface LayoutMachine {
  /** Devices that the fast link joins. */
  readonly domain: number;
  /** Recipes whose products the device multiplies by itself. */
  readonly recipes: readonly Layout["recipe"][];
  readonly supports: StackSupport;
}

export const faultNames = [
  "devices", "heads", "keyValueHeads", "inner", "stateSpace", "layers", "batch", "expertCount", "expertInner", "sharedInner", "expertRanks", "noExperts", "sequenceContext", "sequenceTensor",
  "noTensor", "scheduleParts", "scheduleBatches", "dualStages", "dualBatches", "gradientsPipeline", "shardGroup", "modulesEmpty", "blockLayers", "recipe", "adapter", "positions", "ringUnfused", "allToAllHeads",
  "kernelUnsupported", "contextUnsupported", "scheduleUnsupported",
] as const;
export type Fault = (typeof faultNames)[number];

const bit = Object.fromEntries(faultNames.map((name, index) => [name, 2 ** index])) as Readonly<Record<Fault, number>>;

/** Faults as bits; 0 is a valid layout. */
export function findFaults(layout: Layout, architecture: Architecture, machine: LayoutMachine): number {
  const { data, microBatches, tensor, pipeline, recompute } = layout;
  let faults = findModelFaults(layout, architecture) | findScheduleFaults(layout, architecture.layers + architecture.encoderLayers);
  // A layout that does not fill its devices says nothing yet about batch and groups.
  if (data < 1 || data % 1 !== 0) faults |= bit.devices;
  else {
    if (microBatches < 1 || microBatches % 1 !== 0) faults |= bit.batch;
    if (layout.sharding !== "none" && (data * layout.context) % layout.shardGroup !== 0) faults |= bit.shardGroup;
    if (architecture.experts !== null && (data * layout.context * tensor) % (layout.expert * layout.expertTensor) !== 0) faults |= bit.expertRanks;
  }
  if (layout.sequenceParallel && tensor === 1) faults |= bit.noTensor;
  if (layout.sharding === "gradients" && pipeline > 1) faults |= bit.gradientsPipeline;
  if (recompute === "modules" && layout.recomputeModules.length === 0) faults |= bit.modulesEmpty;
  if (!machine.recipes.includes(layout.recipe)) faults |= bit.recipe;
  if (layout.context > 1 && layout.contextScheme === "ring" && layout.attentionKernel === "unfused") faults |= bit.ringUnfused;
  return faults | findUnsupported(layout, machine.supports);
}

function findUnsupported({ attentionKernel, context, contextScheme, pipeline, schedule }: Layout, { attentionKernels, contextSchemes, pipelineSchedules }: StackSupport): number {
  let faults = 0;
  if (attentionKernels !== null && !attentionKernels.includes(attentionKernel)) faults |= bit.kernelUnsupported;
  if (context > 1 && contextSchemes !== null && !contextSchemes.includes(contextScheme)) faults |= bit.contextUnsupported;
  if (pipeline > 1 && pipelineSchedules !== null && !pipelineSchedules.includes(schedule)) faults |= bit.scheduleUnsupported;
  return faults;
}

function findModelFaults(layout: Layout, architecture: Architecture): number {
  const { tensor, context, sequence } = layout;
  const { attention, experts, stateSpace } = architecture;
  let faults = 0;
  if (attention.heads % tensor !== 0) faults |= bit.heads;
  if (attention.keyValueHeads % tensor !== 0 && tensor % attention.keyValueHeads !== 0) faults |= bit.keyValueHeads;
  if (architecture.inner % tensor !== 0) faults |= bit.inner;
  if (stateSpace !== null && ((stateSpace.inner / stateSpace.headSize) % tensor !== 0 || (stateSpace.groups % tensor !== 0 && tensor % stateSpace.groups !== 0))) faults |= bit.stateSpace;
  if (experts === null) {
    if (layout.expert > 1 || layout.expertTensor > 1) faults |= bit.noExperts;
  } else {
    if (experts.count % layout.expert !== 0) faults |= bit.expertCount;
    if (experts.inner % layout.expertTensor !== 0) faults |= bit.expertInner;
    if (experts.sharedInner % tensor !== 0) faults |= bit.sharedInner;
  }
  // A causal mask is shared evenly by giving each rank one early and one late part.
  if (sequence % (context === 1 ? 1 : attention.causal && layout.contextScheme !== "all-to-all" ? 2 * context : context) !== 0) faults |= bit.sequenceContext;
  else if (layout.sequenceParallel && (sequence / context) % tensor !== 0) faults |= bit.sequenceTensor;
  if (layout.adapterRank > architecture.hidden) faults |= bit.adapter;
  if (architecture.learnedPositions > 0 && sequence > architecture.learnedPositions) faults |= bit.positions;
  if (context > 1 && layout.contextScheme === "all-to-all" && (attention.heads % (tensor * context) !== 0 || (attention.keyValueHeads % (tensor * context) !== 0 && (tensor * context) % attention.keyValueHeads !== 0))) faults |= bit.allToAllHeads;
  return faults;
}

function findScheduleFaults(layout: Layout, layers: number): number {
  const { pipeline, virtualStages, schedule, split, microBatches } = layout;
  let faults = 0;
  const parts = pipeline * virtualStages;
  const counted = split === "embedding-as-layer" && pipeline > 1 ? layers + 2 : layers;
  const last = split === "last-short" ? counted - (parts - 1) * Math.ceil(counted / parts) : 1;
  if (counted < parts || last < 1 || (virtualStages > 1 && counted % parts !== 0)) faults |= bit.layers;
  if (layout.recompute === "block" && (layout.recomputedLayers < 1 || layout.recomputedLayers > mostLayersOnStage(layout, layers))) faults |= bit.blockLayers;
  if (pipeline === 1) return faults;
  const allowed = schedule === "interleaved" ? virtualStages > 1 : virtualStages === 1;
  if (!allowed) faults |= bit.scheduleParts;
  if (schedule === "interleaved" && microBatches % pipeline !== 0 && microBatches % 1 === 0) faults |= bit.scheduleBatches;
  if (schedule === "dualpipe") {
    if (pipeline % 2 !== 0) faults |= bit.dualStages;
    if (microBatches % 1 === 0 && (microBatches % 2 !== 0 || microBatches < 2 * pipeline)) faults |= bit.dualBatches;
  }
  return faults;
}

/** Whether a layout is valid for this model on this machine. */
export const layoutFits = (layout: Layout, architecture: Architecture, machine: LayoutMachine): boolean => findFaults(layout, architecture, machine) === 0;

export const hasFault = (faults: number, fault: Fault): boolean => (faults & bit[fault]) !== 0;
