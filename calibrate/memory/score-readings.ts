/** Readings of device memory beside what is predicted of the same kind. Doubtful readings are shown and not scored; runs out of memory count apart. */
import { footprint, makeFootprint, stageFootprint } from "../../model/memory/footprint.ts";
import { footprintColumns } from "../../model/memory/columns.ts";
import { memoryStackOf } from "../../model/memory/from-document.ts";
import { judgeFit } from "../../model/memory/judge.ts";
import { makeLayout } from "../../model/plan/make-layout.ts";
import type { MemoryDocument } from "../../model/schema/memory.ts";
import type { MemoryReadings } from "../../model/schema/memory-readings.ts";
import { makeArchitecture } from "../../model/workload/transformer/make-architecture.ts";

export interface ScoredReading {
  readonly label: string;
  readonly kind: "allocated" | "reserved" | "device" | "resident";
  readonly stage: number;
  readonly predicted_bytes: number;
  readonly measured_bytes: number | undefined;
  /** predicted / measured - 1. */
  readonly error: number | undefined;
  readonly doubtful: string | undefined;
  readonly outOfMemory: boolean;
  /** "does not fit", where the device's capacity is known. */
  readonly refused: boolean | undefined;
}

export interface ReadingScore {
  readonly id: string;
  readonly title: string;
  readonly fitted: string;
  readonly kind: ScoredReading["kind"];
  readonly readings: readonly ScoredReading[];
  /** Of readings that are scored and of the document's kind. */
  readonly count: number;
  readonly meanError: number;
  readonly bias: number;
  readonly worst: number;
  readonly doubtful: number;
  readonly outOfMemory: { readonly stated: number; readonly found: number; readonly false: number };
}

export function scoreReadings(document: MemoryReadings, memories: Readonly<Record<string, MemoryDocument>>): ReadingScore {
  const capacity_bytes = document.capacity?.value;
  const into = makeFootprint();
  const scratch = makeFootprint();
  const readings = document.groups.flatMap((group): ScoredReading[] => {
    const options = document.models[group.model];
    const memory = memories[group.memory ?? document.memory];
    if (options === undefined || memory === undefined) return [];
    const architecture = makeArchitecture(options);
    const layout = makeLayout(group.plan, architecture, group.devices);
    const stack = memoryStackOf(memory);
    return group.readings.map((reading): ScoredReading => {
      if (reading.stage === undefined) footprint(architecture, layout, stack, into, scratch);
      else stageFootprint(architecture, layout, stack, reading.stage, into);
      const kind = reading.kind ?? document.kind;
      const total_bytes = into[footprintColumns[kind]] as number;
      // The driver shows no more than there is.
      const predicted_bytes = kind === "device" && capacity_bytes !== undefined && !reading.outOfMemory ? Math.min(total_bytes, capacity_bytes) : total_bytes;
      const measured_bytes = reading.measured?.value;
      const stage = into[footprintColumns.stage] as number;
      return {
        label: reading.stage === undefined ? group.label : `${group.label}, stage ${stage}`,
        kind,
        stage,
        predicted_bytes,
        measured_bytes,
        error: measured_bytes === undefined ? undefined : predicted_bytes / measured_bytes - 1,
        doubtful: reading.doubtful,
        outOfMemory: reading.outOfMemory ?? false,
        refused: capacity_bytes === undefined ? undefined : judgeFit(into[footprintColumns.allocated] as number, into[footprintColumns.device] as number, capacity_bytes) === "does not fit",
      };
    });
  });
  const { id, title, fitted, kind } = document;
  return { id, title, fitted, kind, readings, ...summarise(readings, kind) };
}

function summarise(readings: readonly ScoredReading[], kind: ScoredReading["kind"]): Pick<ReadingScore, "count" | "meanError" | "bias" | "worst" | "doubtful" | "outOfMemory"> {
  const errors = readings.flatMap(({ error, doubtful, kind: own }) => (error === undefined || doubtful !== undefined || own !== kind ? [] : [error]));
  const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);
  const failed = readings.filter(({ outOfMemory }) => outOfMemory);
  return {
    count: errors.length,
    meanError: mean(errors.map(Math.abs)),
    bias: mean(errors),
    worst: errors.reduce((worst, error) => (Math.abs(error) > Math.abs(worst) ? error : worst), 0),
    doubtful: readings.filter(({ doubtful }) => doubtful !== undefined).length,
    outOfMemory: { stated: failed.length, found: failed.filter(({ refused }) => refused).length, false: readings.filter(({ outOfMemory, refused }) => !outOfMemory && refused).length },
  };
}
