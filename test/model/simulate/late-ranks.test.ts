/** Sums whose ranks come one after another: how long they take from the coming of the last, beside one that all begin together. What the fleet's schedule leaves out. */
import { describe, expect, it } from "vitest";
import { simulateExchange } from "../../../model/engine/events/index.ts";
import { allReduceAlgorithms } from "../../../model/network/collectives/index.ts";
import { makeStar } from "../../../model/network/topology/index.ts";
import { seededRandom } from "../../../model/variability/draw.ts";

const largest = (values: Float64Array): number => values.reduce((most, one) => Math.max(most, one), 0);

/** Time after the last has come over the time when all come together; `spread`: of the comings over that time. */
function timeAfterLast(id: keyof typeof allReduceAlgorithms, nodes: number, spread: number): number {
  const exchange = allReduceAlgorithms[id].steps({ nodes, devicesPerNode: 1 }, 1e6);
  const star = makeStar(exchange.ranks, 1e9, 1e-6);
  const placement = Int32Array.from({ length: exchange.ranks }, (_, rank) => rank);
  const together_s = largest(simulateExchange(star, placement, exchange).end_s);
  const random = seededRandom(7);
  const start_s = Float64Array.from(placement, () => random() * spread * together_s);
  return (largest(simulateExchange(star, placement, exchange, { start_s }).end_s) - largest(start_s)) / together_s;
}

describe.each([0.01, 0.3, 3])("ranks that come within %f of the sum's time", (spread) => {
  it.each([8, 13])("wait in a ring of %i for the whole of it, from the last on", (nodes) => {
    expect(timeAfterLast("ring", nodes, spread)).toBeCloseTo(1, 9);
    expect(timeAfterLast("bidirectional-ring", nodes, spread)).toBeCloseTo(1, 9);
  });

  it.each([8, 13])("wait in a tree of %i for no more than that", (nodes) => {
    for (const id of ["tree", "binary-tree"] as const) {
      const share = timeAfterLast(id, nodes, spread);
      expect(share, id).toBeLessThan(1 + 1e-9);
      expect(share, id).toBeGreaterThan(0.7);
    }
  });

  it.each([8, 13])("meet each other's messages in halving and doubling over %i", (nodes) => {
    for (const id of ["recursive-halving-doubling", "hierarchical", "recursive-doubling"] as const) {
      const share = timeAfterLast(id, nodes, spread);
      expect(share, id).toBeLessThan(spread === 0.3 ? 1.6 : 1.06);
      expect(share, id).toBeGreaterThan(0.7);
    }
  });
});
