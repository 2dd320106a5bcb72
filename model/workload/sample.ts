/** Size of one sample as the data set stores it: the elements of the network's input, and the label. */
import type { LayerWorkload } from "../schema/workload.ts";
import type { Layer } from "./layer.ts";
import { countSampleBytes } from "./totals.ts";

export function sampleBytes(layers: readonly Layer[], workload: LayerWorkload): number {
  return countSampleBytes(layers, workload.inputElementBytes) + workload.labelBytes;
}
