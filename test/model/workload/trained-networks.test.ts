/**
 * The families that native/pytorch trains are the same networks there: test/fixtures/networks holds parameter tensors and work as PyTorch sees them,
 * counted from the shapes of tensors in a forward pass.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { countFlop, countTrainedFlop, flopOfPass, multiplies } from "../../../model/workload/flop.ts";
import { families, type FamilyId } from "../../../model/workload/index.ts";
import { batchedSizes, countMultiplierInputs, countOutputElements, countParameters } from "../../../model/workload/totals.ts";

interface Case {
  readonly network: FamilyId;
  readonly options: Record<string, unknown>;
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly products: readonly { readonly name: string; readonly kind: string; readonly forward_flop: number; readonly differentiatesInput: boolean }[];
}

const read = (name: string) => JSON.parse(readFileSync(fileURLToPath(new URL(`../../fixtures/networks/${name}.json`, import.meta.url)), "utf8")) as Case[];
const cases = ["small-resnet", "unet", "gpt", "mlp"].flatMap(read);
const build = (one: Case) => families[one.network].build(one.options as never);
const elements = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

describe.each(cases.map((one) => [`${one.network} ${JSON.stringify(one.options)}`, one] as const))("%s", (_, one) => {
  const layers = build(one);

  test("has PyTorch's parameter tensors in PyTorch's order", () => {
    expect(layers.flatMap(({ parameters }) => parameters)).toEqual(one.parameters.map(({ shape }) => elements(shape)));
  });

  test("has PyTorch's products in the order in which they run, with their work", () => {
    const ours = layers.filter(multiplies).map((layer) => ({ kind: layer.kind, forward_flop: flopOfPass(layer, "forward"), differentiatesInput: layer.differentiatesInput }));
    expect(ours).toEqual(one.products.map(({ kind, forward_flop, differentiatesInput }) => ({ kind, forward_flop, differentiatesInput })));
  });

  test("trains with a gradient of each factor", () => {
    expect(countTrainedFlop(layers)).toBe(one.products.reduce((sum, { forward_flop, differentiatesInput }) => sum + forward_flop * (differentiatesInput ? 3 : 2), 0));
  });
});

test("the published sizes hold 2.8, 1.9, 4.2 and 12.5 million parameters", () => {
  const published = ["small-resnet", "unet", "gpt", "mlp"] as const;
  expect(published.map((id) => countParameters(families[id].build()))).toEqual([2_777_674, 1_930_819, 4_240_896, 12_540_904]);
});

test("attention grows with the square of the tokens, and its heads share the work", () => {
  const products = (tokens: number, heads: number) => families.gpt.build({ tokens, heads, width: 64, layers: 1 }).filter(({ kind }) => kind === "batched-product");
  assert(
    property(integer({ min: 1, max: 100 }), integer({ min: 0, max: 5 }), (tokens, power) => {
      const heads = 2 ** power;
      const pair = products(tokens, heads);
      expect(pair.map(batchedSizes)).toEqual([
        { matrices: heads, rows: tokens, inner: 64 / heads, columns: tokens },
        { matrices: heads, rows: tokens, inner: tokens, columns: 64 / heads },
      ]);
      for (const layer of pair) {
        expect(layer.parameters).toEqual([]);
        for (const pass of ["forward", "data-gradient", "weight-gradient"] as const) expect(flopOfPass(layer, pass)).toBe(2 * tokens * tokens * 64);
      }
      // Kept for the backward pass: query and key; scores and value.
      expect(countMultiplierInputs(pair)).toBe(2 * 64 * tokens + heads * tokens * tokens + 64 * tokens);
      expect(pair.map(countOutputElements)).toEqual([heads * tokens * tokens, 64 * tokens]);
    }),
    { numRuns: 30 },
  );
});

test("executed work fills a product of activations up matrix by matrix", () => {
  const executed = (width: number, heads: number) => countFlop(families.gpt.build({ width, heads, tokens: 32, layers: 1 }).filter(({ kind }) => kind === "batched-product"), "profiler-executed");
  expect(executed(64, 8)).toBe(3 * 2 * 2 * 32 * 32 * 64);
  // Heads of 4 channels are filled up to 8.
  expect(executed(64, 16)).toBe(2 * executed(64, 8));
});

test("an unfitting width is refused by name", () => {
  expect(() => families.gpt.build({ width: 100, heads: 3 })).toThrow(/100 .*3 heads/);
  expect(families.gpt.sizeMultiple({ heads: 3 })).toBe(3);
});
