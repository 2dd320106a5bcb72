/**
 * Shapes that ONNX operations give (onnx/docs/Operators.md), of every opset since 1, and the values of small whole tensors, from which graphs compute shapes. An operation that is not here has no shape:
 * what comes after it is told, not guessed. Left out: control flow, recurrent layers, shapes that depend on data.
 */
import type { OnnxNode } from "./onnx-model.ts";

export interface Known {
  readonly shape: readonly number[];
  /** Of small whole tensors. */
  readonly values?: readonly number[] | undefined;
}
type Inputs = ReadonlyArray<Known | undefined>;
type Infer = (node: OnnxNode, inputs: Inputs) => Known[] | undefined;

export const multiply = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
const most = 4096;
const numbersOf = (node: OnnxNode, name: string): readonly number[] | undefined => node.attributes[name]?.numbers;
const numberOf = (node: OnnxNode, name: string, otherwise: number): number => node.attributes[name]?.number ?? otherwise;
const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
/** A list that is an attribute in older opsets and an input in later ones. */
const listOf = (node: OnnxNode, inputs: Inputs, name: string, place: number): readonly number[] | undefined => numbersOf(node, name) ?? inputs[place]?.values;

/** numpy's rule: extents of one stretch. Undefined where the shapes do not go together. */
export function broadcast(shapes: ReadonlyArray<readonly number[]>): number[] | undefined {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const extents = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const extent = extents.find((one) => one !== 1) ?? 1;
    if (extents.some((one) => one !== 1 && one !== extent)) return undefined;
    result.push(extent);
  }
  return result;
}

const same: Infer = (_node, [first]) => first && [{ shape: first.shape, ...(first.values ? { values: first.values } : {}) }];
const shapeOnly: Infer = (_node, [first]) => first && [{ shape: first.shape }];

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = { Add: (a, b) => a + b, Sub: (a, b) => a - b, Mul: (a, b) => a * b, Div: (a, b) => Math.trunc(a / b) };

const elementwise: Infer = (node, inputs) => {
  const known = inputs.filter((one) => one !== undefined);
  const [first, second] = known;
  if (!first || known.length < inputs.length) return undefined;
  // Before opset 7 the second input was laid along an axis of the first, which keeps its shape.
  const shape = node.attributes["broadcast"]?.number === 1 ? first.shape : broadcast(known.map((one) => one.shape));
  if (!shape) return undefined;
  const operate = arithmetic[node.operation];
  if (!operate || !second || !first.values || !second.values || multiply(shape) > most) return [{ shape }];
  const [a, b] = [first.values, second.values];
  return a.length > 1 && b.length > 1 && a.length !== b.length ? [{ shape }] : [{ shape, values: Array.from({ length: Math.max(a.length, b.length) }, (_, index) => operate(a[a.length === 1 ? 0 : index] as number, b[b.length === 1 ? 0 : index] as number)) }];
};

/** Windows that slide over the axes behind batch and channels. */
function slide(node: OnnxNode, input: readonly number[], kernel: readonly number[]): number[] | undefined {
  const rank = input.length - 2;
  const [strides, dilations, pads] = [numbersOf(node, "strides"), numbersOf(node, "dilations"), numbersOf(node, "pads")];
  const automatic = node.attributes["auto_pad"]?.text ?? "NOTSET";
  const ceil = numberOf(node, "ceil_mode", 0) === 1;
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [extent, stride, reach] = [input[axis + 2] as number, strides?.[axis] ?? 1, ((kernel[axis] ?? 1) - 1) * (dilations?.[axis] ?? 1) + 1];
    if (!(stride >= 1)) return undefined;
    if (automatic.startsWith("SAME")) result.push(Math.ceil(extent / stride));
    else {
      const padded = extent + (automatic === "VALID" ? 0 : (pads?.[axis] ?? 0) + (pads?.[axis + rank] ?? 0));
      result.push((ceil ? Math.ceil : Math.floor)((padded - reach) / stride) + 1);
    }
  }
  return result.every((extent) => extent >= 1) ? result : undefined;
}

