/** exatwin validate with a catalogue of layer networks: unseen series from the stored fit, every row scored or excluded with its rule, assumptions listed, protocols. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../cli/host/root.ts";
import type { Validation } from "../../model/prediction.ts";
import { problemsOf, run, runJson } from "./harness.ts";

const file = join(packageRoot, "test/fixtures/catalogue/unseen-layers.json");
type Answer = Validation & { notes: string[]; assumed: Array<{ point: string; rules: string[] }> };

describe("a catalogue of layer networks that the stored fit has not seen", () => {
  it("is predicted from it as it is; every row is scored or excluded by a named rule", async () => {
    const answer = await runJson<Answer>(["validate", file]);
    expect(answer.notes[0]).toContain("has seen none");
    expect(answer.cases.map(({ devices, measured }) => [devices, Number(measured.toPrecision(6))])).toEqual([[8, 0.113778], [64, 0.118725]]);
    for (const { predicted, low95, low80, high80, high95, error, measured, machine } of answer.cases) {
      expect([low95 < low80, low80 < predicted, predicted < high80, high80 < high95]).toEqual([true, true, true, true]);
      expect(error).toBeCloseTo(predicted / measured - 1, 12);
      expect(machine).toBe("dgx-a100-80gb");
    }
    expect(answer.excluded.map(({ point, reason }) => [point, reason.split(":")[0]])).toEqual([
      ["made-up-resnet-dgx-a100#3", "same-run"],
      ["made-up-resnet-dgx-a100#4", "time-to-a-target"],
      ["made-up-resnet-dgx-a100#5", "incomplete"],
      ["made-up-graph-network#1", "unknown-network"],
    ]);
    expect(answer.assumed[0]?.rules).toContain("machine-by-rule: a DGX A100 stands for it");
  });

  it("has wider intervals where no run informs", async () => {
    const [known, cold] = await Promise.all([runJson<Answer>(["validate", file]), runJson<Answer>(["validate", file, "--protocol", "cold"])]);
    const width = ({ cases: [one] }: Answer) => Math.log((one?.high95 ?? 0) / (one?.low95 ?? 1));
    expect(width(cold)).toBeGreaterThan(width(known));
  });

  it("is a table too, and tells the protocols it knows", async () => {
    const { stdout, code } = await run(["validate", file, "--csv"]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(3);
    expect((await problemsOf(["validate", file, "--protocol", "warm"]))[0]?.got).toBe('"warm"');
  });
});
