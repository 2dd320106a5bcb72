/** Choices of a layout as changes of the plan that is shown: what is as planned is no change. A plan that a search found sets all that the search chose. */
import type { Changes } from "../../../model/scenario.ts";
import type { FoundPlan } from "../../../model/search/found.ts";
import type { Control } from "../transformer/protocol.ts";

export type PlanSets = Readonly<Record<string, string | number | boolean>>;

export function withPlanSets(changes: Changes, sets: PlanSets, controls: readonly Control[]): Changes {
  const next = { ...changes };
  for (const [key, value] of Object.entries(sets)) {
    if (controls.find((control) => control.key === key)?.planned === value) delete next[`plan.${key}`];
    else next[`plan.${key}`] = value;
  }
  return next;
}

const offloads: Readonly<Record<string, string>> = { offloadOptimizer: "offload.optimizer", offloadActivations: "offload.activations" };

/** A choice that is left open says nothing; without a pipeline there is no order of passes to choose. */
export function setsOfFound({ choices }: Pick<FoundPlan, "choices">): PlanSets {
  const sets = Object.fromEntries(Object.entries(choices).flatMap(([key, value]) => (value === null || value === undefined ? [] : [[offloads[key] ?? key, value]])));
  return { ...(sets["pipeline"] === 1 ? { schedule: "1f1b" } : {}), ...sets };
}
