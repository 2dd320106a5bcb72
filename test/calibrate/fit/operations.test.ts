/** Rows of single operations -> table of surfaces: features agree with those that a prediction asks for, and the common error is what left-out networks show. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commonErrorOf, leastCommonError } from "../../../calibrate/fit/common-error.ts";
import { fitOperations } from "../../../calibrate/fit/operations.ts";
import { fitSurface } from "../../../calibrate/fit/surface.ts";
import { requireMeasurements } from "../../support/measurements.ts";
import { boundTime, sizeConvolution, sizeLinear, type BoundRates } from "../../../model/compute/operations.ts";
import { prepareSurface, readSurface } from "../../../model/compute/surface.ts";
import type { MeasurementRow } from "../../../model/schema/measurement.ts";
import { parseDocument } from "../../../model/schema/parse.ts";

const bounds: BoundRates = { flop_per_s: 1e11, bytes_per_s: 1e10 };
const target = { device: "tested-core", precision: "fp32", family: "pytorch-1.13-cpu", bounds } as const;

const row = (given: MeasurementRow["case"], median: number, benchmark = "torch-operation"): MeasurementRow => ({
  benchmark, case: given, work: {}, time_s: { min: median * 0.9, p10: median * 0.95, median, p90: median * 1.05, max: median * 1.1, mean: median }, count: 9, inner: 1, quiet: true, checked: true,
});
const convolution = (height: number, kernel: number, stride: number, median: number, operation = "convolution") =>
  row({ operation, pass: "forward", precision: "fp32", threads: 1, batch: 4, inChannels: 16, outChannels: 32, height, width: 2 * height, kernel, stride }, median);

describe("a table of operations", () => {
  it("has the features that a prediction computes for the same layer, for odd sizes and transposed layers too", () => {
    const { surfaces } = fitOperations([convolution(15, 3, 2, 1e-3), convolution(30, 3, 2, 4e-3), convolution(15, 2, 2, 1e-3, "transposed-convolution"), convolution(30, 2, 2, 4e-3, "transposed-convolution")], target);
    const common = { batch: 4, inChannels: 16, outChannels: 32, inSize: [15, 30], dilation: 1, groups: 1 };
    const plain = sizeConvolution({ ...common, outSize: [8, 15], kernel: [3, 3], stride: 2, transposed: false });
    const transposed = sizeConvolution({ ...common, outSize: [30, 60], kernel: [2, 2], stride: 2, transposed: true });
    const pointOf = (operation: string) => surfaces.find((surface) => surface.operation === operation)?.points[0];
    expect(pointOf("convolution")).toEqual([...plain.features, Number(boundTime(plain, bounds, 4).toPrecision(5)), 1e-3]);
    expect(pointOf("transposed-convolution")).toEqual([...transposed.features, Number(boundTime(transposed, bounds, 4).toPrecision(5)), 1e-3]);
  });

  it("keeps passes and operations apart, leaves other benchmarks out, and names what was timed at one size", () => {
    const pointwise = (operation: string, pass: string, elements: number) => row({ operation, pass, precision: "fp32", threads: 1, elements }, elements * 1e-9);
    const { surfaces, method } = fitOperations([pointwise("gelu", "forward", 1e4), pointwise("gelu", "forward", 1e6), pointwise("gelu", "backward", 1e4), pointwise("gelu", "backward", 1e6), pointwise("add", "forward", 1e5), row({ bytes: 64 }, 1e-9, "pointer-chase")], target);
    expect(surfaces.map(({ operation, pass }) => `${operation} ${pass}`)).toEqual(["gelu backward", "gelu forward"]);
    expect(method).toContain("Left out, timed at one size alone: add forward.");
  });

  it("averages a size that was timed twice", () => {
    const linear = (rows: number, median: number) => row({ operation: "linear", pass: "forward", rows, inner: 64, columns: 64 }, median);
    const { surfaces } = fitOperations([linear(64, 1e-4), linear(64, 4e-4), linear(128, 3e-4)], target);
    expect(surfaces[0]?.points.map((point) => point.at(-1))).toEqual([2e-4, 3e-4]);
  });

  it("takes small work to cost what a call costs", () => {
    const call_s = 2e-5;
    const time = (elements: number): number => call_s + (2.5 * 8 * elements) / bounds.bytes_per_s;
    const { surfaces } = fitOperations([100, 3000, 1e5, 3e6].map((elements) => row({ operation: "adam", pass: "update", elements }, time(elements))), target);
    const surface = prepareSurface(surfaces[0] as NonNullable<(typeof surfaces)[0]>);
    for (const elements of [600, 2e4, 5e5]) expect(Math.abs(Math.log(readSurface(surface, [elements], (8 * elements) / bounds.bytes_per_s).time_s / time(elements)))).toBeLessThan(0.1);
  });
});

describe("the common error", () => {
  const linearPoints = (group: string, sizes: readonly number[], factor: number) =>
    sizes.map((rows) => {
      const bound_s = boundTime(sizeLinear(rows, 512, 512), bounds, 4);
      return { features: [rows, 512, 512], bound_s, time_s: 2 * bound_s * factor, group };
    });
  const errorOf = (points: ReturnType<typeof linearPoints>) => commonErrorOf([{ surface: fitSurface("linear", "forward", ["rows", "inner", "columns"], points), points }]);

  it("is the least where networks agree with each other", () => {
    expect(errorOf([...linearPoints("one", [64, 256, 1024], 1), ...linearPoints("other", [128, 512, 2048], 1)])).toBe(leastCommonError);
  });

  it("is about what networks differ by where they differ", () => {
    const error = errorOf([...linearPoints("one", [64, 256, 1024, 4096], 1), ...linearPoints("other", [128, 512, 2048, 8192], 1.3)]);
    expect(error).toBeGreaterThan(0.1);
    expect(error).toBeLessThan(0.5);
  });

  it("comes from parts of the sizes where no network is named", () => {
    const alternating = Array.from({ length: 20 }, (_, at) => linearPoints("", [64 * 1.4 ** at], at % 5 === 0 ? 1.5 : 1)).flat();
    const unnamed = alternating.map(({ features, bound_s, time_s }) => ({ features, bound_s, time_s }));
    const surface = fitSurface("linear", "forward", ["rows", "inner", "columns"], unnamed);
    expect(commonErrorOf([{ surface, points: unnamed }])).toBeGreaterThan(0.1);
  });
});

it("what the program printed makes a document that the schema takes, with the errors of a small table", () => {
  const { header, rows } = requireMeasurements(readFileSync(new URL("../../fixtures/measurements/torch.jsonl", import.meta.url), "utf8"), "torch");
  const body = fitOperations(rows, target);
  const document = { id: "tested-operations", title: "Tested", source: "own-microbenchmarks", ...body, date: header.date, host: header.host, from: [] };
  expect(parseDocument("calibration", document, "tested").problems).toEqual([]);
  expect(body.surfaces.map(({ operation, pass }) => `${operation} ${pass}`)).toContain("convolution forward");
  expect(body.surfaces.reduce((sum, { points }) => sum + points.length, 0)).toBe(rows.length);
  for (const { residuals } of body.surfaces.filter(({ points }) => points.length > 7)) expect(residuals.median).toBeLessThan(0.5);
  expect(body.commonError).toBeGreaterThan(leastCommonError);
});
