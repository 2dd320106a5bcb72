/**
 * What a framework of one era can run at all, from its stack document: kernels of attention, exchanges between context ranks, schedules of a pipeline. What a document
 * leaves out is not limited, as nobody said that it was missing.
 */
import type { TransformerStack } from "../schema/stack-transformer.ts";
import type { ContextScheme, Layout, PipelineSchedule } from "./layout.ts";

export interface StackSupport {
  readonly attentionKernels: ReadonlyArray<Layout["attentionKernel"]> | null;
  readonly contextSchemes: readonly ContextScheme[] | null;
  readonly pipelineSchedules: readonly PipelineSchedule[] | null;
}

export const unlimited: StackSupport = { attentionKernels: null, contextSchemes: null, pipelineSchedules: null };

export function supportOf({ supports }: Pick<TransformerStack, "supports">): StackSupport {
  return { attentionKernels: supports?.attentionKernels?.values ?? null, contextSchemes: supports?.contextSchemes?.values ?? null, pipelineSchedules: supports?.pipelineSchedules?.values ?? null };
}

/** The wanted one where it is supported or nothing is, else the first that is. */
export const nearestSupported = <T>(wanted: T, values: readonly T[] | null): T => (values === null || values.includes(wanted) ? wanted : (values[0] ?? wanted));
