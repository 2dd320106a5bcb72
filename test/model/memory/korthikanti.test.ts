/** Activations of Korthikanti et al. (arXiv:2205.05198), figures 1 and 7: the paper's own numbers are its formulas, so this holds the formulas, not a measurement. */
import { describe, expect, it } from "vitest";
import { countActivations, makeLayerActivations } from "../../../model/memory/activations.ts";
import { countFlights } from "../../../model/memory/flights.ts";
import type { Layout } from "../../../model/plan/layout.ts";
import { makeLayout } from "../../../model/plan/make-layout.ts";
import type { LayoutChoices } from "../../../model/schema/plan-layout.ts";
import { architectureOf, choicesOf } from "../../support/architectures.ts";
import { memoryStack } from "../../support/memory.ts";

const stack = memoryStack("megatron-2022");
const gibibyte = 2 ** 30;
const common: Partial<LayoutChoices> = { tensor: 8, recipe: "fp16", attentionKernel: "unfused", dropout: true, sharding: "none" };

interface Case {
  readonly name: string;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly plan: Partial<LayoutChoices>;
  /** GiB without recomputation, and with sequence parallelism and selective recomputation. */
  readonly none: number;
  readonly selective: number;
  /** Percent of the first: sequence parallelism, selective recomputation, both, full recomputation. */
  readonly shares: readonly [number, number, number, number];
}
const cases: readonly Case[] = [
  { name: "22B", hidden: 6144, layers: 48, heads: 64, plan: { microBatch: 4, globalBatch: 4 }, none: 59.25, selective: 9.5625, shares: [66.84, 49.42, 16.18, 7.64] },
  { name: "175B", hidden: 12_288, layers: 96, heads: 96, plan: { pipeline: 8, virtualStages: 3, microBatch: 1, globalBatch: 64 }, none: 66.843_75, selective: 12.351_562_5, shares: [62.04, 56.53, 18.49, 8.71] },
  { name: "530B", hidden: 20_480, layers: 105, heads: 128, plan: { pipeline: 35, virtualStages: 3, microBatch: 1, globalBatch: 280 }, none: 114.023_437_5, selective: 23.076_171_875, shares: [58.31, 62.04, 20.27, 9.42] },
  { name: "1T", hidden: 25_600, layers: 128, heads: 160, plan: { pipeline: 64, microBatch: 1, globalBatch: 512 }, none: 131.25, selective: 26.5625, shares: [58.31, 62.04, 20.27, 9.42] },
];

describe.each(cases)("$name", ({ hidden, layers, heads, plan, none, selective, shares }) => {
  const architecture = architectureOf({ hidden, layers, vocabulary: 51_200, sequence: 2048, learnedPositions: 2048, attention: { heads } });
  const layoutOf = (choices: Partial<LayoutChoices>): Layout => makeLayout(choicesOf({ ...common, ...plan, ...choices }), architecture, 8 * (plan.pipeline ?? 1));
  const into = makeLayerActivations();
  const onFirstStage = (choices: Partial<LayoutChoices>): number => {
    const layout = layoutOf(choices);
    countActivations(architecture, layout, stack, 1, into);
    const layer = layout.recompute === "full" ? into.input : into.attention + into.feedForward;
    return (layer * countFlights(layout, 0) * layers) / layout.pipeline;
  };
  const whole = onFirstStage({ sequenceParallel: false });

  it("takes what figure 1 says", () => {
    expect(whole / gibibyte / none).toBeCloseTo(1, 3);
    expect(onFirstStage({ recompute: "selective" }) / gibibyte / selective).toBeCloseTo(1, 3);
  });

  it("takes the shares of figure 7", () => {
    const variants: Partial<LayoutChoices>[] = [{}, { recompute: "selective", sequenceParallel: false }, { recompute: "selective" }, { recompute: "full", sequenceParallel: false }];
    variants.forEach((choices, index) => expect(Math.abs((100 * onFirstStage(choices)) / whole - (shares[index] ?? 0))).toBeLessThan(0.15));
  });
});
