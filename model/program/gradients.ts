/**
 * Gradients of a step: ranks agree that each is ready, sum them in fused buffers in the order they become ready, then the optimizer applies them.
 * A buffer closes before the tensor that would not fit (Horovod's tensor fusion; a tensor larger than the buffer goes alone), or after the one that fills
 * it (PyTorch's DistributedDataParallel, whose first buffer may be smaller; torch/csrc/distributed/c10d/reducer.cpp, compute_bucket_assignment_by_size).
 */
import { optimizerBytes } from "../plan/optimizer.ts";
import { elementBytes } from "../schema/common.ts";
import type { DataParallelPlan } from "../schema/plan.ts";
import type { Stack } from "../schema/stack.ts";
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

/** `lastBackward`: the operation that ends the backward pass. */
export function addGradients(writer: Writer, gradients: readonly ReadyGradient[], plan: DataParallelPlan, stack: Stack, lastBackward: number): void {
  const lagged = plan.gradientLag > 0;
  const sums: number[] = [];
  const { bucketing, firstBucket } = stack.collective;
  const limit_bytes = plan.fusion.value;
  const buffers = fuseGradients(gradients, elementBytes[plan.reductionPrecision], { rule: bucketing, limit_bytes, first_bytes: Math.min(limit_bytes, firstBucket?.value ?? limit_bytes) });
  for (const buffer of buffers) {
    const ready = buffer.members.map((index) => (lagged ? [] : [stack.collective.overlap ? (gradients[index]?.readyAfter ?? lastBackward) : lastBackward]));
    const agreed = stack.controlPlane.kind === "none" ? ready.flat() : [agree(writer, ready)];
    sums.push(writer.add({ kind: Kind.allReduce, lane: Lane.network, bytes: buffer.bytes, number: buffer.members.length, after: agreed }));
  }
  if (stack.collective.copies) {
    // A sum goes back to its gradients when the backward pass is over and the sum is there.
    const summed = [...sums];
    buffers.forEach(({ members }, at) => {
      for (const member of members) sums.push(addBucketCopy(writer, gradients[member]?.elements ?? 0, plan, [summed[at] ?? lastBackward, lastBackward]));
    });
  }
  const parameters = gradients.reduce((sum, { elements }) => sum + elements, 0);
  writer.add({ kind: Kind.optimizer, lane: Lane.compute, pass: PassCode.none, bytes: parameters * optimizerBytes(plan.optimizer, plan.gradientLag) * stack.optimizerTraffic.value, after: [...sums, lastBackward] });
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
