/** Every native benchmark that was built says what it measured in lines that the schema takes. Speeds are not looked at. */
import { describe, expect, it } from "vitest";
import { measurementRowSchema, skippedSchema } from "../../model/schema/measurement.ts";
import { built, notBuilt, start, startAlone, type Ended } from "./programs.ts";

const readLines = ({ stdout }: Ended): unknown[] => stdout.split("\n").filter((line) => line !== "").map((line): unknown => JSON.parse(line));
const isSkip = (line: unknown): boolean => typeof line === "object" && line !== null && "skipped" in line;

/** Older than the schema: it writes lines of its own, for minutes, and a fit of its own reads them. */
const ofItsOwn = ["coordinator-request"];
const bound = built.built.filter((name) => !ofItsOwn.includes(name));

describe("native benchmarks", () => {
  it("are built", (context) => {
    if (built.built.length === 0) context.skip(notBuilt);
    expect(built.built).toContain("fma-peak");
    expect(new Set(built.built).size).toBe(built.built.length);
  });

  it.for(built.missing)("$benchmark is left out", ({ benchmark, reason }, context) => {
    expect(built.built).not.toContain(benchmark);
    expect(reason).not.toBe("");
    context.skip(reason);
  });

  it.for(bound)("%s writes lines that the schema takes", async (name, context) => {
    const ended = await start(name, ["--tiny"]);
    expect(ended).toMatchObject({ code: 0 });
    const lines = readLines(ended);
    expect(lines.length).toBeGreaterThan(0);
    const measured = lines.filter((line) => !isSkip(line)).map((line) => measurementRowSchema.parse(line));
    const skipped = lines.filter(isSkip).map((line) => skippedSchema.parse(line));
    // One line per combination of the independent variables: a case that comes twice could not be told apart.
    const cases = measured.map((row) => JSON.stringify([row.benchmark, Object.entries(row.case).toSorted()]));
    expect(new Set(cases).size).toBe(cases.length);
    for (const { skipped: reason } of skipped) expect(ended.stderr).toContain(reason);
    if (measured.length === 0) context.skip(skipped.map(({ benchmark, skipped: reason }) => `${benchmark}: ${reason}`).join("; "));
  });

  it.each(bound)("%s refuses an argument that it does not know", async (name) => {
    const ended = await startAlone(name, ["--no-such-argument"]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("--no-such-argument");
    expect(ended.stderr).toContain("--tiny");
  });

  it.each(built.checks ?? [])("%s holds", async (name) => {
    expect(await startAlone(name, [])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
