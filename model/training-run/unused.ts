/** Facts of interruptions and choices of saving that cannot move a training run, with the reason. */
import type { UnusedChoice } from "../prediction.ts";
import type { FoundRecovery } from "../reliability/recovery.ts";
import type { CheckpointPlan } from "../schema/reliability.ts";

export function unusedInRun(choices: CheckpointPlan | undefined, { known }: FoundRecovery): UnusedChoice[] {
  const unused: UnusedChoice[] = [];
  const add = (path: string, label: string, reason: string): unknown => unused.push({ path, label, reason });
  if (known === null) {
    if (choices?.spareNodes !== undefined) add("plan.checkpoint.spareNodes", "Spare nodes", "nothing fails");
    if (choices?.suspectNodes === "kept") add("plan.checkpoint.suspectNodes", "What becomes of nodes that failed", "nothing fails");
    return unused;
  }
  if (choices?.spareNodes === undefined) {
    const reason = "plan.checkpoint.spareNodes is not stated, so a node is always at hand";
    add("machine.reliability.drainShare", "The share of interruptions that take a node out", reason);
    add("machine.reliability.repair", "The time of a repair", reason);
  }
  if (choices?.suspectNodes !== "kept") add("machine.reliability.keptFactor", "How many times as often nodes that failed fail again", "nodes that failed are taken out");
  return unused;
}
