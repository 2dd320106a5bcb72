/** Workload document -> layers. Sizes that the network cannot halve and double again evenly are a problem of the document. */
import { InputError, wrongValue, type Problem } from "../problems.ts";
import type { LayerWorkload } from "../schema/workload.ts";
import { families, type Family } from "./index.ts";
import type { Layer } from "./layer.ts";

export function buildLayers(workload: LayerWorkload): Layer[] {
  const family = families[workload.family] as Family<LayerWorkload["options"]>;
  const multiple = family.sizeMultiple(workload.options);
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(workload.options)) {
    if (!["height", "width", "size"].includes(key) || typeof value !== "number" || value % multiple === 0) continue;
    problems.push(wrongValue(`workloads/${workload.id}: options.${key}`, value, `a multiple of ${multiple}`, `${Math.max(multiple, Math.round(value / multiple) * multiple)} is the nearest`));
  }
  if (problems.length > 0) throw new InputError(problems);
  return family.build(workload.options);
}
