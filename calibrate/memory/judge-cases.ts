/**
 * Published runs as one-sided tests of memory: a run that ran must not be refused. Where a run does not state what it computes again, the least that lets it fit is taken,
 * and counts apart.
 */
import { inferRecompute } from "../../model/memory/infer-recompute.ts";
import { memoryStackOf } from "../../model/memory/from-document.ts";
import { footprint, makeFootprint } from "../../model/memory/footprint.ts";
import { footprintColumns } from "../../model/memory/columns.ts";
import { judgeFit, type FitAnswer } from "../../model/memory/judge.ts";
import type { MemoryDocument } from "../../model/schema/memory.ts";
import type { CatalogueCase } from "../readers/catalogue/case.ts";

export interface JudgedCase {
  readonly id: string;
  readonly family: string;
  readonly inferred: boolean;
  readonly recompute: string;
  readonly answer: FitAnswer;
  readonly device_bytes: number;
  readonly capacity_bytes: number;
}

export interface JudgedFamily {
  readonly family: string;
  readonly fits: number;
  readonly tight: number;
  readonly refused: number;
  readonly inferred: number;
}

/** `memoryOf` and `capacityOf` know stacks and devices by id; a case whose stack or device has none is left out. */
export function judgeCases(cases: readonly CatalogueCase[], memoryOf: (stack: string) => MemoryDocument | undefined, capacityOf: (device: string) => number | undefined): JudgedCase[] {
  const into = makeFootprint();
  const scratch = makeFootprint();
  return cases.flatMap(({ id, family, stack, device, architecture, layout, assumed }): JudgedCase[] => {
    const memory = memoryOf(stack);
    const capacity_bytes = capacityOf(device);
    if (memory === undefined || capacity_bytes === undefined) return [];
    const numbers = memoryStackOf(memory);
    const inferred = assumed.some(({ rule }) => rule === "recompute-of-framework");
    const taken = inferred ? inferRecompute(architecture, layout, numbers, capacity_bytes).layout : layout;
    const allocated = footprint(architecture, taken, numbers, into, scratch);
    const device_bytes = into[footprintColumns.device] as number;
    return [{ id, family, inferred, recompute: taken.recompute, answer: judgeFit(allocated, device_bytes, capacity_bytes), device_bytes, capacity_bytes }];
  });
}

export function countAnswers(judged: readonly JudgedCase[]): JudgedFamily[] {
  return [...new Set(judged.map(({ family }) => family))].map((family) => {
    const own = judged.filter((one) => one.family === family);
    const count = (answer: FitAnswer): number => own.filter((one) => one.answer === answer).length;
    return { family, fits: count("fits"), tight: count("tight"), refused: count("does not fit"), inferred: own.filter(({ inferred }) => inferred).length };
  });
}
