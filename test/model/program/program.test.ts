/** The program of a step: order, lanes, and totals equal to the closed forms of the workload, for every stored run and the choices of a plan. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { optimizerBytes } from "../../../model/plan/optimizer.ts";
import { buildProgram } from "../../../model/program/build.ts";
import { fuseGradients } from "../../../model/program/gradients.ts";
import { Kind, Lane, kindNames, lanes, type Program } from "../../../model/program/types.ts";
import { createWriter } from "../../../model/program/writer.ts";
import { elementBytes } from "../../../model/schema/common.ts";
import type { DataParallelPlan } from "../../../model/schema/plan.ts";
import type { Stack } from "../../../model/schema/stack.ts";
import { buildLayers } from "../../../model/workload/build-layers.ts";
import { countTrainedFlop } from "../../../model/workload/flop.ts";
import { countParameters, listGradientTensors } from "../../../model/workload/totals.ts";
import { runNames, scenarioOf } from "../../support/library.ts";

const laneOf: Record<keyof typeof Kind, number> = {
  convolution: Lane.compute, memory: Lane.compute, accumulate: Lane.compute, bucketCopy: Lane.compute, compress: Lane.compute, hostTransfer: Lane.compute, exchange: Lane.network, broadcast: Lane.network, optimizer: Lane.compute, launch: Lane.compute, normalisationExchange: Lane.compute, classExchange: Lane.compute, dividedUpdate: Lane.compute,
  negotiate: Lane.control, answer: Lane.control, allReduce: Lane.network, read: Lane.read, decode: Lane.decode, copy: Lane.copy,
};

const all = (program: Program): number[] => Array.from({ length: program.count }, (_, index) => index);
const of = (program: Program, kind: number): number[] => all(program).filter((index) => program.kind[index] === kind);
const after = (program: Program, index: number): number[] => Array.from(program.dependencies.subarray(program.dependencyStart[index], program.dependencyStart[index + 1]));
const total = (column: Float64Array, rows: number[]): number => rows.reduce((sum, index) => sum + (column[index] ?? 0), 0);

describe.each(runNames)("the program of %s", (name) => {
  const scenario = scenarioOf(name);
  const layers = buildLayers(scenario.workload);
  const input = { stored: 1000, copied: 500 };
  const build = (plan: Partial<DataParallelPlan> = {}, stack: Stack = scenario.stack): Program => buildProgram(layers, input, { ...scenario.plan, ...plan }, stack);
  const program = build();

  it("has every dependency before the operation that needs it", () => {
    for (const index of all(program)) for (const dependency of after(program, index)) expect(dependency).toBeLessThan(index);
    expect(program.dependencyStart[program.count]).toBe(program.dependencies.length);
  });

  it("has each kind of operation on its lane, and work in every column that is no less than nothing", () => {
    for (const index of all(program)) expect(lanes[program.lane[index] ?? -1]).toBe(lanes[laneOf[kindNames[program.kind[index] ?? -1] as keyof typeof Kind]]);
    for (const column of [program.flop, program.bytes, program.number]) expect(column.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  });

  it.each([1, 2, 7])("with %d samples a device has the FLOP of the passes that training needs", (samplesPerDevice) => {
    const { flop } = build({ samplesPerDevice });
    expect(flop.reduce((sum, value) => sum + value, 0) / (countTrainedFlop(layers) * samplesPerDevice)).toBeCloseTo(1, 12);
  });

  it("sums exactly its gradients, whatever the fusion buffer, and no buffer is larger than asked unless one tensor is", () => {
    const parameters = countParameters(layers);
    const largest = Math.max(...listGradientTensors(layers).map(({ elements }) => elements));
    fc.assert(fc.property(fc.double({ min: 3, max: 10, noNaN: true }), fc.constantFrom("fp32" as const, "fp16" as const), fc.constantFrom(0, 1), (exponent, reductionPrecision, gradientLag) => {
      const limit_bytes = 10 ** exponent;
      const fused = build({ fusion: { ...scenario.plan.fusion, value: limit_bytes }, reductionPrecision, gradientLag });
      const sums = of(fused, Kind.allReduce);
      expect(total(fused.bytes, sums)).toBe(parameters * elementBytes[reductionPrecision]);
      for (const index of sums) expect((fused.number[index] ?? 0) === 1 || (fused.bytes[index] ?? 0) <= limit_bytes).toBe(true);
      expect(total(fused.number, sums)).toBe(listGradientTensors(layers).length);
      expect(Math.max(...sums.map((index) => fused.bytes[index] ?? 0))).toBeGreaterThanOrEqual(largest * elementBytes[reductionPrecision]);
    }), { numRuns: 50 });
  });

  it.each(["none", "flat", "tree"] as const)("with control plane %s agrees once on every gradient tensor, or on none", (kind) => {
    const { stack } = scenario;
    const agreed = build({}, { ...stack, controlPlane: { ...stack.controlPlane, kind } });
    expect(of(agreed, Kind.negotiate)).toHaveLength(kind === "none" ? 0 : listGradientTensors(layers).length);
  });

  it("with lag 0 sums a gradient after the operation that yields it, with lag 1 without waiting for this step", () => {
    const stack = { ...scenario.stack, controlPlane: { ...scenario.stack.controlPlane, kind: "none" as const }, collective: { ...scenario.stack.collective, overlap: true } };
    const now = build({ gradientLag: 0 }, stack);
    for (const index of of(now, Kind.allReduce)) {
      const needs = after(now, index);
      expect(needs).toHaveLength(now.number[index] ?? 0);
      for (const need of needs) expect(now.lane[need]).toBe(Lane.compute);
    }
    for (const kind of ["none", "tree"] as const) {
      const lagged = build({ gradientLag: 1 }, { ...stack, controlPlane: { ...stack.controlPlane, kind } });
      for (const index of [...of(lagged, Kind.allReduce), ...of(lagged, Kind.negotiate)]) {
        expect(after(lagged, index).filter((need) => lagged.lane[need] === Lane.compute)).toEqual([]);
      }
    }
  });

  it("without overlap sums nothing before the backward pass has ended", () => {
    const stack = { ...scenario.stack, controlPlane: { ...scenario.stack.controlPlane, kind: "none" as const }, collective: { ...scenario.stack.collective, overlap: false } };
    const program = build({ gradientLag: 0 }, stack);
    const last = Math.max(...all(program).filter((index) => program.lane[index] === Lane.compute && program.kind[index] !== Kind.optimizer && program.kind[index] !== Kind.normalisationExchange));
    for (const index of of(program, Kind.allReduce)) expect(new Set(after(program, index))).toEqual(new Set([last]));
  });

  it("ends with one optimizer that waits for every sum", () => {
    const optimizers = of(program, Kind.optimizer);
    expect(optimizers).toEqual([program.count - 1]);
    expect(after(program, program.count - 1)).toEqual(expect.arrayContaining(of(program, Kind.allReduce)));
    expect(program.bytes[program.count - 1]).toBeCloseTo(countParameters(layers) * optimizerBytes(scenario.plan.optimizer, scenario.plan.gradientLag) * scenario.stack.optimizerTraffic.value, 0);
  });

  it("reads, decodes and copies the local batch once", () => {
    const samples = scenario.plan.samplesPerDevice;
    expect([Kind.read, Kind.decode, Kind.copy].map((kind) => total(program.bytes, of(program, kind)))).toEqual([1000 * samples, 1000 * samples, 500 * samples]);
  });

  it("moves memory in proportion to the batch and to the bytes of an element", () => {
    const moved = (plan: Partial<DataParallelPlan>) => {
      const made = build(plan);
      return total(made.bytes, of(made, Kind.memory));
    };
    const one = moved({ samplesPerDevice: 1, precision: "fp16" });
    expect(moved({ samplesPerDevice: 3, precision: "fp16" }) / one).toBeCloseTo(3, 10);
    expect(moved({ samplesPerDevice: 1, precision: "fp32" }) / one).toBeCloseTo(2, 10);
  });

  it("exchanges batch statistics once a direction and normalisation, only in groups", () => {
    const normalisations = layers.filter(({ kind }) => kind === "batch-normalisation").length;
    expect(of(build({ batchNormalisationGroup: 1 }), Kind.normalisationExchange)).toHaveLength(0);
    expect(of(build({ batchNormalisationGroup: 2 }), Kind.normalisationExchange)).toHaveLength(2 * normalisations);
  });
});

describe("fuseGradients", () => {
  const gradients = [4, 4, 8, 1, 1, 20, 2].map((elements) => ({ elements, readyAfter: 0 }));

  const fit = (limit_bytes: number) => ({ rule: "fit" as const, limit_bytes, first_bytes: limit_bytes });

  it("where buffers are filled, closes one after the tensor that fills it, the first at its own size", () => {
    expect(fuseGradients(gradients, 1, { rule: "fill", limit_bytes: 10, first_bytes: 4 })).toEqual([
      { bytes: 4, members: [0] },
      { bytes: 12, members: [1, 2] },
      { bytes: 22, members: [3, 4, 5] },
      { bytes: 2, members: [6] },
    ]);
  });

  it("closes a buffer when the next tensor would not fit; a tensor larger than the buffer goes alone", () => {
    expect(fuseGradients(gradients, 1, fit(10))).toEqual([
      { bytes: 8, members: [0, 1] },
      { bytes: 10, members: [2, 3, 4] },
      { bytes: 20, members: [5] },
      { bytes: 2, members: [6] },
    ]);
    expect(fuseGradients(gradients, 4, fit(1))).toHaveLength(7);
    expect(fuseGradients(gradients, 4, fit(1e9))).toEqual([{ bytes: 160, members: [0, 1, 2, 3, 4, 5, 6] }]);
    expect(fuseGradients([], 4, fit(1e9))).toEqual([]);
  });

  it("keeps the order and every tensor once", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1000 })), fc.integer({ min: 1, max: 5000 }), fc.constantFrom("fit" as const, "fill" as const), (sizes, limit, rule) => {
      const buffers = fuseGradients(sizes.map((elements) => ({ elements, readyAfter: 0 })), 4, { ...fit(limit), rule });
      expect(buffers.flatMap(({ members }) => members)).toEqual(sizes.map((_, index) => index));
    }));
  });
});

it("an optimizer moves each weight and state it reads and writes, in FP32, and a lagged gradient's copy", () => {
  expect(optimizerBytes("sgd-momentum", 0)).toBe(4 * 5);
  expect(optimizerBytes("adam", 0)).toBe(4 * 7);
  expect(optimizerBytes("larc-adam", 0)).toBe(4 * 11);
  expect(optimizerBytes("larc-adam", 1)).toBe(52);
});

it("a writer refuses a dependency on a later operation", () => {
  const writer = createWriter();
  writer.add({ kind: Kind.launch, lane: Lane.compute });
  expect(() => writer.add({ kind: Kind.memory, lane: Lane.compute, after: [1] })).toThrow(/operation 1 depends on the later operation 1/);
});
