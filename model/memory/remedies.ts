/**
 * What would make a run fit: single changes of its layout that are valid and lower its memory, those that suffice first, then by how much they save. What each costs in
 * time is not known here.
 */
import { layoutFits, type LayoutMachine } from "../plan/find-faults.ts";
import type { Layout } from "../plan/layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { footprintColumns } from "./columns.ts";
import { footprint, makeFootprint } from "./footprint.ts";
import { judgeFit, type FitAnswer } from "./judge.ts";
import type { MemoryStack } from "./stack.ts";

export interface Remedy {
  /** Keys of the plan with their new values. */
  readonly change: Readonly<Partial<Layout>>;
  readonly label: string;
  /** Less device memory on the fullest stage. */
  readonly saves_bytes: number;
  readonly device_bytes: number;
  readonly answer: FitAnswer;
  readonly layout: Layout;
}

type Change = readonly [label: string, change: Partial<Layout>];

export function findRemedies(architecture: Architecture, layout: Layout, stack: MemoryStack, capacity_bytes: number, machine: LayoutMachine): Remedy[] {
  const into = makeFootprint();
  const scratch = makeFootprint();
  footprint(architecture, layout, stack, into, scratch);
  const before = into[footprintColumns.device] as number;
  const remedies = listChanges(layout, architecture).flatMap(([label, change]): Remedy[] => {
    const changed = changeLayout(layout, change);
    if (!layoutFits(changed, architecture, machine)) return [];
    const allocated = footprint(architecture, changed, stack, into, scratch);
    const device_bytes = into[footprintColumns.device] as number;
    const saves_bytes = before - device_bytes;
    return saves_bytes > 0 ? [{ change, label, saves_bytes, device_bytes, answer: judgeFit(allocated, device_bytes, capacity_bytes), layout: changed }] : [];
  });
  const rank: Record<FitAnswer, number> = { fits: 0, tight: 1, "does not fit": 2 };
  return remedies.toSorted((a, b) => rank[a.answer] - rank[b.answer] || b.saves_bytes - a.saves_bytes);
}

/** A layout with some choices changed and the counts that follow from them. */
export function changeLayout(layout: Layout, change: Partial<Layout>): Layout {
  const changed = { ...layout, ...change };
  const data = changed.devices / (changed.tensor * changed.context * changed.pipeline);
  const whole = layout.shardGroup === layout.data * layout.context || layout.sharding === "none";
  return {
    ...changed,
    data,
    microBatches: changed.globalBatch / (data * changed.microBatch),
    shardGroup: changed.sharding === "none" ? 1 : (change.shardGroup ?? (whole ? data * changed.context : layout.shardGroup)),
    schedule: changed.pipeline > 1 && changed.schedule === "interleaved" && changed.virtualStages === 1 ? "1f1b" : changed.schedule,
  };
}

function listChanges(layout: Layout, architecture: Architecture): Change[] {
  const { tensor, pipeline, context, expert, microBatch, recompute, sharding, offload } = layout;
  const changes: Change[] = [];
  const add = (when: boolean, label: string, change: Partial<Layout>): unknown => when && changes.push([label, change]);
  const sequenceParallel = true;
  add(recompute === "none" || recompute === "selective", "compute norms and activations of the feed-forward part again", { recompute: "modules", recomputeModules: ["normalisation", "feed-forward-activation"] });
  add(recompute === "none", "compute attention again", { recompute: "selective", recomputeModules: [] });
  add(recompute !== "full", "compute whole layers again", { recompute: "full", recomputeModules: [], recomputedLayers: 0 });
  add(tensor > 1 && !layout.sequenceParallel, "divide tokens over tensor ranks", { sequenceParallel });
  add(microBatch > 1, "half the micro-batch", { microBatch: microBatch / 2 });
  add(sharding === "none", "divide optimizer states over data ranks", { sharding: "optimizer" });
  add(sharding !== "parameters", "divide parameters over data ranks", { sharding: "parameters", reshardAfterForward: pipeline === 1 });
  add(sharding === "parameters" && !layout.reshardAfterForward, "drop gathered parameters after the forward pass", { reshardAfterForward: true });
  add(sharding !== "none" && layout.shardGroup < layout.data * context, "divide states over all data ranks", { shardGroup: layout.data * context });
  add(true, "twice the tensor ranks", { tensor: 2 * tensor, sequenceParallel });
  add(true, "twice the stages", { pipeline: 2 * pipeline });
  add(layout.virtualStages > 1, "no interleaving", { virtualStages: 1, schedule: "1f1b" });
  add(layout.schedule === "gpipe" && pipeline > 1, "one forward, one backward in the pipeline", { schedule: "1f1b" });
  add(true, "twice the context ranks", { context: 2 * context });
  add(architecture.experts !== null, "twice the expert ranks", { expert: 2 * expert });
  add(offload.optimizer < 1, "optimizer states in host memory", { offload: { ...offload, optimizer: 1 } });
  add(offload.activations < 1, "activations in host memory", { offload: { ...offload, activations: 1 } });
  return changes;
}
