/**
 * ONNX models on the wire (onnx.proto3): graph, nodes with attributes, tensors with their shapes, and the values of those small enough to be shapes. Weights are not read: only how many there are. Left
 * out: subgraphs of control flow, functions, sparse tensors.
 */
import { doubleOfBytes, floatOfBytes, packedVarints, readFields, textOfBytes, type Field } from "../protobuf.ts";

/** Bytes of an element by data type; integers are told apart, as they hold shapes and indices. */
export const elementTypes: Readonly<Record<number, { readonly bytes: number; readonly whole: boolean }>> = {
  1: { bytes: 4, whole: false }, 2: { bytes: 1, whole: true }, 3: { bytes: 1, whole: true }, 4: { bytes: 2, whole: true }, 5: { bytes: 2, whole: true }, 6: { bytes: 4, whole: true }, 7: { bytes: 8, whole: true },
  9: { bytes: 1, whole: true }, 10: { bytes: 2, whole: false }, 11: { bytes: 8, whole: false }, 12: { bytes: 4, whole: true }, 13: { bytes: 8, whole: true }, 16: { bytes: 2, whole: false }, 17: { bytes: 1, whole: false }, 19: { bytes: 1, whole: false },
};

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** Of tensors with few elements. */
  readonly values?: readonly number[];
}
export interface OnnxAttribute {
  readonly number?: number;
  readonly text?: string;
  readonly numbers?: readonly number[];
  readonly tensor?: OnnxTensor;
}
export interface OnnxNode {
  readonly name: string;
  readonly operation: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}
export interface OnnxInput {
  readonly name: string;
  readonly type: number;
  /** Undefined where the extent is open: named, or left out. */
  readonly shape: readonly (number | undefined)[];
}
export interface OnnxModel {
  readonly irVersion: number | undefined;
  readonly producer: string;
  readonly opset: number | undefined;
  readonly graphName: string;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
  readonly broken: boolean;
}

const mostValues = 4096;
const inner = ({ bytes }: Field): Field[] => readFields(bytes).fields;
const all = (fields: readonly Field[], number: number): Field[] => fields.filter((field) => field.number === number);
const message = (fields: readonly Field[], number: number): Field | undefined => fields.find((field) => field.number === number && field.type === 2);
const text = (fields: readonly Field[], number: number): string => {
  const found = message(fields, number);
  return found ? textOfBytes(found.bytes) : "";
};
const scalar = (fields: readonly Field[], number: number): number | undefined => fields.find((field) => field.number === number && field.type === 0)?.value;
const numbers = (fields: readonly Field[], number: number): number[] => all(fields, number).flatMap(({ type, value, bytes }) => (type === 0 ? [value] : type === 2 ? packedVarints(bytes) : []));

export function readOnnx(bytes: Uint8Array): OnnxModel {
  const { fields, broken } = readFields(bytes);
  const graph = readFields(message(fields, 7)?.bytes ?? new Uint8Array(0));
  const producer = [text(fields, 2), text(fields, 3)].filter((part) => part !== "").join(" ");
  const opsets = all(fields, 8).map(inner);
  return {
    irVersion: scalar(fields, 1),
    producer,
    opset: scalar(opsets.find((one) => ["", "ai.onnx"].includes(text(one, 1))) ?? [], 2),
    graphName: text(graph.fields, 2),
    nodes: all(graph.fields, 1).map((field) => readNode(inner(field))),
    tensors: all(graph.fields, 5).map((field) => readTensor(inner(field))),
    inputs: all(graph.fields, 11).map((field) => readInput(inner(field))),
    outputs: all(graph.fields, 12).map((field) => text(inner(field), 1)),
    broken: broken || graph.broken,
  };
}

function readNode(fields: readonly Field[]): OnnxNode {
  const attributes: Record<string, OnnxAttribute> = Object.create(null) as Record<string, OnnxAttribute>;
  for (const field of all(fields, 5)) {
    const parts = inner(field);
    attributes[text(parts, 1)] = readAttribute(parts);
  }
  const names = (number: number): string[] => all(fields, number).map(({ bytes }) => textOfBytes(bytes));
  return { name: text(fields, 3), operation: text(fields, 4), domain: text(fields, 7), inputs: names(1), outputs: names(2), attributes };
}

function readAttribute(fields: readonly Field[]): OnnxAttribute {
  const real = fields.find(({ number, type }) => number === 2 && type === 5);
  const list = numbers(fields, 8);
  const floats = all(fields, 7).flatMap(({ bytes }) => splitBytes(bytes, 4, floatOfBytes));
  const string = message(fields, 4);
  const tensor = message(fields, 5);
  const number = scalar(fields, 3) ?? (real ? floatOfBytes(real.bytes) : undefined);
  return {
    ...(number === undefined ? {} : { number }),
    ...(string ? { text: textOfBytes(string.bytes) } : {}),
    ...(list.length > 0 ? { numbers: list } : floats.length > 0 ? { numbers: floats } : {}),
    ...(tensor ? { tensor: readTensor(inner(tensor)) } : {}),
  };
}

function splitBytes(bytes: Uint8Array, width: number, read: (part: Uint8Array) => number): number[] {
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, index) => read(bytes.subarray(index * width, (index + 1) * width)));
}

function readTensor(fields: readonly Field[]): OnnxTensor {
  const shape = numbers(fields, 1);
  const type = scalar(fields, 2) ?? 0;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = count >= 0 && count <= mostValues ? readValues(fields, type) : undefined;
  return { name: text(fields, 8), shape, type, ...(values?.length === count ? { values } : {}) };
}

function readValues(fields: readonly Field[], type: number): number[] | undefined {
  const raw = message(fields, 9)?.bytes;
  if (type === 7) return raw ? splitBytes(raw, 8, signedOfBytes) : numbers(fields, 7);
  if (type === 6) return raw ? splitBytes(raw, 4, signedOfBytes) : numbers(fields, 5);
  if (type === 1) return raw ? splitBytes(raw, 4, floatOfBytes) : all(fields, 4).flatMap(({ bytes }) => splitBytes(bytes, 4, floatOfBytes));
  return type === 11 && raw ? splitBytes(raw, 8, doubleOfBytes) : undefined;
}

/** A whole number of two's complement, least byte first. */
function signedOfBytes(bytes: Uint8Array): number {
  const top = bytes.length - 1;
  const sum = bytes.reduce((total, byte, index) => total + (index === top && byte >= 128 ? byte - 256 : byte) * 256 ** index, 0);
  return sum;
}

function readInput(fields: readonly Field[]): OnnxInput {
  const tensor = readFields(message(readFields(message(fields, 2)?.bytes ?? new Uint8Array(0)).fields, 1)?.bytes ?? new Uint8Array(0)).fields;
  const dimensions = all(readFields(message(tensor, 2)?.bytes ?? new Uint8Array(0)).fields, 1).map(inner);
  return { name: text(fields, 1), type: scalar(tensor, 1) ?? 0, shape: dimensions.map((one) => ((scalar(one, 1) ?? 0) > 0 ? scalar(one, 1) : undefined)) };
}
