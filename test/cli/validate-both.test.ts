/** exatwin validate with a catalogue that holds transformers and networks of layers: one answer, each kind by its own model, every row once. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../cli/host/root.ts";
import type { Validation } from "../../model/prediction.ts";
import { run, runJson } from "./harness.ts";

const file = join(packageRoot, "test/fixtures/catalogue/unseen-both.json");
type Answer = Validation & { notes: string[]; kinds: Record<string, Validation["summary"]>; assumed: Array<{ point: string }>; computed: Validation["summary"] };

describe("a catalogue of both kinds of networks", () => {
  it("is scored in one answer, and by kind", async () => {
    const answer = await runJson<Answer>(["validate", file, "--protocol", "cold"]);
    expect(answer.cases.map(({ point, measured }) => [point, Number(measured.toPrecision(6))])).toEqual([["made-up-bert-dlperf#1", 0.173913], ["made-up-bert-dlperf#2", 0.258586], ["made-up-resnet-dlperf#1", 0.330323]]);
    expect(Object.entries(answer.kinds).map(([kind, { n }]) => [kind, n])).toEqual([["transformers", 2], ["layers", 1]]);
    expect([answer.summary.n, answer.computed.n, answer.assumed.map(({ point }) => point)]).toEqual([3, 0, ["made-up-resnet-dlperf#1"]]);
    expect(answer.summary.mape).toBeCloseTo((2 * (answer.kinds["transformers"]?.mape ?? 0) + (answer.kinds["layers"]?.mape ?? 0)) / 3, 12);
    expect(answer.notes.map((note) => note.split(":")[0])).toEqual(["transformers", "layer networks"]);
  });

  it("leaves every other row out once, by the rule of its own kind", async () => {
    const { excluded } = await runJson<Answer>(["validate", file, "--protocol", "cold"]);
    expect(excluded.map(({ point, reason }) => [point, reason.split(":")[0]])).toEqual([["made-up-bert-dlperf#3", "no-step-time"], ["made-up-resnet-dlperf#2", "ratio-of-two-runs"]]);
  });

  it("ends its table with a line for each kind", async () => {
    const { stdout } = await run(["validate", file, "--protocol", "cold"]);
    expect(stdout).toMatch(/transformers: n 2; MAPE/);
    expect(stdout).toMatch(/layers: n 1; MAPE/);
  });
});
