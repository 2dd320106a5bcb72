/**
 * Gradients of a step: ranks agree that each is ready, sum them in fused buffers in the order they become ready, then the optimizer applies them.
 * A buffer closes when the next tensor would not fit (Horovod's tensor fusion); a tensor larger than the buffer goes alone.
 */
import { optimizerBytes } from "../plan/optimizer.ts";
import { elementBytes } from "../schema/common.ts";
import type { Plan } from "../schema/plan.ts";
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

export function fuseGradients(gradients: readonly ReadyGradient[], bytesPerElement: number, limit_bytes: number): Buffer[] {
  const buffers: Buffer[] = [];
  gradients.forEach(({ elements }, index) => {
    const bytes = elements * bytesPerElement;
    const open = buffers.at(-1);
    if (open && open.bytes + bytes <= limit_bytes) {
      open.bytes += bytes;
      open.members.push(index);
    } else buffers.push({ bytes, members: [index] });
  });
  return buffers;
}

/** `lastBackward`: the operation that ends the backward pass. */
export function addGradients(writer: Writer, gradients: readonly ReadyGradient[], plan: Plan, stack: Stack, lastBackward: number): void {
  const lagged = plan.gradientLag > 0;
  const sums: number[] = [];
  for (const buffer of fuseGradients(gradients, elementBytes[plan.reductionPrecision], plan.fusion.value)) {
    const ready = buffer.members.map((index) => (lagged ? [] : [stack.collective.overlap ? (gradients[index]?.readyAfter ?? lastBackward) : lastBackward]));
    const agreed = stack.controlPlane.kind === "none" ? ready.flat() : [agree(writer, ready)];
    sums.push(writer.add({ kind: Kind.allReduce, lane: Lane.network, bytes: buffer.bytes, number: buffer.members.length, after: agreed }));
  }
  const parameters = gradients.reduce((sum, { elements }) => sum + elements, 0);
  writer.add({ kind: Kind.optimizer, lane: Lane.compute, pass: PassCode.none, bytes: parameters * optimizerBytes(plan.optimizer, plan.gradientLag) * stack.optimizerTraffic.value, after: [...sums, lastBackward] });
}

/** Every tensor of a buffer is announced by itself; one answer covers the buffer. */
function agree(writer: Writer, ready: readonly (readonly number[])[]): number {
  const announced = ready.map((after) => writer.add({ kind: Kind.negotiate, lane: Lane.control, number: 1, after }));
  return writer.add({ kind: Kind.answer, lane: Lane.control, number: 1, after: announced });
}
