/** A made-up table in the program's form, timed by the model itself: reading and fitting it must give the constants back. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeConvolutionFit } from "../../../calibrate/fit/convolution-document.ts";
import { fitConvolution, predictRow } from "../../../calibrate/fit/convolution.ts";
import type { ConvolutionSetup } from "../../../calibrate/fit/convolution.ts";
import { implyDepthwiseTraffic, targetsOf } from "../../../calibrate/fit/torch-convolution.ts";
import { torchConvolution } from "../../../calibrate/readers/torch-convolution.ts";
import { timeConvolution } from "../../../model/compute/convolution.ts";
import { calibrationSchema } from "../../../model/schema/calibration.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import { constants as someConstants, passes } from "../../model/compute/shapes.ts";

const constants = { ...someConstants, launch_s: 3e-6 };
const raw: unknown = JSON.parse(readFileSync(new URL("../../../scenarios/devices/h200-sxm-141gb.json", import.meta.url), "utf8"));
const device = parseDocument("device", raw, "device").document!;
const host = '{"kind":"host","command":"convolution_table.py","torch":"2.0","cuda":"13.0","cudnn":91000,"driver":"580","date":"2026-01-01"}';
const depthwiseTraffic = 4.5;

function makeTable(precision: string, setup: ConvolutionSetup): string {
  const lines = [host];
  let row = 0;
  for (const taps of [1, 3, 5]) {
    for (const stride of [1, 2]) {
      for (const [channels, size] of [[24, 224], [64, 112], [256, 56], [512, 28], [1024, 14]] as const) {
        for (const [groups, batch] of [[1, 4], [1, 32], [channels, 8]] as const) {
          for (const pass of passes) {
            const outChannels = groups === 1 ? 2 * channels : channels;
            const fields = { batch, inChannels: channels, outChannels, inSize: [size, size], outSize: [size / stride, size / stride], kernel: [taps, taps], stride, dilation: 1, groups };
            const shape = { ...fields, transposed: false };
            const median =
              groups === 1
                ? predictRow({ application: "", shape, pass, time_s: 1 }, constants, setup) * Math.exp([0.03, -0.03, -0.03, 0.03][row++ % 4]!)
                : timeConvolution(shape, pass, setup.device, constants, { ...setup.options, depthwiseTraffic }).time_s;
            lines.push(JSON.stringify({ kind: "convolution", pass, precision, group: `taps ${taps}`, ...fields, time_s: { median } }));
          }
        }
      }
    }
  }
  return lines.join("\n");
}

it.each(["fp16", "tf32", "fp32"] as const)("%s", (precision) => {
  const setupOf = (text: string) => targetsOf(device, torchConvolution.read(text), "table.jsonl", "judgement")[0]!;
  const first = { ...JSON.parse(readFileSync(new URL("../../fixtures/torch-convolution/tiny.jsonl", import.meta.url), "utf8").split("\n").find((line) => line.includes('"convolution"'))!), precision } as object;
  const { target: setup } = setupOf([host, JSON.stringify(first)].join("\n"));
  expect(setup.device.peak_flop_per_s).toBe(device.peaks[precision]!.value);
  expect(setup.options).toMatchObject({ tensorCores: precision !== "fp32", layoutCopies: false, bytesPerElement: precision === "fp16" ? 2 : 4 });

  const { target, table } = setupOf(makeTable(precision, setup));
  expect(target.id).toBe(`h200-convolution-${precision}`);
  const fit = fitConvolution(table.convolutions, target);
  expect(fit.converged).toBe(true);
  expect(fit.overall.mape).toBeLessThan(0.04);
  for (const name of ["ceilingForward", "ceilingDataGradient", "ceilingWeightGradient", "memoryEfficiency"] as const) {
    expect(Math.abs(Math.log(fit.constants[name] / constants[name])), name).toBeLessThan(0.06);
  }
  expect(implyDepthwiseTraffic(table.depthwise, constants, target)! / depthwiseTraffic).toBeCloseTo(1, 1);

  const document = describeConvolutionFit(target, table, "0".repeat(64), fit);
  expect(calibrationSchema.parse(document)).toMatchObject({ scope: { device: device.id, precision }, from: [{ source: "judgement" }] });
  expect(JSON.stringify(document)).not.toContain("null");
});

it("a precision that the device has no peak for is not fitted", () => {
  const line = readFileSync(new URL("../../fixtures/torch-convolution/tiny.jsonl", import.meta.url), "utf8").split("\n").find((text) => text.includes('"convolution"'))!;
  expect(targetsOf(device, torchConvolution.read([host, line.replace(/"fp\d+"/, '"fp4"')].join("\n")), "table.jsonl", "judgement")).toEqual([]);
});
