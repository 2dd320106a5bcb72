import fc from "fast-check";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "../../../../calibrate/readers/catalogue/read-catalogue.ts";
import { readCatalogueRules } from "../../../../cli/host/catalogue.ts";
import { showProblem } from "../../../../model/problems.ts";

const root = new URL("../../../../", import.meta.url);
const loaded = readCatalogueRules(fileURLToPath(new URL("scenarios/catalogues/transformer-runs.json", root)));
const rules = loaded.rules!;

const source = { title: "Efficient Large-Scale Language Model Training on GPU Clusters", url: "https://github.com/NVIDIA/Megatron-LM", verified: "in-source" };
const selene = { name: "NVIDIA Selene", accelerator: "NVIDIA A100-SXM4-80GB", accelerators_per_node: 8 };
const gpt = { name: "GPT 1.7B", layers: 24, hidden: 2304, heads: 24, kv_heads: 24, ffn: 9216, vocab: 51_200, seq: 2048 };
const point = { accelerators: 32, tp: 1, pp: 1, dp: 32, cp: 1, micro_batch: 16, global_batch: 512, seq: 2048, recompute: "full", sequence_parallel: false, zero: 0, precision: "fp16 mixed", metric: "tflops_per_gpu", value: 137, unit: "TFLOP/s/GPU", complete: true };
const series = { id: "sc21-test", title: "weak scaling", year: 2021, source, machine: selene, model: gpt, points: [point] };
const readOne = (change: object, of: object = {}) => readCatalogue([{ ...series, ...of, points: [{ ...point, ...change }] }], rules);
const rulesOf = (read: ReturnType<typeof readCatalogue>): string[] => read.skipped.map(({ rule }) => rule);

