/** Which benchmark is fitted over which variable, by which family of curves, and what a reader calls it. A benchmark without a line is kept in the file and not fitted. */
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import type { CurveFamily } from "./curves.ts";

export interface FitLine {
  readonly benchmark: string;
  /** Key of the case that varies along a curve; undefined where every row stands for itself. */
  readonly x?: string;
  readonly xUnit: string;
  readonly y: "time" | "bytes-rate" | "flop-rate";
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
  ...(["launch-cost", "metadata", "small-files", "fsync", "torch-step", "loader"] as const).map((benchmark) => line({ benchmark, xUnit: "1", y: "time", family: "constant", title: benchmark.replaceAll("-", " ") })),
  ...(["gpu-memory", "gpu-copies"] as const).map((benchmark) => line({ benchmark, x: "bytes", xUnit: "B", y: "bytes-rate", family: "levels", title: benchmark === "gpu-memory" ? "device memory by working set" : "copies to and from the device" })),
  ...collectives.map((name) => line({ benchmark: `gpu-${name}`, x: "bytes", xUnit: "B", y: "time", family: "latency-bandwidth", title: `${name.replaceAll("-", " ")}, NCCL` })),
];
