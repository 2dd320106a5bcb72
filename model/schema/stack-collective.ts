/** How a stack communicates: its library, the algorithm of its all-reduces, and how gradients reach them. */
import { z } from "zod";
import { fact } from "./fact.ts";
import { whole } from "./common.ts";

export const collectiveLibraryIds = ["nccl", "rccl", "open-mpi-tuned", "oneccl", "gloo", "horovod-hierarchical"] as const;
export type CollectiveLibraryId = (typeof collectiveLibraryIds)[number];

/** What chooses must be named, and a library runs only what it has. */
function checkAlgorithm({ library, algorithm }: { library?: CollectiveLibraryId | undefined; algorithm: string }, context: z.RefinementCtx): void {
  const refuse = (expected: string, hint: string): void => context.addIssue({ code: "custom", path: ["algorithm"], message: expected, params: { problem: { code: "wrong-value", got: JSON.stringify(algorithm), expected, hint } } });
  if (algorithm === "auto" && library === undefined) refuse("hierarchical, ring, tree or parameter-server where no library is named", `collective.library names what chooses: ${collectiveLibraryIds.join(", ")}`);
  if (algorithm === "hierarchical" && (library === "nccl" || library === "rccl")) refuse("auto, ring or tree", `${library} has no hierarchical all-reduce; horovod-hierarchical has one`);
}

export const stackCollectiveSchema = z
  .strictObject({
    library: z.enum(collectiveLibraryIds).optional().meta({ description: "The communication library: its choices and, for NCCL and RCCL, its protocols with fitted parameters time collectives; left out, closed forms do" }),
    algorithm: z.enum(["hierarchical", "ring", "tree", "parameter-server", "auto"]).meta({ description: "Of all-reduces. hierarchical: sum inside the node, leaders sum between nodes, gather inside; parameter-server: each gradient goes whole to one of as many servers as nodes, weights come back; auto: what the library chooses" }),
    leaders: whole(1, 64).meta({ description: "Ranks of a node that talk to other nodes at the same time" }),
    leaderBandwidthShare: fact("fraction", { min: 0.01, max: 1 }).meta({ description: "Share of the node's injection bandwidth that one leader reaches alone" }),
    overlap: z.boolean().meta({ description: "Sums run while the backward pass still computes" }),
    bucketing: z.enum(["fit", "fill", "each"]).default("fit").meta({ description: "fit: a buffer closes before the gradient that would not fit (Horovod); fill: after the gradient that fills it (PyTorch); each: every gradient is summed by itself, whatever buffer the plan asks for (MagmaDNN)" }),
    scheme: z.enum(["all-reduce", "none"]).default("all-reduce").meta({ description: "none: ranks sum nothing and drift apart, which is no training of one network" }),
    broadcast: z.boolean().default(false).meta({ description: "One rank updates the weights and sends them to all others; if not, every rank updates its own" }),
    firstBucket: fact("data").optional().meta({ description: "Size of the first buffer where it differs: small, so that the first sum begins early (PyTorch)" }),
    copies: z.boolean().default(false).meta({ description: "Gradients are copied into buffers and back by the device that computes, in operations of their own" }),
  })
  .superRefine(checkAlgorithm);
