import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countConvolutionFlop, timeConvolution } from "../../../model/compute/convolution.ts";
import type { ComputeDevice, ConvolutionConstants, ConvolutionOptions, ConvolutionShape, Pass } from "../../../model/compute/convolution.ts";
import { anyShape, constants, device, fp16, fp32, image, passes } from "./shapes.ts";

const anyPass = fc.constantFrom<Pass>(...passes);
const anyOptions = fc.constantFrom<ConvolutionOptions>(fp32, fp16, { ...fp32, winograd: { workspace_bytes: 4e9, largestFilter: 5 } });
const time = (shape: ConvolutionShape, pass: Pass, options = fp32, on: Partial<ComputeDevice> = {}, using: Partial<ConvolutionConstants> = {}) =>
  timeConvolution(shape, pass, { ...device, ...on }, { ...constants, ...using }, options);

describe("properties of the convolution time", () => {
  it("is finite and at least a launch for any valid shape, and so are its parts", () => {
    fc.assert(
      fc.property(anyShape, anyPass, anyOptions, (shape, pass, options) => {
        const { time_s, gemm_s, memory_s, arithmetic_s, copies_s } = time(shape, pass, options);
        expect(time_s).toBeGreaterThanOrEqual(constants.launch_s);
        for (const part of [time_s, gemm_s, memory_s, arithmetic_s, copies_s]) expect(Number.isFinite(part) && part >= 0).toBe(true);
      }),
    );
  });

  it("never rises with more bandwidth, more peak, more cache or a higher ceiling", () => {
    fc.assert(
      fc.property(anyShape, anyPass, anyOptions, fc.double({ min: 1, max: 10, noNaN: true }), (shape, pass, options, gain) => {
        const before = time(shape, pass, options).time_s * (1 + 1e-12);
        expect(time(shape, pass, options, { memory_bytes_per_s: device.memory_bytes_per_s * gain }).time_s).toBeLessThanOrEqual(before);
        expect(time(shape, pass, options, { peak_flop_per_s: device.peak_flop_per_s * gain }).time_s).toBeLessThanOrEqual(before);
        expect(time(shape, pass, options, { l2_bytes: device.l2_bytes * gain }).time_s).toBeLessThanOrEqual(before);
        const higher = { ceilingForward: gain * 0.9, ceilingDataGradient: gain * 0.85, ceilingWeightGradient: gain * 0.9 };
        expect(time(shape, pass, options, {}, higher).time_s).toBeLessThanOrEqual(before);
      }),
    );
  });

  it("stays above the multiply-adds at peak without Winograd, while ceilings are at most 1 and a strided gradient wastes nothing less than 0", () => {
    fc.assert(
      fc.property(anyShape, anyPass, fc.constantFrom(fp32, fp16), (shape, pass, options) => {
        const { time_s, arithmetic_s } = time(shape, pass, options);
        expect(arithmetic_s).toBeCloseTo(countConvolutionFlop(shape) / device.peak_flop_per_s, 12);
        expect(time_s).toBeGreaterThan(arithmetic_s);
      }),
    );
  });

  it("at most doubles with twice the batch, but for operands that no longer fit in the cache", () => {
    fc.assert(
      fc.property(anyShape, anyPass, fc.constantFrom(fp32, fp16), (shape, pass, options) => {
        const twice = { ...shape, batch: 2 * shape.batch };
        const uncached = { l2_bytes: 1e-3 };
        expect(time(twice, pass, options, uncached).time_s).toBeLessThanOrEqual(2 * time(shape, pass, options, uncached).time_s * (1 + 1e-9));
        expect(time(twice, pass, options).time_s).toBeLessThanOrEqual(2.31 * time(shape, pass, options).time_s);
      }),
    );
  });

  it("reports parts that are consistent with its limit", () => {
    fc.assert(
      fc.property(anyShape, anyPass, anyOptions, (shape, pass, options) => {
        const { limit, gemm_s, memory_s, time_s } = time(shape, pass, options);
        if (limit === "arithmetic") expect(gemm_s).toBeGreaterThanOrEqual(memory_s);
        else if (limit === "memory") expect(memory_s).toBeGreaterThanOrEqual(gemm_s);
        else expect(time_s).toBeGreaterThan(gemm_s + memory_s - Math.min(gemm_s, memory_s));
        expect(time_s).toBeGreaterThanOrEqual(Math.max(gemm_s, memory_s));
      }),
    );
  });
});

