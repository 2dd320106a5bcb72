/** Whether a run fits, what would make it fit, which recomputation it must have used, and the report with its deviations. */
import { describe, expect, it } from "vitest";
import { countRankParameters, makeRankParameters } from "../../../model/memory/rank-parameters.ts";
import { describeMemory } from "../../../model/memory/describe.ts";
import { inferRecompute } from "../../../model/memory/infer-recompute.ts";
import { judgeFit } from "../../../model/memory/judge.ts";
import { changeLayout, findRemedies } from "../../../model/memory/remedies.ts";
import { countStageLayers, makeStageLayers } from "../../../model/memory/stage-layers.ts";
import { layoutFits, type LayoutMachine } from "../../../model/plan/find-faults.ts";
import { unlimited } from "../../../model/plan/stack-support.ts";
import { makeLayout } from "../../../model/plan/make-layout.ts";
import { countTransformerParameters } from "../../../model/workload/transformer/count-parameters.ts";
import { choicesOf, deepseek3, gpt3, llama405, llama70, mixtral } from "../../support/architectures.ts";
import { fullest, memoryDocument, memoryStack } from "../../support/memory.ts";

const machine: LayoutMachine = { domain: 8, recipes: ["bf16"], supports: unlimited };
/** What the driver shows of an A100 of 80 GB. */
const a100_bytes = 81_251 * 2 ** 20;
const stack = memoryStack("megatron-core");

describe("judgeFit", () => {
  it("refuses by live tensors, or by what the device would show beyond the error of the prediction; between lies tight", () => {
    expect(judgeFit(50e9, 60e9, 80e9)).toBe("fits");
    expect(judgeFit(60e9, 75e9, 80e9)).toBe("tight");
    expect(judgeFit(70e9, 83e9, 80e9)).toBe("tight");
    expect(judgeFit(70e9, 84.1e9, 80e9)).toBe("does not fit");
    expect(judgeFit(79.6e9, 79.6e9, 80e9)).toBe("does not fit");
  });
});

describe("parameters of ranks", () => {
  it.each([["GPT-3", gpt3], ["Llama 70B", llama70], ["Llama 405B", llama405], ["Mixtral", mixtral], ["DeepSeek-V3", deepseek3]])("of one rank are those of the whole model: %s", (_name, architecture) => {
    const layout = makeLayout(choicesOf({ vocabularyMultiple: 1 }), { ...architecture, extraPredictions: 0 }, 1);
    const rank = makeRankParameters();
    const layers = makeStageLayers();
    countRankParameters(architecture, layout, rank);
    countStageLayers(architecture, layout, 0, layers);
    const own = layers.attention * rank.attention + layers.feedForward * rank.feedForward + layers.experts * (rank.shared + rank.routed) + (architecture.tiedEmbeddings ? 1 : 2) * rank.embedding + rank.positions + rank.head;
    expect(own / countTransformerParameters({ ...architecture, extraPredictions: 0 }).total).toBeCloseTo(1, 6);
  });
});

describe("remedies", () => {
  const layout = makeLayout(choicesOf({ tensor: 8, pipeline: 4, microBatch: 2, globalBatch: 1536 }), gpt3, 512);
  const remedies = findRemedies(gpt3, layout, stack, a100_bytes, machine);

  it("are valid, save what they say, and those that suffice come first", () => {
    const before = fullest(gpt3, layout, stack).device;
    expect(remedies.length).toBeGreaterThan(4);
    for (const remedy of remedies) {
      expect(layoutFits(remedy.layout, gpt3, machine)).toBe(true);
      expect(before - fullest(gpt3, remedy.layout, stack).device).toBeCloseTo(remedy.saves_bytes, -2);
      expect(remedy.saves_bytes).toBeGreaterThan(0);
    }
    const order = { fits: 0, tight: 1, "does not fit": 2 };
    expect(remedies.map(({ answer }) => order[answer])).toEqual(remedies.map(({ answer }) => order[answer]).toSorted((a, b) => a - b));
    expect(remedies[0]?.answer).toBe("fits");
  });

  it("keep ranks and batch whole", () => {
    const changed = changeLayout(layout, { tensor: 4 });
    expect([changed.data, changed.microBatches, changed.shardGroup]).toEqual([32, 24, 32]);
  });
});

describe("recomputation that a run does not state", () => {
  const layout = makeLayout(choicesOf({ tensor: 8, pipeline: 8, microBatch: 1, globalBatch: 1536, sharding: "none", attentionKernel: "unfused", dropout: true, recipe: "fp16" }), gpt3, 512);
  it("is the loosest that fits", () => {
    const old = memoryStack("megatron-2022");
    const found = [1e13, a100_bytes, 60e9, 1e9].map((capacity) => inferRecompute(gpt3, layout, old, capacity));
    expect(found.map((one) => [one.layout.recompute, one.answer])).toEqual([["none", "fits"], ["selective", "fits"], ["full", "tight"], ["full", "does not fit"]]);
  });
});

describe("the report", () => {
  const layout = makeLayout(choicesOf({ tensor: 8, pipeline: 8, microBatch: 1, globalBatch: 1536 }), gpt3, 512);
  const report = describeMemory(gpt3, layout, memoryDocument("megatron-core"), a100_bytes, false);

  it("lists every stage, its parts adding up, the fullest one as search finds it", () => {
    expect(report.stages.map(({ stage }) => stage)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const { parts, allocated } of report.stages) expect(parts.reduce((sum, { bytes }) => sum + bytes, 0) / allocated.bytes).toBeCloseTo(1, 9);
    expect(report.fullest.allocated.bytes).toBe(fullest(gpt3, layout, stack).allocated);
    expect(report.answer).toBe("fits");
  });

  it("has deviations that grow from allocated to device, and where something is a guess", () => {
    const { allocated, reserved, device } = report.fullest;
    expect(allocated.deviation_bytes / allocated.bytes).toBeGreaterThan(0.009);
    expect(reserved.deviation_bytes).toBeGreaterThan(allocated.deviation_bytes);
    expect(device.deviation_bytes).toBeGreaterThan(reserved.deviation_bytes);
    const guessed = describeMemory(gpt3, layout, memoryDocument("megatron-core"), a100_bytes, true);
    expect(guessed.fullest.allocated.deviation_bytes / allocated.deviation_bytes).toBeGreaterThan(2.5);
  });
});
