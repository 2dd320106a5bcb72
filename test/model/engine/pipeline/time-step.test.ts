import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parameterIndex, transformerParameterNames, transformerParameters, type TransformerHardware, type TransformerParameter } from "../../../../model/cost/transformer/parameters.ts";
import { describeTerms } from "../../../../model/engine/pipeline/describe.ts";
import { simulateTransformerStep } from "../../../../model/engine/pipeline/events/simulate-step.ts";
import { longerOf } from "../../../../model/engine/pipeline/stage-times.ts";
import { Result, resultLength, transformerTerms } from "../../../../model/engine/pipeline/terms.ts";
import { timeProgram, timeStep } from "../../../../model/engine/pipeline/time-step.ts";
import type { Layout } from "../../../../model/plan/layout.ts";
import { buildTransformerProgram } from "../../../../model/program/transformer/build.ts";
import { layerKindCount, makeTransformerProgram } from "../../../../model/program/transformer/columns.ts";
import { hasOrder } from "../../../../model/engine/pipeline/events/orders.ts";
import { contextSchemes, expertDispatches, launchGraphs, pipelineSchedules, recipes, recomputes, shardings } from "../../../../model/schema/plan-layout.ts";
import { a100, deepSeekV3, gpt, layoutOf, llama8b, valuesOf } from "../../../support/transformers.ts";

const mixtral = { ...llama8b, experts: { count: 8, topK: 2, inner: 14_336, sharedInner: 0, firstDense: 0, every: 1, capacityFactor: 0 } };
const hybrid = { ...llama8b, layers: 52, stateSpace: { layers: 24, feedForwardLayers: 24, inner: 8192, state: 128, groups: 8, headSize: 64, convolution: 4 } };
const models = fc.constantFrom(gpt(6144, 48, 64), llama8b, { ...llama8b, attention: { ...llama8b.attention, window: 1024, fullEvery: 2 } }, mixtral, deepSeekV3, hybrid, gpt(1024, 24, 16, { encoderLayers: 24 }));
const power = (most: number) => fc.integer({ min: 0, max: most }).map((exponent) => 2 ** exponent);
const layouts = fc
  .record({
    tensor: power(4), context: power(2), pipeline: power(3), data: power(3), virtualStages: power(1), microBatch: power(1), microBatches: fc.integer({ min: 1, max: 40 }), schedule: fc.constantFrom(...pipelineSchedules), recompute: fc.constantFrom(...recomputes),
    sharding: fc.constantFrom(...shardings), recipe: fc.constantFrom(...recipes), sequenceParallel: fc.boolean(), attentionKernel: fc.constantFrom("flash" as const, "unfused" as const), contextScheme: fc.constantFrom(...contextSchemes),
    overlaps: fc.boolean(), reshardAfterForward: fc.boolean(), adapterRank: fc.constantFrom(0, 16), offloaded: fc.constantFrom(0, 0.5), expert: power(3), expertDispatch: fc.constantFrom(...expertDispatches), graphs: fc.constantFrom(...launchGraphs), narrowAttention: fc.boolean(), narrowHead: fc.boolean(), fusedRotation: fc.boolean(),
  })
  .map(({ data, microBatches, overlaps, offloaded, ...given }): Layout => {
    const devices = given.tensor * given.context * given.pipeline * data;
    return layoutOf({
      ...given, devices, globalBatch: microBatches * data * given.microBatch, expert: Math.min(given.expert, data * given.context * given.tensor), recomputeModules: ["core-attention", "normalisation"], recomputedLayers: 2,
      overlap: { gradients: overlaps, parameters: overlaps, tensor: overlaps, pipeline: overlaps, expert: overlaps }, offload: { optimizer: offloaded, activations: offloaded },
    });
  })
  .filter(({ schedule, virtualStages }) => virtualStages === 1 || schedule === "interleaved")
  .filter(({ schedule, pipeline, virtualStages, microBatches }) => schedule !== "dualpipe" || hasOrder(schedule, pipeline, virtualStages, microBatches));

/** Where the host or transfers to it bind, less of what does not bind moves the division of a micro-batch into passes, and with it what they hide. */
const slack = 1e-3;
const h: TransformerHardware = { ...a100, peak_flop_per_s: 624e12 };
const step = (...given: Parameters<typeof timeStep>): number => timeStep(...given)[Result.step] as number;

