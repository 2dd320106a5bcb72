/**
 * Device memory as objects with names, for people: parts by stage, resident, allocated, reserved and device told apart, each with its standard deviation, and whether the
 * run fits. Search uses footprint.ts, which gives the same numbers in one array.
 */
import type { Layout } from "../plan/layout.ts";
import type { MemoryDocument } from "../schema/memory.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { footprintColumns, memoryPartMeans, memoryParts, type MemoryPart } from "./columns.ts";
import { footprint, makeFootprint, stageFootprint } from "./footprint.ts";
import { memorySpreadOf, memoryStackOf } from "./from-document.ts";
import { judgeFit, type FitAnswer } from "./judge.ts";

export interface MemoryAmount {
  readonly bytes: number;
  /** One standard deviation. */
  readonly deviation_bytes: number;
}

export interface StageMemory {
  readonly stage: number;
  /** What is there at the fullest moment; together allocated. */
  readonly parts: ReadonlyArray<{ readonly part: MemoryPart; readonly means: string; readonly bytes: number }>;
  readonly resident: MemoryAmount;
  readonly allocated: MemoryAmount;
  readonly reserved: MemoryAmount;
  readonly device: MemoryAmount;
}

export interface MemoryReport {
  readonly stages: readonly StageMemory[];
  readonly fullest: StageMemory;
  /** What the driver shows of a device. */
  readonly capacity_bytes: number;
  readonly answer: FitAnswer;
  /** The largest part that a layout can shrink. */
  readonly cut: MemoryPart;
}

/** Of what is allocated: where loss, recomputation and optimizer are stated, and where one of them is a guess. */
const statedShare = 0.01;
const guessedShare = 0.04;

/** `guessed`: the plan does not state recomputation or loss. Stages alike are listed once, under the first of them. */
export function describeMemory(architecture: Architecture, layout: Layout, document: MemoryDocument, capacity_bytes: number, guessed: boolean): MemoryReport {
  const stack = memoryStackOf(document);
  const into = makeFootprint();
  const wider = makeFootprint();
  const spread = memorySpreadOf(document);
  const wide = { ...stack, logit_bytes: stack.logit_bytes + spread.logit_bytes, expertLoad: stack.expertLoad + spread.expertLoad };
  const describe = (stage: number): StageMemory => {
    stageFootprint(architecture, layout, stack, stage, into);
    stageFootprint(architecture, layout, wide, stage, wider);
    const at = (column: number): number => into[column] as number;
    const allocated = at(footprintColumns.allocated);
    const share = allocated * (guessed ? guessedShare : statedShare);
    const allocatedDeviation = Math.hypot(share, (wider[footprintColumns.allocated] as number) - allocated);
    const reservedDeviation = Math.hypot(allocatedDeviation * stack.reservedShare, allocated * spread.reservedShare, spread.reservedMore_bytes);
    const resident = at(footprintColumns.resident);
    return {
      stage,
      parts: memoryParts.flatMap((part, column) => (at(column) > 0 ? [{ part, means: memoryPartMeans[part], bytes: at(column) }] : [])),
      resident: { bytes: resident, deviation_bytes: resident * statedShare },
      allocated: { bytes: allocated, deviation_bytes: allocatedDeviation },
      reserved: { bytes: at(footprintColumns.reserved), deviation_bytes: reservedDeviation },
      device: { bytes: Math.min(at(footprintColumns.device), Math.max(capacity_bytes, allocated)), deviation_bytes: Math.hypot(reservedDeviation, spread.device_bytes) },
    };
  };
  const stages = Array.from({ length: layout.pipeline }, (_, stage) => describe(stage));
  footprint(architecture, layout, stack, into, wider);
  const fullest = stages[into[footprintColumns.stage] as number] ?? describe(0);
  const answer = judgeFit(into[footprintColumns.allocated] as number, into[footprintColumns.device] as number, capacity_bytes);
  return { stages, fullest, capacity_bytes, answer, cut: largestPart(fullest) };
}

function largestPart({ parts }: StageMemory): MemoryPart {
  return parts.reduce((best, one) => (one.bytes > best.bytes ? one : best), parts[0] ?? { part: "weights" as const, bytes: 0 }).part;
}
