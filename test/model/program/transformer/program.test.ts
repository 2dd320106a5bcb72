import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Layout } from "../../../../model/plan/layout.ts";
import { buildTransformerProgram } from "../../../../model/program/transformer/build.ts";
import { Block, encoderKind, followingBlocks, layerKindCount, makeTransformerProgram, mixerBlocks, Operation, type TransformerProgram } from "../../../../model/program/transformer/columns.ts";
import { describeProgram, flopOfRow } from "../../../../model/program/transformer/describe.ts";
import { layerSplits } from "../../../../model/schema/plan-layout.ts";
import type { Architecture } from "../../../../model/workload/transformer/architecture.ts";
import { countTransformerFlop } from "../../../../model/workload/transformer/flop.ts";
import { deepSeekV3, gpt, layoutOf, llama8b } from "../../../support/transformers.ts";

/** FLOP of all ranks in one step, from the rows. Fused attention computes scores once more in its backward pass (2.5 instead of 2 times the forward pass), which no convention counts. */
function totalFlop(program: TransformerProgram, layout: Layout): number {
  const ofBlock = new Float64Array(Block.none + 1);
  for (let row = 0; row < program.count; row++) {
    const block = program.block[row] as number;
    const counted = program.kind[row] === Operation.flash && program.d[row] === 2.5 ? 2 / 2.5 : 1;
    ofBlock[block] = (ofBlock[block] as number) + counted * flopOfRow(program, row) * ((program.repeat[row] as number) + (program.again[row] as number));
  }
  const at = (block: number): number => ofBlock[block] as number;
  const ofKind = (kind: number): number => at(mixerBlocks[kind] as number) + at(followingBlocks[kind] as number) + (kind === encoderKind ? 0 : at(Block.cross));
  let total = at(Block.embedding) + (1 + program.extra) * at(Block.head) + program.extra * (ofKind(program.extraKind) + at(Block.projection));
  for (let run = 0; run < program.runs; run++) for (let kind = 0; kind < layerKindCount; kind++) total += (program.stages[run] as number) * (program.layers[run * layerKindCount + kind] as number) * ofKind(kind);
  return total * layout.tensor * layout.context * layout.data * layout.microBatches;
}

const build = (architecture: Architecture, layout: Layout): TransformerProgram => buildTransformerProgram(architecture, layout, makeTransformerProgram());

const windowed: Architecture = { ...llama8b, attention: { ...llama8b.attention, window: 1024, fullEvery: 4 } };
const mixtral: Architecture = { ...llama8b, experts: { count: 8, topK: 2, inner: 14_336, sharedInner: 0, firstDense: 0, every: 1, capacityFactor: 0 } };
const t5: Architecture = gpt(1024, 12, 16, { encoderLayers: 12 });
const picture: Architecture = gpt(1280, 32, 16, { vocabulary: 0, sequence: 257, image: { channels: 3, patch: 14, classes: 1000 }, attention: { ...gpt(1280, 32, 16).attention, causal: false } });

describe("FLOP of a program are the closed form's", () => {
  const cases: ReadonlyArray<readonly [name: string, Architecture, Partial<Layout>]> = [
    ["GPT, tp 8 pp 4", gpt(6144, 48, 64), { tensor: 8, pipeline: 4, sequenceParallel: true }],
    ["GPT, full recomputation", gpt(6144, 48, 64), { pipeline: 3, recompute: "full" }],
    ["GPT, half of the layers recomputed", gpt(6144, 48, 64), { pipeline: 4, recompute: "block", recomputedLayers: 6 }],
    ["GPT, selective", gpt(6144, 48, 64), { tensor: 4, recompute: "selective" }],
    ["Llama, cp 4", llama8b, { context: 4, tensor: 2 }],
    ["Llama, modules", llama8b, { recompute: "modules", recomputeModules: ["core-attention", "feed-forward-up"] }],
    ["windows", windowed, { pipeline: 2 }],
    ["Mixtral, ep 8", mixtral, { expert: 8 }],
    ["DeepSeek-V3, pp 16 ep 8", deepSeekV3, { pipeline: 16, expert: 8 }],
    ["T5", t5, { tensor: 2, sequenceParallel: true }],
    ["BERT", gpt(768, 12, 12, { predictedTokens: 20, attention: { ...gpt(768, 12, 12).attention, causal: false } }), { sequence: 128 }],
    ["ViT", picture, { sequence: 257 }],
  ];
  it.each(cases)("%s", (_, architecture, more) => {
    const layout = layoutOf({ devices: 64 * (more.pipeline === 3 ? 3 : more.pipeline === 16 ? 4 : 1), microBatch: 1, globalBatch: 768, sequence: 2048, vocabularyMultiple: 1, attentionKernel: "flash", recipe: "bf16", ...more });
    const blockShare = layout.recompute === "block" ? (layout.recomputedLayers * layout.pipeline) / architecture.layers : 0;
    const expected = 768 * countTransformerFlop(architecture, "hardware-causal", layout.sequence, { recompute: layout.recompute, recomputeModules: layout.recomputeModules, blockShare });
    const ratio = totalFlop(build(architecture, layout), layout) / expected;
    // Padded vocabularies and the gradient of a picture's squares, which the model count takes three times as well.
    expect(Math.abs(ratio - 1)).toBeLessThan(architecture.image ? 2e-3 : 5e-4);
  });

  it("unfused attention computes every score", () => {
    const layout = layoutOf({ devices: 8, microBatch: 1, globalBatch: 8, vocabularyMultiple: 1 });
    expect(totalFlop(build(gpt(6144, 48, 64), layout), layout) / (8 * countTransformerFlop(gpt(6144, 48, 64), "model-full", 2048))).toBeCloseTo(1, 6);
  });

  it("adapters leave out weight gradients of the base: a third of the products", () => {
    const layout = layoutOf({ devices: 8, microBatch: 1, globalBatch: 8, sequence: 512 });
    const adapted = { ...layout, adapterRank: 8 };
    const ratio = totalFlop(build(llama8b, adapted), adapted) / totalFlop(build(llama8b, layout), layout);
    expect(ratio).toBeGreaterThan(0.66);
    expect(ratio).toBeLessThan(0.7);
  });
});

