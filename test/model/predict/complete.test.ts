/** What is chosen where a user names no plan or stack: plans made for a model hold on the devices they name; plans that are found are valid and fit. */
import { describe, expect, it } from "vitest";
import { completeTransformer, predictTransformer, resolveTransformer, suggestedPlan } from "../../../model/index.ts";
import { suggestBatch } from "../../../model/search/suggest-plan.ts";
import { library } from "../../support/library.ts";

interface MadeFor {
  madeFor?: { workload: string; machine?: string; stack?: string; devices?: number };
}
const published = Object.entries(library.documents.plan).filter(([, plan]) => (plan as MadeFor).madeFor !== undefined);

describe("a published plan", () => {
  it.each(published.map(([id]) => id))("%s is valid on the devices it ran on, and is taken for its model", (id) => {
    const { madeFor } = library.documents.plan[id] as Required<MadeFor>;
    const completed = completeTransformer(library, { machine: madeFor.machine ?? "", workload: madeFor.workload });
    expect(completed.problems).toEqual([]);
    expect(completed.library && completed.selection.plan).toBe(id);
    const { scenario, problems } = resolveTransformer(library, { machine: madeFor.machine ?? "", workload: madeFor.workload, plan: id, stack: madeFor.stack ?? "transformer-generic" });
    expect(problems).toEqual([]);
    const [point] = scenario ? predictTransformer(scenario).points : [];
    expect(point?.devices).toBe(madeFor.devices);
    // What speaks of a whole run moves no step.
    expect(point?.unused.filter(({ reason }) => !reason.includes("exatwin train"))).toEqual([]);
  });
});

describe("a plan that is found", () => {
  it.each([["eos", "llama3-70b"], ["dgx-h100", "qwen3-30b-a3b"], ["perlmutter", "vit-h14"], ["jean-zay-v100", "bert-large"], ["dgx-b200", "gpt-oss-120b"]])("on %s for %s is valid, fits, and names itself", (machine, workload) => {
    const completed = completeTransformer(library, { machine, workload });
    if (!completed.library) throw new Error(JSON.stringify(completed.problems));
    expect(completed.selection.plan).toBe(suggestedPlan);
    const { scenario, problems } = resolveTransformer(completed.library, completed.selection);
    expect(problems).toEqual([]);
    const [point] = scenario ? predictTransformer(scenario).points : [];
    expect(point?.devices).toBe(completed.devices);
    expect(point?.memory?.answer).not.toBe("does not fit");
    expect(completed.notes[0]).toContain(`no plan is made for ${workload}`);
  });

  it("has about four million tokens a step, in a number that data ranks divide", () => {
    for (const devices of [8, 48, 3072, 27_360]) {
      const batch = suggestBatch(4096, devices);
      expect(batch % (devices / 2 ** Math.floor(Math.log2(devices & -devices)))).toBe(0);
      if (devices < 3072) expect(Math.abs(Math.log2((batch * 4096) / 2 ** 22))).toBeLessThanOrEqual(0.5);
    }
  });

  it("is none where the model cannot fit, and says how many were tried", () => {
    const completed = completeTransformer(library, { machine: "summit", workload: "llama3-70b" });
    expect(completed.problems.length).toBeGreaterThan(0);
    expect(completeTransformer(library, { machine: "dgx-2h", workload: "kimi-k2" }, 8).problems[0]?.expected).toContain("none fits 8 devices");
  });

  it("leaves the library as it was", () => {
    expect(Object.hasOwn(library.documents.plan, suggestedPlan)).toBe(false);
  });
});
