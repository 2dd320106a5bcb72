/**
 * Gradients of a step: ranks agree that each is ready, sum them in fused buffers in the order they become ready, then the optimizer applies them.
 * A buffer closes before the tensor that would not fit (Horovod's tensor fusion; a tensor larger than the buffer goes alone), or after the one that fills
 * it (PyTorch's DistributedDataParallel, whose first buffer may be smaller; torch/csrc/distributed/c10d/reducer.cpp, compute_bucket_assignment_by_size).
 */
import { asynchronyOf, sentShare, type Asynchrony } from "../asynchrony/scheme.ts";
import { optimizerBytes } from "../plan/optimizer.ts";
import { elementBytes } from "../schema/common.ts";
import type { DataParallelPlan } from "../schema/plan.ts";
import type { Stack } from "../schema/stack.ts";
import { addGradientCopy, stagesGradients } from "./host-transfers.ts";
import { Kind, Lane, PassCode } from "./types.ts";
import type { Writer } from "./writer.ts";

export interface ReadyGradient {
  elements: number;
  /** Operation after which the gradient exists. */
  readyAfter: number;
}

export interface Buffer {
  bytes: number;
  /** Indices of its gradients. */
  members: number[];
}

export interface Bucketing {
  readonly rule: "fit" | "fill";
  readonly limit_bytes: number;
  readonly first_bytes: number;
}

export function fuseGradients(gradients: readonly ReadyGradient[], bytesPerElement: number, { rule, limit_bytes, first_bytes }: Bucketing): Buffer[] {
  const buffers: Buffer[] = [];
  gradients.forEach(({ elements }, index) => {
    const bytes = elements * bytesPerElement;
    const open = buffers.at(-1);
    const limit = buffers.length > 1 ? limit_bytes : first_bytes;
    if (open && (rule === "fill" ? open.bytes < limit : open.bytes + bytes <= limit)) {
      open.bytes += bytes;
      open.members.push(index);
    } else buffers.push({ bytes, members: [index] });
  });
  return buffers;
}

/** `lastBackward`: the operation that ends the backward pass. `divided`: weights of which each device holds and updates a part. */
export function addGradients(writer: Writer, gradients: readonly ReadyGradient[], plan: DataParallelPlan, stack: Stack, lastBackward: number, divided = 0): void {
  const asynchrony = asynchronyOf(plan);
  const perElement = elementBytes[plan.reductionPrecision];
  const elements = gradients.reduce((sum, one) => sum + one.elements, 0);
  const staged = stagesGradients(stack);
  const onHost = staged ? addGradientCopy(writer, gradients.length, elements * perElement, [lastBackward]) : lastBackward;
  const sums = addSums(writer, gradients, plan, stack, asynchrony, onHost);
  if (staged && sums.length > 0) sums.push(addGradientCopy(writer, gradients.length, elements * perElement, sums));
  const { compression, scheme, exchange, period, overlap } = asynchrony;
  if (compression.passes > 0 && sums.length > 0) sums.push(addCompress(writer, elements, plan, sums));
  const sent = { kind: Kind.exchange, lane: Lane.network, number: period, bytes: elements * perElement * sentShare(asynchrony, perElement) };
  // Servers update the weights: a rank that takes them has nothing left to do.
  if (scheme === "parameter-server") {
    writer.add({ ...sent, after: overlap ? [] : [...sums, lastBackward] });
    return;
  }
  const bytes = elements * (optimizerBytes(plan.optimizer, plan.gradientLag) + (scheme === "elastic-averaging" ? elasticBytes / period : 0)) * stack.optimizerTraffic.value;
  // A sum that may be late by two steps or more is applied later: the update takes one that has ended.
  const updated = writer.add({ kind: Kind.optimizer, lane: Lane.compute, pass: PassCode.none, bytes, after: plan.gradientLag > 1 ? [lastBackward] : [...sums, lastBackward] });
  if (divided > 0) writer.add({ kind: Kind.dividedUpdate, lane: Lane.compute, bytes: divided * optimizerBytes(plan.optimizer, plan.gradientLag) * stack.optimizerTraffic.value, after: [lastBackward] });
  if (stack.collective.broadcast) writer.add({ kind: Kind.broadcast, lane: Lane.network, bytes: elements * perElement, after: [updated] });
  if (exchange !== "none") writer.add({ ...sent, after: overlap ? [] : [updated] });
}

/** Pulling weights towards a centre reads them and what came from it, and writes them. */
const elasticBytes = 3 * 4;

function addSums(writer: Writer, gradients: readonly ReadyGradient[], plan: DataParallelPlan, stack: Stack, asynchrony: Asynchrony, lastBackward: number): number[] {
  const { bucketing, firstBucket, overlap, scheme } = stack.collective;
  // Where every rank is a group of its own, or the stack sums nothing, there is nothing to wait for.
  if (asynchrony.groups === null || scheme === "none") return [];
  const sums: number[] = [];
  const perElement = elementBytes[plan.reductionPrecision];
  const sent = sentShare(asynchrony, perElement);
  const limit_bytes = bucketing === "each" ? 1 : plan.fusion.value;
  const buffers = fuseGradients(gradients, perElement, { rule: bucketing === "fill" ? "fill" : "fit", limit_bytes, first_bytes: Math.min(limit_bytes, firstBucket?.value ?? limit_bytes) });
  for (const buffer of buffers) {
    const ready = buffer.members.map((index) => (plan.gradientLag > 0 ? [] : [overlap ? (gradients[index]?.readyAfter ?? lastBackward) : lastBackward]));
    const agreed = stack.controlPlane.kind === "none" ? ready.flat() : [agree(writer, ready)];
    sums.push(writer.add({ kind: Kind.allReduce, lane: Lane.network, bytes: buffer.bytes * sent, number: buffer.members.length, after: agreed }));
  }
  if (stack.collective.copies) {
    // A sum goes back to its gradients when the backward pass is over and the sum is there.
    const summed = [...sums];
    buffers.forEach(({ members }, at) => {
      for (const member of members) sums.push(addBucketCopy(writer, gradients[member]?.elements ?? 0, plan, [summed[at] ?? lastBackward, lastBackward]));
    });
  }
  return sums;
}

/** Half of the memory passes of compression before a gradient is sent, half after. */
export function addCompress(writer: Writer, elements: number, plan: DataParallelPlan, after: readonly number[] = []): number {
  return writer.add({ kind: Kind.compress, lane: Lane.compute, number: elements, bytes: ((plan.compression?.passes.value ?? 0) / 2) * elements * elementBytes[plan.reductionPrecision], after });
}

/** Copies one gradient into its buffer or back. */
export function addBucketCopy(writer: Writer, elements: number, plan: DataParallelPlan, after: readonly number[] = []): number {
  return writer.add({ kind: Kind.bucketCopy, lane: Lane.compute, number: elements, bytes: 2 * elements * elementBytes[plan.reductionPrecision], after });
}

/** Every tensor of a buffer is announced by itself; one answer covers the buffer. */
function agree(writer: Writer, ready: readonly (readonly number[])[]): number {
  const announced = ready.map((after) => writer.add({ kind: Kind.negotiate, lane: Lane.control, number: 1, after }));
  return writer.add({ kind: Kind.answer, lane: Lane.control, number: 1, after: announced });
}
