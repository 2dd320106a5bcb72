/** Steps with a barrier beside the events: near where load spreads, exact on a hand-made case, and every byte on its links. */
import { describe, expect, it } from "vitest";
import { carriedBytes, simulateExchange } from "../../../model/engine/events/index.ts";
import { allReduceAlgorithms } from "../../../model/network/collectives/index.ts";
import { makeFatTree, makeStar } from "../../../model/network/topology/index.ts";
import type { Exchange } from "../../../model/network/exchange.ts";
import { sentBytes } from "../../support/sent-bytes.ts";
import { synchronousTime } from "../../../model/simulate/synchronous.ts";

const identity = (count: number) => Int32Array.from({ length: count }, (_, index) => index);
const tree = (routing: "deterministic" | "adaptive") => makeFatTree({ levels: [{ down: 18, up: 1, cables: 1, capacity_bytes_per_s: 12.5e9, latency_s: 4e-7 }, { down: 8, up: 18, cables: 1, capacity_bytes_per_s: 12.5e9, latency_s: 1e-7 }], routing: { kind: routing } });

describe("steps with a barrier after each", () => {
  it("take what the fullest link needs, and the longest latency", () => {
    // Two senders share the way into host 2: 2 kB at 1 GB/s, then 1 kB twice.
    const exchange: Exchange = { ranks: 3, phases: [
      { name: "incast", repeat: 1, from: Int32Array.of(0, 1), to: Int32Array.of(2, 2), bytes: Float64Array.of(1000, 1000) },
      { name: "back", repeat: 2, from: Int32Array.of(2), to: Int32Array.of(0), bytes: Float64Array.of(1000) },
    ] };
    const star = makeStar(3, 1e9, 1e-6);
    const way = new Int32Array(4);
    const latency_s = way.subarray(0, star.route(0, 2, way, 0)).reduce((sum, link) => sum + (star.links.latency_s[link] as number), 0);
    expect(synchronousTime(star, identity(3), exchange)).toBeCloseTo(2e-6 + 2 * 1e-6 + 3 * latency_s, 12);
    const links = way.subarray(0, star.route(0, 2, way, 0)).length;
    expect(carriedBytes(star, identity(3), exchange).reduce((sum, one) => sum + one, 0)).toBe(links * sentBytes(exchange));
  });

  it.each(["ring", "hierarchical", "recursive-halving-doubling"] as const)("are within 5 %% of the events for %s over spread links", (id) => {
    const exchange = allReduceAlgorithms[id].steps({ nodes: 128, devicesPerNode: 1 }, 5e7);
    const events = Math.max(...simulateExchange(tree("adaptive"), identity(128), exchange).end_s);
    expect(Math.abs(synchronousTime(tree("adaptive"), identity(128), exchange) / events - 1)).toBeLessThan(0.05);
  });

  it("are within a fifth where a fixed routing overloads links", () => {
    const exchange = allReduceAlgorithms.hierarchical.steps({ nodes: 130, devicesPerNode: 1 }, 5e7);
    const events = Math.max(...simulateExchange(tree("deterministic"), identity(130), exchange).end_s);
    expect(Math.abs(synchronousTime(tree("deterministic"), identity(130), exchange) / events - 1)).toBeLessThan(0.2);
  });
});
