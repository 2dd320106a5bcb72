/** Servers that keep whole tensors: load of the busiest one, and a run that it explains. */
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeScenario } from "../../../calibrate/fit/layers/runs.ts";
import { readLayerHost } from "../../../cli/host/layer-catalogue.ts";
import { stepTime } from "../../../model/engine/terms.ts";
import { busiestServer } from "../../../model/network/busiest-server.ts";
import { prepare } from "../../../model/predict/prepare.ts";

describe("the busiest server", () => {
  it("has an equal share while no tensor is larger, then its largest tensor, however many servers there are", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1e7 }), { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 4096 }), (tensors, servers) => {
      const total = tensors.reduce((sum, one) => sum + one, 0);
      const held = (busiestServer(tensors, servers) * total) / servers;
      expect(held / Math.max(total / servers, ...tensors)).toBeCloseTo(1, 9);
    }));
    expect(busiestServer([], 8)).toBe(1);
  });

  it("explains Piz Daint at 128 nodes from documents alone: 9220 images/s (Bugliarello 2017), and 2001 at 16, each within 6 %", () => {
    const host = readLayerHost(fileURLToPath(new URL("../../../scenarios", import.meta.url)));
    for (const [devices, rate] of [[16, 2001], [128, 9219.7]] as const) {
      const series = { id: "s", title: "t", year: 2017, source: { verified: "in-source" }, machine: "Piz Daint", workload: { model: "Inception V3, ImageNet" }, setup: { framework: "TensorFlow 1.1.0", collective: "PARAMETER SERVERS" } };
      const one = host.read([{ ...series, points: [{ accelerators: devices, nodes: devices, metric: "throughput_synthetic", value: rate, unit: "images/s" }] }]).cases[0]!;
      const { program, resources, local } = prepare(makeScenario(one, host.documents).scenario!, "cold");
      expect(Math.abs(stepTime(program, resources, devices, local) / ((devices * 32) / rate) - 1)).toBeLessThan(0.06);
    }
  });
});
