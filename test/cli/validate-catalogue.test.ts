/** exatwin validate with a catalogue file: unseen series from the stored fit, every row scored or excluded with its reason, the protocols. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../cli/host/root.ts";
import type { ParityData } from "../../calibrate/fit/transformer/parity.ts";
import { writeValidation } from "../../cli/text/validation.ts";
import type { Validation } from "../../model/prediction.ts";
import { problemsOf, run, runJson } from "./harness.ts";

const file = join(packageRoot, "test/fixtures/catalogue/unseen.json");
type Answer = Validation & { notes: string[]; computed: Validation["summary"] };

describe("a catalogue that the stored fit has not seen", () => {
  it("is predicted from it as it is; every row is scored or excluded with a reason", async () => {
    const answer = await runJson<Answer>(["validate", file]);
    expect(answer.protocol).toBe("leave-one-series-out");
    expect(answer.notes[0]).toContain("has seen none");
    expect(answer.cases.map(({ devices, measured }) => [devices, measured])).toEqual([[64, 18], [512, 18.5]]);
    for (const { predicted, low95, low80, high80, high95, error, measured, machine } of answer.cases) {
      expect([low95 < low80, low80 < predicted, predicted < high80, high80 < high95]).toEqual([true, true, true, true]);
      expect(error).toBeCloseTo(predicted / measured - 1, 12);
      expect(machine).toBe("dgx-h100");
    }
    expect(answer.excluded).toHaveLength(3);
    expect(answer.excluded.every(({ reason }) => reason.length > 5)).toBe(true);
    expect(answer.summary.n).toBe(2);
  });

  it("has wider intervals where no run informs, and fewer points to extrapolate to", async () => {
    const [known, cold, large] = await Promise.all([runJson<Answer>(["validate", file]), runJson<Answer>(["validate", file, "--protocol", "cold"]), runJson<Answer>(["validate", file, "--protocol", "extrapolate"])]);
    const width = ({ cases: [one] }: Answer) => Math.log((one?.high95 ?? 0) / (one?.low95 ?? 1));
    expect(width(cold)).toBeGreaterThan(1.1 * width(known));
    expect(large.cases.map(({ devices }) => devices)).toEqual([512]);
  });

  it("is a table too, and stands alone", async () => {
    const { stdout, code } = await run(["validate", file, "--csv"]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(3);
    expect((await problemsOf(["validate", file, "summit-deeplabv3plus-fp16-2018"]))[0]?.code).toBe("conflict");
    expect((await problemsOf(["validate", file, "--protocol", "warm"]))[0]?.got).toBe('"warm"');
  });
});

describe("the published runs of the scenarios folder", () => {
  it("are scored by protocol without a file: points and figures of the committed fits, what is left out counted by rule", async () => {
    const answer = await runJson<Answer & { kinds: Record<string, Validation["summary"]> }>(["validate", "published", "--protocol", "cold"]);
    for (const [kind, file] of [["transformers", "transformer-accuracy"], ["layers", "layer-accuracy"]] as const) {
      const { points } = JSON.parse(readFileSync(join(packageRoot, `web/client/public/${file}.json`), "utf8")) as ParityData;
      const errors = points.id.flatMap((_, at) => (points.flag[at] === null ? [Math.abs((points.predicted_s["cold"]?.[at] ?? Number.NaN) / (points.measured_s[at] ?? Number.NaN) - 1)] : []));
      expect(answer.kinds[kind]?.n, kind).toBe(errors.length);
      expect(answer.kinds[kind]?.mape, kind).toBeCloseTo(errors.reduce((sum, error) => sum + error, 0) / errors.length, 3);
    }
    const text = writeValidation(answer, { width: 100, colour: false });
    const [, after = ""] = text.split("left out: ");
    expect(after.split("\n").length).toBeLessThan(60);
    expect(after).toMatch(/incomplete +\d+/);
    expect(text).toMatch(/\n {2}#1 /);
  });

  it("stand alone", async () => {
    expect((await problemsOf(["validate", "published", "summit-deeplabv3plus-fp16-2018"]))[0]?.code).toBe("conflict");
  });
});
