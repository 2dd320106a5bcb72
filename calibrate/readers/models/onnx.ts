/**
 * ONNX models (protocol buffers): the operations of the graph with their work for one sample, and the network as a workload of layers. What a file does not say and a workload needs is assumed and told:
 * how large the data set is. Weights are counted, never kept.
 */
import { parseDocument } from "../../../model/schema/parse.ts";
import type { BinaryReader, ImportedHead } from "../reader.ts";
import { emptyHead, guardRows, problemList } from "../text.ts";
import { readGraph, type ReadGraph } from "./onnx-layers.ts";
import { readOnnx } from "./onnx-model.ts";

/** A message of protocol buffers is not larger. */
const mostBytes = 2 ** 31;

/** Version of the format, then the producer, or the graph at once. */
// oxlint-disable-next-line no-control-regex -- a binary file is told by such characters
const begin = /^\uFEFF?\u0008[\u0001-\u0020][\u0012\u001a:B"*(2]/;
const operations = /(?:Conv|Gemm|MatMul|Relu|BatchNormalization|Constant|Add|Mul|Gather|Reshape|Softmax|MaxPool|Concat|Transpose|LayerNormalization|Identity|Sigmoid|Cast)/;

export const onnx: BinaryReader = {
  id: "onnx",
  title: "ONNX model: operations and layers",
  kind: "binary",
  accepts: (text) => begin.test(text) && operations.test(text),
  start(name, emit) {
    const parts: Uint8Array[] = [];
    let length = 0;
    return {
      write(piece) {
        length += piece.length;
        if (length <= mostBytes) parts.push(piece.slice());
      },
      end() {
        if (length > mostBytes) return { ...emptyHead, problems: [{ line: 0, got: `${length} bytes`, expected: `at most ${mostBytes} bytes: weights in files of their own` }] };
        const bytes = new Uint8Array(length);
        let at = 0;
        for (const part of parts.splice(0)) {
          bytes.set(part, at);
          at += part.length;
        }
        const guard = guardRows(emit);
        const model = readOnnx(bytes);
        const graph = readGraph(model);
        const problems = problemList();
        if (model.broken) problems.add(0, `${length} bytes`, "the end of the model: the file is cut off or damaged");
        if (model.nodes.length === 0) problems.add(0, "no operations", "a graph with nodes");
        for (const { place, got, expected } of graph.problems) problems.add(place, got, expected);
        for (const { place, name: node, operation, forward_flop, parameters, output } of graph.nodes) {
          guard.emit({ line: place, benchmark: "onnx-operation", case: { name: node, operation, output: output.join("x") }, values: { forward_flop, parameter_count: parameters } });
        }
        const { sample } = graph;
        const total = (of: "forward_flop" | "parameters"): number => graph.nodes.reduce((sum, node) => sum + node[of], 0);
        const said: Record<string, string | number | undefined> = { producer: model.producer, opset: model.opset, irVersion: model.irVersion, graph: model.graphName, operations: graph.nodes.length || undefined, input: sample?.shape.join("x"), forward_flop: total("forward_flop"), parameters: total("parameters"), remarks: graph.remarks.join("; ") };
        const facts = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== "" && !(typeof value === "number" && !Number.isFinite(value)))) as Record<string, string | number>;
        const whole = problems.list().length === 0 && graph.layers.length > 0 && sample !== undefined;
        const document = whole ? makeWorkload(graph, sample, idOf(name, model.graphName)) : undefined;
        for (const { path, got, expected } of document === undefined ? [] : parseDocument("workload", document, "workload").problems) problems.add(0, `${path}: ${got}`, expected);
        const head: ImportedHead = { ...emptyHead, facts, problems: problems.list() };
        if (document === undefined || problems.list().length > 0) return guard.close(head);
        return guard.close({ ...head, asks: [{ key: "samples", expected: "how many samples the data set has, and how many bytes a label: the model names no data set" }], documents: [{ kind: "workload", document }] });
      },
    };
  },
};

function idOf(name: string, graph: string): string {
  const words = (text: string): string => text.toLowerCase().replace(/[^a-z0-9.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return words((name.split("/").at(-1) ?? "").replace(/\.onnx$/i, "")) || words(graph) || "onnx-model";
}

function makeWorkload({ layers, remarks }: ReadGraph, sample: NonNullable<ReadGraph["sample"]>, id: string): unknown {
  return {
    id,
    title: id,
    family: "layers",
    options: { layers },
    inputElementBytes: sample.elementBytes,
    labelBytes: 0,
    dataset: { samples: { value: 1_000_000, kind: "assumed", source: "judgement", low: 1000, high: 1e9, note: "the model names no data set" } },
    note: ["from an ONNX model, for one sample; labels are not counted", ...remarks].join("; "),
  };
}
