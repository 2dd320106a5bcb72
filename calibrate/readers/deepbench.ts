/**
 * Reads a training results sheet of Baidu's DeepBench, saved as csv: blocks that start with a name in the first cell, the header on that row
 * or the next, times in milliseconds. Takes the convolution and matrix-product blocks; recurrent layers and all-reduce are counted as not read.
 * The printed P and Q are fractional or swapped in some sheets, so output sizes are computed from input, filter, padding and stride.
 */
import type { ConvolutionShape, Pass } from "../../model/compute/convolution.ts";
import { splitCsv } from "./csv.ts";

export interface ConvolutionMeasurement {
  readonly line: number;
  /** The network family the sheet names for this kernel ("Vision", "Resnet"), or "" where the sheet has no such column. */
  readonly application: string;
  readonly shape: ConvolutionShape;
  readonly pass: Pass;
  readonly time_s: number;
}

export interface ProductMeasurement {
  readonly line: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly time_s: number;
}

export type DeepBenchRule = "not-measured" | "first-layer-data-gradient";

export interface DeepBenchTable {
  readonly precision: string;
  readonly convolutions: readonly ConvolutionMeasurement[];
  readonly products: readonly ProductMeasurement[];
  readonly excluded: readonly { readonly rule: DeepBenchRule; readonly count: number }[];
  /** Kernels whose printed output size was not the one the shape implies. The computed one is used. */
  readonly recomputedOutputs: number;
  readonly notRead: readonly { readonly block: string; readonly rows: number }[];
  readonly problems: readonly { readonly line: number; readonly got: string; readonly expected: string }[];
}

/** Data gradients of inputs with this few channels are not part of training a network: its first layer has none. */
const firstLayerChannels = 4;

const passColumns: readonly (readonly [Pass, string])[] = [
  ["forward", "forward(msec)"],
  ["data-gradient", "wrtinputs(msec)"],
  ["weight-gradient", "wrtparameters(msec)"],
];
const shapeColumns = ["w", "h", "c", "n", "k", "s", "r", "padw", "padh", "horizontalstride", "verticalstride"] as const;

/** "S (Filter width)" and "pad_w" become "s" and "padw"; units in brackets stay, as they tell two columns apart. */
function normaliseHead(cell: string): string {
  return cell
    .toLowerCase()
    .replace(/\(fi[lt]+er[^)]*\)/, "")
    .replace(/[\s_]/g, "");
}

function accepts(head: string, _name: string): boolean {
  return /^"?Precision"?,/.test(head) && /^(Dense Matrix Multiplication|Convolution)\b/m.test(head);
}

