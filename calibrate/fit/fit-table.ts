/** Which benchmark is fitted over which variable, by which family of curves, and what a reader calls it. A benchmark without a line is kept in the file and not fitted. */
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import type { CurveFamily } from "./curves.ts";

export interface FitLine {
  readonly benchmark: string;
  /** Key of the case that varies along a curve; undefined where every row stands for itself. */
  readonly x?: string;
  readonly xUnit: string;
  /** A share is a ratio of two rows: see curve-rows.ts. */
  readonly y: "time" | "bytes-rate" | "flop-rate" | "share";
  readonly family: CurveFamily;
  readonly title: string;
  /** Keys of the case that change from row to row and tell curves not apart. */
  readonly ignore?: readonly string[];
  readonly only?: (row: MeasurementRow) => boolean;
}

const collectives = ["all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast"] as const;
const line = (one: FitLine): FitLine => one;

export const fitTable: readonly FitLine[] = [
  ...(["gloo", "mpi"] as const).flatMap((library) => collectives.map((name) => line({ benchmark: `${library}-${name}`, x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: `${name.replaceAll("-", " ")}, ${library === "mpi" ? "MPI" : "Gloo"}` }))),
  line({ benchmark: "mpi-ping-pong", x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: "one message, MPI" }),
  line({ benchmark: "stream", x: "bytes", xUnit: "B", y: "bytes-rate", family: "levels", title: "memory bandwidth by working set" }),
  line({ benchmark: "memcpy", x: "bytes", xUnit: "B", y: "bytes-rate", family: "levels", title: "copy in memory by size" }),
  line({ benchmark: "pointer-chase", x: "bytes", xUnit: "B", y: "time", family: "levels", title: "latency of a dependent load by working set" }),
  line({ benchmark: "gemm", x: "n", xUnit: "1", y: "flop-rate", family: "saturation", title: "square matrix product", ignore: ["m", "k", "implementation"], only: ({ case: { m, n, k } }) => m === n && n === k }),
  line({ benchmark: "elementwise", x: "elements", xUnit: "1", y: "bytes-rate", family: "levels", title: "element-wise work by size" }),
  line({ benchmark: "optimizer-update", x: "elements", xUnit: "1", y: "bytes-rate", family: "levels", title: "optimizer update by size" }),
  line({ benchmark: "softmax", x: "rows", xUnit: "1", y: "bytes-rate", family: "levels", title: "softmax by rows" }),
  line({ benchmark: "layer-norm", x: "rows", xUnit: "1", y: "bytes-rate", family: "levels", title: "layer normalisation by rows" }),
  line({ benchmark: "storage-sequential", x: "block", xUnit: "B", y: "time", family: "latency-bandwidth", title: "sequential blocks", ignore: ["bytes"] }),
  line({ benchmark: "storage-random", x: "depth", xUnit: "1", y: "bytes-rate", family: "saturation", title: "random blocks by queue depth", ignore: ["bytes"] }),
  line({ benchmark: "fma-peak", xUnit: "1", y: "flop-rate", family: "constant", title: "fused multiply-adds on registers" }),
  line({ benchmark: "gloo-overlap", x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: "all-reduce with another one under way", only: ({ case: { measure } }) => measure === "all-reduce-alone" }),
  line({ benchmark: "gloo-overlap", x: "bytes", xUnit: "B", y: "share", family: "constant", title: "pace beside the other over pace alone" }),
  line({ benchmark: "gloo-blocking", x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: "all-reduce waited for before the next" }),
  line({ benchmark: "launch-cost", xUnit: "1", y: "time", family: "constant", title: "cost of calling one operation" }),
  line({ benchmark: "metadata", xUnit: "1", y: "time", family: "constant", title: "one operation on file names" }),
  line({ benchmark: "small-files", x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: "one small file" }),
  line({ benchmark: "fsync", x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: "one durable write" }),
  line({ benchmark: "loader", x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: "one sample, read from memory and decoded", ignore: ["network"] }),
  line({ benchmark: "torch-step", x: "tensors", xUnit: "1", y: "time", family: "latency-bandwidth", title: "step that computes next to nothing, by tensors" }),
  line({ benchmark: "gpu-memory", x: "bytes", xUnit: "B", y: "bytes-rate", family: "levels", title: "device memory by working set" }),
  line({ benchmark: "gpu-copies", x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: "copies to and from the device" }),
  line({ benchmark: "gpu-gemm", x: "n", xUnit: "1", y: "flop-rate", family: "saturation", title: "square matrix product on the device", ignore: ["m", "k"], only: ({ case: { m, n, k } }) => m === n && n === k }),
  line({ benchmark: "gpu-launch", xUnit: "1", y: "time", family: "constant", title: "launch on the device" }),
  ...collectives.map((name) => line({ benchmark: `gpu-${name}`, x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: `${name.replaceAll("-", " ")}, NCCL` })),
];
