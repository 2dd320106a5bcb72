/** The panel of energy and money: rows add up to the step, the table has what is drawn, what is not known is said. */
import { describe, expect, it } from "vitest";
import { predict, predictTransformer, resolveScenario, resolveTransformer } from "../../../model/index.ts";
import { energyRows, energySubtitle, energyTable, energyTitle, moneyNotes } from "../../../web/client/data/energy-data.ts";
import { library, scenarioOf } from "../../support/library.ts";

const flagship = predict(scenarioOf("summit-deeplabv3plus-fp16-2018"), { devices: [27_360] }).points[0]!;
const gpt = predictTransformer(resolveTransformer(library, { machine: "selene", workload: "gpt-1t", plan: "megatron-1t-2021", stack: "megatron-2021" }).scenario!, {}).points[0]!;

describe.each([["layers", flagship], ["a transformer", gpt]] as const)("energy of %s", (_, point) => {
  it("adds up, largest part first", () => {
    const values = energyRows(point).map(({ value }) => value);
    expect(values.reduce((sum, value) => sum + value, 0) / (point.energy?.perStep_J.site?.value ?? 0)).toBeCloseTo(1, 9);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(energyTable(point).rows.slice(0, values.length).map(([, value]) => value as number).toSorted((a, b) => b - a)).toEqual(values);
  });

  it("is told with its boundary, and what is not counted", () => {
    expect(energyTitle(point)).toMatch(/^A step takes [\d.,]+\s\wWh, /u);
    expect(energySubtitle(point)).toContain("the site with its cooling");
    expect(moneyNotes(point).join(" ")).toMatch(/Rented: .* Not counted or not known: switches of the fabric; the file system/);
  });
});

describe("without a power of the device", () => {
  const point = predict(resolveScenario(library, { run: "cascadelake-vm-2c-gpt-256" }).scenario!, { devices: [1] }).points[0]!;
  it("nothing is drawn and the reason is given", () => {
    expect(energyRows(point)).toEqual([]);
    expect([energyTitle(point), energySubtitle(point)]).toEqual(["What a step draws is not known", "The device document states no power."]);
    expect(moneyNotes(point)).toEqual(["Not counted or not known: no price of this machine is on file; no price for an hour of this device is on file."]);
  });
});
