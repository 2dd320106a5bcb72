/** What holds of device memory whatever the model and layout: parts add up, more ranks and more recomputation take no more, idle choices change nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutFits, type LayoutMachine } from "../../../model/plan/find-faults.ts";
import { unlimited } from "../../../model/plan/stack-support.ts";
import type { Layout } from "../../../model/plan/layout.ts";
import { makeLayout } from "../../../model/plan/make-layout.ts";
import { pipelineSchedules, recomputes, shardings, layerSplits, type LayoutChoices } from "../../../model/schema/plan-layout.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import { choicesOf, deepseek3, gpt3, llama405, llama70, mixtral } from "../../support/architectures.ts";
import { atStage, fullest, memoryNames, memoryStack } from "../../support/memory.ts";

const machine: LayoutMachine = { domain: 8, recipes: ["fp32", "bf16", "fp8"], supports: unlimited };
const architectures: readonly Architecture[] = [gpt3, llama70, llama405, mixtral, deepseek3];
const two = fc.constantFrom(1, 2, 4, 8);
const drawn = fc.record({
  tensor: two, pipeline: two, context: fc.constantFrom(1, 1, 2), expert: fc.constantFrom(1, 2, 8), virtualStages: fc.constantFrom(1, 1, 2), microBatch: fc.constantFrom(1, 2), globalBatch: fc.constantFrom(512, 1024),
  sequenceParallel: fc.boolean(), sharding: fc.constantFrom(...shardings), split: fc.constantFrom(...layerSplits), recompute: fc.constantFrom(...recomputes), recomputedLayers: fc.constant(2),
  attentionKernel: fc.constantFrom("flash" as const, "unfused" as const), dropout: fc.boolean(), recipe: fc.constantFrom("fp32" as const, "bf16" as const, "fp8" as const), contextScheme: fc.constant("all-gather" as const),
  schedule: fc.constantFrom(...pipelineSchedules), adapterRank: fc.constantFrom(0, 0, 16),
});
const scene = fc.tuple(drawn, fc.constantFrom(...architectures), fc.constantFrom(...memoryNames), fc.constantFrom(64, 512));
type Scene = [Partial<LayoutChoices>, Architecture, string, number];

function layoutOf([choices, architecture, , devices]: Scene, changes: Partial<LayoutChoices> = {}): Layout | undefined {
  const all = { ...choices, ...(choices.recompute === "modules" ? { recomputeModules: ["normalisation" as const] } : {}), ...changes };
  const layout = makeLayout(choicesOf(all), architecture, devices);
  return layoutFits(layout, architecture, machine) ? layout : undefined;
}

/** Holds of all drawn scenes whose layout is valid, and of enough of them. */
function holds(check: (layout: Layout, scene: Scene) => void): void {
  let valid = 0;
  fc.assert(
    fc.property(scene, (one) => {
      const layout = layoutOf(one);
      if (!layout) return;
      valid++;
      check(layout, one);
    }),
    { numRuns: 1500 },
  );
  expect(valid).toBeGreaterThan(50);
}

const nothing = 1;

describe("a footprint", () => {
  it("is the sum of its parts, none negative, and each kind of memory holds the one before", () => {
    holds((layout, [, architecture, memory]) => {
      const found = fullest(architecture, layout, memoryStack(memory));
      const parts = Object.values(found.parts);
      expect(parts.every((bytes) => bytes >= 0 && Number.isFinite(bytes))).toBe(true);
      expect(parts.reduce((sum, bytes) => sum + bytes, 0) / found.allocated).toBeCloseTo(1, 9);
      expect(found.resident).toBeLessThanOrEqual(found.allocated + nothing);
      expect(found.reserved).toBeGreaterThanOrEqual(found.allocated);
      expect(found.device).toBeGreaterThanOrEqual(found.reserved);
    });
  });

  it("of the fullest stage is the most of all stages", () => {
    holds((layout, [, architecture, memory]) => {
      const stack = memoryStack(memory);
      const all = Array.from({ length: layout.pipeline }, (_, stage) => atStage(architecture, layout, stack, stage).allocated);
      expect(fullest(architecture, layout, stack).allocated / Math.max(...all)).toBeCloseTo(1, 9);
    });
  });

  it("does not hang on what was asked before", () => {
    holds((layout, [, architecture, memory]) => {
      const stack = memoryStack(memory);
      const first = fullest(architecture, layout, stack);
      fullest(deepseek3, makeLayout(choicesOf({ pipeline: 4, globalBatch: 512 }), deepseek3, 512), memoryStack("megatron-core"));
      expect(fullest(architecture, layout, stack)).toEqual(first);
    });
  });
});

