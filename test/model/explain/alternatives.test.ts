/** What the flagship's own choices were worth: the same as predicting with the change typed. */
import { describe, expect, it } from "vitest";
import { alternativesOf, predict, resolveScenario } from "../../../model/index.ts";
import { library } from "../../support/library.ts";

const selection = { run: "summit-deeplabv3plus-fp16-2018" };
const { scenario } = resolveScenario(library, selection);
if (!scenario) throw new Error("the flagship does not resolve");
const devices = 27_360;
const found = alternativesOf(library, selection, scenario, devices);
const of = (words: string) => found.others.find(({ label }) => label.includes(words));

describe("other choices of the flagship", () => {
  it("are those that it makes: channels, staging, lag, control plane, leaders, and slow GPUs", () => {
    expect(found.others.map(({ label }) => label)).toEqual([expect.stringContaining("3 input channels"), expect.stringContaining("naive staging"), "no gradient lag", "a flat control plane", expect.stringContaining("one leader"), expect.stringContaining("1 % of the GPUs")]);
  });

  it("begin from the step that is predicted", () => {
    const [point] = predict(scenario, { devices: [devices] }).points;
    expect(found.step_s).toBeCloseTo(point?.stepTime_s.value ?? 0, 12);
    expect(found.staging_s).toBeCloseTo(point?.staging?.time_s ?? 0, 9);
  });

  it.each(found.others)("$label: as predicted with its change", ({ changes, step_s, longer, staging_s }) => {
    const changed = resolveScenario(library, { ...selection, changes }).scenario;
    const point = changed && predict(changed, { devices: [devices] }).points[0];
    expect(step_s).toBeCloseTo(point?.stepTime_s.value ?? 0, 12);
    expect(longer).toBeCloseTo(step_s / found.step_s - 1, 12);
    expect(staging_s).toBeCloseTo(point?.staging?.time_s ?? Number.NaN, 9);
  });

  it("naive staging takes longer and leaves the step, a flat control plane and slow GPUs lengthen it", () => {
    expect(of("naive")).toMatchObject({ longer: 0 });
    expect(of("naive")?.staging_s).toBeGreaterThan(5 * (found.staging_s ?? 0));
    expect(of("flat")?.longer).toBeGreaterThan(0.5);
    expect(of("1 %")?.longer).toBeGreaterThan(0.02);
  });

  it("one leader sums for longer, all of it hidden behind the step of the flagship", () => {
    expect(of("leader")?.longer).toBe(0);
    expect((of("leader")?.hidden_s ?? 0) - found.hidden_s).toBeGreaterThan(0.05);
    expect(of("no gradient lag")?.hidden_s).toBeLessThan(found.hidden_s);
  });

  it("are not asked where a scenario does not make them", () => {
    const daint = { run: "piz-daint-tiramisu-2018" };
    const other = resolveScenario(library, daint).scenario;
    if (!other) throw new Error("Piz Daint does not resolve");
    expect(alternativesOf(library, daint, other, 5300).others.map(({ label }) => label).some((label) => label.includes("leader"))).toBe(other.stack.collective.leaders > 1 && other.stack.collective.algorithm === "hierarchical");
  });
});
