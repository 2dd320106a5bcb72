/** Names of the terms of a transformer's step, and in words with numbers what decides each. */
import type { TransformerTerm } from "../../engine/pipeline/terms.ts";
import type { Layout } from "../../plan/layout.ts";
import type { TermGroup } from "../../prediction.ts";
import { formatCount, showQuantity } from "../../units.ts";
import { describeUnequal } from "../../variability/describe.ts";
import type { PreparedTransformer } from "./prepare.ts";
import { unequalDevices } from "./unequal.ts";

export const transformerTermNames: Record<TransformerTerm, { readonly label: string; readonly group: TermGroup }> = {
  "ideal-compute": { label: "Compute at datasheet peak", group: "compute" },
  "kernel-inefficiency": { label: "Kernel inefficiency", group: "compute" },
  "memory-bound": { label: "Memory-bound operations", group: "memory" },
  launch: { label: "Kernel launch, exposed", group: "host" },
  tensor: { label: "Tensor-parallel exchange, exposed", group: "comm" },
  context: { label: "Context-parallel exchange, exposed", group: "comm" },
  expert: { label: "Expert dispatch, exposed", group: "comm" },
  "pipeline-bubble": { label: "Pipeline bubble", group: "wait" },
  "pipeline-messages": { label: "Messages between stages, exposed", group: "comm" },
  data: { label: "Gradients and shards, exposed", group: "comm" },
  optimizer: { label: "Optimizer", group: "other" },
  offload: { label: "Offload to the host, exposed", group: "storage" },
  head: { label: "Vocabulary head and loss", group: "compute" },
  fixed: { label: "Fixed time of a step", group: "other" },
  jitter: { label: "Waiting for the slowest node", group: "wait" },
};

export function describeTransformerLimits(prepared: PreparedTransformer, layout: Layout): Record<TransformerTerm, string> {
  const { architecture, hardware, scenario } = prepared;
  const unequal = unequalDevices(prepared, layout);
  const { tensor, context, expert, expertTensor, pipeline, virtualStages, microBatches, microBatch, data, sequence, recipe } = layout;
  const tokens = (microBatch * sequence) / context;
  const payload = 2 * tokens * architecture.hidden;
  const inDomain = (ranks: number) => (ranks <= hardware.domain ? "inside the fast link" : "over the network between nodes");
  return {
    "ideal-compute": `useful work at ${showQuantity(hardware.peak_flop_per_s, "rate")} ${recipe.toUpperCase()} peak${layout.recompute === "none" ? "" : `, recomputation ${layout.recompute} included`}`,
    "kernel-inefficiency": `products of ${formatCount(tokens)} tokens by ${formatCount(architecture.hidden)} channels over ${tensor} tensor rank${tensor > 1 ? "s" : ""} on ${formatCount(hardware.multiprocessors)} multiprocessors`,
    "memory-bound": `norms, activations, attention and casts at ${showQuantity(hardware.memory_bytes_per_s, "bandwidth")}`,
    launch: "what the host issues and the device does not hide",
    tensor: tensor === 1 ? "one tensor rank" : `${showQuantity(payload, "data")} a collective over ${tensor} ranks ${inDomain(tensor)}`,
    context: context === 1 ? "one context rank" : `keys and values over ${context} ranks, ${layout.contextScheme}`,
    expert: architecture.experts === null ? "no experts" : expert === 1 ? "one expert rank" : `${architecture.experts.topK} experts a token over ${expert * expertTensor} ranks ${inDomain(expert * expertTensor)}`,
    "pipeline-bubble": pipeline === 1 ? "one stage" : `${pipeline} stages${virtualStages > 1 ? `, ${virtualStages} parts each` : ""}, ${formatCount(microBatches)} micro-batches, ${layout.schedule}`,
    "pipeline-messages": pipeline === 1 ? "one stage" : `${showQuantity(payload / (layout.sequenceParallel ? tensor : 1), "data")} a micro-batch and stage`,
    data: data * context === 1 ? "one data rank" : `${formatCount(data * context)} ranks, sharding ${layout.sharding}`,
    optimizer: `${layout.optimizer} at ${showQuantity(hardware.memory_bytes_per_s, "bandwidth")}`,
    offload: layout.offload.optimizer + layout.offload.activations === 0 ? "nothing is offloaded" : `host link of ${showQuantity(hardware.hostLink_bytes_per_s, "bandwidth")}`,
    head: `${formatCount(architecture.vocabulary)} words over ${tensor} tensor rank${tensor > 1 ? "s" : ""}${architecture.predictedTokens === undefined ? "" : `, for ${formatCount(Math.min(architecture.predictedTokens, layout.sequence))} of ${formatCount(layout.sequence)} tokens`}`,
    fixed: "logging, clipping, synchronisation",
    jitter: [layout.devices <= hardware.devicesPerNode ? "one node" : `slowest of ${formatCount(Math.ceil(layout.devices / scenario.machine.node.devices.value))} nodes`, ...(unequal ? describeUnequal(unequal, layout.devices) : [])].join("; "),
  };
}
