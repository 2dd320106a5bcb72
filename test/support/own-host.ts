/** A made-up host whose operations all take twice their simple bound, so that what a prediction must be can be computed beside it. */
import { featureNames } from "../../model/compute/operations.ts";
import { resolveScenario } from "../../model/resolve/resolve.ts";
import { showProblem } from "../../model/problems.ts";
import type { Changes, Library, Scenario } from "../../model/scenario.ts";
import { copyLibrary } from "./library.ts";

export const slowdown = 2;
export const bounds = { flop_per_s: 1e11, bytes_per_s: 1e10 };

const kinds = ["bias", "batch-normalisation", "activation", "scale", "add", "concatenate", "max-pool", "mean-pool", "softmax-loss", "layer-normalisation", "gelu", "softmax", "copy", "embedding"];
const productPasses = ["forward", "data-gradient", "weight-gradient"];

/** Two far-away points with nearly no spread between them make a surface that is flat over its bound. */
const surface = (operation: string, pass: string, ratio = slowdown) => {
  const features = featureNames(operation);
  const point = (scale: number) => [...features.map(() => scale), 1, ratio];
  return { operation, pass, features, lengthScales: features.map(() => 2), mean: Math.log(ratio), signal: 1e-6, noise: 0.01, points: [point(10), point(1000)], residuals: { n: 2, median: 0, p90: 0, worst: 0 } };
};

export const surfaces = [
  ...["convolution", "transposed-convolution", "linear"].flatMap((operation) => productPasses.map((pass) => surface(operation, pass))),
  ...["forward", "backward"].flatMap((pass) => [
    // Backward are two products; their simple bound is of one.
    surface("batched-product", pass, pass === "backward" ? 2 * slowdown : slowdown),
    ...kinds.map((kind) => surface(kind, pass)),
  ]),
  surface("sgd-momentum", "update"),
];

const host = { cpu: "made up", cores: 2, memory_bytes: 1e10, kernel: "none" };
const exact = (value: string | number) => ({ value, source: "judgement", kind: "published" });

export function ownHostLibrary(kept = surfaces, machineChanges: object = {}): Library {
  const library = copyLibrary();
  library.documents.device["core"] = {
    id: "core", title: "A core", source: "judgement", vendor: "nobody", year: 2026, peaks: { fp32: "100 GF/s" }, tensorCores: [], multiprocessors: 1, l2: "1 MiB",
    memory: { capacity: "8 GiB", bandwidth: "10 GB/s", efficiency: 1 },
  };
  library.documents.machine["cores"] = {
    id: "cores", title: "Cores over links", source: "judgement", site: "nowhere", nodes: 4,
    node: { device: "core", devices: 1, hostLink: { bandwidth: "10 GB/s" }, injection: "1 Gbit/s", ...machineChanges },
    fabric: { topology: "other", latency: "50 us", efficiency: 0.95, messageOverhead: "1 us" },
    fileSystem: { name: "disk", read: "1 GB/s", nodeRead: "1 GB/s" },
    deviceSpread: { sigma: exact(0), tail: exact(1) },
  };
  library.documents.calibration["core-operations"] = {
    id: "core-operations", title: "Operations of the core", source: "judgement", scope: { kind: "operations", device: "core", precision: "fp32", family: "pytorch-1.13-cpu" },
    date: "2026-11-21T00:00:00Z", host, method: "made up", from: [], bounds, commonError: 0.02, surfaces: kept,
  };
  return library;
}

export function ownHostScenario(workload: string, changes: Changes = {}, library = ownHostLibrary()): Scenario {
  const resolved = resolveScenario(library, { machine: "cores", workload, plan: "own-training-fp32", stack: "pytorch-gloo-cpu", changes: { "stack.input.place": "memory", "stack.launch.step": "0 s", ...changes } });
  if (!resolved.scenario) throw new Error(resolved.problems.map(showProblem).join("\n"));
  return resolved.scenario;
}