describe("stages", () => {
  const models = fc.constantFrom(gpt(1024, 24, 16), { ...windowed, layers: 26 }, deepSeekV3, { ...mixtral, layers: 30 }, t5);
  it("hold every layer once, in as many stages as there are", () => {
    fc.assert(
      fc.property(models, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }), fc.constantFrom(...layerSplits), (architecture, pipeline, virtualStages, split) => {
        const program = build(architecture, layoutOf({ devices: pipeline, pipeline, virtualStages, split, microBatch: 1, globalBatch: pipeline }));
        let stages = 0;
        let layers = 0;
        for (let run = 0; run < program.runs; run++) {
          stages += program.stages[run] as number;
          for (let kind = 0; kind < layerKindCount; kind++) layers += (program.stages[run] as number) * (program.layers[run * layerKindCount + kind] as number);
        }
        expect(stages).toBe(pipeline);
        expect(layers).toBeCloseTo(architecture.layers + architecture.encoderLayers, 9);
      }),
    );
  });

  it("DeepSeek-V3: three dense layers on the first stages", () => {
    const { stages } = describeProgram(build(deepSeekV3, layoutOf({ devices: 61, pipeline: 61, microBatch: 1, globalBatch: 61 })));
    expect(stages.slice(0, 4).map(({ layers }) => Object.keys(layers))).toEqual([["attention"], ["attention"], ["attention"], ["attention-experts"]]);
  });
});

