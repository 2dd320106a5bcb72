/** What every network's layer list must satisfy, at its published sizes and at others. */
import { assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { countFlop, flopOfPass } from "../../../model/workload/flop.ts";
import { families, type FamilyId, type Layer } from "../../../model/workload/index.ts";
import { countInputElements, countOutputElements, countPointwiseOutputs, listGradientTensors } from "../../../model/workload/totals.ts";

const ids = Object.keys(families) as FamilyId[];
const conventions = ["algorithmic", "graph-s2b-2018", "profiler-executed"] as const;

/** Each tower of Uno reads its own part of the sample. */
const readsPart = (id: FamilyId, layer: Layer): boolean => id === "uno" && !layer.differentiatesInput;

describe.each(ids)("%s", (id) => {
  const layers = families[id].build();

  test("names are unique", () => {
    expect(new Set(layers.map(({ name }) => name)).size).toBe(layers.length);
  });

  test("every layer reads what an earlier one wrote", () => {
    const first = layers[0];
    const written = new Set<string>(first ? [describeTensor(first.inChannels, first.inSize)] : []);
    const elements = new Set<number>(first ? [countInputElements(first)] : []);
    for (const layer of layers) {
      if (layer.kind === "concatenate") expect(layer.inChannels).toBe(layer.outChannels);
      else if (readsPart(id, layer)) expect(layer.kind).toBe("dense");
      else if (layer.kind === "dense") expect(elements).toContain(countInputElements(layer));
      // Planes that lie below one another become channels: the same elements.
      else if (id === "uresnet" && layer.name === "bottom/in/conv") expect(elements).toContain(countInputElements(layer));
      else expect(written, layer.name).toContain(describeTensor(layer.inChannels, layer.inSize));
      written.add(describeTensor(layer.outChannels, layer.outSize));
      elements.add(countOutputElements(layer));
    }
  });

  test("only layers on the raw sample have no data gradient", () => {
    const raw = layers[0];
    for (const layer of layers) {
      if (layer.differentiatesInput) continue;
      if (!readsPart(id, layer)) expect([layer.inChannels, layer.inSize]).toEqual([raw?.inChannels, raw?.inSize]);
      expect(flopOfPass(layer, "data-gradient")).toBe(0);
      expect(flopOfPass(layer, "weight-gradient")).toBe(flopOfPass(layer, "forward"));
    }
    expect(layers.filter(({ differentiatesInput }) => !differentiatesInput).length).toBeGreaterThan(0);
  });

  test("weights match the filter", () => {
    for (const { kind, kernel, inChannels, outChannels, groups, parameters } of layers) {
      if (!["convolution", "transposed-convolution", "dense"].includes(kind)) continue;
      expect(parameters).toEqual([kernel.reduce((product, taps) => product * taps, (inChannels * outChannels) / groups)]);
    }
  });

  test("gradients become ready from the last layer to the first", () => {
    const order = listGradientTensors(layers).map(({ layer }) => layer);
    expect(order).toEqual(order.toSorted((a, b) => b - a));
  });

  test("structured clone keeps the list", () => {
    expect(structuredClone(layers)).toEqual(layers);
  });
});

const imageFamilies = ["deeplabv3plus", "tiramisu", "deepcam"] as const;

test("work and point-wise elements of a segmentation network grow with the image's area", () => {
  assert(
    property(constantFrom(...imageFamilies), integer({ min: 2, max: 12 }), integer({ min: 2, max: 12 }), (id, rows, columns) => {
      const size = (scale: number) => families[id].build({ height: 16 * rows * scale, width: 16 * columns * scale });
      const [small, large] = [size(1), size(2)];
      // Only what the image-level branch does once per image, and its one position, keeps the ratio below 4.
      const work = countFlop(large, "algorithmic") / countFlop(small, "algorithmic");
      expect(work).toBeGreaterThan(3.99);
      expect(work).toBeLessThanOrEqual(4 + 1e-12);
      expect(countPointwiseOutputs(large) / countPointwiseOutputs(small)).toBeCloseTo(4, 1);
      expect(listGradientTensors(large).map(({ elements }) => elements)).toEqual(listGradientTensors(small).map(({ elements }) => elements));
    }),
    { numRuns: 20 },
  );
});

test("no convention counts below the definition, and all grow with the classes", () => {
  assert(
    property(constantFrom(...imageFamilies), integer({ min: 2, max: 40 }), (id, classes) => {
      const few = families[id].build({ classes, height: 64, width: 96 });
      const more = families[id].build({ classes: classes + 8, height: 64, width: 96 });
      for (const convention of conventions) expect(countFlop(more, convention)).toBeGreaterThan(countFlop(few, convention));
      expect(countFlop(few, "graph-s2b-2018")).toBeGreaterThanOrEqual(countFlop(few, "algorithmic"));
    }),
    { numRuns: 20 },
  );
});

test("edges that are multiples of sizeMultiple always build, others are refused by name", () => {
  assert(
    property(constantFrom(...imageFamilies), integer({ min: 1, max: 9 }), integer({ min: 1, max: 9 }), (id, rows, columns) => {
      const multiple = families[id].sizeMultiple();
      expect(families[id].build({ height: multiple * rows, width: multiple * columns }).length).toBeGreaterThan(100);
      expect(() => families[id].build({ height: multiple * rows + 1, width: multiple * columns })).toThrow(/joins/);
    }),
    { numRuns: 20 },
  );
});

test("Tiramisu's knobs", () => {
  const build = families.tiramisu.build;
  const count = (layers: readonly Layer[], kind: Layer["kind"]) => layers.filter((layer) => layer.kind === kind).length;
  expect(count(build({ dropout: 0 }), "dropout")).toBe(0);
  expect(count(build(), "batch-normalisation")).toBe(0);
  expect(count(build({ batchNormalisation: true }), "batch-normalisation")).toBe(count(build(), "activation"));
  expect(count(build({ blocks: [3, 3, 3] }), "transposed-convolution")).toBe(2);
  expect(families.tiramisu.sizeMultiple({ blocks: [3, 3, 3] })).toBe(4);
  const kernels = [3, 5].map((kernel) => countFlop(build({ kernel }), "algorithmic"));
  expect((kernels[1] ?? 0) / (kernels[0] ?? 1)).toBeGreaterThan(2);
});

test("DeepLabv3+'s lighter decoders drop the full-resolution work", () => {
  const work = (["bilinear", "deconv", "deconv1x"] as const).map((decoder) => countFlop(families.deeplabv3plus.build({ decoder }), "algorithmic"));
  expect(work).toEqual(work.toSorted((a, b) => a - b));
  expect((work[2] ?? 0) / (work[0] ?? 1)).toBeGreaterThan(2.5);
});

test("the batch-normalised networks hold scale and offset per normalisation", () => {
  for (const layer of families.resnet50.build()) {
    if (layer.kind === "batch-normalisation") expect(layer.parameters).toEqual([layer.outChannels, layer.outChannels]);
  }
});

function describeTensor(channels: number, size: readonly number[]): string {
  return [channels, ...size].join("x");
}