function read(text: string): DeepBenchTable {
  const lines = splitCsv(text);
  const convolutions: ConvolutionMeasurement[] = [];
  const products: ProductMeasurement[] = [];
  const problems: { line: number; got: string; expected: string }[] = [];
  const excluded = new Map<DeepBenchRule, number>();
  const notRead = new Map<string, number>();
  let precision = "";
  let recomputedOutputs = 0;
  let block = "";
  let head: Map<string, number> | undefined;
  if (!accepts(text, "")) problems.push({ line: 1, got: text.slice(0, 40), expected: "a DeepBench results sheet" });

  const exclude = (rule: DeepBenchRule): void => void excluded.set(rule, (excluded.get(rule) ?? 0) + 1);
  const fail = (line: number, cells: readonly string[], expected: string): void =>
    void problems.push({ line, got: cells.join(",").slice(0, 120), expected });

  const readConvolution = (line: number, cells: readonly string[], columns: ReadonlyMap<string, number>): void => {
    const cell = (name: string): string => cells[columns.get(name) ?? -1]?.trim() ?? "";
    const values = shapeColumns.map((name) => Number.parseFloat(cell(name)));
    if (!values.every((value) => Number.isInteger(value) && value >= 0)) return fail(line, cells, "whole numbers for the kernel's shape");
    const [w, h, c, n, k, filterWidth, filterHeight, padWidth, padHeight, strideAcross, strideDown] = values as [
      number, number, number, number, number, number, number, number, number, number, number,
    ];
    if (strideAcross !== strideDown) return fail(line, cells, "equal strides");
    const stride = strideAcross;
    const outSize = [Math.floor((h + 2 * padHeight - filterHeight) / stride) + 1, Math.floor((w + 2 * padWidth - filterWidth) / stride) + 1];
    if (![w, h, c, n, k, filterWidth, filterHeight, stride, ...outSize].every((value) => value >= 1)) return fail(line, cells, "sizes of 1 or more");
    if (Number(cell("p")) !== outSize[0] || Number(cell("q")) !== outSize[1]) recomputedOutputs += 1;
    const shape = {
      batch: n, inChannels: c, outChannels: k, inSize: [h, w], outSize, kernel: [filterHeight, filterWidth],
      stride, dilation: 1, groups: 1, transposed: false,
    };
    for (const [pass, column] of passColumns) {
      const got = cell(column);
      if (got === "" || got.startsWith("N/A")) {
        exclude("not-measured");
        continue;
      }
      const time_s = Number(got) / 1000;
      if (!(time_s > 0) || !Number.isFinite(time_s)) fail(line, [got], `a positive time in column ${column}`);
      else if (pass === "data-gradient" && c <= firstLayerChannels) exclude("first-layer-data-gradient");
      else convolutions.push({ line, application: cells[1]?.trim() ?? "", shape, pass, time_s });
    }
  };

  const readProduct = (line: number, cells: readonly string[], columns: ReadonlyMap<string, number>): void => {
    const at = (name: string): number => Number(cells[columns.get(name) ?? -1] || Number.NaN);
    const [m, n, k, time_ms] = [at("m"), at("n"), at("k"), at("time(msec)")];
    if ([m, n, k, time_ms].every((value) => value > 0 && Number.isFinite(value))) products.push({ line, m, n, k, time_s: time_ms / 1000 });
    else fail(line, cells, "M, N, K and a time");
  };

  for (const [index, cells] of lines.entries()) {
    const line = index + 1;
    const first = cells[0]?.trim() ?? "";
    if (cells.every((cell) => cell.trim() === "") || cells.some((cell) => cell.trim().startsWith("*"))) continue;
    if (first === "Precision") {
      precision = cells[1]?.trim() ?? "";
    } else if (first !== "") {
      block = first;
      head = cells.length > 2 ? readHead(cells) : undefined;
      if (block !== "Convolution" && block !== "Dense Matrix Multiplication") notRead.set(block, 0);
    } else if (block === "") {
      fail(line, cells, "a block name before the first row");
    } else if (head === undefined) {
      head = readHead(cells);
      const missing = block === "Convolution" ? [...shapeColumns, ...passColumns.map(([, column]) => column)].filter((name) => !head?.has(name)) : [];
      if (missing.length > 0) fail(line, cells, `columns ${missing.join(", ")}`);
    } else if (block === "Convolution") {
      readConvolution(line, cells, head);
    } else if (block === "Dense Matrix Multiplication") {
      readProduct(line, cells, head);
    } else {
      notRead.set(block, (notRead.get(block) ?? 0) + 1);
    }
  }
  return {
    precision,
    convolutions,
    products,
    excluded: [...excluded].map(([rule, count]) => ({ rule, count })),
    recomputedOutputs,
    notRead: [...notRead].map(([name, rows]) => ({ block: name, rows })),
    problems,
  };
}

function readHead(cells: readonly string[]): Map<string, number> {
  const columns = new Map<string, number>();
  for (const [index, cell] of cells.entries()) {
    const name = normaliseHead(cell);
    if (name !== "" && !columns.has(name)) columns.set(name, index);
  }
  return columns;
}

export const deepbench = { id: "deepbench", accepts, read };
