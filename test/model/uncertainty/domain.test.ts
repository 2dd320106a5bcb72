/** Predictions outside the runs of a fit: told, and with wider intervals. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeOutside, domainOf, findOutside, widening } from "../../../model/uncertainty/domain.ts";
import { widen } from "../../../model/uncertainty/interval.ts";
import { runJson } from "../../cli/harness.ts";

const domain = { devices: { low: 8, high: 4096 }, hidden: { low: 768, high: 16_384 } };

describe("outside", () => {
  it("nothing inside the range, at its ends, or of what the fit does not know", () => {
    expect(findOutside(domain, { devices: 8, hidden: 16_384, samplesPerDevice: 1e9 })).toEqual([]);
    expect(findOutside(undefined, { devices: 1e9 })).toEqual([]);
    expect(widening([])).toBe(1);
  });

  it("eight times above or below doubles what the equations leave open; quantities add", () => {
    expect(widening(findOutside(domain, { devices: 32_768 }))).toBeCloseTo(2, 12);
    expect(widening(findOutside(domain, { devices: 1 }))).toBeCloseTo(2, 12);
    expect(widening(findOutside(domain, { devices: 32_768, hidden: 96 }))).toBeCloseTo(3, 12);
  });

  it("grows with the distance", () => {
    fc.assert(fc.property(fc.double({ min: 1, max: 1e4, noNaN: true }), fc.double({ min: 1.001, max: 100, noNaN: true }), (far, further) => {
      const at = (devices: number): number => widening(findOutside(domain, { devices }));
      expect(at(4096 * far * further)).toBeGreaterThan(at(4096 * far));
    }));
  });

  it("one sentence a quantity, of its furthest value; loud beyond eight times", () => {
    const [devices, channels, ...others] = describeOutside([...findOutside(domain, { devices: 8192, hidden: 131_073 * 2 }), ...findOutside(domain, { devices: 16_384 })]);
    expect(others).toEqual([]);
    expect(devices).toMatch(/^16,384 devices lie 4\.0 times outside the 8 to 4,096 of the runs/);
    expect(channels).toMatch(/^Far outside what was tested: 262,146 channels lie 16 times outside/);
  });

  it("a domain is the smallest range that holds all runs", () => {
    expect(domainOf([{ devices: 64, hidden: 4096 }, { devices: 8 }, { devices: 512 }])).toEqual({ devices: { low: 8, high: 512 }, hidden: { low: 4096, high: 4096 } });
  });
});

it("a further error widens both sides as independent variances", () => {
  const wide = widen({ value: 2, low80: 1.9, high80: 2.1, low95: 1.8, high95: 2.2 }, 0.1);
  expect(Math.log(wide.high95 / 2) ** 2).toBeCloseTo(Math.log(1.1) ** 2 + (1.959964 * 0.1) ** 2, 6);
  expect(Math.log(wide.low95 / 2) ** 2).toBeCloseTo(Math.log(0.9) ** 2 + (1.959964 * 0.1) ** 2, 6);
});

interface Told {
  readonly notes: readonly string[];
  readonly points: readonly { readonly devices: number; readonly stepTime_s: { readonly value: number; readonly low95: number; readonly high95: number } }[];
}
const width = ({ stepTime_s: { high95, value } }: Told["points"][number]): number => Math.log(high95 / value);

describe("predictions", () => {
  it("of a transformer: more sequences a pass than any run had are told, and the interval is wider", async () => {
    const at = (microBatch: number) => runJson<Told>(["predict", "selene", "gpt3-175b", "--plan", "gpt3-175b-selective-2022", "--set", `plan.microBatch=${microBatch}`, "--set", `plan.globalBatch=${64 * microBatch}`]);
    const [usual, huge] = await Promise.all([at(1), at(4096)]);
    expect(usual.notes.join(" ")).not.toMatch(/times outside/);
    expect(huge.notes[0]).toMatch(/^Far outside what was tested: [\d,]+ tokens a pass and device/);
    expect(width(huge.points[0]!)).toBeGreaterThan(width(usual.points[0]!));
  });

  it("of a network of layers that the fit informs: the discrepancy stands in the interval, and samples beyond all runs are told", async () => {
    const at = (samples: number) => runJson<Told>(["predict", "dlperf-v100", "resnet50-imagenet", "--stack", "oneflow-2020", "--plan", "insightface-2020", "--gpus", "8", "--set", `plan.samplesPerDevice=${samples}`, "--set", "plan.classifier.split=false"]);
    const [usual, huge] = await Promise.all([at(128), at(65_536)]);
    expect(width(usual.points[0]!)).toBeGreaterThan(1.959 * 0.08);
    expect(huge.notes.some((note) => /^Far outside what was tested: [\d,]+ samples a device/.test(note))).toBe(true);
    expect(usual.notes.join(" ")).not.toMatch(/times outside/);
  });
});
