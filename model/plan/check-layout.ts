/**
 * A plan's choices on a model and a number of devices -> layout, or every problem at once with the nearest valid choices; and what is valid but has no effect or costs more
 * than it seems to. Which layouts are valid is in find-faults.ts; here each fault gets its words.
 */
import { wrongValue, type Problem } from "../problems.ts";
import type { UnusedChoice } from "../prediction.ts";
import type { LayoutChoices } from "../schema/plan-layout.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import { faultNames, findFaults, hasFault, type Fault, type LayoutMachine } from "./find-faults.ts";
import type { Layout } from "./layout.ts";
import { makeLayout } from "./make-layout.ts";
import { findUnused } from "./unused-choices.ts";
import { mostLayersOnStage } from "./stages.ts";

export interface LayoutNote {
  readonly path: string;
  readonly text: string;
}
export type CheckedLayout =
  | { readonly layout: Layout; readonly unused: readonly UnusedChoice[]; readonly notes: readonly LayoutNote[]; readonly problems: readonly [] }
  | { readonly layout?: undefined; readonly problems: readonly Problem[] };

interface Subject {
  readonly choices: LayoutChoices;
  readonly layout: Layout;
  readonly architecture: Architecture;
  readonly machine: LayoutMachine;
}

/** `name` begins the path of every problem, such as "plans/gpt3-175b". */
export function checkLayout(choices: LayoutChoices, architecture: Architecture, devices: number, machine: LayoutMachine, name: string): CheckedLayout {
  const layout = makeLayout(choices, architecture, devices);
  const subject = { choices, layout, architecture, machine };
  const faults = findFaults(layout, architecture, machine);
  if (faults === 0) return { layout, unused: findUnused(choices, architecture, layout), notes: findNotes(subject), problems: [] };
  return { problems: faultNames.filter((fault) => hasFault(faults, fault)).map((fault) => explain(fault, subject, name)) };
}

function findNotes({ layout, machine }: Subject): LayoutNote[] {
  const { tensor, expert, expertTensor } = layout;
  const notes: LayoutNote[] = [];
  if (tensor > machine.domain) notes.push({ path: "plan.tensor", text: `${tensor} tensor ranks do not fit in the ${machine.domain} devices that a fast link joins: every layer's sums go over the network between nodes` });
  else if (machine.domain % tensor !== 0) notes.push({ path: "plan.tensor", text: `groups of ${tensor} tensor ranks do not fill the ${machine.domain} devices that a fast link joins: some groups lie across two nodes` });
  if (expert * expertTensor > machine.domain && expert > 1) notes.push({ path: "plan.expert", text: `${expert * expertTensor} expert ranks do not fit in the ${machine.domain} devices that a fast link joins: tokens travel between nodes` });
  return notes;
}

/** Up to four whole numbers that pass, nearest first. */
function nearest(wanted: number, most: number, passes: (value: number) => boolean): number[] {
  const found: number[] = [];
  for (let distance = 0; found.length < 4 && distance <= Math.min(most + wanted, 200_000); distance++) {
    for (const value of distance === 0 ? [wanted] : [wanted - distance, wanted + distance]) if (value >= 1 && value <= most && found.length < 4 && passes(value)) found.push(value);
  }
  return found;
}
const divides = (total: number) => (value: number) => total % value === 0;
const showNearest = (values: readonly number[]) => (values.length === 0 ? "no choice passes" : `nearest: ${values.join(", ")}`);

const nameThem = (values: readonly string[] | null) => (values ?? []).join(", ");

type Words = readonly [path: string, value: unknown, expected: string, hint?: string | undefined];

