/** A workload's layers and totals, for people and for CSV. */
import type { WorkloadTotals } from "../../model/prediction.ts";
import { flopConventions } from "../../model/schema/plan.ts";
import type { LayerWorkload } from "../../model/schema/workload.ts";
import { buildLayers } from "../../model/workload/build-layers.ts";
import { countFlop, flopOfPass } from "../../model/workload/flop.ts";
import { sampleBytes } from "../../model/workload/sample.ts";
import { countMultiplierInputs, countParameters, listGradientTensors } from "../../model/workload/totals.ts";

export interface LayerRow {
  name: string;
  part: string;
  kind: string;
  inChannels: number;
  outChannels: number;
  inSize: string;
  outSize: string;
  kernel: string;
  stride: number;
  dilation: number;
  groups: number;
  parameters: number;
  forward_flop: number;
}
export const layerColumns = ["name", "part", "kind", "inChannels", "outChannels", "inSize", "outSize", "kernel", "stride", "dilation", "groups", "parameters", "forward_flop"] as const;

export function describeWorkload(workload: LayerWorkload): { totals: Omit<WorkloadTotals, "gradient_bytes">; layers: LayerRow[] } {
  const layers = buildLayers(workload);
  const flopPerSample = Object.fromEntries(flopConventions.map((convention) => [convention, countFlop(layers, convention)])) as WorkloadTotals["flopPerSample"];
  return {
    totals: {
      parameters: countParameters(layers),
      gradientTensors: listGradientTensors(layers).length,
      activationsPerSample_elements: countMultiplierInputs(layers),
      inputPerSample_bytes: sampleBytes(layers, workload),
      flopPerSample,
    },
    layers: layers.map((layer) => ({
      name: layer.name,
      part: layer.part,
      kind: layer.kind,
      inChannels: layer.inChannels,
      outChannels: layer.outChannels,
      inSize: layer.inSize.join("x"),
      outSize: layer.outSize.join("x"),
      kernel: layer.kernel.join("x"),
      stride: layer.stride,
      dilation: layer.dilation,
      groups: layer.groups,
      parameters: layer.parameters.reduce((sum, elements) => sum + elements, 0),
      forward_flop: flopOfPass(layer, "forward"),
    })),
  };
}
