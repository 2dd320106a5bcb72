/**
 * An ONNX graph as a list of layers for one sample (model/workload/layer.ts), with the operations of each node: 2 per multiply-add, 1 per element and tap of pooling, 1 per element of additions, scalings
 * and activations, 2 of a normalisation, 3 of a softmax, 2 per element and tap of a local response normalisation. A weight is what the graph does not compute from its inputs; one that is used twice
 * counts once. A scale and an offset per channel right behind a batch normalisation are its own, as converters from Caffe write them. A local response normalisation stands as a mean over
 * its window and a scaling. Reshapes move nothing.
 */
import type { LayerKind } from "../../../model/workload/layer.ts";
import { elementTypes, type OnnxModel, type OnnxNode } from "./onnx-model.ts";
import { inferOutputs, isKnownOperation, multiply, type Known } from "./onnx-shapes.ts";

export interface ImportedLayer {
  readonly name: string;
  readonly kind: LayerKind;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly inSize: readonly number[];
  readonly outSize: readonly number[];
  readonly kernel?: readonly number[];
  readonly stride?: number;
  readonly dilation?: number;
  readonly groups?: number;
  readonly parameters?: readonly number[];
  readonly differentiatesInput?: boolean;
}
export interface CountedNode {
  /** 1-based place in the graph. */
  readonly place: number;
  readonly name: string;
  readonly operation: string;
  readonly forward_flop: number;
  readonly parameters: number;
  readonly output: readonly number[];
}
export interface ReadGraph {
  readonly layers: readonly ImportedLayer[];
  readonly nodes: readonly CountedNode[];
  readonly sample: { readonly name: string; readonly shape: readonly number[]; readonly elementBytes: number } | undefined;
  readonly problems: ReadonlyArray<{ readonly place: number; readonly got: string; readonly expected: string }>;
  readonly remarks: readonly string[];
}

interface Tensor extends Known {
  /** Not computed from the inputs of the graph. */
  readonly constant: boolean;
  /** The weight that it is, or is a view of. */
  readonly weight?: string | undefined;
  readonly needsGradient: boolean;
  /** A normalisation that a scale or offset behind it may belong to. */
  readonly normalises?: "normalised" | "scaled";
}

/** Places at which an operation takes a weight, so that graphs of old exporters, whose weights are inputs, are read as well. */
const weightPlaces: Readonly<Record<string, (place: number) => boolean>> = {
  Conv: (place) => place > 0, ConvTranspose: (place) => place > 0, Gemm: (place) => place > 0, MatMul: (place) => place === 1, BatchNormalization: (place) => place > 0, Gather: (place) => place === 0, PRelu: (place) => place === 1,
  InstanceNormalization: (place) => place > 0, LayerNormalization: (place) => place > 0,
};
const views = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast", "Constant", "ConstantOfShape", "Shape"]);
const copies = new Set(["Transpose", "Pad", "Slice", "Split", "Expand", "Tile", "DepthToSpace", "SpaceToDepth"]);
const normalisations = new Set(["InstanceNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization", "SimplifiedLayerNormalization", "MeanVarianceNormalization"]);

