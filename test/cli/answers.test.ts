import { beforeAll, describe, expect, test } from "vitest";
import { termIds, type Prediction, type Validation } from "../../model/prediction.ts";
import { flagship, run, runJson } from "./harness.ts";

const readCsv = (text: string) => text.trimEnd().split("\n").map((line) => line.split(","));

function expectNarrow(text: string): void {
  for (const line of text.split("\n").filter((one) => !one.startsWith("next:"))) expect([...line].length, line).toBeLessThanOrEqual(100);
}

describe("predict", () => {
  test("text, JSON and CSV hold the same curve, at the scales asked for", async () => {
    const gpus = ["--gpus", "27360,6,384"];
    const prediction = await runJson<Prediction>(["predict", flagship, ...gpus]);
    expect(prediction.points.map(({ devices }) => devices)).toEqual([6, 384, 27_360]);
    const [head = [], ...rows] = readCsv((await run(["predict", flagship, ...gpus, "--csv"])).stdout);
    expect(rows).toHaveLength(3);
    for (const [index, point] of prediction.points.entries()) {
      const cell = (name: string) => Number(rows[index]?.[head.indexOf(name)]);
      expect(cell("devices")).toBe(point.devices);
      expect(cell("stepTime_s")).toBe(point.stepTime_s.value);
      expect(cell("rate_low95_flop_per_s")).toBe(point.rate_flop_per_s.low95);
      expect(termIds.reduce((sum, id) => sum + cell(`${id}_s`), 0)).toBeCloseTo(point.stepTime_s.value, 9);
    }
    const { stdout } = await run(["predict", flagship, ...gpus]);
    for (const shown of ["27,360", "4,560", "95 % interval", "999.0 PF/s", "next:"]) expect(stdout).toContain(shown);
    expectNarrow(stdout);
  });

  test("the same words give the same bytes", async () => {
    expect((await run(["predict", flagship])).stdout).toBe((await run(["predict", flagship])).stdout);
  });

  test("the error beside a published value is predicted over published, less one", async () => {
    const { published } = await runJson<{ published: Array<{ point: string; measured: number; predicted: number; error: number }> }>(["predict", flagship]);
    const sustained = published.find(({ point }) => point === "sustained");
    expect(sustained?.measured).toBe(999e15);
    expect(sustained?.error).toBeCloseTo((sustained?.predicted ?? 0) / 999e15 - 1, 12);
  });

  test("--set moves the prediction, and is named in the text and in the next command", async () => {
    const plain = await runJson<Prediction>(["predict", flagship, "--gpus", "27360"]);
    const slow = await runJson<Prediction>(["predict", flagship, "--gpus", "27360", "--set", "machine.node.injection=1 GB/s", "--set", "plan.gradientLag=0"]);
    expect(slow.points[0]?.stepTime_s.value).toBeGreaterThan(plain.points[0]?.stepTime_s.value ?? Number.POSITIVE_INFINITY);
    const { stdout } = await run(["predict", flagship, "--set", "machine.node.injection=1 GB/s"]);
    expect(stdout).toContain("changed by you: machine.node.injection=1 GB/s");
    expect(stdout).toContain("--set machine.node.injection=\"1 GB/s\"");
  });

  test("machine and workload alone take plan and stack of the first run like them, and say so", async () => {
    const { code, stdout, stderr } = await run(["predict", "summit", "deeplabv3plus-climate-2018", "--gpus", "1,6", "--json"]);
    expect(code).toBe(0);
    const prediction = JSON.parse(stdout) as Prediction;
    expect(prediction.scenario.run).toBeNull();
    expect(stderr).toContain(`plan ${prediction.scenario.plan.id}, as in the run ${flagship}`);
    expect(stderr).toContain(`stack ${prediction.scenario.stack.id}, as in the run`);
    const { stderr: quiet } = await run(["predict", "summit", "deeplabv3plus-climate-2018", "--plan", prediction.scenario.plan.id, "--stack", prediction.scenario.stack.id]);
    expect(quiet).toBe("");
  });

  test("a run in a file is predicted as the same run of the folder is", async () => {
    const file = await runJson<Prediction>(["predict", `scenarios/runs/${flagship}.json`]);
    expect(file).toEqual(await runJson<Prediction>(["predict", flagship]));
  });
});

