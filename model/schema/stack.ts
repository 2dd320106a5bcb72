/**
 * A stack document: what a framework with its libraries does on every machine. Nothing here may belong to one run. Kind "layers" is for networks that are lists of
 * layers, kind "transformer" (stack-transformer.ts) for transformers under parallel layouts.
 */
import { z } from "zod";
import { fact } from "./fact.ts";
import { dataFormats, head, id, whole } from "./common.ts";
import { stackCollectiveSchema } from "./stack-collective.ts";
import { stackTensorsSchema } from "./stack-tensors.ts";
import { transformerStackSchema } from "./stack-transformer.ts";

export const trafficKinds = ["bias", "batch-normalisation", "activation", "scale", "add", "concatenate", "dropout", "max-pool", "mean-pool", "resize", "softmax-loss"] as const;
/** Kinds that only some networks have: a stack without their row cannot run those. */
export const optionalTrafficKinds = ["layer-normalisation", "gelu", "softmax", "copy", "embedding"] as const;
export type TrafficKind = (typeof trafficKinds)[number] | (typeof optionalTrafficKinds)[number];

const transfers = z.strictObject({ forward: fact("fraction", { min: 0, max: 100 }), backward: fact("fraction", { min: 0, max: 100 }) });

function makeRows<Kind extends string, Row>(kinds: readonly Kind[], row: Row): Record<Kind, Row> {
  return Object.fromEntries(kinds.map((kind) => [kind, row])) as Record<Kind, Row>;
}

export const layersStackSchema = z.strictObject({
  ...head,
  kind: z.literal("layers"),
  family: id.meta({ description: "Stacks of one family share their fitted kernel factors" }),
  unchecked: z.string().min(1).optional().meta({ description: "Why no published number stands beside predictions with this stack; every prediction says it" }),
  kernels: z.strictObject({
    library: z.string().min(1).optional().meta({ description: "The library that products and convolutions run in, such as oneDNN: explain names it, and what runs tell of one of its stacks they tell of the others" }),
    convolutionFactor: z.strictObject({ fp32: fact("fraction"), fp16: fact("fraction") }).meta({ description: "Time of this stack's convolutions over that of the library the device was calibrated with, by arithmetic" }),
    layoutCopies: z.boolean().meta({ description: "Copies around tensor-core convolutions because tensors are kept channels-first" }),
    dilation: z.enum(["native", "space-to-batch"]),
    winograd: z.enum(["on", "off"]),
    workspace: fact("data").optional().meta({ description: "Memory that one convolution's algorithm may take; Winograd's needs its operands transformed at once. Left out: a quarter of the device's memory" }),
    denseFactor: fact("fraction").optional().meta({ description: "Time of this stack's dense products over that of the same device table; left out: as its convolutions" }),
    depthwiseTraffic: fact("fraction").meta({ description: "Memory traffic of depth-wise convolutions over the ideal" }),
    depthwiseBy: z.enum(["bytes", "elements"]).default("bytes").meta({ description: "What depth-wise kernels take time for: bytes, or elements of any size, as kernels without vector loads do (traffic then counts FP32 operands)" }),
  }),
  traffic: z.strictObject({ ...makeRows(trafficKinds, transfers), ...makeRows(optionalTrafficKinds, transfers.optional()) }).meta({ description: "Element transfers per output element by kind of point-wise layer" }),
  trafficFp32: z.strictObject({ ...makeRows(trafficKinds, transfers.optional()), ...makeRows(optionalTrafficKinds, transfers.optional()) }).optional().meta({ description: "The same in FP32 where it differs: libraries have their fused kernels in 16 bits only. Kinds left out: as above" }),
  trafficFactor: fact("fraction").meta({ description: "Common error of the traffic table" }),
  optimizerTraffic: fact("fraction").meta({ description: "Memory traffic of the optimizer over what its update must read and write" }),
  launch: z.strictObject({ operation: fact("time", { min: 0 }), step: fact("time", { min: 0 }), synchronous: fact("time", { min: 0 }).optional().meta({ description: "What the host adds to each kernel where it waits for one before it launches the next; left out: launches run ahead" }) }).meta({ description: "Host time that is not hidden, per kernel and per step" }),
  tensors: stackTensorsSchema.optional(),
  collective: stackCollectiveSchema,
  controlPlane: z.strictObject({
    kind: z.enum(["none", "flat", "tree"]).meta({ description: "How ranks agree which gradients are ready: flat, every rank tells rank 0; tree, through a radix-r tree" }),
    radix: whole(2, 1024),
    requestProcessing: fact("time").meta({ description: "Host time to read and count one request, without the message itself" }),
    cycle: fact("time", { min: 0 }).meta({ description: "Pause between two rounds of negotiation" }),
  }),
  input: z.strictObject({
    place: z.enum(["workers", "training-process", "memory"]).default("workers").meta({ description: "Where samples are read and decoded: by workers beside training, in the training process before each step, or not at all (they are in memory)" }),
    workersPerDevice: whole(1, 1024),
    workerRead: fact("bandwidth").meta({ description: "What one reader process decodes" }),
    epochStart: fact("time").optional().meta({ description: "Time from the last step of an epoch to the first of the next that no step explains; only figures averaged over epochs hold it" }),
    formats: z.strictObject(makeRows(dataFormats, fact("bandwidth").optional())).optional().meta({ description: "The same for data sets of a format, in stored bytes" }),
    decodeSpread: fact("fraction", { min: 0, max: 10 }).optional().meta({ description: "Relative standard deviation of the time to decode one sample of a given size" }),
    prefetch: whole(1, 1024).optional().meta({ description: "Batches of a device that may be ready or in preparation. Left out: so many that no single read is waited for" }),
    reservedCores: fact("count", { min: 0 }).optional().meta({ description: "Cores of a node that the communication library keeps for itself as soon as a job has several nodes: its proxies move data between them" }),
  }),
  staging: z.strictObject({
    nodeReceive: fact("bandwidth").meta({ description: "What the staging process of one node takes from its peers" }),
    streams: whole(1, 1024).optional().meta({ description: "Files that one node copies at the same time. Left out: enough for all of its bandwidth" }),
  }),
  synchronisedNormalisation: fact("time", { min: 0 }).meta({ description: "Per batch-normalisation layer and direction, where ranks share statistics" }),
});
export type Stack = z.output<typeof layersStackSchema>;

export const stackSchema = z.discriminatedUnion("kind", [layersStackSchema, transformerStackSchema]);
export type AnyStack = z.output<typeof stackSchema>;
