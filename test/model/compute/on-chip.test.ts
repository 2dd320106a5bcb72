/** What a device's own build does to kernels: tensors that its cache holds, matrix units of a fixed size, dilated layers on phases. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cachedShare } from "../../../model/compute/cached-traffic.ts";
import { spaceToBatch } from "../../../model/compute/convolution-shape.ts";
import { timeConvolution, type ConvolutionShape } from "../../../model/compute/convolution.ts";
import { constants, device, fp16, fp32, passes } from "./shapes.ts";

const conv = (over: Partial<ConvolutionShape>): ConvolutionShape => ({ batch: 1, inChannels: 256, outChannels: 256, inSize: [96, 144], outSize: [96, 144], kernel: [3, 3], stride: 1, dilation: 1, groups: 1, transposed: false, ...over });

describe("traffic that a cache holds", () => {
  it("costs less the smaller the working set, all of it where it is many caches large, never under the cost of a cached byte", () => {
    fc.assert(fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), fc.double({ min: 1.01, max: 100, noNaN: true }), fc.double({ min: 1e5, max: 1e9, noNaN: true }), (bytes, more, cache) => {
      expect(cachedShare(bytes, cache)).toBeLessThanOrEqual(cachedShare(bytes * more, cache));
      expect(cachedShare(bytes, cache)).toBeGreaterThanOrEqual(0.43);
      expect(cachedShare(1e6 * cache, cache)).toBeCloseTo(1, 5);
    }));
  });
});

describe("matrix units of a fixed size", () => {
  const unit = { ...device, matrixUnit: 128 };
  it("take as long for 64 channels as for 128, where tiles of any size take about half", () => {
    const product = (channels: number, on: typeof device) => timeConvolution(conv({ batch: 64, inChannels: 512, outChannels: channels, kernel: [1, 1] }), "forward", on, constants, fp16).gemm_s;
    expect(product(64, unit)).toBe(product(128, unit));
    expect(product(64, device) / product(128, device)).toBeLessThan(0.75);
  });
  it("may be larger than any tile of the menu", () => {
    const large = timeConvolution(conv({ batch: 64 }), "forward", { ...device, matrixUnit: 512 }, constants, fp16);
    expect(Number.isFinite(large.gemm_s)).toBe(true);
    expect(large.gemm_s).toBeGreaterThan(timeConvolution(conv({ batch: 64 }), "forward", unit, constants, fp16).gemm_s);
  });
  it("never make a product faster", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), fc.constantFrom(...passes), (inChannels, outChannels, pass) => {
      const shape = conv({ inChannels, outChannels });
      expect(timeConvolution(shape, pass, unit, constants, fp16).gemm_s).toBeGreaterThanOrEqual(timeConvolution(shape, pass, device, constants, fp16).gemm_s * (1 - 1e-12));
    }));
  });
});

describe("dilated layers on phases", () => {
  it("have the positions that the program of 2018 counted: 1.46, 2.00 and 2.81 times the image at dilation 12, 24 and 36", () => {
    for (const [dilation, times] of [[12, 1.46], [24, 2], [36, 2.81]] as const) {
      const { batch, inSize } = spaceToBatch(conv({ dilation }));
      expect((batch * inSize[0]! * inSize[1]!) / (96 * 144)).toBeCloseTo(times, 2);
    }
  });
  it("take longer than taps read in place, most in the data gradient, and plain layers do not change", () => {
    const phases = { ...fp32, spaceToBatch: true };
    const time = (shape: ConvolutionShape, pass: (typeof passes)[number], options: typeof fp32) => timeConvolution(shape, pass, device, constants, options);
    const dilated = conv({ dilation: 36 });
    for (const pass of passes) {
      expect(time(dilated, pass, phases).time_s).toBeGreaterThan(time(dilated, pass, fp32).time_s);
      expect(time(dilated, pass, phases).arithmetic_s).toBe(time(dilated, pass, fp32).arithmetic_s);
      expect(time(conv({}), pass, phases)).toEqual(time(conv({}), pass, fp32));
    }
    const longer = (pass: (typeof passes)[number]) => time(dilated, pass, phases).gemm_s / time(dilated, pass, fp32).gemm_s;
    expect(longer("data-gradient")).toBeGreaterThan(longer("forward"));
    expect(longer("data-gradient")).toBeCloseTo(2.81, 0);
  });
});
