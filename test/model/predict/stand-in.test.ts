/** Devices without a kernel table: what their own documents say takes the place of borrowed constants, and FP32 of stacks whose fused kernels take 16 bits. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { makeScenario } from "../../../calibrate/fit/layers/runs.ts";
import { readLayerHost } from "../../../cli/host/layer-catalogue.ts";
import { stepTime } from "../../../model/engine/terms.ts";
import { prepare, variant, type Prepared } from "../../../model/predict/prepare.ts";
import type { Scenario } from "../../../model/scenario.ts";

const host = readLayerHost(fileURLToPath(new URL("../../../scenarios", import.meta.url)));
const read = (series: Record<string, unknown>, point: Record<string, unknown>) =>
  makeScenario(host.read([{ id: "s", title: "t", year: 2020, source: { verified: "in-source" }, workload: { model: "ResNet-50" }, setup: {}, ...series, points: [{ accelerators: 8, metric: "throughput", value: 1, unit: "images/s", ...point }] }]).cases[0]!, host.documents).scenario!;
const step = ({ program, resources, local }: Prepared): number => stepTime(program, resources, 8, local);
const at = (scenario: Scenario): number => step(prepare(scenario, "cold"));

describe("a device that borrows constants", () => {
  const scenario = read({ machine: "Google TPU v4" }, { round: "training_v0.7", local_batch_per_accelerator: 256 });
  const base = prepare(scenario, "cold");
  it("is within 20 % of MLPerf v0.7, 2048 samples in 73.6 ms, where borrowed constants alone are farther off", () => {
    expect(Math.abs(step(base) / 0.0736 - 1)).toBeLessThan(0.2);
    const { constants, ...kernelsLike } = scenario.device.kernelsLike!;
    expect(constants).toBeDefined();
    const { matrixUnit, ...device } = scenario.device;
    expect(matrixUnit?.value).toBe(128);
    expect(at({ ...scenario, device: { ...device, kernelsLike } })).toBeGreaterThan(step(base));
  });
  it("moves with each of its own constants, as an interval's ends do", () => {
    for (const [name, value] of [["ceilingForward", 0.5], ["ceilingWeightGradient", 0.5], ["launch", 1e-4]] as const) {
      const fact = scenario.device.kernelsLike!.constants![name]!;
      const moved = variant(base, { kind: "fact", path: `device.kernelsLike.constants.${name}`, fact }, value);
      expect(step(moved), name).toBeGreaterThan(step(base));
      expect(step(moved), name).toBeCloseTo(at({ ...scenario, device: { ...scenario.device, kernelsLike: { ...scenario.device.kernelsLike!, constants: { ...scenario.device.kernelsLike!.constants, [name]: { ...fact, value } } } } }), 12);
    }
  });
});

describe("fused normalisation", () => {
  it("is missing in FP32, where a stack says so, and not in FP16", () => {
    const series = { machine: "OneFlow test cluster", setup: { framework: "MXNet NGC" } };
    for (const [section, slower] of [["FP32", true], ["FP16", false]] as const) {
      const scenario = read(series, { section, local_batch_per_accelerator: 128 });
      const { trafficFp32, ...stack } = scenario.stack;
      expect(trafficFp32).toBeDefined();
      const [own, fused] = [at(scenario), at({ ...scenario, stack })];
      if (slower) expect(own).toBeGreaterThan(1.05 * fused);
      else expect(own).toBe(fused);
    }
  });
});