describe("the rules", () => {
  it("are a document of their schema", () => {
    expect(loaded.problems.map(showProblem)).toEqual([]);
  });

  it.each(["device", "machine", "stack"] as const)("name %ss that have documents", (kind) => {
    const known = new Set(readdirSync(new URL(`scenarios/${kind}s`, root)).map((file) => file.slice(0, -".json".length)));
    const named = { device: rules.devices.map((one) => one.device), machine: rules.machines.map((one) => one.machine), stack: rules.frameworks.map((one) => one.stack) }[kind];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it("give every device that they name a machine", () => {
    const without = rules.devices.filter(({ device }) => !rules.machines.some((one) => one.when.length === 0 && one.device === device));
    expect(without).toEqual([]);
  });
});

describe("a row becomes a case", () => {
  it("with the step time that the source's own count of FLOP gives: 3.528 s for 137 TFLOP/s (SC21, GPT 1.7B)", () => {
    const [one] = readOne({}).cases;
    expect(one?.measured.step_s).toBeCloseTo(3.528, 3);
    expect(one).toMatchObject({ device: "a100-sxm4-80gb", machine: "selene", stack: "megatron-2021", flags: [], sparse: false, computed: false });
    expect(one?.layout).toMatchObject({ data: 32, microBatches: 1, recompute: "full", sharding: "none", schedule: "1f1b" });
  });

  it.each([
    ["s_per_iteration", 2, 2],
    ["ms_per_iteration", 2000, 2],
    ["tokens_per_s", 512 * 2048, 1],
    ["tokens_per_s_per_gpu", (512 * 2048) / 32 / 4, 4],
  ])("from %s", (metric, value, step_s) => {
    expect(readOne({ metric, value }).cases[0]?.measured.step_s).toBeCloseTo(step_s, 9);
  });

  it("interleaved as a sister row says, where only it says so", () => {
    const layout = { accelerators: 256, tp: 1, pp: 8, dp: 32, micro_batch: 1, metric: "s_per_iteration", value: 3 };
    const read = readCatalogue([{ ...series, points: [{ ...point, ...layout, vpp: 3 }, { ...point, ...layout, vpp: null }] }], rules);
    expect(read.cases.map((one) => one.layout.virtualStages)).toEqual([3, 3]);
    expect(read.cases[1]?.assumed.map(({ rule }) => rule)).toContain("virtual-stages-of-sister");
  });

  it("with what its model's card says, unless the row says otherwise", () => {
    const model = { name: "gpt-oss-120b", type: "moe", layers: 36, hidden: 2880, heads: 64, kv_heads: 8, moe_ffn: 2880, experts: 128, topk: 4, vocab: 201_088 };
    const said = (head_dim?: number) => readOne({ metric: "s_per_iteration", value: 3 }, { model: { ...model, head_dim } }).cases[0]?.architecture.attention;
    expect(said()).toMatchObject({ headSize: 64, window: 128, fullEvery: 2, sinks: true });
    expect(said(96)?.headSize).toBe(96);
  });

  it("reads the policy of recomputation from the row and not from the words of its title", () => {
    expect(readOne({}, { title: "Selective recomputation against full" }).cases[0]?.layout.recompute).toBe("full");
  });
});

describe("a row that is not as it should be", () => {
  it("with an accelerator that no rule knows is skipped, and the accelerator is one problem however many rows it has", () => {
    const read = readCatalogue([{ ...series, machine: { ...selene, accelerator: "Quantum Q7" }, points: [point, point] }], rules);
    expect(rulesOf(read)).toEqual(["unknown-accelerator", "unknown-accelerator"]);
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]?.path).toContain("sc21-test");
  });

  it.each([
    [{ precision: "posit8" }, "unknown-precision"],
    [{ recompute: "sometimes" }, "unknown-recompute"],
    [{ complete: false }, "incomplete"],
    [{ micro_batch: null }, "incomplete"],
    [{ tp: 3 }, "ranks-do-not-divide"],
    [{ metric: "time_to_train", value: 60 }, "metric-without-step-time"],
    [{ outcome: "OOM" }, "no-step-time"],
    [{ value: -1 }, "no-step-time"],
  ])("%j is skipped", (change, rule) => {
    expect(rulesOf(readOne(change))).toEqual([rule]);
  });

  it.each([
    [{ dp: 16 }, "ranks-do-not-multiply"],
    [{ micro_batch: 15 }, "batch-does-not-divide"],
    [{ consistent_with_config: false }, "not-consistent-with-configuration"],
    [{ note: "degraded: a slow node" }, "flagged-in-catalogue"],
  ])("%j is flagged", (change, rule) => {
    expect(readOne(change).cases[0]?.flags.map((flag) => flag.rule)).toEqual([rule]);
  });

  it("recalled from memory is skipped", () => {
    expect(rulesOf(readOne({}, { source: { ...source, verified: "unverified-memory" } }))).toEqual(["unverified-source"]);
  });

  it("without a model is skipped with what is missing", () => {
    expect(readOne({}, { model: { name: "secret" } }).skipped[0]?.why).toContain("hidden");
  });

  it("twice under one id is read under two, and said", () => {
    const read = readCatalogue([series, series], rules);
    expect(read.cases.map(({ series: id }) => id)).toEqual(["sc21-test", "sc21-test~2"]);
    expect(read.problems.map(({ code }) => code)).toEqual(["duplicate-id"]);
  });

  it("is excluded by the rule and the evidence of the document", () => {
    const exclusions = [{ rule: "made-up", series: "^sc21", point: { tp: 1 }, evidence: "twice as slow as its twin" }];
    const read = readCatalogue([series], { ...rules, exclusions });
    expect(read.cases[0]?.flags).toEqual([{ rule: "made-up", what: "twice as slow as its twin" }]);
  });
});

describe("any JSON", () => {
  it("gives cases, skips and problems, never an exception", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.constantFrom(...Object.keys(point)), fc.jsonValue()), fc.dictionary(fc.constantFrom(...Object.keys(gpt)), fc.jsonValue()), (any, change, model) => {
        const read = readCatalogue([any, { ...series, model: { ...gpt, ...model }, points: [{ ...point, ...change }, any] }], rules);
        expect(read.cases.length + read.skipped.length).toBe(read.points);
        for (const one of read.cases) expect(one.measured.step_s).toBeGreaterThan(0);
        expect(() => readCatalogue(any, rules)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});

describe("the catalogue of published runs", () => {
  const file = new URL("../../../../../shared/data/runs-llm.json", import.meta.url);
  it("loses no complete row without a reason", (context) => {
    if (!existsSync(file)) context.skip("runs-llm.json does not stand in ../shared/data");
    const read = readCatalogue(JSON.parse(readFileSync(file, "utf8")), rules);
    expect(read.problems).toEqual([]);
    expect(read.cases.length + read.skipped.length).toBe(read.points);
    expect(read.skipped.filter(({ rule }) => rule !== "incomplete" && rule !== "metric-without-step-time" && rule !== "no-step-time")).toEqual([]);
    expect(read.cases.length).toBeGreaterThan(1500);
  });
});
