/** What a calibration found, as a short table: per part of the suite the figures that a reader compares with what they know of the machine. */
import type { CurveFit } from "../../model/schema/calibration.ts";
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import type { Dimension } from "../../model/units.ts";
import { best, largest, median, overlaps, rateOf, rowsOf, smallest, timeOf, type Figure, type Wanted } from "./estimates.ts";
import { spreadOf, widen, type Interval } from "../../calibrate/facts.ts";
import { readLinks } from "./links.ts";
import { suite, type Part } from "./suite.ts";

export interface Finding {
  readonly part: Part;
  readonly what: string;
  readonly dimension: Dimension;
  /** SI, with 95 % ends. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Share of the rows behind it that were taken in quiet. */
  readonly quiet: number;
  readonly rows: number;
}

export function findAll(rows: readonly MeasurementRow[], fits: readonly CurveFit[], cores: number): Finding[] {
  return [...compute(rows, cores), ...memory(rows, cores), ...storage(rows), ...framework(rows), ...network(rows, fits), ...accelerators(rows)];
}

const quietShare = (rows: readonly MeasurementRow[]): number => (rows.length === 0 ? 0 : rows.filter(({ quiet }) => quiet).length / rows.length);

function finding(part: Part, what: string, dimension: Dimension, interval: Interval, rows: readonly MeasurementRow[]): Finding {
  return { part, what, dimension, value: interval.value, low: interval.low, high: interval.high, quiet: quietShare(rows), rows: rows.length };
}

const fromFigure = (part: Part, what: string, dimension: Dimension, figure: Figure | undefined, rows: readonly MeasurementRow[]): Finding[] =>
  figure === undefined ? [] : [finding(part, what, dimension, widen(figure), rows)];

const nameThreads = (threads: number): string => (threads === 1 ? "one core" : `${threads} cores`);
const valuesOf = (rows: readonly MeasurementRow[], key: string): string[] => [...new Set(rows.map((row) => String(row.case[key])))].toSorted();

function compute(rows: readonly MeasurementRow[], cores: number): Finding[] {
  const counts = cores > 1 ? [1, cores] : [1];
  const peaks = counts.flatMap((threads) => {
    const used = rowsOf(rows, "fma-peak", { threads });
    return fromFigure("cpu", `multiply-adds on registers, ${nameThreads(threads)}`, "rate", best(used, "flop"), used);
  });
  const products = (["gemm", "convolution"] as const).flatMap((benchmark) =>
    valuesOf(rowsOf(rows, benchmark), "precision").flatMap((precision) => {
      const used = rowsOf(rows, benchmark, { precision, threads: 1 });
      return fromFigure("cpu", `best ${benchmark === "gemm" ? "matrix product" : "convolution"} ${precision}, one core`, "rate", best(used, "flop"), used);
    }),
  );
  const calls = rowsOf(rows, "launch-cost", { library: "onednn" });
  const call = fromFigure("cpu", "call of one operation of oneDNN", "time", calls[0] && timeOf(calls[0]), calls);
  return [...peaks, ...products, ...call];
}

function memory(rows: readonly MeasurementRow[], cores: number): Finding[] {
  const streams = (cores > 1 ? [1, cores] : [1]).flatMap((threads) => {
    const used = rowsOf(rows, "stream", { kernel: "triad", threads });
    const row = largest(used, "bytes");
    return fromFigure("memory", `triad, ${nameThreads(threads)}`, "bandwidth", row && rateOf(row, "bytes"), row ? [row] : []);
  });
  const chase = rowsOf(rows, "pointer-chase");
  const [near, far] = [smallest(chase, "bytes"), largest(chase, "bytes")];
  const latencies = [["first-level cache", near], ["memory", far]] as const;
  return [...streams, ...latencies.flatMap(([where, row]) => fromFigure("memory", `latency of ${where}`, "time", row && timeOf(row), row ? [row] : []))];
}

