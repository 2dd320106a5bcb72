/**
 * Terms of a step -> how long a device does what. Layers: kernels are products at the rate that compute at peak has in them; launch, control plane, input and stragglers are waiting.
 * Transformers: products at the rate of all products; the head is on the last of the pipeline's stages, and the others wait as long. Stages are taken as equally busy otherwise.
 */
import type { StepTerms } from "../engine/terms.ts";
import { Result } from "../engine/pipeline/terms.ts";
import type { ActivityTimes } from "./power-law.ts";

export function layerActivities({ added_s }: Pick<StepTerms, "added_s">, memoryShare: number): ActivityTimes {
  const products_s = added_s["ideal-compute"] + added_s["kernel-inefficiency"];
  return {
    products_s,
    products: products_s > 0 ? added_s["ideal-compute"] / products_s : 0,
    memory_s: added_s["memory-bound"] + added_s.optimizer,
    memory: memoryShare,
    communication_s: added_s["normalisation-exchange"] + added_s.communication,
    waiting_s: added_s.launch + added_s["control-plane"] + added_s.input + added_s.stragglers,
  };
}

/** `result` as `timeStep` gives it. The object may be given to be written again. */
export function transformerActivities(result: Float64Array, pipeline: number, memoryShare: number, into: ActivityTimes = { products_s: 0, products: 0, memory_s: 0, memory: 0, communication_s: 0, waiting_s: 0 }): ActivityTimes {
  const of = (term: number): number => result[term] as number;
  const ideal = of(Result.ideal);
  const layers = ideal + of(Result.inefficiency);
  const head = of(Result.head);
  into.products_s = layers + head / pipeline;
  into.products = layers > 0 ? ideal / layers : 0;
  into.memory_s = of(Result.memory) + of(Result.optimizer);
  into.memory = memoryShare;
  into.communication_s = of(Result.tensor) + of(Result.context) + of(Result.expert) + of(Result.messages) + of(Result.data) + of(Result.offload);
  into.waiting_s = of(Result.launch) + of(Result.bubble) + of(Result.fixed) + of(Result.jitter) + head * (1 - 1 / pipeline);
  return into;
}
