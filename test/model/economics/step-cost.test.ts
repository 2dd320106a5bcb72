/** Cost of a step by hand: offers by their order, a machine over its life, electricity. */
import { describe, expect, it } from "vitest";
import { stepCost } from "../../../model/economics/step-cost.ts";
import type { DocumentOf } from "../../../model/schema/index.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import { library } from "../../support/library.ts";

const prices = Object.entries(library.documents.price).map(([id, value]) => parseDocument("price", value, `prices/${id}`).document as DocumentOf<"price">);
const step = { device: "h100-sxm-80gb", machine: "frontier", machineNodes: 9856, devices: 16, nodes: 2, step_s: 3600, energy_J: 3.6e6 };

describe("what a step costs", () => {
  it("on rented devices spans the offers of that device and no other", () => {
    const { rented } = stepCost(prices, step);
    const hours = rented?.offers.map(({ perDeviceHour }) => perDeviceHour) ?? [];
    expect(hours.length).toBeGreaterThan(3);
    expect(rented?.perDeviceHour.low).toBeCloseTo(Math.min(...hours), 9);
    expect(rented?.perDeviceHour.high).toBeCloseTo(Math.max(...hours), 9);
    expect(rented?.perStep.middle).toBeCloseTo(16 * (rented?.perDeviceHour.middle ?? 0), 9);
    // SemiAnalysis, October 2025, and the list price of AWS before June 2025.
    expect([hours[0], hours.at(-1)]).toEqual([expect.closeTo(1.7, 9), expect.closeTo(12.29, 9)]);
  });

  it("on an owned machine is its share for an hour, and a kilowatt-hour", () => {
    const { owned } = stepCost(prices, step);
    // 600 MUSD over 9,856 nodes, five years, nine tenths in use; 0.094 USD/kWh.
    expect(owned?.capitalPerStep).toBeCloseTo((2 * 600e6) / (9856 * 1826 * 24 * 0.9), 6);
    expect(owned?.electricityPerStep).toBeCloseTo(0.094, 9);
    expect(owned?.perStep.value).toBeCloseTo((owned?.capitalPerStep ?? 0) + 0.094, 6);
    expect(owned?.perStep.low95).toBeLessThan(owned?.perStep.value ?? 0);
  });

  it("on Summit is of Summit's part of a contract for two machines: 200 of 325 MUSD, which is also its part of their GPUs", () => {
    const { owned } = stepCost(prices, { ...step, device: "v100-sxm2-16gb", machine: "summit", machineNodes: 4608 });
    const bought = ((owned?.capitalPerStep ?? 0) / 2) * 4608 * 1826 * 24 * 0.9;
    expect(Math.abs(bought / 200e6 - 1)).toBeLessThan(0.001);
    expect(owned?.sources).toContain("mit-technology-review-2019-aurora");
    expect(Math.abs(bought / 325e6 / ((4608 * 6) / (4608 * 6 + 4320 * 4)) - 1)).toBeLessThan(0.001);
  });

  it("tells regions of offers, and takes the newest price of electricity with its date", () => {
    const price = prices.find(({ electricity }) => electricity !== undefined);
    const [tariff] = price?.electricity ?? [];
    const [offer] = prices.flatMap(({ offers }) => offers ?? []).filter(({ device }) => device === step.device);
    if (!price || !tariff || !offer) throw new Error("no prices are on file");
    const later = { ...price, offers: [{ ...offer, region: "us-east-1" }], electricity: [tariff, { ...tariff, date: "2030-01", value: { ...tariff.value, value: 2 * tariff.value.value } }] };
    const { rented, owned } = stepCost([later], step);
    expect(rented?.offers[0]?.seller).toBe(`${offer.seller}, us-east-1`);
    expect(owned?.electricityPerStep).toBeCloseTo(2 * 0.094, 9);
    expect(owned?.what).toContain("(2030-01)");
  });

  it("says what it does not know", () => {
    const { rented, owned, unknown } = stepCost(prices, { ...step, device: "a64fx", machine: "fugaku" });
    expect([rented, owned]).toEqual([null, null]);
    expect(unknown).toEqual(["no price of this machine is on file", "no price for an hour of this device is on file"]);
    expect(stepCost([], step).rented).toBeNull();
  });
});
