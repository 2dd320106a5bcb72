/** Predictions beside measurements: the summary by hand on a set made for it, the protocols, runs from outside the library. */
import { describe, expect, it } from "vitest";
import { validate } from "../../calibrate/validate.ts";
import { estimateOf } from "../../model/predict/metrics.ts";
import { protocols } from "../../model/resolve/parameters.ts";
import type { Run } from "../../model/schema/run.ts";
import { allRunNames, library, predictRun, scenarioOf, validationUnder } from "../support/library.ts";

/** Cold, so that a made run is predicted as the run it was made from, whatever calibrates which. */
const protocol = "cold";
const base = library.documents.run["summit-deeplabv3plus-fp32-2018"] as Run;
const at = predictRun(base.id, {}, { devices: [384], protocol }).points[0];
if (!at) throw new Error("no prediction");
const throughput = at.throughput_samples_per_s;

type Point = Run["points"][number];
const point = (id: string, value: string, more: Partial<Point> = {}): Point => ({ id, devices: 384, metric: "throughput", value, how: "made for this test", use: "validation", ...more });
const runWith = (points: readonly object[], id = "made-here") => ({ ...base, id, points });
const validateRun = (points: readonly object[], id?: string) => validate(library, { protocol, extraRuns: [{ name: "made.json", document: runWith(points, id) }] });
const samples = (value: number): string => `${value} samples/s`;

describe("the summary", () => {
  it("is that of the step-time errors, worked out by hand", () => {
    // Quantiles lie on the line between neighbours: of 0, 20, 25 % the median is 20 % and the 90th percentile 24 %.
    // The prediction is 25 % above, 20 % below and equal to what was "measured": steps 20 % too short, 25 % too long, right.
    const { validation } = validateRun([point("a", samples(throughput.value / 1.25)), point("b", samples(throughput.value / 0.8)), point("c", samples(throughput.value))]);
    expect(validation?.cases.map(({ error }) => error)).toEqual([expect.closeTo(0.25, 9), expect.closeTo(-0.2, 9), expect.closeTo(0, 9)]);
    expect(validation?.cases.map(({ stepTimeError }) => stepTimeError)).toEqual([expect.closeTo(-0.2, 9), expect.closeTo(0.25, 9), expect.closeTo(0, 9)]);
    expect(validation?.summary).toMatchObject({ n: 3, mape: expect.closeTo(0.15, 9), median: expect.closeTo(0.2, 9), p90: expect.closeTo(0.24, 9), bias: expect.closeTo(0.05 / 3, 9), worst: expect.closeTo(0.25, 9) });
  });

  it("counts what lies inside the intervals", () => {
    const between = (throughput.high80 + throughput.high95) / 2;
    const { validation } = validateRun([point("a", samples(throughput.value)), point("b", samples(between)), point("c", samples(throughput.high95 * 1.01)), point("d", samples(throughput.low95 * 0.99))]);
    expect(validation?.summary).toMatchObject({ coverage80: 0.25, coverage95: 0.5 });
  });

  it("of a time has the sign of the time, of a rate the other", () => {
    const { validation } = validateRun([point("a", `${at.stepTime_s.value / 1.1} s`, { metric: "step-time" }), point("b", `${at.rate_flop_per_s.value / 1.1} flop/s`, { metric: "sustained-rate" })]);
    expect(validation?.cases.map(({ error, stepTimeError }) => [error, stepTimeError])).toEqual([
      [expect.closeTo(0.1, 9), expect.closeTo(0.1, 9)],
      [expect.closeTo(0.1, 9), expect.closeTo(1 / 1.1 - 1, 9)],
    ]);
  });

  it("of nothing is nothing", () => {
    const { validation } = validateRun([point("a", samples(1), { use: "calibration" })]);
    expect(validation).toMatchObject({ summary: { n: 0, mape: 0, coverage95: 0 }, cases: [], excluded: [{ run: "made-here", point: "a" }] });
  });
});

