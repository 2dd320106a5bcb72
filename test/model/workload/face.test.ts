/** Networks for faces against published counts: OpenVINO's model card of the MXNet ArcFace ResNet-100, InsightFace's model zoo for ResNet-50, MobileFaceNets (arXiv:1804.07573, table 2). */
import { describe, expect, it } from "vitest";
import { buildFace } from "../../../model/workload/face.ts";
import { countFlop } from "../../../model/workload/flop.ts";
import { countParameters } from "../../../model/workload/totals.ts";

/** Without the classifier, whose size is that of the data set. */
const backbone = (name: "iresnet50" | "iresnet100" | "mobilefacenet", embedding: number) => buildFace({ backbone: name, embedding, classes: 1 }).filter(({ part }) => part !== "classifier");

describe("a face network", () => {
  it.each([
    ["iresnet100", 512, 65.132e6, 24.2115e9],
    ["iresnet50", 512, 43.6e6, 12.6e9],
    ["mobilefacenet", 128, 0.99e6, 2 * 221e6],
  ] as const)("%s has its published parameters and operations", (name, embedding, parameters, flop) => {
    const layers = backbone(name, embedding);
    expect(Math.abs(countParameters(layers) / parameters - 1)).toBeLessThan(0.015);
    expect(Math.abs(countFlop(layers, "algorithmic") / 3 / flop - 1)).toBeLessThan(0.003);
  });

  it("embeds 7 x 7 positions and ends in a class a person", () => {
    const layers = buildFace({});
    expect(layers.find(({ name }) => name === "embedding/dense")).toMatchObject({ inChannels: 512 * 7 * 7, outChannels: 512 });
    expect(layers.at(-2)).toMatchObject({ kind: "dense", inChannels: 512, outChannels: 85_742, parameters: [512 * 85_742] });
  });

  it("has a shortcut with a projection only where the size changes", () => {
    expect(buildFace({ backbone: "iresnet50" }).filter(({ name }) => name.endsWith("/shortcut")).map(({ name }) => name)).toEqual([1, 2, 3, 4].map((stage) => `stage${stage}/unit1/shortcut`));
  });
});