describe("rows", () => {
  it("one layer of GPT: M, N, K of its products, forward and both gradients", () => {
    const layout = layoutOf({ devices: 8, tensor: 8, microBatch: 2, globalBatch: 2 });
    const program = build(gpt(6144, 48, 64), layout);
    const products = describeProgram(program).rows.filter(({ operation, block }) => operation === "product" && (block === "attention" || block === "feedForward"));
    expect(products.map(({ phase, sizes }) => `${phase} ${sizes}`)).toEqual([
      "forward 4096 x 2304 x 6144", "data-gradient 4096 x 6144 x 2304", "weight-gradient 2304 x 6144 x 4096",
      "forward 4096 x 6144 x 768", "data-gradient 4096 x 768 x 6144", "weight-gradient 6144 x 768 x 4096",
      "forward 4096 x 3072 x 6144", "data-gradient 4096 x 6144 x 3072", "weight-gradient 3072 x 6144 x 4096",
      "forward 4096 x 6144 x 3072", "data-gradient 4096 x 3072 x 6144", "weight-gradient 6144 x 3072 x 4096",
    ]);
  });

  it("a head that predicts some tokens multiplies those of each sequence", () => {
    const head = (predictedTokens: number) => describeProgram(build(gpt(768, 12, 12, { predictedTokens }), layoutOf({ devices: 1, microBatch: 32, globalBatch: 32, sequence: 128 }))).rows.find(({ block }) => block === "head")?.sizes;
    expect(head(20)).toMatch(/^640 x /);
    expect(head(512)).toMatch(/^4096 x /);
  });

  it("the recipe's products are narrow, head and attention are not", () => {
    const rows = describeProgram(build(llama8b, layoutOf({ devices: 8, microBatch: 1, globalBatch: 8, recipe: "fp8", attentionKernel: "flash" }))).rows;
    const narrow = new Set(rows.filter((row) => row.narrow).map(({ block }) => block));
    expect(narrow).toEqual(new Set(["attention", "feedForward"]));
    expect(rows.filter(({ operation }) => operation === "cast").length).toBe(4);
    expect(rows.some(({ block, operation, narrow: isNarrow }) => block === "head" && operation === "product" && !isNarrow)).toBe(true);
  });

  it("latent attention in fused kernels: the rotary part of a query in place, keys and values once, the shared part to each key; the same backward", () => {
    const elementwise = (fusedRotation: boolean) => {
      const layout = layoutOf({ devices: 8, microBatch: 1, globalBatch: 8, fusedRotation });
      return { layout, rows: describeProgram(build(deepSeekV3, layout)).rows.filter(({ block, operation }) => block === "attention" && operation === "elementwise") };
    };
    const { layout, rows } = elementwise(true);
    // 128 heads of 64 rotary channels, 128 others and 128 of values, 2 bytes each (DeepSeek-V3, arXiv:2412.19437, section 4.2).
    const head_bytes = 2 * 64 * 2 + (128 + 128) * 2 * 2 + 64 * 2;
    expect(head_bytes).toBe(1408);
    const tokens = layout.sequence;
    expect(rows.map(({ phase, bytes }) => [phase, bytes])).toEqual([
      ["forward", 11 * tokens * 7168], ["data-gradient", 11 * tokens * 7168 * 1.6], ["forward", tokens * 128 * head_bytes], ["data-gradient", tokens * 128 * head_bytes],
    ]);
    const bytesOf = (list: typeof rows): number => list.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(bytesOf(rows)).toBeLessThan(0.6 * bytesOf(elementwise(false).rows));
  });

  it("exponentials stand beside each pass of fused attention: queries, keys, heads", () => {
    const layout = layoutOf({ devices: 8, microBatch: 1, globalBatch: 8, attentionKernel: "flash" });
    const rows = describeProgram(build(llama8b, layout)).rows.filter(({ operation }) => operation === "exponential");
    expect(rows.map(({ phase, sizes, flop, bytes }) => [phase, sizes, flop, bytes])).toEqual([
      ["forward", `${layout.sequence} queries, ${layout.sequence / 2} keys each, 32 heads`, 0, 0], ["data-gradient", `${layout.sequence} queries, ${layout.sequence / 2} keys each, 32 heads`, 0, 0],
    ]);
  });

  it("no program outgrows its columns", () => {
    const everything: Architecture = { ...deepSeekV3, encoderLayers: 4, attention: { ...deepSeekV3.attention, window: 512, fullEvery: 2 }, stateSpace: { layers: 8, feedForwardLayers: 0, inner: 4096, state: 128, groups: 8, headSize: 64, convolution: 4 } };
    const layout = layoutOf({ devices: 1024, tensor: 4, context: 2, pipeline: 4, expert: 8, expertTensor: 2, microBatch: 1, globalBatch: 1024, recipe: "fp8", adapterRank: 16, sharding: "parameters", shardGroup: 16, offload: { optimizer: 0.5, activations: 0.5 }, optimizer: "muon" });
    const program = build(everything, layout);
    expect(program.count).toBeGreaterThan(150);
    expect(program.count).toBeLessThanOrEqual(program.kind.length);
  });

  it("exchange: all-reduce without sharding, scatter and gather with it, gathers per micro-batch when parameters are sharded", () => {
    const kinds = (more: Partial<Layout>): string[] => describeProgram(build(llama8b, layoutOf({ devices: 8, microBatch: 1, globalBatch: 16, ...more }))).rows.filter(({ operation }) => operation === "reduce" || operation === "gather").map(({ block, operation }) => `${block} ${operation}`);
    expect(kinds({ sharding: "none" })).toEqual(["gradients reduce"]);
    expect(kinds({ sharding: "optimizer" })).toEqual(["gradients reduce", "parameters gather"]);
    expect(kinds({ sharding: "parameters" })).toEqual(["shards gather", "shards reduce"]);
    expect(kinds({ sharding: "parameters", shardGroup: 4 })).toEqual(["shards gather", "shards reduce", "gradients reduce"]);
  });

  it("bytes of exchanged gradients are the parameters of a rank", () => {
    const program = build(llama8b, layoutOf({ devices: 8, microBatch: 1, globalBatch: 8 }));
    const row = program.kind.indexOf(Operation.reduce);
    expect(program.a[row]).toBeCloseTo(8.03e9, -8);
  });
});
