/**
 * Copies between host and device that a stack's kind of memory makes (schema/stack-tensors.ts). host: operands and result of every pass of every layer. managed and
 * cuda-managed: the batch, and gradients on their way to the network and back. device: gradients alone, where messages cannot leave from device memory. The copies
 * block: MagmaDNN 1.2 waits for each (memorymanager.cpp). Left out: weights that stay where they are, and the loss.
 */
import { elementBytes } from "../schema/common.ts";
import type { DataParallelPlan } from "../schema/plan.ts";
import type { Stack } from "../schema/stack.ts";
import type { Layer } from "../workload/layer.ts";
import { Kind, Lane } from "./types.ts";
import type { Writer } from "./writer.ts";

const multiply = (sizes: readonly number[]): number => sizes.reduce((product, extent) => product * extent, 1);

/** What one pass of a layer reads and writes, where tensors live on the host. */
export function addOperandCopies(writer: Writer, layer: Layer, index: number, plan: DataParallelPlan, stack: Stack, pass: number): void {
  if (stack.tensors?.kind !== "host") return;
  const elements = plan.samplesPerDevice * (layer.inChannels * multiply(layer.inSize) + layer.outChannels * multiply(layer.outSize)) + layer.parameters.reduce((sum, one) => sum + one, 0);
  writer.add({ kind: Kind.hostTransfer, lane: Lane.compute, pass, layer: index, number: 2, bytes: elements * elementBytes[plan.precision] });
}

export const stagesGradients = ({ tensors }: Stack): boolean => tensors !== undefined && (tensors.kind !== "device" || !tensors.deviceMessages);

/** Gradients to the host before their sums, or back after them. */
export function addGradientCopy(writer: Writer, tensors: number, bytes: number, after: readonly number[]): number {
  return writer.add({ kind: Kind.hostTransfer, lane: Lane.compute, number: tensors, bytes, after });
}
