/**
 * A stack document of kind "transformer": what a framework of one era with its libraries does to the time and memory of every transformer, whatever the model, machine
 * or scale. Each parameter is a fact with the range that an expert would give it before any run is seen; a fit narrows it.
 */
import { z } from "zod";
import { head, id } from "./common.ts";
import { fact, factKinds } from "./fact.ts";
import { attentionKernels, contextSchemes, pipelineSchedules } from "./plan-layout.ts";
import { parameterDimensions, stackParameterNames, stackParameters, type StackParameterName } from "./stack-parameters.ts";

type Parameters = Record<StackParameterName, ReturnType<typeof fact>>;

const parameter = (name: StackParameterName) => {
  const { unit, means } = stackParameters[name];
  return fact(parameterDimensions[unit], { min: 0 }).meta({ description: means });
};

/** Choices of a layout that this release has, as a fact. */
const supported = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  z.strictObject({ values: z.array(z.enum(choices)), source: z.string().min(1).meta({ description: "Id in sources.json" }), kind: z.enum(factKinds).default("published"), note: z.string().min(1) }).optional();

export const transformerStackSchema = z.strictObject({
  ...head,
  kind: z.literal("transformer"),
  family: id.meta({ description: "Stacks of one family are releases of one framework" }),
  year: z.number().int().min(2016).max(2100).optional().meta({ description: "When this release was in use" }),
  memory: id.optional().meta({ description: "Memory document: what this framework keeps in device memory; memory is not predicted where left out" }),
  supports: z
    .strictObject({
      attentionKernels: supported(attentionKernels).meta({ description: "Kernels of attention; left out: all" }),
      contextSchemes: supported(contextSchemes).meta({ description: "Exchanges between context ranks, none where there are no context ranks; left out: all" }),
      pipelineSchedules: supported(pipelineSchedules).meta({ description: "Schedules of a pipeline; left out: all" }),
    })
    .optional()
    .meta({ description: "What this release can run at all: other plans are refused, and no search offers them" }),
  parameters: z.strictObject(Object.fromEntries(stackParameterNames.map((name) => [name, parameter(name)])) as Parameters).meta({ description: "Parameters of the step time that runs of this stack share" }),
});
export type TransformerStack = z.output<typeof transformerStackSchema>;
