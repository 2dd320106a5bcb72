/** A search gives what going through every layout gives, whatever the model, machine, memory and objective. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PowerModel } from "../../../model/energy/power-model.ts";
import { unlimited } from "../../../model/plan/stack-support.ts";
import { scoreOf, weightsOf } from "../../../model/search/kept.ts";
import type { Candidate, SearchProblem } from "../../../model/search/problem.ts";
import { search, searchSteps } from "../../../model/search/search.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import { architectureOf, choicesOf, llamaLike } from "../../support/architectures.ts";
import { memoryNames, memoryStack } from "../../support/memory.ts";
import { a100, valuesOf } from "../../support/transformers.ts";
import { listAll, type Judged } from "./brute-force.ts";

const dense = architectureOf({ hidden: 1024, layers: 6, vocabulary: 8192, sequence: 512, attention: { heads: 8 } });
const deep = architectureOf({ ...llamaLike, hidden: 2048, layers: 7, vocabulary: 32_000, sequence: 1024, attention: { heads: 4, keyValueHeads: 2 } });
const sparse = architectureOf({ ...llamaLike, hidden: 512, layers: 4, vocabulary: 8192, sequence: 256, attention: { heads: 4, keyValueHeads: 2 }, experts: { count: 4, topK: 2, inner: 512, firstDense: 1 } });
const hybrid: Architecture = { ...dense, layers: 8, stateSpace: { layers: 3, feedForwardLayers: 3, inner: 2048, state: 64, groups: 4, headSize: 64, convolution: 4 } };

const power: PowerModel = {
  device: { board_w: 400, idle_w: 65, law: { active: 0.55, products: 1.05, memory: 0.7, communication: 0.25, waiting: 0.15 } }, idleAssumed: false, devicesPerNode: 4,
  node: { processors_w: 300, memory_w: 100, networkPorts_w: 80, deviceSwitches_w: 0, localStorage_w: 30, other_w: 100 }, fans: 0.1, conversion: 0.95, switches_w: 20, fileSystem_w: null, pue: 1.2, intensity_kg_per_J: null, grid: null, unknown: [],
};

const problemOf = (more: Partial<SearchProblem> & { memory_bytes?: number }): SearchProblem => {
  const { memory_bytes = 16e9, ...rest } = more;
  return {
    architecture: dense, base: choicesOf({ globalBatch: 4, recipe: "bf16" }), axes: {}, devices: [8], recipes: [{ recipe: "bf16", hardware: { ...a100, memory_bytes }, values: valuesOf() }], memory: memoryStack("megatron-2022"), supports: unlimited,
    objective: "time", top: 4, ...rest,
  };
};

const scoresOf = (problem: SearchProblem, candidates: readonly Pick<Candidate, "step_s" | "device_bytes" | "layout" | "energy_J">[]): number[] =>
  candidates.map(({ step_s, device_bytes, layout, energy_J }) => scoreOf(problem.objective, step_s, device_bytes, weightsOf(problem, layout.devices), energy_J));

/** Best of each family, then the best of those. */
function bestOf(problem: SearchProblem, all: readonly Judged[]): number[] {
  const families = new Map<string, number>();
  const fitting = all.filter(({ fits }) => fits);
  const scores = scoresOf(problem, fitting);
  fitting.forEach(({ family }, at) => families.set(family, Math.min(families.get(family) ?? Number.POSITIVE_INFINITY, scores[at]!)));
  return [...families.values()].toSorted((a, b) => a - b).slice(0, problem.top);
}

function frontOf(problem: SearchProblem, all: readonly Judged[]): string[] {
  const points = all.filter(({ fits }) => fits).map(({ step_s, device_bytes, layout, energy_J }) => (problem.pareto ?? []).map((one) => scoreOf(one, step_s, device_bytes, weightsOf(problem, layout.devices), energy_J)));
  const beats = (a: readonly number[], b: readonly number[]): boolean => a.every((value, at) => value <= b[at]!) && a.some((value, at) => value < b[at]!);
  return [...new Set(points.filter((point) => !points.some((other) => beats(other, point))).map((point) => point.join(" ")))].toSorted();
}

function compare(problem: SearchProblem): void {
  const all = listAll(problem);
  const { state } = search(problem);
  expect(scoresOf(problem, state.best)).toEqual(bestOf(problem, all));
  expect(state.counts.valid).toBe(all.length);
  expect(state.counts.tooLarge).toBeLessThanOrEqual(all.filter(({ fits }) => !fits).length);
  expect(state.counts.judged).toBeLessThanOrEqual(all.filter(({ fits }) => fits).length);
  expect(state.counts.bounded).toBeGreaterThanOrEqual(0);
  for (const { layout, step_s, device_bytes, recipe } of state.best) {
    const same = all.find((one) => one.recipe === recipe && JSON.stringify(sorted(one.layout)) === JSON.stringify(sorted(layout)));
    expect(same).toMatchObject({ step_s, device_bytes, fits: true });
  }
  if (problem.pareto === undefined) return;
  const points = state.front.map(({ step_s, device_bytes, layout, energy_J }) => (problem.pareto ?? []).map((one) => scoreOf(one, step_s, device_bytes, weightsOf(problem, layout.devices), energy_J)).join(" "));
  expect(points.toSorted()).toEqual(frontOf(problem, all));
}
const sorted = (layout: object): object => Object.fromEntries(Object.entries(layout).toSorted(([a], [b]) => (a < b ? -1 : 1)));

