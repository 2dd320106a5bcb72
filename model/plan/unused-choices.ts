/** Choices of a layout that are written down and change nothing, each with its reason. */
import type { UnusedChoice } from "../prediction.ts";
import type { LayoutChoices } from "../schema/plan-layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import type { Layout } from "./layout.ts";
import { hidesMessages } from "./make-layout.ts";
import { isNarrow } from "./recipes.ts";

export function findUnused(choices: LayoutChoices, architecture: Architecture, layout: Layout): UnusedChoice[] {
  const unused: UnusedChoice[] = [];
  const report = (idle: boolean, key: string, label: string, reason: string) => idle && unused.push({ path: `plan.${key}`, label, reason });
  const { pipeline, tensor, context, sharding, recompute, overlap } = choices;
  const ranks = layout.data * context;
  const alone = "there is one data rank";

  report(choices.virtualStages > 1 && pipeline === 1, "virtualStages", "Virtual stages", "there is one stage");
  report(choices.schedule !== undefined && pipeline === 1, "schedule", "The schedule", "there is one stage");
  report(choices.split !== "even" && pipeline === 1, "split", "The split of layers", "there is one stage");
  report(choices.contextScheme !== undefined && context === 1, "contextScheme", "The context scheme", "there is one context rank");
  report((sharding === "gradients" || sharding === "parameters") && ranks === 1, "sharding", `Sharding of ${sharding}`, alone);
  report(choices.shardGroup !== undefined && sharding === "none", "shardGroup", "The shard group", "nothing is sharded");
  report(choices.reshardAfterForward !== undefined && sharding !== "parameters", "reshardAfterForward", "Resharding after the forward pass", "parameters are not sharded");
  report(choices.recomputeModules.length > 0 && recompute !== "modules", "recomputeModules", "The modules to recompute", `recompute is "${recompute}"`);
  report(choices.recomputedLayers !== undefined && recompute !== "block", "recomputedLayers", "The number of recomputed layers", `recompute is "${recompute}"`);
  report(recompute === "selective" && choices.attentionKernel === "flash", "recompute", "Selective recomputation", "fused attention keeps no scores that could be computed again");
  if (recompute === "modules") {
    const reasonOf = (module: string): string | undefined => {
      if (module === "experts") return architecture.experts === null ? "the model has no experts" : undefined;
      if (module === "latent-up-projection") return architecture.attention.keyValueRank === 0 ? "the model has no latent attention" : undefined;
      return module === "core-attention" && choices.attentionKernel === "flash" ? "fused attention keeps no scores that could be computed again" : undefined;
    };
    for (const module of choices.recomputeModules) report(reasonOf(module) !== undefined, "recomputeModules", `Recomputing ${module}`, reasonOf(module) ?? "");
  }
  report(overlap.gradients === true && ranks === 1, "overlap.gradients", "Overlap of gradients", alone);
  report(overlap.parameters === true && (ranks === 1 || sharding === "none"), "overlap.parameters", "Overlap of parameters", ranks === 1 ? alone : "nothing is sharded");
  report(overlap.tensor === true && tensor === 1, "overlap.tensor", "Overlap of tensor-parallel exchanges", "there is one tensor rank");
  report(overlap.pipeline === true && !hidesMessages(layout.schedule), "overlap.pipeline", "Overlap of messages between stages", pipeline === 1 ? "there is one stage" : `the ${layout.schedule} schedule waits for each message`);
  const wide = `${choices.recipe} multiplies nothing in fewer than 16 bits`;
  report(choices.narrowAttention === true && !isNarrow(choices.recipe), "narrowAttention", "Attention in the narrow format", wide);
  report(choices.narrowAttention === true && isNarrow(choices.recipe) && choices.attentionKernel === "unfused", "narrowAttention", "Attention in the narrow format", "attention runs in separate kernels");
  report(choices.narrowHead === true && !isNarrow(choices.recipe), "narrowHead", "The loss head in the narrow format", wide);
  report(choices.fusedRotation !== undefined && architecture.attention.keyValueRank === 0, "fusedRotation", "Fused rotation", "the model has no latent attention");
  report(choices.expertDispatch !== undefined && choices.expert === 1, "expertDispatch", "How tokens reach their experts", architecture.experts === null ? "the model has no experts" : "every rank has all experts");
  report(overlap.expert === true && architecture.experts === null, "overlap.expert", "Overlap of token dispatch", "the model has no experts");
  return unused;
}
