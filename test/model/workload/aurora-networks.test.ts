/** Networks of Aurora's early science: Uno's parameters as its README prints them, layer by layer; flood-filling networks by the formula of their code; CosmicTagger's preset A21. */
import { describe, expect, it } from "vitest";
import { families } from "../../../model/workload/index.ts";
import { countFlop } from "../../../model/workload/flop.ts";
import { countParameters } from "../../../model/workload/totals.ts";

describe("Uno", () => {
  const layers = families.uno.build();
  const of = (part: string) => countParameters(layers.filter((layer) => layer.part === part));

  it("has 21,275,001 parameters: three towers and what joins them", () => {
    expect([of("genes"), of("descriptors"), of("fingerprints")]).toEqual([2_945_000, 7_273_000, 4_051_000]);
    expect(of("joined")).toBe(5_003_000 + 2 * 1_001_000 + 1001);
    expect(countParameters(layers)).toBe(21_275_001);
  });

  it("uses the towers of drugs once for each drug, with the same weights", () => {
    const one = families.uno.build({ drugs: 1 });
    expect(countParameters(layers) - countParameters(one)).toBe((2 * 1000 + 1) * 1000);
    const forward = (drugs: number) => 942_000 + 2e6 + drugs * (5_270_000 + 2_048_000 + 4e6) + (1000 + drugs * 2001) * 1000 + 2e6 + 1000;
    expect(countFlop(layers, "algorithmic") / 6).toBe(forward(2));
    expect(countFlop(one, "algorithmic") / 6).toBe(forward(1));
  });
});

describe("flood-filling networks", () => {
  it.each([9, 12])("have the parameters of their code at depth %i", (depth) => {
    expect(countParameters(families.ffn.build({ depth }))).toBe(27 * 2 * 32 + 32 + (2 * depth - 1) * (27 * 32 * 32 + 32) + 32 + 1);
  });

  it("do all their work at every voxel of the field", () => {
    const products = 27 * 2 * 32 + 23 * 27 * 32 * 32 + 32;
    expect(countFlop(families.ffn.build(), "algorithmic") / 6).toBe(33 ** 3 * products);
  });
});

it("CosmicTagger's A21 is the published network with half the filters, sums in place of joins, and no last blocks", () => {
  const a21 = families.uresnet.build({ filters: 8, finalBlocks: 0, residual: false, join: "add" });
  expect(a21.some(({ kind }) => kind === "concatenate")).toBe(false);
  expect(a21.some(({ name }) => name.startsWith("final"))).toBe(false);
  expect(countFlop(a21, "algorithmic")).toBeLessThan(countFlop(families.uresnet.build(), "algorithmic") / 4);
});
