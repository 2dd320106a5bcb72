/** Published steps on A100, with parameters of the scopes named in parameters.ts and nothing per run: what the equations reach before any fit over the catalogue. */
import { describe, expect, it } from "vitest";
import { Result } from "../../../../model/engine/pipeline/terms.ts";
import { timeStep } from "../../../../model/engine/pipeline/time-step.ts";
import type { Layout } from "../../../../model/plan/layout.ts";
import { a100, gpt, layoutOf, valuesOf } from "../../../support/transformers.ts";

/** hidden, layers, heads; tensor, pipeline, pieces, devices, micro-batch, global batch. */
type Row = readonly [name: string, model: readonly [number, number, number], layout: readonly [number, number, number, number, number, number], measured_s: number];

function predict([, [hidden, layers, heads], [tensor, pipeline, virtualStages, devices, microBatch, globalBatch]]: Row, more: Partial<Layout>, values = valuesOf(), vocabulary = 51_200, hardware = a100): number {
  const layout = layoutOf({ devices, tensor, pipeline, virtualStages, microBatch, globalBatch, ...more });
  return timeStep(gpt(hidden, layers, heads, { vocabulary }), layout, hardware, values)[Result.step] as number;
}

const meanError = (errors: readonly number[]): number => errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;

// Korthikanti et al. 2022, arXiv:2205.05198, table 5: full recomputation, then selective with sequence parallelism.
const korthikanti: ReadonlyArray<readonly [Row, number]> = [
  [["22B", [6144, 48, 64], [8, 1, 1, 8, 4, 4], 1.42], 1.1],
  [["175B", [12_288, 96, 96], [8, 8, 3, 64, 1, 64], 18.13], 13.75],
  [["530B", [20_480, 105, 128], [8, 35, 3, 280, 1, 280], 49.05], 37.83],
  [["1T", [25_600, 128, 160], [8, 64, 1, 512, 1, 512], 94.42], 71.49],
];

describe("Korthikanti et al. 2022, table 5", () => {
  it.each(korthikanti)("%s: both recomputations within 8 %, the gain within 4 points", (row, selective_s) => {
    const full = predict(row, { recompute: "full" });
    const selective = predict(row, { recompute: "selective", sequenceParallel: true });
    expect(Math.abs(full / row[3] - 1)).toBeLessThan(0.08);
    expect(Math.abs(selective / selective_s - 1)).toBeLessThan(0.08);
    expect(Math.abs(full / selective - row[3] / selective_s)).toBeLessThan(0.075);
  });

  it("is 4 % off on average", () => {
    const errors = korthikanti.flatMap(([row, selective_s]) => [predict(row, { recompute: "full" }) / row[3] - 1, predict(row, { recompute: "selective", sequenceParallel: true }) / selective_s - 1]);
    expect(meanError(errors)).toBeLessThan(0.04);
  });
});

// Narayanan et al. SC21, arXiv:2104.04473, tables 1 and 2: rate per device in TFLOP/s, by the paper's count of operations.
const sc21: ReadonlyArray<readonly [Row, number]> = [
  [["1.7B", [2304, 24, 24], [1, 1, 1, 32, 16, 512], 0], 137],
  [["3.6B", [3072, 30, 32], [2, 1, 1, 64, 16, 512], 0], 138],
  [["18B", [6144, 40, 48], [8, 1, 1, 256, 8, 1024], 0], 135],
  [["1T", [25_600, 128, 160], [8, 64, 1, 3072, 1, 3072], 0], 163],
  [["175B on 384", [12_288, 96, 96], [8, 12, 1, 384, 1, 1536], 0], 153],
  [["175B on 768", [12_288, 96, 96], [8, 12, 1, 768, 1, 1536], 0], 149],
  [["175B on 1536", [12_288, 96, 96], [8, 12, 1, 1536, 1, 1536], 0], 141],
  [["530B on 560", [20_480, 105, 128], [8, 35, 1, 560, 1, 2240], 0], 171],
  [["530B on 1120", [20_480, 105, 128], [8, 35, 1, 1120, 1, 2240], 0], 167],
  [["530B on 2240", [20_480, 105, 128], [8, 35, 1, 2240, 1, 2240], 0], 159],
];

describe("Narayanan et al. 2021", () => {
  const errorOf = ([row, rate]: readonly [Row, number]): number => {
    const [, [hidden, layers], [, , , devices, , batch]] = row;
    const measured_s = (96 * batch * 2048 * layers * hidden ** 2 * (1 + 2048 / (6 * hidden) + 51_200 / (16 * layers * hidden))) / (rate * 1e12 * devices);
    return predict(row, { recompute: "full" }) / measured_s - 1;
  };
  it.each(sc21)("%s within 8 %", (row, rate) => expect(Math.abs(errorOf([row, rate]))).toBeLessThan(0.08));
  it("is 4 % off on average", () => expect(meanError(sc21.map(errorOf))).toBeLessThan(0.04));
});

// BLOOM's prequel and production run (bigscience chronicles, Jean Zay): 384 A100 with four ports a node, batch 2048, 250,880 words. Ranks wait 1.8 ms for one another at each
// collective in this stack; its other parameters are those of Megatron, so a few per cent are missing everywhere. Heads of 108 channels run without matrix units: 312/19.5 times slower.
const bloom: readonly Row[] = [
  ["72 layers, tp 8, b 1", [14_336, 72, 64], [8, 12, 1, 384, 1, 2048], 143.31],
  ["72 layers, tp 8, b 2", [14_336, 72, 64], [8, 12, 1, 384, 2, 2048], 134.02],
  ["72 layers, tp 8, b 4", [14_336, 72, 64], [8, 12, 1, 384, 4, 2048], 123.69],
  ["78 layers, tp 4, b 2", [13_824, 78, 64], [4, 12, 1, 384, 2, 2048], 103.51],
  ["78 layers, tp 4, b 2, heads of 108", [13_824, 78, 128], [4, 12, 1, 384, 2, 2048], 147.41],
  ["78 layers, tp 4, b 4, heads of 108", [13_824, 78, 128], [4, 12, 1, 384, 4, 2048], 153.9],
  ["78 layers, tp 8, b 4, heads of 108", [13_824, 78, 128], [8, 6, 1, 384, 4, 2048], 156.84],
  ["78 layers, tp 8, b 4", [13_824, 78, 96], [8, 6, 1, 384, 4, 2048], 118.12],
  ["70 layers, production", [14_336, 70, 112], [4, 12, 1, 384, 2, 2048], 105.22],
];

describe("BLOOM", () => {
  const values = valuesOf({ tensorSkew: 1.8e-3 });
  const errorOf = (row: Row): number => predict(row, { recompute: "full", sharding: "optimizer", split: row[1][1] === 70 ? "embedding-as-layer" : "even", recipe: "bf16" }, values, 250_880, { ...a100, injection_bytes_per_s: 50e9 }) / row[3] - 1;
  it.each(bloom)("%s within 16 %", (...row) => expect(Math.abs(errorOf(row))).toBeLessThan(0.16));
  it("is 10 % off on average", () => expect(meanError(bloom.map(errorOf))).toBeLessThan(0.1));
});
