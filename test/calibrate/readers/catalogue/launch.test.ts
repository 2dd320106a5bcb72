import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "../../../../calibrate/readers/catalogue/read-catalogue.ts";
import { readCatalogueRules } from "../../../../cli/host/catalogue.ts";
import { showProblem } from "../../../../model/problems.ts";
import { readLibrary } from "../../../../cli/host/library.ts";

const scenarios = fileURLToPath(new URL("../../../../scenarios", import.meta.url));
const { rules, launches, problems } = readCatalogueRules(`${scenarios}/catalogues/transformer-runs.json`);

const model = { name: "DeepSeek-V3 671B", layers: 61, hidden: 7168, heads: 128, moe_ffn: 2048, experts: 256, topk: 8, shared_experts: 1, dense_layers: 3, ffn: 18_432, vocab: 129_280 };
const point = { accelerators: 256, tp: 1, pp: 2, cp: 1, ep: 32, vpp: 8, micro_batch: 1, global_batch: 4096, seq: 4096, precision: "MXFP8", metric: "s_per_iteration", value: 10, complete: true };
const series = (release: string) => ({
  id: `mbridge-${release}`, title: `Megatron-Bridge ${release} Pre-Training`, year: 2026, source: { title: "Megatron-Bridge", url: "https://github.com/NVIDIA-NeMo/Megatron-Bridge", verified: "in-source" },
  machine: { name: "DGX-GB300", accelerator: "NVIDIA GB300 NVL72", accelerators_per_node: 4 }, model,
});
const read = (release: string, change: object = {}) => readCatalogue([{ ...series(release), points: [{ ...point, ...change }] }], rules!, launches).cases[0];

describe("launch recipes", () => {
  it("are documents of their schema, and name releases and devices that are known", () => {
    expect(problems.map(showProblem)).toEqual([]);
    const devices = Object.keys(readLibrary(scenarios).library.documents.device);
    for (const { releases, recipes } of launches) {
      expect(recipes.flatMap((one) => one.releases).filter((name) => !releases.includes(name))).toEqual([]);
      expect([...new Set(recipes.map(({ device }) => device))].filter((id) => !devices.includes(id))).toEqual([]);
    }
  });

  it("complete a row that is silent: DeepSeek-V3 on GB300 in 26.06 is one graph with 8-bit attention and head, and predicts a second token", () => {
    const one = read("26.06");
    expect(one?.layout).toMatchObject({ graphs: "step", expertDispatch: "hybridep", narrowAttention: true, narrowHead: true, recompute: "none", split: "last-short", overlap: { expert: true } });
    expect(one?.architecture.extraPredictions).toBe(1);
    expect(one?.assumed).toContainEqual({ rule: "launch-recipe", what: "choices of megatron-bridge-launches 26.06" });
  });

  it("differ by release: two sequences a pass, parts of attention again, no graph before 26.06", () => {
    expect(read("26.04", { micro_batch: 2 })?.layout).toMatchObject({ graphs: "none", recompute: "modules", recomputeModules: ["latent-up-projection"], narrowAttention: false, overlap: { expert: false } });
  });

  it("of the nearest release speak where a row's own is not known", () => {
    expect(read("26.07")?.assumed.map(({ what }) => what)).toContain("choices of megatron-bridge-launches 26.06.01");
  });

  it("say nothing about another layout, another model, or what a row states itself", () => {
    expect(read("26.06", { ep: 64 })?.assumed.map(({ rule }) => rule)).not.toContain("launch-recipe");
    expect(read("26.06", { recompute: "full" })?.layout.recompute).toBe("full");
    const other = readCatalogue([{ ...series("26.06"), model: { ...model, name: "some other model" }, points: [point] }], rules!, launches).cases[0];
    expect(other?.layout).toMatchObject({ graphs: "none", expertDispatch: "all-to-all" });
  });
});