describe("a point", () => {
  it("is predicted with its own changes, devices and FLOP convention", () => {
    const two = predictRun(base.id, { "plan.samplesPerDevice": 2 }, { devices: [6], protocol }).points[0];
    const { validation } = validateRun([
      point("a", samples(1), { devices: 6, overrides: { "plan.samplesPerDevice": 2 } }),
      point("b", "1 TF/s", { metric: "sustained-rate" }),
      point("c", "1 TF/s", { metric: "sustained-rate", convention: "algorithmic" }),
    ]);
    const [a, b, c] = validation?.cases ?? [];
    expect(a?.predicted).toBe(two?.throughput_samples_per_s.value);
    expect(a?.devices).toBe(6);
    const { flopPerSample } = predictRun(base.id, {}, { devices: [6] }).totals;
    expect((b?.predicted ?? 0) / (c?.predicted ?? 1)).toBeCloseTo(flopPerSample["graph-s2b-2018"] / flopPerSample.algorithmic, 9);
  });

  it("takes the output that its metric names", () => {
    expect(estimateOf(at, "sustained-rate")).toBe(at.rate_flop_per_s);
    expect(estimateOf(at, "peak-rate")).toBe(at.peakRate_flop_per_s);
    expect(estimateOf(at, "parallel-efficiency")).toBe(at.efficiency);
    expect(estimateOf(at, "throughput")).toBe(at.throughput_samples_per_s);
    expect(estimateOf(at, "step-time")).toBe(at.stepTime_s);
    expect(estimateOf(at, "staging-time")).toBe(at.stagingTime_s);
  });

  it("that cannot be predicted is a problem with its run and id", () => {
    const { problems } = validateRun([
      point("staging", "10 s", { metric: "staging-time", overrides: { "plan.staging.mode": "none" } }),
      point("many", samples(1), { devices: 999_999 }),
      point("slip", samples(1), { overrides: { "plan.fusoin": "1 MiB" } }),
    ]);
    expect(problems.map(({ path }) => path)).toEqual(["runs/made-here, point staging", "runs/made-here, point many: devices", "runs/made-here, point slip: change plan.fusoin"]);
    expect(problems[2]).toMatchObject({ hint: `did you mean "fusion"?` });
  });
});

describe("runs from outside the library", () => {
  it("are validated alone, and beside those that are named", () => {
    const made = { name: "made.json", document: runWith([point("a", samples(1))]) };
    expect(validate(library, { protocol, extraRuns: [made] }).validation?.cases.map(({ run }) => run)).toEqual(["made-here"]);
    const both = validate(library, { protocol, extraRuns: [made], runs: ["summit-tiramisu-fp16-2018"] });
    expect(both.validation?.cases.map(({ run }) => run)).toEqual(["summit-tiramisu-fp16-2018", "made-here"]);
  });

  it("with problems are told by the name they were given, all of them", () => {
    const { validation, problems } = validate(library, { protocol, extraRuns: [{ name: "one.json", document: { id: "x" } }, { name: "two.json", document: runWith([point("a", "1 GB")]) }] });
    expect(validation).toBeUndefined();
    expect(problems.length).toBeGreaterThan(5);
    expect(problems.filter(({ path }) => path.startsWith("one.json: ")).length).toBe(problems.length - 1);
    expect(problems.at(-1)).toMatchObject({ path: "two.json: points[0].value", expected: expect.stringContaining("a sample rate") });
  });

  it("with a name that nobody knows are told the nearest", () => {
    const { problems } = validate(library, { protocol, runs: ["summit-deeplabv3-fp16-2018"] });
    expect(problems).toEqual([expect.objectContaining({ code: "unknown-name", hint: `did you mean "summit-deeplabv3plus-fp16-2018"?` })]);
    expect(validate(library, { protocol, extraRuns: [{ name: "x", document: { ...runWith([point("a", samples(1))]), machine: "sumit" } }] }).problems).toEqual([expect.objectContaining({ path: "runs/made-here, point a: machine" })]);
  });

  it("leave the library as it was", () => {
    const before = Object.keys(library.documents.run);
    validateRun([point("a", samples(1))]);
    expect(Object.keys(library.documents.run)).toEqual(before);
  });

  it("with the id of a stored run stand in for it", () => {
    const { validation } = validateRun([point("a", samples(1))], base.id);
    expect(validation?.cases.map(({ run, point }) => `${run} ${point}`)).toEqual([`${base.id} a`]);
  });
});

describe("protocols", () => {
  it("score the same points, each once", () => {
    const scored = allRunNames.flatMap((run) => (scenarioOf(run).run?.points ?? []).filter(({ use }) => use === "validation").map(({ id }) => `${run} ${id}`));
    for (const one of protocols) expect(validationUnder(one).cases.map(({ run, point }) => `${run} ${point}`), one).toEqual(scored);
  });

  it("that see more know more: errors and intervals shrink from cold to in-sample", () => {
    const [cold, loso, inSample] = ["cold", "leave-one-series-out", "in-sample"].map((one) => validationUnder(one as (typeof protocols)[number]));
    const width = (of: typeof cold) => (of?.cases ?? []).reduce((sum, { low95, high95 }) => sum + Math.log(high95 / low95), 0);
    expect(width(loso)).toBeLessThan(width(cold));
    expect(width(inSample)).toBeLessThanOrEqual(width(loso));
    expect(loso?.summary.mape).toBeLessThan(cold?.summary.mape ?? 0);
    expect(inSample?.summary.mape).toBeLessThan(loso?.summary.mape ?? 0);
  });
});