describe("any model under any layout", () => {
  it("terms are finite, not negative, and add up to the step", () => {
    fc.assert(
      fc.property(models, layouts, (architecture, layout) => {
        const result = timeStep(architecture, layout, h, valuesOf());
        const terms = [...result.subarray(1, 1 + transformerTerms.length)];
        for (const term of terms) expect(term).toBeGreaterThanOrEqual(-1e-12);
        expect(terms.reduce((sum, term) => sum + term, 0)).toBeCloseTo(result[0] as number, 9);
        expect(Number.isFinite(result[0])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("no faster hardware makes the step slower", () => {
    const faster = ["memory_bytes_per_s", "injection_bytes_per_s", "hostLink_bytes_per_s"] as const;
    fc.assert(
      fc.property(models, layouts, fc.constantFrom(...faster), (architecture, layout, name) => {
        expect(step(architecture, layout, { ...h, [name]: 2 * h[name] }, valuesOf())).toBeLessThanOrEqual(step(architecture, layout, h, valuesOf()) * (1 + slack));
      }),
      { numRuns: 200 },
    );
  });

  it("no parameter that says how fast something is makes the step slower when it grows, none that says how slow makes it faster", () => {
    const rates: readonly TransformerParameter[] = ["gemmCeiling", "memoryShare", "nodeBandwidth", "fabricShare", "flashShare", "shardEfficiency", "productShare"];
    const slow = transformerParameterNames.filter((name) => !rates.includes(name) && name !== "sliceContention" && name !== "gradientBytes");
    fc.assert(
      fc.property(models, layouts, fc.constantFrom(...rates, ...slow), (architecture, layout, name) => {
        const before = valuesOf({ overlapSlowdown: 0.1 });
        const after = before.slice();
        after[parameterIndex[name]] = rates.includes(name) ? 1.2 * (before[parameterIndex[name]] as number) : (before[parameterIndex[name]] as number) * 1.2 + 1e-7;
        const change = step(architecture, layout, h, after) / step(architecture, layout, h, before) - 1;
        if (rates.includes(name)) expect(change).toBeLessThanOrEqual(slack);
        else expect(change).toBeGreaterThanOrEqual(-slack);
      }),
      { numRuns: 300 },
    );
  });

  it("every parameter moves some step", () => {
    const most = layoutOf({ devices: 512, tensor: 4, pipeline: 4, virtualStages: 2, microBatch: 1, globalBatch: 512, expert: 8, recipe: "fp8", sharding: "parameters", overlap: { gradients: true, parameters: true, tensor: true, pipeline: true, expert: true } });
    const unfused = layoutOf({ devices: 512, tensor: 2, microBatch: 1, globalBatch: 512, sharding: "none" });
    const flash: Layout = { ...most, attentionKernel: "flash", sharding: "none" };
    const odd = gpt(1020, 24, 15);
    for (const name of transformerParameterNames) {
      const moves = ([[mixtral, most], [mixtral, flash], [odd, unfused]] as const).some(([architecture, layout]) => {
        const values = valuesOf({ overlapSlowdown: 0.1, dataExposed: 0.9 });
        const before = step(architecture, layout, h, values);
        values[parameterIndex[name]] = (values[parameterIndex[name]] as number) * 1.5 + (name === "sliceContention" ? 0.1 : 0);
        return step(architecture, layout, h, values) !== before;
      });
      expect(moves, `${name}: ${transformerParameters[name].means}`).toBe(true);
    }
  });

  it("does not hang on what was timed before: of another layout, model, machine or parameters", () => {
    const keys = Object.keys(layoutOf({ devices: 1, microBatch: 1, globalBatch: 1 })).filter((key) => !["pipeline", "virtualStages", "schedule"].includes(key)) as Array<keyof Layout>;
    const machines = fc.constantFrom(h, { ...h, domain: 4 }, { ...h, multiprocessors: 132 });
    const values = fc.constantFrom(valuesOf(), valuesOf({ layerLaunch: 1e-3, tensorExposed: 0.5, expertExposed: 0.5 }));
    const others = layouts.map((layout): Layout => ({ ...layout, sequence: 4096, expertTensor: 2, overlap: { ...layout.overlap, expert: !layout.overlap.tensor }, vocabularyMultiple: 1000, recomputedLayers: 3, recomputeModules: ["experts", "feed-forward"] }));
    const whole = (result: Float64Array): number[] => [...result].map((value) => value / (result[Result.step] as number));
    fc.assert(
      fc.property(models, layouts, others, fc.constantFrom(...keys), fc.tuple(models, machines, values), fc.tuple(machines, values), (architecture, before, other, key, [otherModel, ...last], now) => {
        const layout = { ...before, [key]: other[key] };
        timeStep(otherModel, layout, ...last);
        timeStep(architecture, before, ...last);
        const expected = timeProgram(buildTransformerProgram(architecture, layout), layout, ...now);
        const found = timeStep(architecture, layout, ...now);
        expect((found[Result.step] as number) / (expected[Result.step] as number)).toBeCloseTo(1, 12);
        whole(found).forEach((share, term) => expect(share).toBeCloseTo(whole(expected)[term] as number, 12));
      }),
      { numRuns: 1000 },
    );
  });

  it("folding changes nothing: stages one by one give the same", () => {
    fc.assert(
      fc.property(models, layouts.filter(({ schedule }) => schedule !== "dualpipe"), (architecture, layout) => {
        const program = buildTransformerProgram(architecture, layout, makeTransformerProgram());
        const folded = timeProgram(program, layout, h, valuesOf()).slice();
        const runs: Array<{ layers: Float64Array }> = [];
        for (let run = 0; run < program.runs; run++) for (let member = 0; member < (program.stages[run] as number); member++) runs.push({ layers: program.layers.slice(run * layerKindCount, (run + 1) * layerKindCount) });
        program.runs = runs.length;
        runs.forEach(({ layers }, run) => {
          program.stages[run] = 1;
          program.layers.set(layers, run * layerKindCount);
        });
        const unfolded = timeProgram(program, layout, h, valuesOf());
        for (let term = 0; term < resultLength; term++) expect(unfolded[term]).toBeCloseTo(folded[term] as number, 9);
      }),
    );
  });
});

describe("by events", () => {
  const regular = layouts.filter(({ schedule, pipeline, virtualStages, microBatches }) => hasOrder(schedule, pipeline, virtualStages, microBatches) && (virtualStages === 1) === (schedule !== "interleaved"));
  it("a step is what the closed form says where every stage is alike", () => {
    const plain = layoutOf({ devices: 64, tensor: 8, pipeline: 8, microBatch: 1, globalBatch: 32, overlap: { gradients: true, parameters: true, tensor: true, pipeline: true, expert: true } });
    const values = valuesOf({ pipelineExposed: 0, headShare: 1, jitter: 0 });
    const { step_s, analytic_s } = simulateTransformerStep(gpt(12_288, 96, 96, { vocabulary: 1 }), plain, { ...a100, injection_bytes_per_s: 1e18 }, values);
    expect(step_s / analytic_s).toBeCloseTo(1, 3);
  });

  it("is near the closed form for any model and schedule", () => {
    fc.assert(
      fc.property(models, regular.filter(({ microBatches, pipeline }) => microBatches >= 2 * pipeline), (architecture, layout) => {
        const { step_s, analytic_s } = simulateTransformerStep(architecture, layout, h, valuesOf({ headShare: 1 }));
        expect(step_s / analytic_s).toBeGreaterThan(0.75);
        expect(step_s / analytic_s).toBeLessThan(1.15);
      }),
    );
  });
});

it("the host's time and the device's hide one another", () => {
  fc.assert(fc.property(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.double({ min: 1e-6, max: 1, noNaN: true }), (x, y) => {
    expect(longerOf(x, y) / (x ** 5 + y ** 5) ** 0.2).toBeCloseTo(1, 9);
  }));
});

it("terms have words and a source each", () => {
  const terms = describeTerms(timeStep(llama8b, layoutOf({ devices: 8, microBatch: 1, globalBatch: 8 }), a100, valuesOf()));
  expect(terms.map(({ term }) => term)).toEqual([...transformerTerms]);
  for (const { means, source } of terms) expect(Math.min(means.length, source.length)).toBeGreaterThan(8);
});