const convolution: Infer = (node, [input, weight]) => {
  if (!input || !weight || input.shape.length < 3 || weight.shape.length !== input.shape.length) return undefined;
  const size = slide(node, input.shape, numbersOf(node, "kernel_shape") ?? weight.shape.slice(2));
  return size && [{ shape: [input.shape[0] as number, weight.shape[0] as number, ...size] }];
};

const transposedConvolution: Infer = (node, [input, weight]) => {
  if (!input || !weight || input.shape.length < 3) return undefined;
  const rank = input.shape.length - 2;
  const given = numbersOf(node, "output_shape");
  const size = Array.from({ length: rank }, (_, axis) => {
    const at = (name: string, otherwise: number): number => numbersOf(node, name)?.[axis] ?? otherwise;
    const reach = ((numbersOf(node, "kernel_shape")?.[axis] ?? weight.shape[axis + 2] ?? 1) - 1) * at("dilations", 1) + 1;
    const pads = (numbersOf(node, "pads")?.[axis] ?? 0) + (numbersOf(node, "pads")?.[axis + rank] ?? 0);
    return given?.[axis + given.length - rank] ?? at("strides", 1) * ((input.shape[axis + 2] as number) - 1) + at("output_padding", 0) + reach - pads;
  });
  return [{ shape: [input.shape[0] as number, (weight.shape[1] as number) * numberOf(node, "group", 1), ...size] }];
};

const pool: Infer = (node, [input]) => {
  const kernel = numbersOf(node, "kernel_shape");
  const size = input && kernel && slide(node, input.shape, kernel);
  return size ? Array.from({ length: 2 }, () => ({ shape: [...(input?.shape.slice(0, 2) ?? []), ...size] })) : undefined;
};

const reshape: Infer = (node, inputs) => {
  const [input] = inputs;
  const wanted = listOf(node, inputs, "shape", 1);
  if (!input || !wanted) return undefined;
  const shape = wanted.map((extent, axis) => (extent === 0 && numberOf(node, "allowzero", 0) === 0 ? (input.shape[axis] ?? 0) : extent));
  const open = shape.indexOf(-1);
  if (open >= 0) shape[open] = multiply(input.shape) / multiply(shape.filter((extent) => extent !== -1));
  return multiply(shape) === multiply(input.shape) && shape.every((extent) => Number.isInteger(extent) && extent >= 0) ? [{ shape, values: input.values }] : undefined;
};

const flatten: Infer = (node, [input]) => {
  if (!input) return undefined;
  const axis = axisOf(numberOf(node, "axis", 1), input.shape.length);
  return [{ shape: [multiply(input.shape.slice(0, axis)), multiply(input.shape.slice(axis))] }];
};

const transpose: Infer = (node, [input]) => input && [{ shape: (numbersOf(node, "perm") ?? [...input.shape.keys()].toReversed()).map((axis) => input.shape[axis] ?? 1) }];

const squeeze: Infer = (node, inputs) => {
  const [input] = inputs;
  if (!input) return undefined;
  const axes = listOf(node, inputs, "axes", 1)?.map((axis) => axisOf(axis, input.shape.length));
  return [{ shape: input.shape.filter((extent, axis) => (axes ? !axes.includes(axis) : extent !== 1)), values: input.values }];
};

const unsqueeze: Infer = (node, inputs) => {
  const [input] = inputs;
  const axes = listOf(node, inputs, "axes", 1);
  if (!input || !axes) return undefined;
  const shape = [...input.shape];
  for (const axis of axes.map((one) => axisOf(one, input.shape.length + axes.length)).toSorted((a, b) => a - b)) shape.splice(axis, 0, 1);
  return [{ shape, values: input.values }];
};

const concatenate: Infer = (node, inputs) => {
  const [first] = inputs;
  if (!first || inputs.some((one) => one === undefined)) return undefined;
  const axis = axisOf(numberOf(node, "axis", 1), first.shape.length);
  const sum = inputs.reduce((total, one) => total + (one?.shape[axis] ?? 0), 0);
  const values = inputs.every((one) => one?.values) && first.shape.length === 1 ? inputs.flatMap((one) => one?.values ?? []) : undefined;
  return [{ shape: first.shape.map((extent, at) => (at === axis ? sum : extent)), values }];
};

