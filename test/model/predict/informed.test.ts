/** What the fit of published runs does to predictions of layer networks: values and intervals of its stacks, none of others, none under cold, and nothing over a user's value. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readLibrary } from "../../../cli/host/library.ts";
import { predictSafely } from "../../../model/predict/predict-safely.ts";
import type { PredictOptions } from "../../../model/predict/predict.ts";
import type { Changes } from "../../../model/scenario.ts";

const { library } = readLibrary(fileURLToPath(new URL("../../../scenarios", import.meta.url)));
const predict = (stack: string, options: PredictOptions = {}, changes: Changes = {}) => {
  const { prediction, problems } = predictSafely(library, { machine: "selene", workload: "deepcam-mlperf-hpc", plan: "deepcam-mlperf-2022", stack, changes }, { devices: [2048], ...options });
  if (!prediction) throw new Error(JSON.stringify(problems));
  return prediction;
};
const width = ({ points: [point] }: ReturnType<typeof predict>) => Math.log((point?.stepTime_s.high95 ?? 0) / (point?.stepTime_s.low95 ?? 1));

describe("a stack that published runs have used", () => {
  it("is predicted after them: another value than cold, narrower, each moved fact with the runs that told it", () => {
    const [known, cold] = [predict("pytorch-nccl-2023"), predict("pytorch-nccl-2023", { protocol: "cold" })];
    expect(known.points[0]?.stepTime_s.value).not.toBe(cold.points[0]?.stepTime_s.value);
    expect(width(known)).toBeLessThan(0.9 * width(cold));
    const moved = known.inputs.filter(({ source }) => source === "hpc-runs").filter(({ note }) => note?.includes("fitted to published runs"));
    expect(moved.map(({ path }) => path)).toContain("stack.launch.step");
    expect(cold.inputs.some(({ note }) => note?.includes("fitted to published runs"))).toBe(false);
    // 47 ms measured by MLPerf HPC v2.0 at 2048 GPUs, one sample each: in-sample here.
    expect(known.points[0]?.stepTime_s.value).toBeGreaterThan(0.041);
    expect(known.points[0]?.stepTime_s.value).toBeLessThan(0.053);
  });

  it("keeps what a user set", () => {
    const set = predict("pytorch-nccl-2023", {}, { "stack.launch.step": "9 ms" });
    expect(set.inputs.find(({ path }) => path === "stack.launch.step")?.value).toBeCloseTo(0.009, 12);
  });
});

describe("a stack whose family has estimates of its own", () => {
  it("is left to them", () => {
    const prediction = predict("pytorch-nccl-2022");
    expect(prediction.inputs.some(({ note }) => note?.includes("fitted to published runs"))).toBe(false);
    expect(prediction.calibration.some(({ parts }) => parts.some(({ run }) => run === "selene-deepcam-2022"))).toBe(true);
  });
});