const words: Readonly<Record<Fault, (subject: Subject) => Words>> = {
  devices: ({ layout: { devices, tensor, context, pipeline } }) => {
    const one = tensor * context * pipeline;
    return ["devices", devices, `a multiple of tensor x context x pipeline = ${tensor} x ${context} x ${pipeline} = ${one}`, showNearest(nearest(devices, devices + one, (value) => value % one === 0))];
  },
  heads: ({ layout: { tensor }, architecture: { attention } }) => ["tensor", tensor, `a divisor of the ${attention.heads} attention heads`, showNearest(nearest(tensor, attention.heads, divides(attention.heads)))],
  keyValueHeads: ({ layout: { tensor }, architecture: { attention: { keyValueHeads, heads } } }) => [
    "tensor", tensor, `a divisor or a multiple of the ${keyValueHeads} key and value heads`, showNearest(nearest(tensor, heads, (value) => heads % value === 0 && (keyValueHeads % value === 0 || value % keyValueHeads === 0))),
  ],
  inner: ({ layout: { tensor }, architecture: { inner } }) => ["tensor", tensor, `a divisor of the ${inner} inner channels of the feed-forward part`, showNearest(nearest(tensor, inner, divides(inner)))],
  stateSpace: ({ layout: { tensor }, architecture: { stateSpace } }) => ["tensor", tensor, `a divisor of the ${(stateSpace?.inner ?? 0) / (stateSpace?.headSize ?? 1)} state-space heads that shares or repeats its ${stateSpace?.groups} groups`],
  layers: ({ layout: { pipeline, virtualStages, split }, architecture }) => {
    const layers = architecture.layers + architecture.encoderLayers;
    const counted = split === "embedding-as-layer" ? layers + 2 : layers;
    const [parts, units] = [pipeline * virtualStages, split === "embedding-as-layer" ? `${layers} layers with embedding and head` : `${layers} layers`];
    if (virtualStages > 1) return ["virtualStages", virtualStages, `a number that makes pipeline x virtualStages = ${pipeline} x ${virtualStages} = ${parts} divide ${units}`, showNearest(nearest(virtualStages, counted, (value) => counted % (pipeline * value) === 0))];
    const fills = (value: number) => counted >= value && (split !== "last-short" || counted > (value - 1) * Math.ceil(counted / value));
    return ["pipeline", pipeline, `stages that all hold some of the ${units}`, showNearest(nearest(pipeline, counted, fills))];
  },
  batch: ({ layout: { globalBatch, data, microBatch } }) => {
    const one = data * microBatch;
    return ["globalBatch", globalBatch, `a multiple of data ranks x microBatch = ${data} x ${microBatch} = ${one}`, showNearest(nearest(globalBatch, globalBatch + one, (value) => value % one === 0))];
  },
  expertCount: ({ layout: { expert }, architecture: { experts } }) => ["expert", expert, `a divisor of the ${experts?.count} experts`, showNearest(nearest(expert, experts?.count ?? 1, divides(experts?.count ?? 1)))],
  expertInner: ({ layout: { expertTensor }, architecture: { experts } }) => ["expertTensor", expertTensor, `a divisor of the ${experts?.inner} inner channels of an expert`, showNearest(nearest(expertTensor, experts?.inner ?? 1, divides(experts?.inner ?? 1)))],
  sharedInner: ({ layout: { tensor }, architecture: { experts } }) => ["tensor", tensor, `a divisor of the ${experts?.sharedInner} inner channels of the shared experts`, showNearest(nearest(tensor, experts?.sharedInner ?? 1, divides(experts?.sharedInner ?? 1)))],
  expertRanks: ({ layout: { expert, expertTensor, data, context, tensor }, architecture: { experts } }) => {
    const ranks = data * context * tensor;
    const fits = (value: number) => (experts?.count ?? 1) % value === 0 && ranks % (value * expertTensor) === 0;
    return ["expert", expert, `expert x expertTensor = ${expert} x ${expertTensor} that divides data x context x tensor = ${ranks}`, showNearest(nearest(expert, ranks, fits))];
  },
  noExperts: ({ layout: { expert, expertTensor } }) => [expert > 1 ? "expert" : "expertTensor", expert > 1 ? expert : expertTensor, "1: the model has no experts"],
  sequenceContext: ({ layout: { sequence, context, contextScheme }, architecture: { attention } }) => {
    const twice = attention.causal && contextScheme !== "all-to-all";
    const part = (value: number) => (value === 1 ? 1 : twice ? 2 * value : value);
    return ["context", context, `ranks whose ${twice ? "two parts each " : "parts "}divide the ${sequence} tokens of a sequence`, showNearest(nearest(context, sequence, (value) => sequence % part(value) === 0))];
  },
  sequenceTensor: ({ layout: { sequence, context, tensor } }) => ["sequenceParallel", true, `false, or tensor ranks that divide the ${sequence / context} tokens of a context rank`, showNearest(nearest(tensor, sequence, divides(sequence / context)))],
  noTensor: () => ["sequenceParallel", true, "false or nothing: it divides tokens over tensor ranks, and tensor is 1"],
  scheduleParts: ({ layout: { schedule, virtualStages } }) => {
    if (schedule === "interleaved") return ["virtualStages", virtualStages, "above 1 with the interleaved schedule"];
    const others = schedule === "zero-bubble" ? ["zero bubble in two parts (ZB-V, arXiv:2405.15362) is not modelled"] : [];
    return ["virtualStages", virtualStages, `1 with the ${schedule} schedule`, ["nearest: 1", "stages that hold several parts run the interleaved schedule", ...others].join("; ")];
  },
  scheduleBatches: ({ layout: { microBatches, pipeline, data, microBatch } }) => {
    const one = pipeline * data * microBatch;
    return ["globalBatch", microBatches * data * microBatch, `micro-batches (now ${microBatches}) in multiples of the ${pipeline} stages: the interleaved schedule passes them in groups`, showNearest(nearest(microBatches * data * microBatch, (microBatches + pipeline) * data * microBatch, (value) => value % one === 0))];
  },
  dualStages: ({ layout: { pipeline } }) => ["pipeline", pipeline, "an even number of stages with the dualpipe schedule", showNearest(nearest(pipeline, pipeline + 2, (value) => value % 2 === 0))],
  dualBatches: ({ layout: { microBatches, pipeline, data, microBatch } }) => ["globalBatch", microBatches * data * microBatch, `an even number of micro-batches (now ${microBatches}), at least ${2 * pipeline} with ${pipeline} stages of the dualpipe schedule`],
  gradientsPipeline: () => ["sharding", "gradients", `"optimizer", or "parameters" with reshardAfterForward false: a pipeline adds up whole gradients over its micro-batches`],
  shardGroup: ({ layout: { shardGroup, data, context } }) => ["shardGroup", shardGroup, `a divisor of data x context = ${data * context}`, showNearest(nearest(shardGroup, data * context, divides(data * context)))],
  modulesEmpty: () => ["recomputeModules", [], "at least one module with recompute modules"],
  blockLayers: ({ choices, layout, architecture }) => ["recomputedLayers", choices.recomputedLayers, `1 to ${mostLayersOnStage(layout, architecture.layers + architecture.encoderLayers)}, the layers of a stage, with recompute block`],
  recipe: ({ layout: { recipe }, machine: { recipes } }) => ["recipe", recipe, `a format that the device multiplies: ${recipes.join(", ")}`],
  adapter: ({ layout: { adapterRank }, architecture: { hidden } }) => ["adapterRank", adapterRank, `at most the ${hidden} hidden channels`],
  positions: ({ layout: { sequence }, architecture: { learnedPositions } }) => ["sequence", sequence, `at most the ${learnedPositions} learned positions`],
  ringUnfused: () => ["attentionKernel", "unfused", `"flash", or contextScheme "all-gather" or "all-to-all": a ring adds up partial softmax sums, which only a fused kernel keeps`],
  kernelUnsupported: ({ layout: { attentionKernel }, machine: { supports } }) => ["attentionKernel", attentionKernel, `a kernel that the stack has: ${nameThem(supports.attentionKernels)}`],
  contextUnsupported: ({ layout: { context, contextScheme }, machine: { supports: { contextSchemes } } }) =>
    contextSchemes?.length === 0 ? ["context", context, "1: the stack has no context ranks"] : ["contextScheme", contextScheme, `an exchange that the stack has: ${nameThem(contextSchemes)}`],
  scheduleUnsupported: ({ layout: { schedule }, machine: { supports } }) => ["schedule", schedule, `a schedule that the stack has: ${nameThem(supports.pipelineSchedules)}`],
  allToAllHeads: ({ layout: { tensor, context }, architecture: { attention: { heads, keyValueHeads } } }) => [
    "context", context, `ranks that divide the ${heads / tensor} heads of a tensor rank, with the all-to-all scheme`,
    showNearest(nearest(context, heads, (value) => heads % (tensor * value) === 0 && (keyValueHeads % (tensor * value) === 0 || (tensor * value) % keyValueHeads === 0))),
  ],
};

function explain(fault: Fault, subject: Subject, name: string): Problem {
  const [path, value, expected, hint] = words[fault](subject);
  return { ...wrongValue(`${name}: ${path}`, value, expected, hint), code: "wrong-layout" };
}