describe("validate", () => {
  let validation: Validation;
  beforeAll(async () => {
    validation = await runJson<Validation>(["validate"]);
  });

  test("JSON has protocol, summary and cases with the fields that other programs read", () => {
    expect(validation.protocol).toBe("leave-one-series-out");
    expect(Object.keys(validation.summary)).toEqual(["n", "mape", "median", "p90", "bias", "worst", "coverage80", "coverage95"]);
    expect(validation.summary.n).toBe(validation.cases.length);
    for (const item of validation.cases) {
      expect(item).toMatchObject({ run: expect.any(String), point: expect.any(String), machine: expect.any(String), metric: expect.any(String), unit: expect.any(String) });
      expect(item.error).toBeCloseTo(item.predicted / item.measured - 1, 12);
      expect(item.low95).toBeLessThanOrEqual(item.predicted);
      expect(item.high95).toBeGreaterThanOrEqual(item.predicted);
    }
    expect(validation.cases.map(({ run: id, point }) => `${id} ${point}`)).toContain(`${flagship} sustained`);
  });

  test("a file, a list of runs and standard input are scored as the folder is", async () => {
    const named = { cases: validation.cases.filter(({ run: id }) => id === flagship) };
    const path = `scenarios/runs/${flagship}.json`;
    expect((await runJson<Validation>(["validate", path])).cases).toEqual(named.cases);
    const { document } = await runJson<{ document: { id: string } }>(["show", "run", flagship]);
    expect((await runJson<Validation>(["validate", "-"], { stdin: JSON.stringify([document]) })).cases).toEqual(named.cases);
    const both = [document, { ...document, id: "my-own-run" }];
    expect((await runJson<Validation>(["validate", "-"], { stdin: JSON.stringify(both) })).cases).toHaveLength(2 * named.cases.length);
  });

  test("text and CSV have a row for each case, and the text the summary", async () => {
    const { cases } = validation;
    const { stdout } = await run(["validate"]);
    expect(stdout).toContain(`n ${cases.length}; MAPE `);
    expectNarrow(stdout);
    expect(readCsv((await run(["validate", "--csv"])).stdout)).toHaveLength(cases.length + 1);
  });

  test("cold knows less than in-sample", async () => {
    const at = async (protocol: string) => Math.abs((await runJson<Validation>(["validate", flagship, "--protocol", protocol])).summary.worst);
    expect(await at("cold")).toBeGreaterThan(await at("in-sample"));
  });
});

describe("explain, show, list, schema, check", () => {
  test("explain adds up, and --term and --op pick", async () => {
    const { terms, stepTime_s, operations } = await runJson<{ terms: Array<{ time_s: number }>; stepTime_s: { value: number }; operations: Array<{ time_s: number; pass: string }> }>(["explain", flagship]);
    expect(terms.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(stepTime_s.value, 9);
    expect(operations.length).toBeGreaterThan(100);
    const one = await runJson<{ terms: Array<{ term: string }> }>(["explain", flagship, "--term", "communication", "--gpus", "96"]);
    expect(one.terms.map(({ term }) => term)).toEqual(["communication"]);
    const picked = await runJson<{ operations: Array<{ pass: string }> }>(["explain", flagship, "--op", "*data-grad*"]);
    expect(new Set(picked.operations.map(({ pass }) => pass))).toEqual(new Set(["data-gradient"]));
    const { stdout } = await run(["explain", flagship]);
    for (const shown of ["Calibration", "Assumed", "Without effect", "What the words mean", "Sources", "kurth-sc18"]) expect(stdout).toContain(shown);
  });

  test("show gives each fact its source, a workload its totals, a run its points", async () => {
    const { stdout } = await run(["show", "summit"]);
    expect(stdout).toMatch(/node\.injection +23 GB\/s .*published +olcf-summit/);
    expect(stdout).toContain("olcf-summit: OLCF");
    const workload = await runJson<{ totals: { parameters: number; flopPerSample: Record<string, number> }; layers: unknown[] }>(["show", "deeplabv3plus-climate-2018", "--layers"]);
    expect(workload.totals.parameters / 1e6).toBeCloseTo(43.67, 1);
    expect((workload.totals.flopPerSample["algorithmic"] ?? 0) / 1e12).toBeCloseTo(13.02, 1);
    expect(workload.layers.length).toBeGreaterThan(100);
    const shown = (await run(["show", "run", flagship])).stdout;
    for (const part of ["999.0 PF/s", "What the words mean", "plan.gradientLag"]) expect(shown).toContain(part);
    expectNarrow(shown);
  });

  test("list has what the folders hold; a folder's name names its kind", async () => {
    const runs = await runJson<Array<{ kind: string; id: string }>>(["list", "run"]);
    expect(runs.map(({ id }) => id)).toContain(flagship);
    expect(await runJson(["list", "runs"])).toEqual(runs);
    expect(new Set((await runJson<Array<{ kind: string }>>(["list"])).map(({ kind }) => kind))).toEqual(new Set(["device", "machine", "workload", "plan", "stack", "run", "calibration", "memory", "convergence", "grid", "price", "memory-readings", "published-facts", "published-runs", "series"]));
  });

  test("schema prints a JSON Schema, check passes the whole folder", async () => {
    const { stdout } = await run(["schema", "machine"]);
    expect(JSON.parse(stdout)).toMatchObject({ title: "exatwin machine", type: "object", additionalProperties: false });
    expect(await runJson(["check"])).toMatchObject({ problems: [] });
  });
});
