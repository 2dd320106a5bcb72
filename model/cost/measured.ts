/**
 * Local work by a table of measured operations. A product that the table lacks is read from its nearest kin that does the same arithmetic (a transposed
 * convolution is a convolution's data gradient, a dense layer a 1 x 1 convolution); point-wise work that it lacks falls back to the stack's traffic table.
 * Depth-wise convolutions are no part of tables: they go by traffic. Dilation is not a feature: a dilated layer is read as its plain twin.
 */
import { countConvolutionFlop, mirrorPass, mirrorShape, multiplySizes } from "../compute/convolution-shape.ts";
import type { ConvolutionShape, Pass } from "../compute/convolution-types.ts";
import { isDepthwise, weightGradientTraffic } from "../compute/depthwise.ts";
import { lookUpEstimate, lookUpTime, type OperationTable } from "../compute/operation-table.ts";
import { sizeBatchedProduct, sizeConvolution, sizeLinear, sizePointwise, type OperationPass, type OperationSizes } from "../compute/operations.ts";
import { InputError, missingOperation } from "../problems.ts";
import { pointwiseElements } from "../program/pointwise.ts";
import { Kind, passNames, type Program } from "../program/types.ts";
import { multiplies } from "../workload/flop.ts";
import type { Layer } from "../workload/layer.ts";
import { batchedSizes } from "../workload/totals.ts";
import { convolutionShape, layerOf } from "./shape.ts";
import type { ProductCost } from "./tiled.ts";
import type { Resources } from "./types.ts";

export function costProductMeasured(program: Program, index: number, resources: Resources, table: OperationTable): ProductCost {
  const layer = layerOf(program, index);
  const pass = passNames[program.pass[index] ?? 0] as Pass;
  const shape = convolutionShape(program, index);
  if (layer.kind !== "batched-product" && isDepthwise(shape)) return costDepthwise(shape, pass, resources);
  const found = readProduct(layer, shape, pass, (sizes, of) => lookUpTime(table, sizes, of), (time_s) => time_s / 2);
  if (found === undefined) throw new InputError([missingOperation(layer.name, layer.kind, pass, [...table.surfaces.keys()])]);
  return { time_s: found * (layer.kind === "dense" ? resources.denseFactor : resources.convolutionFactor), memory_s: 0 };
}

function costDepthwise(shape: ConvolutionShape, pass: Pass, resources: Resources): ProductCost {
  const elements = shape.batch * (shape.inChannels * multiplySizes(shape.inSize) + shape.outChannels * multiplySizes(shape.outSize));
  const traffic = resources.convolution.depthwiseTraffic * (pass === "weight-gradient" ? weightGradientTraffic : 1);
  const memory_s = (elements * resources.convolution.bytesPerElement * traffic) / resources.memory_bytes_per_s;
  const time_s = Math.max(memory_s, countConvolutionFlop(shape) / resources.compute.peak_flop_per_s);
  return { time_s, memory_s: time_s };
}

/** Sizes of a product with the pass under which a table may hold it, best first. */
function readProduct<Answer>(layer: Layer, shape: ConvolutionShape, pass: Pass, read: (sizes: OperationSizes, of: OperationPass) => Answer | undefined, halve: (answer: Answer) => Answer): Answer | undefined {
  if (layer.kind === "batched-product") {
    const { matrices, rows, inner, columns } = batchedSizes(layer);
    const sizes = sizeBatchedProduct(matrices * shape.batch, rows, inner, columns);
    if (pass === "forward") return read(sizes, "forward");
    // The table times both gradients together; each is half of the work.
    const both = read(sizes, "backward");
    return both === undefined ? undefined : halve(both);
  }
  if (layer.kind === "dense") {
    const rows = shape.batch * multiplySizes(layer.outSize);
    return read(sizeLinear(rows, layer.inChannels, layer.outChannels), pass) ?? read(sizeConvolution({ ...shape, batch: rows, inSize: [1], outSize: [1], kernel: [1] }), pass);
  }
  if (layer.kind === "transposed-convolution") return read(sizeConvolution(shape), pass) ?? read(sizeConvolution(mirrorShape(shape)), mirrorPass(pass));
  return read(sizeConvolution(shape), pass);
}

/**
 * Standard error of the log of the sum over a program's products, from the table's own interpolation. Errors of one surface go together, as neighbouring
 * sizes share the same measurements; those of different surfaces are independent.
 */
export function tableError(program: Program, table: OperationTable): number {
  const bySurface = new Map<string, number>();
  let sum = 0;
  for (let index = 0; index < program.count; index++) {
    if (program.kind[index] !== Kind.convolution) continue;
    const shape = convolutionShape(program, index);
    const pass = passNames[program.pass[index] ?? 0] as Pass;
    const layer = layerOf(program, index);
    const found = layer.kind !== "batched-product" && isDepthwise(shape) ? undefined : readProduct(layer, shape, pass, (sizes, of) => lookUpEstimate(table, sizes, of), (both) => ({ ...both, time_s: both.time_s / 2 }));
    if (!found) continue;
    sum += found.time_s;
    const key = `${layer.kind} ${pass}`;
    bySurface.set(key, (bySurface.get(key) ?? 0) + found.time_s * found.standardError);
  }
  return sum > 0 ? Math.hypot(...bySurface.values()) / sum : 0;
}

/** Point-wise work of a layer, an update, a copy: seconds, or undefined where the table lacks it. */
export function costPointwiseMeasured(program: Program, index: number, resources: Resources, table: OperationTable): number | undefined {
  const read = (operation: string, elements: number, pass: OperationPass) => lookUpTime(table, sizePointwise(operation, elements), pass);
  switch (program.kind[index]) {
    case Kind.memory: {
      const layer = layerOf(program, index);
      // Phase copies of a dilated convolution are memory operations of a layer that multiplies: the traffic model has them.
      if (multiplies(layer)) return undefined;
      const pass = passNames[program.pass[index] ?? 0] === "forward" ? "forward" : "backward";
      const elements = pointwiseElements(layer) * program.samplesPerDevice;
      // What goes back through a copy is copied as well.
      return read(layer.kind, elements, pass) ?? (layer.kind === "copy" ? read("copy", elements, "forward") : undefined);
    }
    case Kind.accumulate: return read("add", program.number[index] ?? 0, "forward");
    case Kind.bucketCopy: return read("bucket-copy", program.number[index] ?? 0, "forward") ?? read("copy", program.number[index] ?? 0, "forward");
    case Kind.optimizer: {
      let sum = 0;
      // A classifier that devices divide has an update of its own; the first exchange is that of its input.
      const exchange = program.kind.indexOf(Kind.classExchange);
      const divided = exchange < 0 ? undefined : program.layers[program.layer[exchange] ?? -1];
      for (const layer of program.layers) {
        if (layer === divided) continue;
        for (const elements of layer.parameters) {
          const time_s = read(resources.optimizer, elements, "update");
          if (time_s === undefined) return undefined;
          sum += time_s;
        }
      }
      return sum;
    }
    default: return undefined;
  }
}
