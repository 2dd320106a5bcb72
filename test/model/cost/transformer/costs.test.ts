import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextTime, dispatchTime, groupTime, membersInDomain, messageTime, tensorTime } from "../../../../model/cost/transformer/collectives.ts";
import { computeProduct, longer4, timeProduct, beginProducts } from "../../../../model/cost/transformer/products.ts";
import { ratesOf, visibleShare, type Rates } from "../../../../model/cost/transformer/rates.ts";
import { quantisation } from "../../../../model/cost/transformer/tiles.ts";
import { a100, layoutOf, valuesOf } from "../../../support/transformers.ts";

const layout = layoutOf({ devices: 8, microBatch: 1, globalBatch: 8 });
const rates = (more: Parameters<typeof valuesOf>[0] = {}): Rates => ({ ...ratesOf(a100, valuesOf(more), layout, 2, 2) });

describe("quantisation", () => {
  it("is 1 where tiles fill all waves", () => expect(quantisation(256 * 12, 128 * 9, 4096, 1, 108)).toBe(1));
  it("one tile of 256 x 128 on 108 multiprocessors without splitting K", () => expect(quantisation(256, 128, 128, 1, 108)).toBeCloseTo(1.5 * 108 * (64 * 64) / (256 * 128), 9));
  it("splitting K in eight fills more of the machine", () => expect(quantisation(256, 128, 8192, 1, 108)).toBeLessThan(quantisation(256, 128, 128, 1, 108) / 2));
  it("109 tiles take two waves", () => expect(quantisation(256 * 109, 128, 256, 1, 108)).toBeGreaterThan(1.2));
  it("groups share waves", () => expect(quantisation(256, 128, 256, 108, 108)).toBe(1));
  it("is never below 1", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 64 }), (m, n, k, groups) => {
      expect(quantisation(m, n, k, groups, 132)).toBeGreaterThanOrEqual(1);
    }));
  });
});

describe("matrix products", () => {
  it("by hand: 3072 x 1152 x 4096 on A100", () => {
    const compute = ((2 * 3072 * 1152 * 4096) / (312e12 * 0.88)) * (1 + 190 / 4096) * (1 + 90 / 1152);
    const memory = (2 * (4096 * (3072 + 1152) + 3072 * 1152)) / (2039e9 * 0.67);
    expect(computeProduct(3072, 1152, 4096, 1, false, rates())).toBeCloseTo((compute ** 4 + memory ** 4) ** 0.25, 12);
  });

  it("a narrow format with twice the peak has ramps twice as long", () => {
    const narrow = { ...ratesOf({ ...a100, peak_flop_per_s: 624e12 }, valuesOf(), { ...layout, recipe: "fp8" }, 2, 1) };
    const ramps = (factor: number): number => (1 + (190 * factor) / 4096) * (1 + (90 * factor) / 4096);
    const wide_s = computeProduct(4096, 4096, 4096, 1, false, { ...narrow, memory_s_per_byte: 0 });
    expect(computeProduct(4096, 4096, 4096, 1, true, { ...narrow, memory_s_per_byte: 0 }) / wide_s).toBeCloseTo((0.5 * ramps(2)) / ramps(1), 9);
  });

  it("FP32 has shorter ramps in elements, as its products are slower, and sums gradients of 4 bytes", () => {
    const wide = { ...ratesOf({ ...a100, peak_flop_per_s: 19.5e12 }, valuesOf({ gradientBytes: 2 }), { ...layout, recipe: "fp32" }, 4, 4) };
    const { innerRamp, outerRamp } = rates();
    expect([wide.innerRamp / innerRamp, wide.outerRamp / outerRamp]).toEqual([19.5 / 312, 19.5 / 312]);
    expect([wide.gradientBytes, rates({ gradientBytes: 2 }).gradientBytes]).toEqual([4, 2]);
  });

  it("the table gives what the search gives, also after the rates changed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom(0.7, 0.8, 0.9), (m, n, k, gemmCeiling) => {
        const now = rates({ gemmCeiling });
        for (let again = 0; again < 2; again++) {
          beginProducts(now);
          expect(timeProduct(m * 64, n * 64, k * 64, 1, 0, now)).toBe(computeProduct(m * 64, n * 64, k * 64, 1, false, now));
        }
      }),
    );
  });

  it("the 4-norm is a little above the larger one", () => {
    expect(longer4(3, 0)).toBe(3);
    expect(longer4(1, 1)).toBeCloseTo(2 ** 0.25, 12);
  });
});

