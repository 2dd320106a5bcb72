/**
 * A stack document of kind "transformer": what a framework of one era with its libraries does to the time and memory of every transformer, whatever the model, machine
 * or scale. Each parameter is a fact with the range that an expert would give it before any run is seen; a fit narrows it.
 */
import { z } from "zod";
import { head, id } from "./common.ts";
import { fact } from "./fact.ts";
import { parameterDimensions, stackParameterNames, stackParameters, type StackParameterName } from "./stack-parameters.ts";

type Parameters = Record<StackParameterName, ReturnType<typeof fact>>;

const parameter = (name: StackParameterName) => {
  const { unit, means } = stackParameters[name];
  return fact(parameterDimensions[unit], { min: 0 }).meta({ description: means });
};

export const transformerStackSchema = z.strictObject({
  ...head,
  kind: z.literal("transformer"),
  family: id.meta({ description: "Stacks of one family are releases of one framework" }),
  year: z.number().int().min(2016).max(2100).optional().meta({ description: "When this release was in use" }),
  memory: id.optional().meta({ description: "Memory document: what this framework keeps in device memory; memory is not predicted where left out" }),
  parameters: z.strictObject(Object.fromEntries(stackParameterNames.map((name) => [name, parameter(name)])) as Parameters).meta({ description: "Parameters of the step time that runs of this stack share" }),
});
export type TransformerStack = z.output<typeof transformerStackSchema>;
