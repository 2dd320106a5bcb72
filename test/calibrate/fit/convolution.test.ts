import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { convolutionTargets, describeConvolutionFit } from "../../../calibrate/fit/convolution-document.ts";
import { fitConvolution, labelApplications, predictRow } from "../../../calibrate/fit/convolution.ts";
import type { ConvolutionRow } from "../../../calibrate/fit/convolution.ts";
import { deepbench } from "../../../calibrate/readers/deepbench.ts";
import { readConvolutionConstants } from "../../../model/compute/convolution-constants.ts";
import { calibrationSchema, isDeviceCalibration } from "../../../model/schema/calibration.ts";
import type { DeviceCalibration } from "../../../model/schema/calibration.ts";
import { constants, device, fp32, passes } from "../../model/compute/shapes.ts";

const setup = { device, options: fp32 };

/** A grid of kernels timed by the model itself, with an invented scatter that has no mean. */
function makeRows(scatter: number): ConvolutionRow[] {
  const rows: ConvolutionRow[] = [];
  for (const taps of [1, 3, 5]) {
    for (const stride of [1, 2]) {
      for (const [channels, size] of [[32, 112], [64, 56], [256, 28], [512, 14], [1024, 28]] as const) {
        for (const batch of [4, 16]) {
          for (const pass of passes) {
            const shape = {
              batch, inChannels: channels, outChannels: 2 * channels, inSize: [size, size], outSize: [size / stride, size / stride],
              kernel: [taps, taps], stride, dilation: 1, groups: 1, transposed: false,
            };
            const row = { application: `taps ${taps}`, shape, pass, time_s: 1 };
            const sign = [1, -1, -1, 1][rows.length % 4]!;
            rows.push({ ...row, time_s: predictRow(row, constants, setup) * Math.exp(sign * scatter) });
          }
        }
      }
    }
  }
  return rows;
}

describe("fit of convolution constants", () => {
  it("returns to the constants that made the times", () => {
    const fit = fitConvolution(makeRows(0.02), setup);
    expect(fit.converged).toBe(true);
    expect(fit.overall.mape).toBeLessThan(0.03);
    for (const name of ["ceilingForward", "ceilingDataGradient", "ceilingWeightGradient", "launch_s"] as const) {
      expect(Math.abs(Math.log(fit.constants[name] / constants[name])), name).toBeLessThan(0.05);
    }
    expect(fit.operationScatter).toBeGreaterThan(0.015);
    expect(fit.operationScatter).toBeLessThan(0.06);
  });

  it("states larger errors on the constants where the times scatter more", () => {
    const [quiet, noisy] = [0.02, 0.2].map((scatter) => fitConvolution(makeRows(scatter), setup));
    const errorOf = (fit: typeof quiet) => fit!.fitted.find(({ name }) => name === "ceilingForward")!.standardError;
    expect(errorOf(noisy)).toBeGreaterThan(2 * errorOf(quiet));
    expect(noisy!.operationScatter).toBeGreaterThan(4 * quiet!.operationScatter);
  });

  it("leaves constants that the table cannot inform at their priors, and says so", () => {
    const { fitted } = fitConvolution(makeRows(0.02), setup);
    expect(fitted.filter(({ informed }) => !informed).map(({ name }) => name)).toEqual([
      "winogradCeiling", "winogradTransform", "winogradLaunches", "unalignedPeakFactor", "layoutCopy",
    ]);
  });

  it("takes application names from another table of the same kernels, in order", () => {
    const rows = makeRows(0.02).slice(0, 6);
    const named = rows.map((row, index) => ({ ...row, application: `a${index}` }));
    const twice = [...named, ...named.map((row) => ({ ...row, application: "again" }))];
    expect(labelApplications([...rows, ...rows].map((row) => ({ ...row, application: "" })), twice).map(({ application }) => application)).toEqual([
      "a0", "a1", "a2", "a3", "a4", "a5", "again", "again", "again", "again", "again", "again",
    ]);
    expect(labelApplications(rows, [])[0]!.application).toBe("");
  });
});

const readStored = (id: string): DeviceCalibration => {
  const text = readFileSync(new URL(`../../../scenarios/calibrations/${id}.json`, import.meta.url), "utf8");
  const document = calibrationSchema.parse(JSON.parse(text));
  if (!isDeviceCalibration(document)) throw new Error(`${id} is no device calibration`);
  return document;
};

/** Errors on the same tables that an earlier prototype of the same model reached (MAPE, median). */
const prototype: Record<string, readonly [number, number]> = {
  "v100-convolution-fp32": [0.194, 0.147],
  "v100-convolution-fp16": [0.179, 0.125],
  "p100-convolution-fp32": [0.19, 0.142],
};

describe.each(convolutionTargets)("stored calibration $id", (target) => {
  const stored = readStored(target.id);

  it("holds every constant, a matching scope and errors near those of the prototype", () => {
    expect(readConvolutionConstants(stored.parameters).missing).toEqual([]);
    expect(stored.scope).toEqual({ kind: "device", device: target.deviceId, precision: target.precision });
    expect(stored.rows.used).toBe(272);
    const [mape, median] = prototype[target.id]!;
    const residuals = stored.residuals as { mape: number; median: number; sumError: number };
    expect(residuals.mape).toBeLessThan(mape * 1.05);
    expect(residuals.median).toBeLessThan(median * 1.05);
    expect(Math.abs(residuals.sumError)).toBeLessThan(0.05);
    expect(stored.parameters["commonScatter"]?.value).toBeGreaterThan(0.02);
    expect(stored.parameters["operationScatter"]?.value).toBeGreaterThan(0.1);
  });

  const logs = new URL("../../../../shared/data/logs/deepbench/", import.meta.url);
  const present = existsSync(new URL(target.file, logs));
  it(`is remade from ${target.file}`, (context) => {
    if (!present) context.skip("the DeepBench sheets do not stand in ../shared/data/logs/deepbench");
    const text = readFileSync(new URL(target.file, logs), "utf8");
    const table = deepbench.read(text);
    expect(table.problems).toEqual([]);
    const names = target.applicationsFrom && deepbench.read(readFileSync(new URL(target.applicationsFrom, logs), "utf8")).convolutions;
    const rows = names ? labelApplications(table.convolutions, names) : table.convolutions;
    const remade = describeConvolutionFit(target, table, createHash("sha256").update(text).digest("hex"), fitConvolution(rows, target));
    expect(remade.from).toEqual(stored.from);
    expect(remade.rows).toEqual(stored.rows);
    expect(Object.keys(remade.parameters)).toEqual(Object.keys(stored.parameters));
    for (const [name, { value, standardError }] of Object.entries(remade.parameters)) {
      const kept = stored.parameters[name]!;
      expect(Number.parseFloat(String(value)) / Number.parseFloat(String(kept.value)), name).toBeCloseTo(1, 2);
      expect(standardError, name).toBeCloseTo(kept.standardError, 2);
    }
    expect((remade.residuals as { mape: number }).mape).toBeCloseTo((stored.residuals as { mape: number }).mape, 3);
  });
});
