/**
 * Pipelines: streams that each send their chunks one after another, from a step of their own on. Steps in which the same streams are at work are one phase,
 * so the long middle of a pipeline costs as little as one step.
 */
import type { CollectiveShape } from "../types.ts";
import { makeFlows, type BlockPhase } from "./block-plan.ts";

/** Slice that NCCL's default buffer of 4 MiB in 8 steps gives (NCCL documentation, NCCL_BUFFSIZE; src/include/device.h, NCCL_STEPS). */
const chunk_bytes = 2 ** 19;

/** Into how many chunks a stream of so many bytes is cut. */
export const chunksOf = ({ chunks }: CollectiveShape, bytes: number): number => chunks ?? Math.max(1, Math.ceil(bytes / chunk_bytes));

export class Streams {
  readonly from: number[] = [];
  readonly to: number[] = [];
  /** Step in which the first chunk is sent, and the block that is this chunk. */
  readonly begin: number[] = [];
  readonly first: number[] = [];
  readonly adds: boolean[] = [];

  push(from: number, to: number, begin: number, first: number, adds: boolean): void {
    this.from.push(from);
    this.to.push(to);
    this.begin.push(begin);
    this.first.push(first);
    this.adds.push(adds);
  }

  phases(name: string, chunks: number): BlockPhase[] {
    const begin = Int32Array.from(this.begin);
    const distinct = new Set<number>();
    for (const step of begin) distinct.add(step).add(step + chunks);
    const turns = [...distinct].toSorted((a, b) => a - b);
    return turns.slice(0, -1).map((start, index) => this.phaseAt(name, begin, start, (turns[index + 1] as number) - start, chunks));
  }

  private phaseAt(name: string, begin: Int32Array, start: number, repeat: number, chunks: number): BlockPhase {
    const { first, adds } = this;
    const atWork = (step: number): boolean => step <= start && start < step + chunks;
    let count = 0;
    for (const step of begin) if (atWork(step)) count++;
    const working = new Int32Array(count);
    for (let stream = 0, next = 0; next < count; stream++) if (atWork(begin[stream] as number)) working[next++] = stream;
    const streamOf = (flow: number): number => working[flow] as number;
    return {
      name,
      repeat,
      ...makeFlows(count, (flow) => this.from[streamOf(flow)] as number, (flow) => this.to[streamOf(flow)] as number),
      count: 1,
      effect: (flow) => (adds[streamOf(flow)] ? "add" : "copy"),
      blocks: (step, flow) => {
        const stream = streamOf(flow);
        return [(first[stream] as number) + start + step - (begin[stream] as number)];
      },
    };
  }
}
