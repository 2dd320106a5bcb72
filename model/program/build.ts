/**
 * Layers x plan x stack -> Program. Phases: input, launches, forward pass, backward pass, gradients, optimizer. One role: every rank does the same.
 * Gradient accumulation repeats the passes before the last, which alone sums. With gradient lag 0 a sum waits for this step's gradients; with lag 1 it sums
 * those of the step before, so it may begin at once.
 * The element-transfer table of the stack turns point-wise layers into memory operations (source: the stack document).
 */
import { dividesClasses, findClassifier } from "../plan/classifier.ts";
import { elementBytes } from "../schema/common.ts";
import type { DataParallelPlan } from "../schema/plan.ts";
import type { Stack } from "../schema/stack.ts";
import { flopOfPass, multiplies } from "../workload/flop.ts";
import type { Layer } from "../workload/layer.ts";
import { addBucketCopy, addCompress, addGradients, type ReadyGradient } from "./gradients.ts";
import { addOperandCopies } from "./host-transfers.ts";
import { pointwiseBytes } from "./pointwise.ts";
import { Kind, Lane, PassCode, type Program } from "./types.ts";
import { createWriter, type Writer } from "./writer.ts";

export interface InputBytes {
  /** Of one sample as stored, and as it is copied to the device. */
  stored: number;
  copied: number;
}

export function buildProgram(layers: readonly Layer[], input: InputBytes, plan: DataParallelPlan, stack: Stack): Program {
  const writer = createWriter();
  const samples = plan.samplesPerDevice;
  addInput(writer, input, samples * plan.accumulation, stack);
  const launches = writer.add({ kind: Kind.launch, lane: Lane.compute, number: countLaunches(layers) * plan.accumulation });
  let last = launches;
  const ready: ReadyGradient[] = [];
  const divided = dividesClasses(plan) ? findClassifier(layers) : -1;
  for (let turn = 1; turn <= plan.accumulation; turn++) last = addPasses(writer, layers, plan, stack, { before: last, adds: turn > 1, ready: turn === plan.accumulation ? ready : null, divided });
  addGradients(writer, ready, plan, stack, last, divided < 0 ? 0 : at(layers, divided).parameters.reduce((sum, elements) => sum + elements, 0));
  return writer.pack(layers, samples);
}

function addInput(writer: Writer, input: InputBytes, samples: number, stack: Stack): void {
  // Stacks that wait for copies between host and device copy the batch in the step; where tensors live on the host every use copies.
  if (stack.tensors && stack.tensors.kind !== "host") writer.add({ kind: Kind.hostTransfer, lane: Lane.compute, bytes: input.copied * samples, number: 1 });
  if (stack.input.place === "memory") return;
  const inline = stack.input.place === "training-process";
  writer.add({ kind: Kind.read, lane: inline ? Lane.compute : Lane.read, bytes: input.stored * samples });
  writer.add({ kind: Kind.decode, lane: inline ? Lane.compute : Lane.decode, bytes: input.stored * samples });
  if (!stack.tensors) writer.add({ kind: Kind.copy, lane: Lane.copy, bytes: input.copied * samples });
}

/** Kernels of one forward and backward pass: three passes of a convolution, two of a point-wise layer; a scheduler launches each. */
function countLaunches(layers: readonly Layer[]): number {
  return layers.reduce((sum, layer) => sum + (multiplies(layer) ? (layer.differentiatesInput ? 3 : 2) : 2), 0);
}

interface Turn {
  /** Operation after which the pass begins. */
  before: number;
  /** Whether its gradients are added to those of passes before it. */
  adds: boolean;
  /** Takes the gradients of the pass that ranks sum. */
  ready: ReadyGradient[] | null;
  /** Index of the layer whose classes devices divide, -1 where they hold all of it. */
  divided: number;
}

/** One forward and backward pass; gives its last operation. */
function addPasses(writer: Writer, layers: readonly Layer[], plan: DataParallelPlan, stack: Stack, { before, adds, ready, divided }: Turn): number {
  layers.forEach((layer, index) => {
    if (index === divided) addFeatureExchange(writer, layer, index, plan, PassCode.forward);
    addForward(writer, layers, index, plan, stack);
    // Largest logit and sum of exponentials of every sample, over the classes of all devices.
    if (divided >= 0 && layer.kind === "softmax-loss") writer.add({ kind: Kind.classExchange, lane: Lane.compute, pass: PassCode.forward, layer: index, bytes: elementBytes.fp32 * plan.samplesPerDevice, number: 2 });
  });
  let last = before;
  for (let index = layers.length - 1; index >= 0; index--) {
    last = addBackward(writer, layers, index, plan, stack, last);
    if (index === divided) last = addFeatureExchange(writer, at(layers, index), index, plan, PassCode.dataGradient);
    for (const elements of layers[index]?.parameters ?? []) {
      if (adds) last = writer.add({ kind: Kind.accumulate, lane: Lane.compute, layer: index, number: elements, bytes: 3 * elements * elementBytes[plan.precision] });
      if (!ready || index === divided) continue;
      if (stack.collective.copies) last = addBucketCopy(writer, elements, plan);
      if (plan.compression) last = addCompress(writer, elements, plan);
      ready.push({ elements, readyAfter: last });
    }
  }
  return last;
}