describe("a search loses nothing", () => {
  it("of a dense model, whatever the memory and the number of plans asked for", () => {
    fc.assert(fc.property(fc.integer({ min: 12, max: 60 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom(...memoryNames), (tenths, top, memory) => {
      compare(problemOf({ memory_bytes: tenths * 1e8, top, memory: memoryStack(memory) }));
    }), { numRuns: 4 });
  });

  it("of what the framework can run", () => {
    const problem = problemOf({ base: choicesOf({ globalBatch: 4, recipe: "bf16", attentionKernel: "unfused" }), axes: { data: [1, 2] }, supports: { attentionKernels: ["unfused"], contextSchemes: [], pipelineSchedules: ["1f1b"] } });
    compare(problem);
    for (const { layout } of search(problem).state.best) expect(layout).toMatchObject({ attentionKernel: "unfused", context: 1, schedule: "1f1b" });
    // A base that asks for more is given what there is.
    expect(search({ ...problem, base: { ...problem.base, attentionKernel: "flash" } }).state.best).toEqual(search(problem).state.best);
  });

  it("where layers do not divide over stages", () => compare(problemOf({ architecture: deep, memory_bytes: 9e9, base: choicesOf({ globalBatch: 8, recipe: "bf16" }) })));
  it("of a mixture of experts, some layers without", () => compare(problemOf({ architecture: sparse, memory_bytes: 8e9, base: choicesOf({ globalBatch: 2, recipe: "bf16" }) })));
  it("of a hybrid whose layers may keep less than their input", () => compare(problemOf({ architecture: hybrid, memory_bytes: 6e9 })));

  it("for every objective, over several numbers of devices", () => {
    for (const objective of ["cost", "energy", "memory"] as const) compare(problemOf({ objective, devices: [2, 4, 8], power, price_per_device_hour: 2, memory_bytes: 10e9 }));
    compare(problemOf({ objective: "energy", power, top: 12, memory_bytes: 9e9 }));
    compare(problemOf({ pareto: ["time", "energy"], objective: "energy", devices: [4, 8], power, memory_bytes: 9e9 }));
  });

  it("of what no plan beats in several objectives", () => {
    compare(problemOf({ pareto: ["time", "memory"], memory_bytes: 8e9 }));
    compare(problemOf({ pareto: ["time", "cost", "memory"], devices: [2, 4, 8], objective: "memory", memory_bytes: 8e9 }));
  });

  it("where rates, waits and launches take other shares of the step", () => {
    const factor = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(fc.property(factor, factor, factor, factor, (fabric, launch, head, exposed) => {
      const values = valuesOf({ fabricShare: 0.5 * fabric, layerLaunch: 3e-4 * launch, headShare: 0.5 * head, dataExposed: 0.4 * exposed, nodeBandwidth: 1e11 / fabric, expertExposed: exposed });
      compare(problemOf({ memory_bytes: 4e9, top: 6, recipes: [{ recipe: "bf16", hardware: { ...a100, memory_bytes: 4e9, devicesPerNode: 4, domain: 4 }, values }] }));
    }), { numRuns: 4 });
  });

  it("of the choices that a user fixes, and of those that are searched when asked for", () => {
    compare(problemOf({ axes: { tensor: [2], recompute: ["full"], sharding: ["parameters"], reshardAfterForward: [true, false] } }));
    compare(problemOf({ axes: { recompute: ["block"], recomputedLayers: [1, 2, 3], schedule: ["zero-bubble", "interleaved"], virtualStages: [1, 2, 3], data: [1, 2] } }));
  });
});

describe("a search", () => {
  it("tells how far it is and can be ended at any time", () => {
    const parts: number[] = [];
    const { state, stopped } = search(problemOf({}), { progress: ({ part }) => void parts.push(part) });
    expect(stopped).toBe(false);
    expect(state.part).toBe(1);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    const stop = { aborted: false };
    const ended = search(problemOf({}), { stop, progress: () => void (stop.aborted = true) });
    expect(ended.stopped).toBe(true);
    expect(ended.state.part).toBeLessThan(1);
  });

  it("is what its steps give when a host walks them", () => {
    const steps = searchSteps(problemOf({ top: 2 }));
    let next = steps.next();
    while (next.done !== true) next = steps.next();
    expect(next.value).toEqual(search(problemOf({ top: 2 })));
  });

  it("finds nothing where nothing fits", () => {
    const { state } = search(problemOf({ memory_bytes: 1e8 }));
    expect(state.best).toEqual([]);
    expect(state.counts.tooLarge).toBe(state.counts.valid);
  });
});
