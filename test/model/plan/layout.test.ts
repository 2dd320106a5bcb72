/** Which layouts are valid, in what words the others are refused, what is reported as unused, and that the fast test agrees. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkLayout } from "../../../model/plan/check-layout.ts";
import { unlimited } from "../../../model/plan/stack-support.ts";
import { layoutFits, type LayoutMachine } from "../../../model/plan/find-faults.ts";
import { makeLayout } from "../../../model/plan/make-layout.ts";
import { layersBeforeStage, layersOnStage, mostLayersOnStage } from "../../../model/plan/stages.ts";
import { contextSchemes, layerSplits, pipelineSchedules, recomputes, shardings, type LayoutChoices } from "../../../model/schema/plan-layout.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import { choicesOf, deepseek3, gpt3, llama405, mixtral } from "../../support/architectures.ts";

const machine: LayoutMachine = { domain: 8, recipes: ["fp32", "tf32", "fp16", "bf16"], supports: unlimited };
const check = (architecture: Architecture, devices: number, choices: Partial<LayoutChoices>) => checkLayout(choicesOf(choices), architecture, devices, machine, "plans/p");

it("a layout is refused where the stack lacks what it asks for, with what there is", () => {
  const old: LayoutMachine = { ...machine, supports: { attentionKernels: ["unfused"], contextSchemes: [], pipelineSchedules: ["gpipe", "1f1b"] } };
  const problemsOf = (choices: Partial<LayoutChoices>) => checkLayout(choicesOf({ globalBatch: 16, ...choices }), gpt3, 16, old, "p").problems.map(({ path, expected }) => [path, expected]);
  expect(problemsOf({ attentionKernel: "unfused", pipeline: 4 })).toEqual([]);
  expect(problemsOf({ attentionKernel: "flash" })).toEqual([["p: attentionKernel", "a kernel that the stack has: unfused"]]);
  expect(problemsOf({ attentionKernel: "unfused", context: 2, contextScheme: "all-gather" })).toEqual([["p: context", "1: the stack has no context ranks"]]);
  expect(problemsOf({ attentionKernel: "unfused", pipeline: 4, schedule: "zero-bubble" })).toEqual([["p: schedule", "a schedule that the stack has: gpipe, 1f1b"]]);
});

describe("a valid layout", () => {
  it("counts data ranks and micro-batches and fills in what follows from other choices", () => {
    const { layout } = check(gpt3, 1024, { tensor: 8, pipeline: 8, globalBatch: 1536 });
    expect(layout).toMatchObject({ data: 16, microBatches: 96, sequence: 2048, sequenceParallel: true, schedule: "1f1b", shardGroup: 16, reshardAfterForward: false });
    expect(check(gpt3, 1024, { tensor: 8, pipeline: 8, virtualStages: 12, globalBatch: 1536 }).layout).toMatchObject({ schedule: "interleaved", overlap: { pipeline: true } });
    expect(check(gpt3, 64, { sharding: "parameters", globalBatch: 64 }).layout).toMatchObject({ reshardAfterForward: true, sequenceParallel: false });
  });
});

describe("a layout that cannot be", () => {
  const cases: [what: string, architecture: Architecture, devices: number, choices: Partial<LayoutChoices>, path: string, expected: RegExp, hint: RegExp | undefined][] = [
    ["does not fill the devices", gpt3, 100, { tensor: 8, pipeline: 2 }, "devices", /8 x 1 x 2 = 16/, /96, 112/],
    ["divides no heads", gpt3, 10, { tensor: 5, globalBatch: 2 }, "tensor", /96 attention heads/, /nearest: 4, 6, 3, 2/],
    ["divides no key and value heads", llama405, 12, { tensor: 12, globalBatch: 1 }, "tensor", /8 key and value heads/, /8, 16/],
    ["has more stages than layers", gpt3, 128, { pipeline: 128, globalBatch: 1 }, "pipeline", /96 layers/, /96, 95/],
    ["has virtual stages that do not divide", gpt3, 8, { pipeline: 8, virtualStages: 5, globalBatch: 8 }, "virtualStages", /40 divide 96 layers/, /4, 6, 3, 2/],
    ["has a batch that does not divide", gpt3, 16, { tensor: 8, microBatch: 4, globalBatch: 30 }, "globalBatch", /2 x 4 = 8/, /32, 24/],
    ["has experts that do not divide", mixtral, 12, { expert: 3, globalBatch: 12 }, "expert", /8 experts/, /2, 4/],
    ["gives experts more ranks than there are", mixtral, 16, { pipeline: 4, expert: 8, globalBatch: 4 }, "expert", /data x context x tensor = 4/, /4, 2, 1/],
    ["has experts where the model has none", gpt3, 8, { expert: 2, globalBatch: 8 }, "expert", /no experts/, undefined],
    ["has context ranks that do not divide", gpt3, 3, { context: 3, globalBatch: 1 }, "context", /2048 tokens/, /2, 4, 1/],
    ["divides tokens over no tensor ranks", gpt3, 1, { sequenceParallel: true }, "sequenceParallel", /tensor is 1/, undefined],
    ["interleaves with too few micro-batches", gpt3, 8, { pipeline: 8, virtualStages: 2, globalBatch: 12 }, "globalBatch", /multiples of the 8 stages/, /8, 16/],
    ["interleaves nothing", gpt3, 8, { pipeline: 8, schedule: "interleaved", globalBatch: 8 }, "virtualStages", /above 1/, undefined],
    ["has virtual stages in another schedule", gpt3, 8, { pipeline: 8, virtualStages: 2, schedule: "1f1b", globalBatch: 8 }, "virtualStages", /1 with the 1f1b schedule/, /interleaved/],
    ["has virtual stages without bubbles", gpt3, 8, { pipeline: 8, virtualStages: 2, schedule: "zero-bubble", globalBatch: 8 }, "virtualStages", /1 with the zero-bubble schedule/, /nearest: 1.*ZB-V/],
    ["sends two ways with too few micro-batches", gpt3, 8, { pipeline: 8, schedule: "dualpipe", globalBatch: 12 }, "globalBatch", /at least 16/, undefined],
    ["shards gradients over a pipeline", gpt3, 16, { pipeline: 8, sharding: "gradients", globalBatch: 16 }, "sharding", /"optimizer", or "parameters"/, undefined],
    ["has a shard group that does not divide", gpt3, 16, { shardGroup: 5, globalBatch: 16 }, "shardGroup", /data x context = 16/, /4, 2, 8, 1/],
    ["recomputes modules and names none", gpt3, 1, { recompute: "modules" }, "recomputeModules", /at least one/, undefined],
    ["recomputes more layers than a stage has", gpt3, 8, { pipeline: 8, recompute: "block", recomputedLayers: 13, globalBatch: 8 }, "recomputedLayers", /1 to 12/, undefined],
    ["multiplies in a format that the device lacks", gpt3, 1, { recipe: "fp8" }, "recipe", /fp32, tf32, fp16, bf16/, undefined],
    ["reads past the learned positions", gpt3, 1, { sequence: 4096 }, "sequence", /2048 learned positions/, undefined],
    ["rings without a fused kernel", gpt3, 2, { context: 2, attentionKernel: "unfused" }, "attentionKernel", /"flash"/, undefined],
    ["exchanges more heads than there are", llama405, 96, { tensor: 8, context: 12, contextScheme: "all-to-all", sequence: 12_288 }, "context", /16 heads of a tensor rank/, /8, 16/],
  ];
  it.each(cases)("%s", (_what, architecture, devices, choices, path, expected, hint) => {
    const { problems } = check(architecture, devices, choices);
    const found = problems.find((problem) => problem.path === `plans/p: ${path}` && expected.test(problem.expected));
    expect(found?.code).toBe("wrong-layout");
    if (hint) expect(found?.hint).toMatch(hint);
  });

  it("is told everything at once", () => {
    const { problems } = check(gpt3, 64, { tensor: 5, pipeline: 128, expert: 2, recompute: "modules", recipe: "fp8" });
    expect(problems.map(({ path }) => path.replace("plans/p: ", "")).toSorted()).toEqual(["devices", "expert", "pipeline", "recipe", "recomputeModules", "sequenceParallel", "tensor", "tensor", "tensor"]);
  });
});

describe("what is valid and idle", () => {
  const idle: [Partial<LayoutChoices>, string][] = [
    [{ virtualStages: 2 }, "plan.virtualStages"],
    [{ schedule: "gpipe" }, "plan.schedule"],
    [{ contextScheme: "ring" }, "plan.contextScheme"],
    [{ sharding: "parameters" }, "plan.sharding"],
    [{ reshardAfterForward: true }, "plan.reshardAfterForward"],
    [{ recompute: "selective" }, "plan.recompute"],
    [{ recomputeModules: ["experts"] }, "plan.recomputeModules"],
    [{ recompute: "modules", recomputeModules: ["feed-forward", "experts"] }, "plan.recomputeModules"],
    [{ recomputedLayers: 3 }, "plan.recomputedLayers"],
    [{ overlap: { tensor: true } }, "plan.overlap.tensor"],
    [{ overlap: { pipeline: true } }, "plan.overlap.pipeline"],
    [{ overlap: { gradients: true } }, "plan.overlap.gradients"],
    [{ overlap: { expert: true } }, "plan.overlap.expert"],
  ];
  it.each(idle)("%j is reported", (choices, path) => {
    const { unused } = check(gpt3, 1, choices) as { unused?: { path: string; reason: string }[] };
    expect(unused?.map((one) => one.path)).toEqual([path]);
    expect(unused?.[0]?.reason).not.toBe("");
  });

  it("is nothing in a plan that states nothing needless", () => {
    expect(check(gpt3, 1, {})).toMatchObject({ unused: [], notes: [] });
  });

  it("tensor ranks over more than a fast domain are noted", () => {
    expect(check(gpt3, 16, { tensor: 16 })).toMatchObject({ notes: [{ path: "plan.tensor", text: expect.stringMatching(/network between nodes/) as string }] });
    expect(check(gpt3, 6, { tensor: 6, sequenceParallel: false })).toMatchObject({ notes: [{ text: expect.stringMatching(/across two nodes/) as string }] });
  });
});

const small = fc.constantFrom(1, 1, 2, 3, 4, 8);
const anyChoices = fc.record({
  tensor: small, pipeline: small, virtualStages: fc.constantFrom(1, 1, 2, 3), context: fc.constantFrom(1, 1, 2, 3), expert: fc.constantFrom(1, 1, 2, 8), expertTensor: fc.constantFrom(1, 1, 2), microBatch: fc.constantFrom(1, 2), globalBatch: fc.constantFrom(16, 96, 100),
  schedule: fc.constantFrom(undefined, ...pipelineSchedules), split: fc.constantFrom(...layerSplits), sharding: fc.constantFrom(...shardings), recompute: fc.constantFrom(...recomputes), contextScheme: fc.constantFrom(...contextSchemes),
  attentionKernel: fc.constantFrom("flash" as const, "unfused" as const), sequenceParallel: fc.constantFrom(undefined, true, false),
});
type Drawn = { [K in keyof LayoutChoices]?: LayoutChoices[K] | undefined };
const withoutEmpty = (drawn: Drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) as Partial<LayoutChoices>;

describe("the fast test", () => {
  it("agrees with the words, and a valid layout has whole numbers that multiply to what was asked", () => {
    let valid = 0;
    fc.assert(
      fc.property(anyChoices, fc.constantFrom(gpt3, llama405, mixtral, deepseek3), fc.constantFrom(1, 2, 8, 48, 64), (drawn, architecture, devices) => {
        const choices = choicesOf(withoutEmpty(drawn));
        const checked = checkLayout(choices, architecture, devices, machine, "p");
        expect(layoutFits(makeLayout(choices, architecture, devices), architecture, machine)).toBe(checked.problems.length === 0);
        if (!checked.layout) return;
        valid++;
        const { tensor, context, pipeline, data, microBatch, microBatches } = checked.layout;
        expect([tensor * context * pipeline * data, data * microBatch * microBatches]).toEqual([devices, choices.globalBatch]);
      }),
      { numRuns: 3000 },
    );
    expect(valid).toBeGreaterThan(50);
  });
});

describe("layers of stages", () => {
  it("add up, follow one another and never exceed the most", () => {
    fc.assert(
      fc.property(fc.constantFrom(...layerSplits), fc.integer({ min: 2, max: 64 }), fc.integer({ min: 2, max: 200 }), (split, pipeline, layers) => {
        fc.pre(layers >= pipeline && (split !== "last-short" || layers > (pipeline - 1) * Math.ceil(layers / pipeline)));
        let before = 0;
        for (let stage = 0; stage < pipeline; stage++) {
          expect(layersBeforeStage({ pipeline, split }, layers, stage)).toBe(before);
          const own = layersOnStage({ pipeline, split }, layers, stage);
          expect(own).toBeLessThanOrEqual(mostLayersOnStage({ pipeline, split }, layers));
          before += own;
        }
        expect(before).toBe(layers);
      }),
    );
  });

  it("stand as published: Llama 3 405B on 16 stages, one layer less at both ends", () => {
    const layout = { pipeline: 16, split: "embedding-as-layer" as const };
    expect([0, 1, 15].map((stage) => layersOnStage(layout, 126, stage))).toEqual([7, 8, 7]);
  });
});
