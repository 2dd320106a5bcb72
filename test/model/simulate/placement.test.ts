/** Where ranks sit: distinct nodes of the machine, in the pattern that the name says, the same for the same seed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placements, placeNodes, placeRanks } from "../../../model/simulate/placement.ts";
import { seededRandom } from "../../../model/variability/draw.ts";

const runsOf = (nodes: Int32Array) => nodes.reduce((runs, node, index) => runs + (index === 0 || node !== (nodes[index - 1] as number) + 1 ? 1 : 0), 0);

describe.each(placements)("%s", (placement) => {
  it("gives distinct nodes of the machine, and the same ones for the same seed", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 300 }), fc.integer(), (wanted, more, seed) => {
      const nodes = placeNodes(placement, wanted, wanted + more, seededRandom(seed));
      expect(new Set(nodes).size).toBe(wanted);
      expect(Math.min(...nodes)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...nodes)).toBeLessThan(wanted + more);
      expect(placeNodes(placement, wanted, wanted + more, seededRandom(seed))).toEqual(nodes);
    }));
  });

  it("fills a node before it goes on", () => {
    const nodes = placeNodes(placement, 5, 20, seededRandom(1));
    const ranks = placeRanks(nodes, 4, 18);
    expect(ranks.length).toBe(18);
    ranks.forEach((device, rank) => expect(Math.floor(device / 4)).toBe(nodes[Math.floor(rank / 4)]));
  });
});

it("packed is one run, strided has gaps, fragments are runs of some nodes, random hardly has any", () => {
  const [packed, strided, fragmented, random] = (["packed", "strided", "fragmented", "random"] as const).map((placement) => runsOf(placeNodes(placement, 1000, 4000, seededRandom(7))));
  expect(packed).toBe(1);
  expect(strided).toBe(1000);
  expect(fragmented).toBeGreaterThan(40);
  expect(fragmented).toBeLessThan(200);
  expect(random).toBeGreaterThan(900);
});
