/** A memory document as plain numbers, and how well its parts that no arithmetic gives are known. */
import { z95 } from "../normal.ts";
import type { Fact } from "../schema/fact.ts";
import type { MemoryDocument } from "../schema/memory.ts";
import type { MemoryStack } from "./stack.ts";

export function memoryStackOf(document: MemoryDocument): MemoryStack {
  return {
    weight_bytes: document.weight.value,
    shardedWeight_bytes: document.shardedWeight.value,
    master_bytes: document.master.value,
    moment_bytes: document.moment.value,
    gradient_bytes: document.gradient.value,
    gradientFp16_bytes: (document.gradientFp16 ?? document.gradient).value,
    gradientsKept: document.gradientsKept,
    gradientCopy_bytes: document.gradientCopy.value,
    stepCopy_bytes: document.stepCopy.value,
    stepLargest_bytes: document.stepLargest.value,
    activationsAtUpdate: document.activationsAtUpdate,
    unusedGradients: document.unusedGradients,
    workspace_bytes: document.workspace.value,
    gatheredLayers: document.gatheredLayers,
    wholeGradientLayers: document.wholeGradientLayers,
    wholeGradient_bytes: document.wholeGradient.value,
    logit_bytes: document.logit.value,
    narrowWeight_bytes: document.narrowWeight.value,
    narrowInputs: document.narrowInputs,
    expertLoad: document.expertLoad.value,
    dividedResiduals: document.dividedResiduals,
    workingShare: document.workingShare.value,
    selective: document.selective,
    reservedShare: document.reservedShare.value,
    reservedMore_bytes: document.reservedMore.value,
    context_bytes: document.context.value,
    communicator_bytes: document.communicator.value,
    exchange_bytes: document.exchange.value,
  };
}

/** One standard deviation of what lies between allocated and device memory. */
export interface MemorySpread {
  readonly reservedShare: number;
  readonly reservedMore_bytes: number;
  readonly device_bytes: number;
  /** The loss is known by a range, not by its implementation. */
  readonly logit_bytes: number;
  readonly expertLoad: number;
}

export function memorySpreadOf(document: MemoryDocument): MemorySpread {
  return { reservedShare: deviationOf(document.reservedShare), reservedMore_bytes: deviationOf(document.reservedMore), device_bytes: deviationOf(document.context), logit_bytes: deviationOf(document.logit), expertLoad: deviationOf(document.expertLoad) };
}

/** low and high are the ends of a 95 % interval. */
const deviationOf = ({ low, high }: Fact): number => (low === undefined || high === undefined ? 0 : (high - low) / (2 * z95));
