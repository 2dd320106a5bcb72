/** Words of energy and money: emissions name the grid, its year and the source of its intensity. */
import { describe, expect, it } from "vitest";
import { explainEnergy } from "../../../model/explain/energy.ts";
import { predictRun } from "../../support/library.ts";

const [point] = predictRun("summit-deeplabv3plus-fp16-2018", {}, { devices: [6] }).points;
if (!point?.energy) throw new Error("Summit's document states power");
const scale = { devices: 6, nodes: 1, step_s: point.stepTime_s.value, per: "sample" as const };
const emissions = (grid: { region: string; year: number; source: string } | null) =>
  explainEnergy({ ...point.energy!, carbonPerStep_kg: { ...point.energy!.perSample_J, value: 1e-3 }, grid }, point.money, scale).find(({ what }) => what === "Emissions of a step");

describe("emissions of a step", () => {
  it("name the region and the year that they are the average of, with its source", () => {
    expect(emissions({ region: "France", year: 2022, source: "some-source" })).toMatchObject({ equation: expect.stringMatching(/by the grid's average \(France, 2022\)$/), source: "some-source" });
    expect(emissions(null)?.equation).toMatch(/by the grid's average$/);
  });

  it("are not told where the machine names no grid", () => {
    expect(explainEnergy({ ...point.energy!, carbonPerStep_kg: null, grid: null }, point.money, scale).some(({ what }) => what === "Emissions of a step")).toBe(false);
  });
});
