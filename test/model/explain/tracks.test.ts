/** Scale-up and scale-out of a step: they add up, and each knob of Aurora moves the side that it belongs to. */
import { describe, expect, it } from "vitest";
import { explainTracks, trackTimes, type Tracks } from "../../../model/explain/tracks.ts";
import { predict } from "../../../model/predict/predict.ts";
import { resolveScenario } from "../../../model/resolve/resolve.ts";
import type { Changes } from "../../../model/scenario.ts";
import { termIds } from "../../../model/prediction.ts";
import { library } from "../../support/library.ts";

const devices = 120;

function ask(changes: Changes = {}, workload = "candle-uno", count = devices): { tracks: Tracks; step_s: number } {
  const { scenario, problems } = resolveScenario(library, { machine: "aurora", workload, plan: "cosmictagger-12-tf32", stack: "pytorch-oneccl-2024", changes });
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  const point = predict(scenario, { devices: [count] }).points[0];
  if (point === undefined) throw new Error("no point");
  return { tracks: explainTracks(scenario, point.terms, count), step_s: point.stepTime_s.value };
}

describe("scale-up, scale-out and the rest", () => {
  const { tracks, step_s } = ask();

  it("add up to the step, and no term is in two", () => {
    expect(tracks.scaleUp.time_s + tracks.scaleOut.time_s + tracks.other.time_s).toBeCloseTo(step_s, 12);
    expect(tracks.scaleUp.share + tracks.scaleOut.share + tracks.other.share).toBeCloseTo(1, 12);
    const single = (id: (typeof termIds)[number]) => trackTimes([{ id, time_s: 1, overlapped_s: 2 }]);
    for (const id of termIds) expect(Object.values(single(id)).map(({ time_s, hidden_s }) => [time_s, hidden_s]).toSorted()).toEqual([[0, 0], [0, 0], [1, 2]]);
  });

  it("name their libraries, and oneCCL runs one collective at a time", () => {
    expect([tracks.scaleUp.library, tracks.scaleOut.library, tracks.scaleOut.concurrent]).toEqual(["oneDNN", "oneccl", false]);
  });

  it("a slower network moves scale-out alone, slower products scale-up alone", () => {
    const network = ask({ "machine.node.injection": "50 GB/s" }).tracks;
    expect(network.scaleOut.betweenNodes_s).toBeCloseTo(4 * tracks.scaleOut.betweenNodes_s, 9);
    expect(network.scaleUp).toEqual(tracks.scaleUp.share === network.scaleUp.share ? tracks.scaleUp : { ...tracks.scaleUp, share: network.scaleUp.share });
    const products = ask({ "machine.node.productSharing.tf32": 2 }).tracks;
    expect(products.scaleUp.time_s).toBeGreaterThan(tracks.scaleUp.time_s);
    expect(products.scaleOut.insideNode_s).toBe(tracks.scaleOut.insideNode_s);
  });

  it("one tile alone shares nothing and sums nothing", () => {
    const { scaleUp, scaleOut } = ask({}, "candle-uno", 1).tracks;
    expect([scaleUp.sharing_s, scaleOut.sums, scaleOut.time_s]).toEqual([0, 0, 0]);
    // 1.244, of the table of ALCF: 12 x 130 over 1,254 TF/s.
    expect(tracks.scaleUp.peakShare).toBeCloseTo((scaleUp.peakShare ?? 0) / 1.244, 9);
  });

  it("layout copies are told as cost where the stack makes them, and as saved where not", () => {
    const off = ask({}, "cosmictagger-a21", 12);
    const on = ask({ "stack.kernels.layoutCopies": true }, "cosmictagger-a21", 12);
    expect(off.tracks.scaleUp.layoutCopies?.on).toBe(false);
    expect(on.tracks.scaleUp.layoutCopies).toEqual({ on: true, time_s: off.tracks.scaleUp.layoutCopies?.time_s });
    expect(on.tracks.scaleUp.time_s - off.tracks.scaleUp.time_s).toBeCloseTo(off.tracks.scaleUp.layoutCopies?.time_s ?? 0, 6);
  });
});

describe("what moves on Aurora", () => {
  it("TF32 engines run products faster than FP32 where layers are wide", () => {
    const wide = { "plan.samplesPerDevice": 4096 };
    const { tracks } = ask(wide, "candle-uno", 12);
    expect(ask({ ...wide, "plan.precision": "fp32" }, "candle-uno", 12).tracks.scaleUp.time_s).toBeGreaterThan(tracks.scaleUp.time_s);
  });

  it("twelve tiles share the host link: a copy takes longer than one tile's", () => {
    const copy = (changes: Changes, count: number) => {
      const { scenario } = resolveScenario(library, { machine: "aurora", workload: "cosmictagger-a21", plan: "cosmictagger-12-tf32", stack: "pytorch-oneccl-2024", changes });
      if (scenario === undefined) throw new Error("no scenario");
      return predict(scenario, { devices: [count] }).points[0]?.input.stages.find(({ id }) => id === "copy")?.time_s ?? 0;
    };
    expect(copy({}, 12) / copy({}, 1)).toBeCloseTo(54 / 26.5, 6);
  });
});
