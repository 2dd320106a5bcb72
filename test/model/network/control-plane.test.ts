/** Agreement on ready gradients: how many requests the busiest rank handles, flat and in a tree (Kurth et al. SC18, section on Horovod's control plane). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { busiestRequests, negotiationTime, treeDepth, type ControlPlane } from "../../../model/network/control-plane.ts";

const flat: ControlPlane = { kind: "flat", radix: 4, messageOverhead_s: 0.15e-6, requestProcessing_s: 0.5e-6, messageLatency_s: 1.5e-6 };
const tree: ControlPlane = { ...flat, kind: "tree" };
const none: ControlPlane = { ...flat, kind: "none" };

it("flat: rank 0 hears from every other rank", () => {
  expect([1, 2, 1024, 27_360].map((ranks) => busiestRequests(flat, ranks))).toEqual([0, 1, 1023, 27_359]);
  expect(treeDepth(flat, 27_360)).toBe(1);
});

it("tree: no rank handles more than r + 1 requests, whatever the number of ranks", () => {
  for (const radix of [2, 4, 8]) expect(busiestRequests({ ...tree, radix }, 27_360)).toBe(radix + 1);
  expect(busiestRequests(tree, 3)).toBe(2);
});

it("none and one rank: nothing", () => {
  for (const [plane, ranks] of [[none, 27_360], [flat, 1], [tree, 1]] as const) expect(negotiationTime(plane, ranks)).toEqual({ perTensor_s: 0, perBuffer_s: 0, roundTrip_s: 0 });
});

it("a request costs a message and its handling, an answer a message to each that asked; the round trip goes up and down", () => {
  expect(negotiationTime(flat, 101).perTensor_s).toBeCloseTo(100 * 0.65e-6, 15);
  expect(negotiationTime(flat, 101).perBuffer_s).toBeCloseTo(100 * 0.15e-6, 15);
  expect(negotiationTime(tree, 27_360).perBuffer_s).toBeCloseTo(5 * 0.15e-6, 15);
  expect(negotiationTime(flat, 101).roundTrip_s).toBeCloseTo(2 * 1.5e-6, 15);
  expect(negotiationTime(tree, 4 ** 5).roundTrip_s).toBeCloseTo(2 * 5 * 1.5e-6, 15);
});

describe("over any number of ranks", () => {
  const ranks = fc.integer({ min: 1, max: 100_000 });
  const radix = fc.integer({ min: 2, max: 64 });

  it("a tree of that depth holds all ranks, and one level less does not", () => {
    fc.assert(fc.property(ranks, radix, (count, r) => {
      const depth = treeDepth({ ...tree, radix: r }, count);
      expect(r ** depth).toBeGreaterThanOrEqual(count * (1 - 1e-9));
      if (count > 1) expect(r ** (depth - 1)).toBeLessThan(count);
    }));
  });

  it("a full tree has exactly its levels", () => {
    for (let r = 2; r <= 64; r++) for (let depth = 1; r ** depth < 1e6; depth++) expect(treeDepth({ ...tree, radix: r }, r ** depth), `${r}^${depth}`).toBe(depth);
  });

  it("a tree never loads a rank more than a flat root, and more ranks never load it less", () => {
    fc.assert(fc.property(ranks, radix, (count, r) => {
      const plane = { ...tree, radix: r };
      expect(busiestRequests(plane, count)).toBeLessThanOrEqual(busiestRequests(flat, count));
      for (const one of [flat, plane]) expect(busiestRequests(one, count + 1)).toBeGreaterThanOrEqual(busiestRequests(one, count));
    }));
  });
});
