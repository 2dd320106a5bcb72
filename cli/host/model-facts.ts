/** What follows from a transformer's options: parameters by component, and FLOP of a token in each convention. */
import type { TransformerWorkload } from "../../model/schema/transformer.ts";
import { countTransformerParameters } from "../../model/workload/transformer/count-parameters.ts";
import { countTransformerFlop, transformerConventionDescriptions, transformerFlopConventions } from "../../model/workload/transformer/flop.ts";
import { makeArchitecture } from "../../model/workload/transformer/make-architecture.ts";

export function describeModel(workload: TransformerWorkload) {
  const architecture = makeArchitecture(workload.options);
  const { total, active, components, activeComponents } = countTransformerParameters(architecture);
  const { sequence } = architecture;
  return {
    sequence,
    parameters: { total, active },
    components: (Object.keys(components) as Array<keyof typeof components>).filter((component) => components[component] > 0).map((component) => ({ component, parameters: components[component], active: activeComponents[component] })),
    flopPerToken: transformerFlopConventions.map((convention) => ({ convention, flop: countTransformerFlop(architecture, convention, sequence) / sequence, ...transformerConventionDescriptions[convention] })),
  };
}
export type DescribedModel = ReturnType<typeof describeModel>;