const gemm: Infer = (node, [a, b]) => {
  if (a?.shape.length !== 2 || b?.shape.length !== 2) return undefined;
  return [{ shape: [a.shape[numberOf(node, "transA", 0) ? 1 : 0] as number, b.shape[numberOf(node, "transB", 0) ? 0 : 1] as number] }];
};

const product: Infer = (_node, [a, b]) => {
  if (!a || !b || a.shape.length === 0 || b.shape.length === 0) return undefined;
  const [left, right] = [a.shape.length === 1 ? [1, ...a.shape] : a.shape, b.shape.length === 1 ? [...b.shape, 1] : b.shape];
  if (left.at(-1) !== right.at(-2)) return undefined;
  const front = broadcast([left.slice(0, -2), right.slice(0, -2)]);
  if (!front) return undefined;
  return [{ shape: [...front, ...(a.shape.length === 1 ? [] : [left.at(-2) as number]), ...(b.shape.length === 1 ? [] : [right.at(-1) as number])] }];
};

const gather: Infer = (node, [data, indices]) => {
  if (!data || !indices) return undefined;
  const axis = axisOf(numberOf(node, "axis", 0), data.shape.length);
  const values = data.values && indices.values && data.shape.length === 1 ? indices.values.map((index) => data.values?.[axisOf(index, data.values.length)] as number) : undefined;
  return [{ shape: [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)], values }];
};

const slice: Infer = (node, inputs) => {
  const [data] = inputs;
  const [starts, ends] = [listOf(node, inputs, "starts", 1), listOf(node, inputs, "ends", 2)];
  if (!data || !starts || !ends) return undefined;
  const axes = listOf(node, inputs, "axes", 3) ?? [...starts.keys()];
  const steps = inputs[4]?.values;
  const shape = [...data.shape];
  let values = data.values;
  for (const [index, given] of axes.entries()) {
    const axis = axisOf(given, data.shape.length);
    const extent = data.shape[axis] ?? 0;
    const step = steps?.[index] ?? 1;
    if (step < 1) return undefined;
    const clamp = (at: number): number => Math.max(0, Math.min(extent, at < 0 ? at + extent : at));
    const [from, to] = [clamp(starts[index] ?? 0), clamp(ends[index] ?? extent)];
    shape[axis] = Math.max(0, Math.ceil((to - from) / step));
    values = data.shape.length === 1 ? values?.slice(from, to).filter((_, at) => at % step === 0) : undefined;
  }
  return [{ shape, values }];
};

const split: Infer = (node, inputs) => {
  const [data] = inputs;
  if (!data) return undefined;
  const axis = axisOf(numberOf(node, "axis", 0), data.shape.length);
  const count = node.outputs.length;
  const parts = listOf(node, inputs, "split", 1) ?? Array.from({ length: count }, () => (data.shape[axis] ?? 0) / count);
  return parts.every(Number.isInteger) ? parts.map((extent) => ({ shape: data.shape.map((one, at) => (at === axis ? extent : one)) })) : undefined;
};

const reduce: Infer = (node, inputs) => {
  const [data] = inputs;
  if (!data) return undefined;
  const axes = (listOf(node, inputs, "axes", 1) ?? [...data.shape.keys()]).map((axis) => axisOf(axis, data.shape.length));
  const keep = numberOf(node, "keepdims", 1) === 1;
  return [{ shape: data.shape.flatMap((extent, axis) => (!axes.includes(axis) ? [extent] : keep ? [1] : [])) }];
};

const resize: Infer = (node, inputs) => {
  const [data] = inputs;
  const sizes = inputs[3]?.values;
  const scales = numbersOf(node, "scales") ?? (inputs[2]?.values?.length ? inputs[2].values : inputs[1]?.values);
  if (!data) return undefined;
  if (sizes?.length === data.shape.length) return [{ shape: sizes }];
  return scales?.length === data.shape.length ? [{ shape: data.shape.map((extent, axis) => Math.floor(extent * (scales[axis] as number))) }] : undefined;
};

const pad: Infer = (node, inputs) => {
  const [data] = inputs;
  const pads = numbersOf(node, "pads") ?? numbersOf(node, "paddings") ?? inputs[1]?.values;
  return data && pads?.length === 2 * data.shape.length ? [{ shape: data.shape.map((extent, axis) => extent + (pads[axis] as number) + (pads[axis + data.shape.length] as number)) }] : undefined;
};

