/** Where a run does not state what it computes again: the least that lets it fit. Memory so tells the step time which recomputation a run must have used. */
import type { Layout } from "../plan/layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { footprintColumns } from "./columns.ts";
import { footprint, makeFootprint } from "./footprint.ts";
import { judgeFit, type FitAnswer } from "./judge.ts";
import type { MemoryStack } from "./stack.ts";

export interface InferredRecompute {
  readonly layout: Layout;
  readonly answer: FitAnswer;
}

const loosestFirst = ["none", "selective", "full"] as const;

/** With full recomputation if even that does not fit. */
export function inferRecompute(architecture: Architecture, layout: Layout, stack: MemoryStack, capacity_bytes: number): InferredRecompute {
  const into = makeFootprint();
  const scratch = makeFootprint();
  let tried: InferredRecompute = { layout, answer: "does not fit" };
  for (const recompute of loosestFirst) {
    const candidate: Layout = { ...layout, recompute, recomputeModules: [], recomputedLayers: 0 };
    const allocated = footprint(architecture, candidate, stack, into, scratch);
    tried = { layout: candidate, answer: judgeFit(allocated, into[footprintColumns.device] as number, capacity_bytes) };
    if (tried.answer !== "does not fit") break;
  }
  return tried;
}