export function readGraph({ nodes, tensors, inputs, outputs }: OnnxModel): ReadGraph {
  const known = new Map<string, Tensor>();
  const layers: ImportedLayer[] = [];
  const counted: CountedNode[] = [];
  const problems: Array<{ place: number; got: string; expected: string }> = [];
  const remarks = new Set<string>();
  const used = new Set<string>();
  const names = new Set<string>();

  for (const tensor of tensors) known.set(tensor.name, { ...tensor, constant: true, weight: isReal(tensor.type) ? tensor.name : undefined, needsGradient: false });
  const samples = inputs.filter(({ name }) => !known.has(name) && !isWeight(name, nodes));
  for (const { name, shape, type } of inputs) {
    if (known.has(name)) continue;
    const sample = samples.some((one) => one.name === name);
    // An open first extent is the batch: one sample.
    const filled = shape.map((extent, axis) => extent ?? (axis === 0 ? 1 : undefined));
    if (filled.some((extent) => extent === undefined)) problems.push({ place: 0, got: `${name} of ${shape.map((extent) => extent ?? "?").join(" x ")}`, expected: "extents in numbers: export the model with fixed sizes" });
    else known.set(name, { shape: filled as number[], constant: !sample, weight: sample || !isReal(type) ? undefined : name, needsGradient: false });
  }
  const [first] = samples;
  const sampleTensor = first && known.get(first.name);
  const batch = Math.max(1, sampleTensor?.shape[0] ?? 1);

  /** Elements of trainable tensors that are met for the first time. */
  const claim = (list: ReadonlyArray<Tensor | undefined>): number[] => list.flatMap((tensor) => {
    if (tensor?.weight === undefined || used.has(tensor.weight)) return [];
    used.add(tensor.weight);
    return [multiply(tensor.shape)];
  });

  const append = (node: OnnxNode, suffix: string, kind: LayerKind, from: Extent, to: Extent, more: Partial<ImportedLayer>): void => {
    const base = node.name || node.outputs[0] || node.operation;
    let name = `${base}${suffix}`;
    for (let copy = 2; names.has(name); copy++) name = `${base}${suffix}-${copy}`;
    names.add(name);
    layers.push({ name, kind, inChannels: from.channels, inSize: from.size, outChannels: to.channels, outSize: to.size, ...more });
  };

  const read = (node: OnnxNode, place: number): void => {
    const given = node.inputs.map((name) => (name === "" ? undefined : known.get(name)));
    const results = inferOutputs(node, given);
    if (!results) {
      const missing = node.inputs.filter((name, index) => name !== "" && given[index] === undefined);
      // What follows a node without a shape has none either: told once, at its cause.
      if (missing.length === 0) problems.push({ place, got: `${node.operation} ${node.name || node.outputs[0] || ""} of ${given.map((one) => one?.shape.join(" x ") ?? "-").join(", ")}`, expected: isKnownOperation(node.operation) ? "inputs whose shapes go together" : "an operation whose shape is known" });
      return;
    }
    const constant = given.every((one) => one === undefined || one.constant);
    const active = given.filter((one) => one !== undefined && !one.constant);
    const output = results[0]?.shape ?? [];
    const needs = active.some((one) => one?.needsGradient);
    const parameters = constant ? [] : makeLayers(node, given, output, needs);
    const normalises = constant ? undefined : afterNormalisation(node, given, output);
    for (const [index, name] of node.outputs.entries()) {
      const result = results[index];
      const weight = constant && views.has(node.operation) ? (node.operation === "ConstantOfShape" || node.operation === "Constant" ? (isRealResult(node) ? name : undefined) : given[0]?.weight) : undefined;
      if (result) known.set(name, { shape: result.shape, values: result.values, constant, weight, needsGradient: needs || parameters.length > 0, ...(normalises ? { normalises } : {}) });
    }
    if (!constant) counted.push({ place, name: node.name || node.outputs[0] || "", operation: node.operation, forward_flop: countFlop(node, given, output) / batch, parameters: parameters.reduce((sum, elements) => sum + elements, 0), output });
  };

  /** Appends what a node does and gives its trainable tensors. */
  const makeLayers = (node: OnnxNode, given: ReadonlyArray<Tensor | undefined>, output: readonly number[], needs: boolean): number[] => {
    const source = given.find((one) => one !== undefined && !one.constant);
    if (!source || views.has(node.operation)) return [];
    const [from, to] = [extentOf(source.shape, batch), extentOf(output, batch)];
    const base: Partial<ImportedLayer> = needs ? {} : { differentiatesInput: false };
    const withParameters = (parameters: readonly number[]): Partial<ImportedLayer> => (parameters.length > 0 ? { ...base, parameters } : base);
    const pointwise = (kind: LayerKind, parameters: readonly number[] = [], suffix = ""): number[] => {
      append(node, suffix, kind, kind === "concatenate" ? to : from, to, withParameters(parameters));
      return [...parameters];
    };
    const { operation } = node;
    if (operation === "Conv" || operation === "ConvTranspose") {
      const weight = given[1];
      const [strides, dilations] = [node.attributes["strides"]?.numbers ?? [1], node.attributes["dilations"]?.numbers ?? [1]];
      if (new Set(strides).size > 1 || new Set(dilations).size > 1) remarks.add("strides or dilations that differ by axis: the largest stands for all");
      const [stride, dilation, groups] = [Math.max(...strides), Math.max(...dilations), node.attributes["group"]?.number ?? 1];
      const own = claim([weight]);
      append(node, "", operation === "Conv" ? "convolution" : "transposed-convolution", from, to, { ...withParameters(own), kernel: weight?.shape.slice(2) ?? [], ...(stride > 1 ? { stride } : {}), ...(dilation > 1 ? { dilation } : {}), ...(groups > 1 ? { groups } : {}) });
      return [...own, ...biasOf(node, given[2], to)];
    }
    if (operation === "Gemm" || (operation === "MatMul" && given[1]?.constant)) {
      const own = claim([given[1]]);
      const outputs = output.at(-1) ?? 1;
      const positions = Math.max(1, Math.round(multiply(output) / batch / outputs));
      const inputs = operation === "Gemm" ? (source.shape[node.attributes["transA"]?.number ? 0 : 1] ?? 1) : (source.shape.at(-1) ?? 1);
      append(node, "", "dense", { channels: inputs, size: [positions] }, { channels: outputs, size: [positions] }, withParameters(own));
      return [...own, ...(node.attributes["beta"]?.number === 0 ? [] : biasOf(node, given[2], { channels: outputs, size: [positions] }))];
    }
    if (operation === "MatMul") {
      const [rows, inner, columns] = [source.shape.at(-2) ?? 1, source.shape.at(-1) ?? 1, output.at(-1) ?? 1];
      const groups = Math.max(1, Math.round(multiply(output) / batch / rows / columns));
      append(node, "", "batched-product", { channels: groups * inner, size: [rows] }, { channels: groups * columns, size: [rows] }, { ...base, ...(groups > 1 ? { groups } : {}) });
      return [];
    }
    if (operation === "BatchNormalization") return pointwise("batch-normalisation", claim(given.slice(1, 3)));
    if (normalisations.has(operation)) return pointwise("layer-normalisation", claim(given.slice(1, 3)));
    if (operation === "MaxPool" || operation === "AveragePool" || operation === "LpPool") {
      const stride = Math.max(...(node.attributes["strides"]?.numbers ?? [1]));
      append(node, "", operation === "MaxPool" ? "max-pool" : "mean-pool", from, to, { ...base, kernel: node.attributes["kernel_shape"]?.numbers ?? [], ...(stride > 1 ? { stride } : {}) });
      return [];
    }
    if (operation.startsWith("Global") || operation.startsWith("Reduce") || operation.startsWith("Arg")) return pointwise("mean-pool");
    if (operation === "LRN") return [...pointwise("mean-pool", [], "/window"), ...pointwise("scale", [], "/scale")];
    if (operation === "Softmax" || operation === "LogSoftmax") return pointwise(node.outputs.some((name) => outputs.includes(name)) ? "softmax-loss" : "softmax");
    if (operation === "Dropout") return pointwise("dropout");
    if (operation === "Concat") return pointwise("concatenate");
    if (operation === "Gather") return given[0]?.constant && given[0].shape.length === 2 ? pointwise("embedding", claim([given[0]])) : pointwise("copy");
    if (operation === "Resize" || operation === "Upsample") return pointwise("resize");
    if (copies.has(operation)) return pointwise("copy");
    if (["Add", "Sub", "Sum", "Mul", "Div"].includes(operation)) {
      const others = given.filter((one) => one?.constant);
      // Its normalisation has these already; a weight that is met here is then spent.
      if (afterNormalisation(node, given, output)) {
        claim(others);
        return [];
      }
      const sum = ["Add", "Sub", "Sum"].includes(operation);
      const trained = claim(others.filter((one) => one !== undefined && multiply(one.shape) > 1));
      return pointwise(!sum ? "scale" : others.length > 0 ? "bias" : "add", trained);
    }
    if (operation === "Gelu") return pointwise("gelu");
    return pointwise("activation", operation === "PRelu" ? claim([given[1]]) : []);
  };

  const biasOf = (node: OnnxNode, bias: Tensor | undefined, to: Extent): number[] => {
    if (!bias) return [];
    const own = claim([bias]);
    append(node, "/bias", "bias", to, to, own.length > 0 ? { parameters: own } : {});
    return own;
  };

  for (const [index, node] of nodes.entries()) {
    if (node.domain !== "" && node.domain !== "ai.onnx" && !isKnownOperation(node.operation)) problems.push({ place: index + 1, got: `${node.domain} ${node.operation}`, expected: "operations of ONNX itself" });
    else read(node, index + 1);
  }
  const type = first && elementTypes[first.type];
  return { layers, nodes: counted, sample: first && sampleTensor ? { name: first.name, shape: sampleTensor.shape, elementBytes: type?.bytes ?? 4 } : undefined, problems, remarks: [...remarks] };
}

