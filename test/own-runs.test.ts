/** Training that was measured on the host whose microbenchmarks predict it: held-out cells, without any training run informing them. */
import { describe, expect, it } from "vitest";
import { ownRunNames, validationUnder } from "./support/library.ts";

const cold = validationUnder("cold");
const own = cold.cases.filter(({ run }) => ownRunNames.includes(run));
const meanOf = (errors: readonly number[]) => errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;

describe("own training runs", () => {
  it("have at least 40 held-out cells, of four networks, and cells for fitting that are not scored", () => {
    expect(own.length).toBeGreaterThanOrEqual(40);
    expect(new Set(own.map(({ point }) => point.split("-b")[0])).size).toBe(4);
    expect(cold.excluded.filter(({ run }) => ownRunNames.includes(run)).length).toBeGreaterThanOrEqual(8);
  });

  it("are predicted within 5 % on average, and each within 12 %", () => {
    expect(meanOf(own.map(({ error }) => error))).toBeLessThan(0.05);
    for (const { point, error } of own) expect(Math.abs(error), point).toBeLessThan(0.12);
  });

  it("of the U-Net, of which no shape was measured, are as good", () => {
    const unet = own.filter((one) => one.point.startsWith("unet"));
    expect(unet.length).toBeGreaterThanOrEqual(10);
    expect(meanOf(unet.map(({ error }) => error))).toBeLessThan(0.05);
  });

  it("lie inside their 95 % intervals", () => {
    expect(own.filter(({ measured, low95, high95 }) => low95 <= measured && measured <= high95).length / own.length).toBeGreaterThan(0.9);
  });

  it("know nothing more under other protocols: nothing was fitted on a training run", () => {
    const left = validationUnder("leave-one-series-out").cases.filter(({ run }) => ownRunNames.includes(run));
    expect(left.map(({ predicted }) => predicted)).toEqual(own.map(({ predicted }) => predicted));
  });
});