function addForward(writer: Writer, layers: readonly Layer[], index: number, plan: DataParallelPlan, stack: Stack): void {
  const layer = at(layers, index);
  const pass = PassCode.forward;
  if (multiplies(layer)) {
    addPhaseCopies(writer, layer, index, plan, stack, pass);
    addOperandCopies(writer, layer, index, plan, stack, pass);
    writer.add({ kind: Kind.convolution, lane: Lane.compute, pass, layer: index, flop: flopOfPass(layer, "forward") * plan.samplesPerDevice });
    return;
  }
  addOperandCopies(writer, layer, index, plan, stack, pass);
  writer.add({ kind: Kind.memory, lane: Lane.compute, pass, layer: index, bytes: pointwiseBytes(layer, plan, stack, "forward") });
  addNormalisationExchange(writer, layer, index, plan, pass);
}

/** Data gradient before weight gradient, as automatic differentiation orders them. Gives the operation after which the layer's gradients are ready. */
function addBackward(writer: Writer, layers: readonly Layer[], index: number, plan: DataParallelPlan, stack: Stack, before: number): number {
  const layer = at(layers, index);
  if (!multiplies(layer)) {
    addOperandCopies(writer, layer, index, plan, stack, PassCode.backward);
    const operation = writer.add({ kind: Kind.memory, lane: Lane.compute, pass: PassCode.backward, layer: index, bytes: pointwiseBytes(layer, plan, stack, "backward"), after: [before] });
    addNormalisationExchange(writer, layer, index, plan, PassCode.backward);
    return operation;
  }
  if (layer.differentiatesInput) {
    addPhaseCopies(writer, layer, index, plan, stack, PassCode.dataGradient);
    addOperandCopies(writer, layer, index, plan, stack, PassCode.dataGradient);
    writer.add({ kind: Kind.convolution, lane: Lane.compute, pass: PassCode.dataGradient, layer: index, flop: flopOfPass(layer, "data-gradient") * plan.samplesPerDevice });
  }
  addPhaseCopies(writer, layer, index, plan, stack, PassCode.weightGradient);
  addOperandCopies(writer, layer, index, plan, stack, PassCode.weightGradient);
  return writer.add({ kind: Kind.convolution, lane: Lane.compute, pass: PassCode.weightGradient, layer: index, flop: flopOfPass(layer, "weight-gradient") * plan.samplesPerDevice });
}

/** Features of all samples come to every device, or their gradients, of which each device has a part of the sum, go back. */
function addFeatureExchange(writer: Writer, layer: Layer, index: number, plan: DataParallelPlan, pass: number): number {
  return writer.add({ kind: Kind.classExchange, lane: Lane.compute, pass, layer: index, bytes: layer.inChannels * elementBytes[plan.precision] * plan.samplesPerDevice, number: 0 });
}

function addNormalisationExchange(writer: Writer, layer: Layer, index: number, plan: DataParallelPlan, pass: number): void {
  if (layer.kind !== "batch-normalisation" || plan.batchNormalisationGroup <= 1) return;
  writer.add({ kind: Kind.normalisationExchange, lane: Lane.compute, pass, layer: index, number: 1 });
}

/** A dilated layer run as space-to-batch copies its input to phases and its output back, both padded to the dilation. */
function addPhaseCopies(writer: Writer, layer: Layer, index: number, plan: DataParallelPlan, stack: Stack, pass: number): void {
  if (layer.dilation <= 1 || layer.groups > 1 || stack.kernels.dilation !== "space-to-batch") return;
  const padded = (sizes: readonly number[]) => sizes.reduce((product, size) => product * layer.dilation * Math.ceil((size + 2 * layer.dilation) / layer.dilation), 1);
  const elements = layer.inChannels * padded(layer.inSize) + layer.outChannels * padded(layer.outSize);
  writer.add({ kind: Kind.memory, lane: Lane.compute, pass, layer: index, bytes: 2 * elements * elementBytes[plan.precision] * plan.samplesPerDevice });
}

function at(layers: readonly Layer[], index: number): Layer {
  const layer = layers[index];
  if (!layer) throw new Error(`there is no layer ${index}`);
  return layer;
}
