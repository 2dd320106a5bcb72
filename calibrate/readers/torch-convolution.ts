/**
 * Reads what native/pytorch/convolution_table.py writes: JSON lines, first the host, then single-kernel times of one device in several precisions.
 * Depth-wise kernels are kept apart, as their time is set by a traffic factor of the stack and not by the fitted constants.
 * Results that are wrong beyond the rounding of their precision are left out with the rule's name, as a fast wrong kernel must not inform a fit.
 */
import type { ConvolutionShape, Pass } from "../../model/compute/convolution.ts";
import { precisions, type Precision } from "../../model/schema/common.ts";
import type { ConvolutionMeasurement, ProductMeasurement } from "./deepbench.ts";

export type TorchRule = "wrong-result" | "failed" | "not-reached";

export interface TorchPrecisionTable {
  readonly precision: Precision;
  readonly convolutions: readonly ConvolutionMeasurement[];
  readonly depthwise: readonly ConvolutionMeasurement[];
  readonly products: readonly ProductMeasurement[];
  readonly excluded: readonly { readonly rule: TorchRule; readonly count: number }[];
  /** The file states output sizes and the reader takes them as they are. */
  readonly recomputedOutputs: 0;
}

export interface TorchHost {
  readonly date: string;
  readonly device: string;
  readonly torch: string;
  readonly cuda: string;
  readonly cudnn: string;
  readonly driver: string;
}

export interface TorchConvolutionTable {
  readonly host: TorchHost | undefined;
  readonly tables: readonly TorchPrecisionTable[];
  /** Rate of element-wise kernels, bytes read and written over median time. */
  readonly memory: readonly { readonly operation: string; readonly precision: string; readonly rate_bytes_per_s: number }[];
  readonly launches: readonly { readonly mode: string; readonly time_s: number }[];
  readonly problems: readonly { readonly line: number; readonly got: string; readonly expected: string }[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Largest relative error in the norm that rounding explains: inputs of FP16 and TF32 have 11 bits, of BF16 8. */
const largestError: Readonly<Record<Precision, number>> = { fp64: 1e-12, fp32: 1e-4, tf32: 3e-3, fp16: 5e-3, bf16: 2e-2, fp8: 0.3, int8: 0.3, fp4: 1 };
const passes: readonly Pass[] = ["forward", "data-gradient", "weight-gradient"];

function accepts(head: string, _name: string): boolean {
  const first = parseFields(head.slice(0, head.indexOf("\n")));
  return first?.["kind"] === "host" && String(first["command"]).startsWith("convolution_table.py");
}

function read(text: string): TorchConvolutionTable {
  const problems: { line: number; got: string; expected: string }[] = [];
  const memory: { operation: string; precision: string; rate_bytes_per_s: number }[] = [];
  const launches: { mode: string; time_s: number }[] = [];
  const tables = new Map<Precision, { convolutions: ConvolutionMeasurement[]; depthwise: ConvolutionMeasurement[]; products: ProductMeasurement[]; excluded: Map<TorchRule, number> }>();
  let host: TorchHost | undefined;
  if (!accepts(text, "")) problems.push({ line: 1, got: text.slice(0, 40), expected: "the host line of convolution_table.py" });

  const tableOf = (precision: Precision) => {
    const table = tables.get(precision) ?? { convolutions: [], depthwise: [], products: [], excluded: new Map<TorchRule, number>() };
    tables.set(precision, table);
    return table;
  };

  for (const [index, raw] of text.split("\n").entries()) {
    if (raw.trim() === "") continue;
    const line = index + 1;
    const fields = parseFields(raw);
    const fail = (expected: string): void => void problems.push({ line, got: raw.slice(0, 120), expected });
    if (fields === undefined) {
      fail("a JSON object");
      continue;
    }
    const { kind } = fields;
    const time_s = medianOf(fields);
    const precision = precisions.find((name) => name === fields["precision"]);
    const exclude = (rule: TorchRule, count = 1): void => {
      if (precision === undefined) return fail("a known precision");
      const { excluded } = tableOf(precision);
      excluded.set(rule, (excluded.get(rule) ?? 0) + count);
    };
    if (kind === "host") host = readHost(fields);
    else if (kind === "failed") exclude("failed");
    else if (kind === "not-reached") exclude("not-reached", Number(fields["shapes"]));
    else if (time_s === undefined) fail("a positive median time");
    else if (kind === "launch") launches.push({ mode: String(fields["mode"]), time_s });
    else if (precision === undefined) fail("a known precision");
    else if (kind === "memory") {
      const rate_bytes_per_s = Number(fields["bytes"]) / time_s;
      if (rate_bytes_per_s > 0) memory.push({ operation: String(fields["operation"]), precision, rate_bytes_per_s });
      else fail("bytes above zero");
    } else if (kind === "product") {
      const [m, n, k] = ["m", "n", "k"].map((name) => readWhole(fields[name]));
      if (m && n && k) tableOf(precision).products.push({ line, m, n, k, time_s });
      else fail("whole m, n and k");
    } else if (kind === "convolution") {
      const shape = readShape(fields);
      const pass = passes.find((name) => name === fields["pass"]);
      if (shape === undefined || pass === undefined) fail("a pass and the whole numbers of a shape");
      else if ("error" in fields && !isSmall(fields["error"], largestError[precision])) exclude("wrong-result");
      else {
        const table = tableOf(precision);
        (shape.groups > 1 ? table.depthwise : table.convolutions).push({ line, application: String(fields["group"] ?? ""), shape, pass, time_s });
      }
    } else fail("host, convolution, product, memory, launch, failed or not-reached as kind");
  }
  return {
    host,
    tables: [...tables].map(([precision, { excluded, ...table }]) => ({
      precision,
      ...table,
      excluded: [...excluded].map(([rule, count]) => ({ rule, count })),
      recomputedOutputs: 0,
    })),
    memory,
    launches,
    problems,
  };
}

function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function medianOf(fields: Fields): number | undefined {
  const times = fields["time_s"];
  const median = typeof times === "object" && times !== null ? (times as Fields)["median"] : undefined;
  return typeof median === "number" && Number.isFinite(median) && median > 0 ? median : undefined;
}

/** The program writes null for what is no number. */
function isSmall(error: unknown, largest: number): boolean {
  return typeof error === "number" && error <= largest;
}

function readHost(fields: Fields): TorchHost {
  const text = (name: string): string => String(fields[name] ?? "");
  return { date: text("date"), device: text("device"), torch: text("torch"), cuda: text("cuda"), cudnn: text("cudnn"), driver: text("driver") };
}

function readWhole(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 ? value : undefined;
}

function readShape(fields: Fields): ConvolutionShape | undefined {
  const [batch, inChannels, outChannels, stride, dilation, groups] = ["batch", "inChannels", "outChannels", "stride", "dilation", "groups"].map((name) => readWhole(fields[name]));
  const [inSize, outSize, kernel] = ["inSize", "outSize", "kernel"].map((name) => {
    const list = fields[name];
    return Array.isArray(list) && list.length === 2 ? list.flatMap((value) => readWhole(value) ?? []) : [];
  });
  if (!batch || !inChannels || !outChannels || !stride || !dilation || !groups) return undefined;
  if (inSize?.length !== 2 || outSize?.length !== 2 || kernel?.length !== 2) return undefined;
  return { batch, inChannels, outChannels, inSize, outSize, kernel, stride, dilation, groups, transposed: false };
}

export const torchConvolution = { id: "torch-convolution", accepts, read };