describe("structure of the convolution time", () => {
  it("reaches the ceiling of the pass on a very large convolution", () => {
    const large = { ...image, batch: 64, inChannels: 2048, outChannels: 2048, inSize: [128, 128], outSize: [128, 128] };
    const { arithmetic_s, time_s } = time(large, "forward");
    expect(arithmetic_s / time_s).toBeCloseTo(constants.ceilingForward, 2);
  });

  it("times a transposed convolution as the mirrored one with its passes exchanged", () => {
    const down = { ...image, inSize: [56, 56], outSize: [28, 28], stride: 2 };
    const up = { ...down, inChannels: 128, outChannels: 256, inSize: [28, 28], outSize: [56, 56], transposed: true };
    expect(time(up, "forward")).toEqual(time(down, "data-gradient"));
    expect(time(up, "data-gradient")).toEqual(time(down, "forward"));
    expect(time(up, "weight-gradient")).toEqual(time(down, "weight-gradient"));
    expect(countConvolutionFlop(up)).toBe(countConvolutionFlop(down));
  });

  it("counts 2 x batch x positions x taps x channels in two and three dimensions", () => {
    expect(countConvolutionFlop(image)).toBe(2 * 8 * 56 * 56 * 9 * 256 * 128);
    const volume = { ...image, inSize: [8, 8, 8], outSize: [8, 8, 8], kernel: [3, 3, 3] };
    expect(countConvolutionFlop(volume)).toBe(2 * 8 * 512 * 27 * 256 * 128);
  });

  it("pays for channels that are not multiples of 8 on tensor cores only", () => {
    const odd = { ...image, outChannels: 127 };
    const slower = time(odd, "forward", fp16).gemm_s / time(image, "forward", fp16).gemm_s;
    expect(slower).toBeGreaterThan(0.9 / constants.unalignedPeakFactor);
    expect(slower).toBeLessThanOrEqual(1 / constants.unalignedPeakFactor);
    expect(time(odd, "forward", fp32).gemm_s).toBeLessThanOrEqual(time(image, "forward", fp32).gemm_s);
  });

  it("keeps layout copies apart from the time, and has none where the framework keeps channels last", () => {
    const last = time(image, "forward", { ...fp16, layoutCopies: false });
    const first = time(image, "forward", fp16);
    expect(first.time_s).toBe(last.time_s);
    expect(last.copies_s).toBe(0);
    expect(first.copies_s).toBeCloseTo((constants.layoutCopy * 2 * 2 * 8 * 56 * 56 * (256 + 128)) / (900e9 * 0.82), 9);
  });

  it("uses Winograd for 3 x 3 filters of stride 1 that pay, and never beyond its workspace", () => {
    const winograd = (workspace_bytes: number) => ({ ...fp32, winograd: { workspace_bytes } });
    // 36 patch elements of 4 bytes for 384 channels at 8 x 14 x 14 patches.
    const workspace_bytes = 36 * 4 * 384 * 8 * 14 * 14;
    const direct = time(image, "forward");
    const fast = time(image, "forward", winograd(workspace_bytes));
    expect(fast.algorithm).toBe("winograd");
    expect(fast.time_s).toBeLessThan(direct.time_s / 1.5);
    expect(fast.arithmetic_s).toBe(direct.arithmetic_s);
    expect(time(image, "forward", winograd(1e6))).toEqual(direct);
    expect(time(image, "forward", winograd(1e15), { memory_bytes: 1e6 })).toEqual(direct);
    for (const other of [{ stride: 2 }, { dilation: 2 }, { kernel: [5, 5] }, { kernel: [1, 1] }]) {
      expect(time({ ...image, ...other }, "forward", winograd(1e12)).algorithm).toBe("implicit-gemm");
    }
    const larger = { ...fp32, winograd: { workspace_bytes: 1e12, largestFilter: 5 } };
    expect(time({ ...image, kernel: [5, 5] }, "forward", larger).algorithm).toBe("winograd");
  });

  it("times depth-wise kernels by their traffic alone", () => {
    const depthwise = { ...image, outChannels: 256, groups: 256 };
    const bytes = 4 * 8 * 56 * 56 * 512;
    const { time_s, algorithm } = time(depthwise, "forward", { ...fp32, depthwiseTraffic: 25 });
    expect(algorithm).toBe("depth-wise");
    expect(time_s).toBeCloseTo((25 * bytes) / (900e9 * 0.82) + constants.launch_s, 9);
    expect(time(depthwise, "weight-gradient").memory_s / time(depthwise, "forward").memory_s).toBeCloseTo(1.6, 9);
    // Kernels that load element by element take as long for half as many bytes.
    const [byBytes, byElements] = [time(depthwise, "forward", fp16), time(depthwise, "forward", { ...fp16, depthwiseElementBytes: 4 })];
    expect(byElements.memory_s / byBytes.memory_s).toBeCloseTo(2, 9);
  });

  it("times a dense layer as a 1 x 1 convolution on one position: a large product reaches the ceiling", () => {
    const dense = { ...image, batch: 8192, inChannels: 4096, outChannels: 4096, inSize: [1], outSize: [1], kernel: [1] };
    const { arithmetic_s, time_s } = time(dense, "forward");
    expect(arithmetic_s / time_s).toBeGreaterThan(0.97 * constants.ceilingForward);
  });

  it("has no constant that changes nothing", () => {
    const strided = { ...image, inSize: [112, 112], stride: 2 };
    const cases: [ConvolutionShape, Pass, ConvolutionOptions][] = [];
    for (const pass of passes) {
      cases.push([image, pass, fp32], [strided, pass, fp32], [{ ...image, inChannels: 3 }, pass, fp16]);
      cases.push([image, pass, { ...fp32, winograd: { workspace_bytes: 1e12 } }]);
    }
    const total = (using: Partial<ConvolutionConstants>): number =>
      cases.reduce((sum, [shape, pass, options]) => {
        const { time_s, copies_s } = time(shape, pass, options, {}, using);
        return sum + time_s + copies_s;
      }, 0);
    for (const name of Object.keys(constants) as (keyof ConvolutionConstants)[]) {
      expect(total({ [name]: constants[name] * 1.3 }), name).not.toBe(total({}));
    }
  });
});