const ofShape: Infer = (node, [wanted]) => {
  if (!wanted?.values) return undefined;
  const tensor = node.attributes["value"]?.tensor;
  const fill = tensor?.values?.[0] ?? 0;
  const whole = tensor !== undefined && [6, 7].includes(tensor.type) && multiply(wanted.values) <= most;
  return [{ shape: wanted.values, ...(whole ? { values: Array.from({ length: multiply(wanted.values) }, () => fill) } : {}) }];
};

const constant: Infer = (node) => {
  const { value, value_int: one, value_ints: list } = node.attributes;
  if (value?.tensor) return [{ shape: value.tensor.shape, values: value.tensor.values }];
  if (list?.numbers) return [{ shape: [list.numbers.length], values: list.numbers }];
  if (one?.number !== undefined) return [{ shape: [], values: [one.number] }];
  return node.attributes["value_float"] ? [{ shape: [] }] : undefined;
};

const expand: Infer = (_node, [data, wanted]) => {
  const shape = data && wanted?.values && broadcast([data.shape, wanted.values]);
  return shape && [{ shape }];
};

const shapeOf: Infer = (_node, [data]) => data && [{ shape: [data.shape.length], values: data.shape }];

const global: Infer = (_node, [data]) => data && [{ shape: data.shape.map((extent, axis) => (axis < 2 ? extent : 1)) }];

const blocks = (grow: boolean): Infer => (node, [data]) => {
  const block = numberOf(node, "blocksize", 1);
  if (data?.shape.length !== 4) return undefined;
  const [batch, channels, height, width] = data.shape as [number, number, number, number];
  return [{ shape: grow ? [batch, channels / block ** 2, height * block, width * block] : [batch, channels * block ** 2, height / block, width / block] }];
};

const table = new Map<string, Infer>();
const enter = (names: string, infer: Infer): void => {
  for (const name of names.split(" ")) table.set(name, infer);
};
enter("Identity Cast Dropout", same);
enter("Relu LeakyRelu PRelu ThresholdedRelu Sigmoid HardSigmoid HardSwish Tanh Clip Elu Selu Celu Softplus Softsign Erf Gelu Mish Swish Exp Log Sqrt Reciprocal Abs Neg Sign Floor Ceil Round Sin Cos Not Softmax LogSoftmax Hardmax LRN BatchNormalization InstanceNormalization LayerNormalization GroupNormalization RMSNormalization SimplifiedLayerNormalization LpNormalization MeanVarianceNormalization CumSum QuantizeLinear DequantizeLinear", shapeOnly);
enter("Add Sub Mul Div Sum Max Min Mean Pow Mod And Or Xor Equal Less LessOrEqual Greater GreaterOrEqual Where", elementwise);
enter("Conv", convolution);
enter("ConvTranspose", transposedConvolution);
enter("MaxPool AveragePool LpPool", pool);
enter("GlobalAveragePool GlobalMaxPool GlobalLpPool", global);
enter("Reshape", reshape);
enter("Flatten", flatten);
enter("Transpose", transpose);
enter("Squeeze", squeeze);
enter("Unsqueeze", unsqueeze);
enter("Concat", concatenate);
enter("Gemm", gemm);
enter("MatMul", product);
enter("Gather", gather);
enter("Slice", slice);
enter("Split", split);
enter("ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare ArgMax ArgMin", reduce);
enter("Upsample Resize", resize);
enter("Pad", pad);
enter("ConstantOfShape", ofShape);
enter("Constant", constant);
enter("Expand", expand);
enter("Shape", shapeOf);
enter("DepthToSpace", blocks(true));
enter("SpaceToDepth", blocks(false));

/** Outputs of a node; undefined where its operation is not known, or its inputs do not go together. */
export function inferOutputs(node: OnnxNode, inputs: Inputs): Known[] | undefined {
  const outputs = table.get(node.operation)?.(node, inputs);
  return outputs?.every(({ shape }) => shape.every((extent) => Number.isInteger(extent) && extent >= 0)) ? outputs : undefined;
}

export const isKnownOperation = (operation: string): boolean => table.has(operation);