interface Extent {
  readonly channels: number;
  readonly size: readonly number[];
}

/** A tensor of one sample as channels and positions; one whose first extent is no batch has its elements as channels. */
function extentOf(shape: readonly number[], batch: number): Extent {
  if (shape[0] !== batch || shape.length < 2) return { channels: Math.max(1, Math.ceil(multiply(shape) / batch)), size: [1] };
  return { channels: shape[1] as number, size: shape.length > 2 ? shape.slice(2) : [1] };
}

const isReal = (type: number): boolean => elementTypes[type]?.whole === false;
const isRealResult = ({ operation, attributes }: OnnxNode): boolean => (attributes["value"]?.tensor ? isReal(attributes["value"].tensor.type) : operation === "ConstantOfShape");

/** An input of the graph that only ever stands where operations take weights. */
function isWeight(name: string, nodes: readonly OnnxNode[]): boolean {
  const uses = nodes.flatMap((node) => node.inputs.flatMap((input, place) => (input === name ? [{ node, place }] : [])));
  return uses.length > 0 && uses.every(({ node, place }) => weightPlaces[node.operation]?.(place) ?? false);
}

/** Whether a node is the scale, then the offset, per channel of a batch normalisation right before it. */
function afterNormalisation(node: OnnxNode, given: ReadonlyArray<Tensor | undefined>, output: readonly number[]): "normalised" | "scaled" | undefined {
  if (node.operation === "BatchNormalization") return "normalised";
  const before = given.find((one) => one !== undefined && !one.constant)?.normalises;
  const own = given.filter((one) => one?.constant);
  if (own.length !== 1 || given.length !== 2 || multiply(own[0]?.shape ?? []) !== output[1]) return undefined;
  return (node.operation === "Mul" && before === "normalised") || (node.operation === "Add" && before === "scaled") ? "scaled" : undefined;
}