describe("takes no more", () => {
  const atMost = (change: (choices: Partial<LayoutChoices>, devices: number) => [Partial<LayoutChoices>, number] | undefined, applies: (layout: Layout) => boolean = () => true): void =>
    holds((layout, [choices, architecture, memory, devices]) => {
      const [changes, more] = change(choices, devices) ?? [{}, devices];
      const changed = layoutOf([choices, architecture, memory, more], changes);
      if (!changed || !applies(layout)) return;
      const stack = memoryStack(memory);
      expect(fullest(architecture, changed, stack).allocated).toBeLessThanOrEqual(fullest(architecture, layout, stack).allocated + nothing);
    });

  it("with twice the devices as data ranks and the batch as large for each", () => atMost(({ globalBatch = 1 }, devices) => [{ globalBatch: 2 * globalBatch }, 2 * devices], (layout) => layout.sharding !== "parameters" || layout.shardGroup > 1));
  it("with tokens divided over tensor ranks", () => atMost(({ tensor = 1 }, devices) => (tensor > 1 ? [{ sequenceParallel: true }, devices] : undefined)));
  it("with twice the tensor ranks, experts divided as before", () =>
    atMost(({ tensor = 1, globalBatch = 1 }, devices) => [{ tensor: 2 * tensor, globalBatch }, 2 * devices], (layout) => layout.adapterRank === 0 && (layout.tensor === 1 || layout.sequenceParallel)));
  it("with optimizer states, then gradients, divided", () => {
    atMost(({ sharding }, devices) => (sharding === "none" ? [{ sharding: "optimizer" }, devices] : undefined));
    atMost(({ sharding }, devices) => (sharding === "optimizer" ? [{ sharding: "gradients" }, devices] : undefined));
  });
  it("with optimizer states or activations in host memory", () => {
    atMost((_, devices) => [{ offload: { optimizer: 1, activations: 0 } }, devices]);
    atMost((_, devices) => [{ offload: { optimizer: 0, activations: 0.5 } }, devices]);
  });
  it("in order one forward, one backward, than all forward first", () => atMost(({ schedule, pipeline = 1 }, devices) => (schedule === "gpipe" && pipeline > 1 ? [{ schedule: "1f1b" }, devices] : undefined)));
  it("with full recomputation where a stage has several layers in flight", () =>
    holds((layout, [choices, architecture, memory, devices]) => {
      const changed = layoutOf([choices, architecture, memory, devices], { recompute: "full" });
      if (!changed || layout.recompute !== "none" || layout.pipeline > 4) return;
      const stack = memoryStack(memory);
      expect(fullest(architecture, changed, stack).parts.activations).toBeLessThanOrEqual(fullest(architecture, layout, stack).parts.activations + nothing);
    }));
});

describe("is the same", () => {
  const stack = memoryStack("megatron-core");
  const of = (choices: Partial<LayoutChoices>, devices: number, architecture = llama70) => atStage(architecture, makeLayout(choicesOf(choices), architecture, devices), stack, 0).parts.activations;

  it("in activations for twice the context ranks and twice the sequence", () => {
    expect(of({ tensor: 2, context: 4, sequence: 32_768 }, 8)).toBe(of({ tensor: 2, context: 2, sequence: 16_384 }, 4));
  });

  it("in activations of the first stage once there are as many micro-batches as stages", () => {
    const activations = [2, 4, 8, 16, 64].map((globalBatch) => of({ pipeline: 4, globalBatch }, 4));
    expect(activations[0]).toBeLessThan(activations[1] ?? 0);
    expect(new Set(activations.slice(1)).size).toBe(1);
  });

  it("in stage 0 above the others by the embedding's states: V h / t parameters of 18 bytes, and its activations", () => {
    const layout = makeLayout(choicesOf({ tensor: 4, pipeline: 4, globalBatch: 4, sharding: "none", recompute: "full" }), gpt3, 16);
    const [first, second] = [0, 1].map((stage) => atStage(gpt3, layout, memoryStack("megatron-2022"), stage));
    expect((first?.resident ?? 0) - (second?.resident ?? 0)).toBeCloseTo(18 * ((51_200 * 12_288) / 4 + 2048 * 12_288), -3);
  });
});