describe("exponentials of attention", () => {
  it("H100, heads of 128 channels: half of the time of the forward products, as FlashAttention-3 says in section 3.2", () => {
    const h100 = { ...a100, peak_flop_per_s: 989e12, peak16_flop_per_s: 989e12, exponentials_per_s: 3.9e12 };
    const { flash_s_per_flop, exponential_s } = ratesOf(h100, valuesOf(), layout, 2, 2);
    expect(exponential_s / (4 * 128 * flash_s_per_flop)).toBeCloseTo(0.5, 1);
  });
  it("take no time of their own where the device document does not know them", () => expect(rates().exponential_s).toBe(0));
  it("share what fused attention reaches with its products", () => {
    const at = (flashShare: number): number => ratesOf({ ...a100, exponentials_per_s: 2.44e12 }, valuesOf({ flashShare }), layout, 2, 2).exponential_s;
    expect(at(0.25) / at(0.5)).toBeCloseTo(2, 12);
  });
});

describe("collectives", () => {
  it("a group of two in each of four nodes crosses with two ports", () => {
    expect(membersInDomain(8, 4, 8)).toBe(2);
    const port = (200e9 * 0.9) / 8;
    expect(groupTime(1e9, 8, 4, 2, rates())).toBeCloseTo((2 * 1e9 * (7 / 8)) / (2 * port) + 8 * 5e-6, 9);
  });

  it("a whole node in the group reaches all ports of the node", () => {
    const port = (200e9 * 0.9) / 8;
    expect(groupTime(1e9, 64, 1, 1, rates())).toBeCloseTo((1e9 * (63 / 64)) / (8 * port) + 64 * 5e-6, 9);
  });

  it("slices of a torus: among themselves (D-1)/D, and contention", () => {
    const torus = rates({ sliceContention: 0.06 });
    const inside = groupTime(1e9, 16, 1, 1, { ...torus, domain: 8 });
    expect(inside).toBeCloseTo(1e9 * ((7 / 8) * torus.node_s_per_byte + (0.5 + 0.12) * (torus.port_s_per_byte / 8)) + 16 * torus.fabricLatency_s, 9);
  });

  it("tensor-parallel: payload and half size, exposed, and a wait that nothing hides", () => {
    const expected = (2 * (7 / 8) * (50e6 + 4e6)) / 220e9 + 36e-6;
    expect(tensorTime(50e6, 8, 2, rates())).toBeCloseTo(expected * 0.93 + 50e-6, 12);
  });

  it("dispatch sends a token once to each node that has one of its experts", () => {
    const now = rates({ fabricLatency: 0, nodeBandwidth: 1e15 });
    const nodes = 8;
    expect(dispatchTime(8e6, 64, 8, 1, now)).toBeCloseTo(1e6 * (nodes - 1) * (1 - (1 - 1 / nodes) ** 8) * now.port_s_per_byte, 12);
  });

  it("inside a domain an all-to-all sends every copy, otherwise a rank gets a token once", () => {
    expect(dispatchTime(8e6, 8, 1, 1, rates())).toBeCloseTo((8e6 * 7) / 8 / 220e9 + 36e-6, 12);
    expect(dispatchTime(8e6, 8, 8, 1, rates())).toBeCloseTo((1e6 * 7 * (1 - (7 / 8) ** 8)) / 220e9 + 36e-6, 12);
  });

  it("between domains an all-to-all sends every copy over the ports, rank by rank", () => {
    const now = rates({ fabricLatency: 5e-6, nodeBandwidth: 1e15 });
    expect(dispatchTime(8e6, 64, 1, 1, now)).toBeCloseTo(8e6 * (7 / 8) * now.port_s_per_byte + 56 * 5e-6, 12);
    expect(dispatchTime(8e6, 64, 1, 1, now)).toBeGreaterThan(dispatchTime(8e6, 64, 8, 1, now));
  });

  it("messages inside the domain take the fast link", () => expect(messageTime(1e6, 8, rates())).toBeLessThan(messageTime(1e6, 16, rates())));
  it("a ring between nodes has one port, a gather those of all members", () => expect(contextTime(1e8, 16, 1, true, rates({ fabricLatency: 0 }))).toBeGreaterThan(2 * contextTime(1e8, 16, 1, false, rates({ fabricLatency: 0 }))));
  it("hidden communication costs what it slows compute", () => {
    expect(visibleShare(false, 0.2, 0.1)).toBe(1);
    expect(visibleShare(true, 0.2, 0.1)).toBeCloseTo(0.28, 12);
  });
});