/** Operations of a node over the whole batch. */
function countFlop(node: OnnxNode, given: ReadonlyArray<Tensor | undefined>, output: readonly number[]): number {
  const elements = multiply(output);
  const input = multiply(given.find((one) => one !== undefined && !one.constant)?.shape ?? []);
  const taps = multiply(node.attributes["kernel_shape"]?.numbers ?? [1]);
  const { operation } = node;
  if (views.has(operation) || copies.has(operation)) return 0;
  switch (operation) {
    case "Conv": return elements * (2 * multiply(given[1]?.shape.slice(1) ?? []) + (given[2] ? 1 : 0));
    case "ConvTranspose": return input * 2 * multiply(given[1]?.shape.slice(1) ?? []) + (given[2] ? elements : 0);
    case "Gemm": return elements * (2 * (given[0]?.shape[node.attributes["transA"]?.number ? 0 : 1] ?? 0) + (given[2] && node.attributes["beta"]?.number !== 0 ? 1 : 0));
    case "MatMul": return elements * 2 * (given[0]?.shape.at(-1) ?? 0);
    case "MaxPool": case "AveragePool": case "LpPool": return elements * taps;
    case "BatchNormalization": return 2 * elements;
    case "LRN": return 2 * elements * (node.attributes["size"]?.number ?? 1);
    case "Softmax": case "LogSoftmax": return 3 * elements;
    case "Sum": return elements * Math.max(0, given.length - 1);
    case "Concat": case "Dropout": case "Gather": return 0;
    default: return operation.startsWith("Global") || operation.startsWith("Reduce") ? input : elements;
  }
}