function storage(rows: readonly MeasurementRow[]): Finding[] {
  const rate = (what: string, benchmark: string, wanted: Wanted) => {
    const used = rowsOf(rows, benchmark, wanted);
    return fromFigure("io", what, "bandwidth", best(used, "bytes"), used);
  };
  const file = smallest(rowsOf(rows, "small-files", { operation: "read-cold" }), "bytes");
  const sync = smallest(rowsOf(rows, "fsync"), "bytes");
  return [
    ...rate("sequential read, direct", "storage-sequential", { direction: "read", mode: "direct" }),
    ...rate("sequential write, direct", "storage-sequential", { direction: "write", mode: "direct" }),
    ...rate("random read, deepest queue", "storage-random", { direction: "read" }),
    ...fromFigure("io", "small file, cold", "time", file && timeOf(file), file ? [file] : []),
    ...fromFigure("io", "durable write of a few bytes", "time", sync && timeOf(sync), sync ? [sync] : []),
  ];
}

function framework(rows: readonly MeasurementRow[]): Finding[] {
  const products = rowsOf(rows, "torch-operation", { operation: ["convolution", "linear", "batched-product"] });
  const step = rowsOf(rows, "torch-step")[0];
  const decode = rowsOf(rows, "loader", { what: "decode" });
  return [
    ...fromFigure("torch", "best product of PyTorch", "rate", best(products, "flop"), products),
    ...fromFigure("torch", "training step that computes next to nothing", "time", step && timeOf(step), step ? [step] : []),
    ...fromFigure("torch", "decoding of samples", "bandwidth", best(decode, "bytes"), decode),
  ];
}

function network(rows: readonly MeasurementRow[], fits: readonly CurveFit[]): Finding[] {
  const links = readLinks(rows, fits).flatMap(({ link, latency_s, bandwidth_bytes_per_s }) => {
    const used = rowsOf(rows, "gloo-all-reduce", { link });
    const latency = latency_s ? [finding("net", `all-reduce over ${link}, latency of a step`, "time", latency_s, used)] : [];
    return [...latency, finding("net", `all-reduce over ${link}`, "bandwidth", bandwidth_bytes_per_s, used)];
  });
  const pings = valuesOf(rowsOf(rows, "mpi-ping-pong"), "link").flatMap((link) => {
    const used = rowsOf(rows, "mpi-ping-pong", { link });
    const row = smallest(used, "bytes");
    return fromFigure("net", `message by MPI over ${link}`, "time", row && timeOf(row), used);
  });
  const pairs = overlaps(rows);
  const paces = [...new Set(pairs.map(({ link }) => link))].flatMap((link) => {
    const ofLink = pairs.filter((pair) => pair.link === link);
    const used = rowsOf(rows, "gloo-overlap", { link });
    return (["network", "compute"] as const).map((side) => finding("net", `${side === "network" ? "all-reduce beside compute" : "compute beside all-reduce"} over ${link}, pace`, "fraction", spreadOf(ofLink.map((pair) => pair[side])), used));
  });
  return [...links, ...pings, ...paces];
}

function accelerators(rows: readonly MeasurementRow[]): Finding[] {
  const names = [...new Set(rows.map(({ benchmark }) => benchmark))].filter((name) => name.startsWith("gpu-")).toSorted();
  return names.flatMap((name) => {
    const used = rowsOf(rows, name);
    const rate = (["flop", "bytes"] as const).map((of) => ({ of, figure: best(used, of) })).find(({ figure }) => figure !== undefined);
    if (rate?.figure) return fromFigure("gpu", `best ${name}`, rate.of === "flop" ? "rate" : "bandwidth", rate.figure, used);
    const times = used.map(({ time_s }) => time_s.median);
    return [finding("gpu", name, "time", { value: median(times), low: Math.min(...times), high: Math.max(...times) }, used)];
  });
}

/** Share of quiet rows by part. */
export function quietByPart(rows: readonly MeasurementRow[]): Partial<Record<Part, { rows: number; quiet: number }>> {
  const partOf = (benchmark: string): Part | undefined => suite.find((entry) => entry.benchmarks.includes(benchmark))?.part;
  const shares: Partial<Record<Part, { rows: number; quiet: number }>> = {};
  for (const row of rows) {
    const part = partOf(row.benchmark);
    if (part === undefined) continue;
    const before = shares[part] ?? { rows: 0, quiet: 0 };
    shares[part] = { rows: before.rows + 1, quiet: before.quiet + (row.quiet ? 1 : 0) };
  }
  return shares;
}
