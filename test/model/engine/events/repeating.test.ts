/** Many equal steps: jumping and folding against every message, on random networks where flows meet, with late ranks and ranks that wait in later phases. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulateExchange } from "../../../../model/engine/events/exchange.ts";
import { anyExchange, anyNetwork, furthestApart, inOrder } from "./small-networks.ts";

const anyRun = anyNetwork.chain((graph) =>
  fc.record({
    graph: fc.constant(graph),
    exchange: anyExchange(graph.endpoints),
    repeats: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 3, maxLength: 3 }),
    start_s: fc.array(fc.constantFrom(0, 0, 0, 0.5, 3, 200), { minLength: graph.endpoints, maxLength: graph.endpoints }).map((times) => Float64Array.from(times)),
  }),
);

describe("many equal steps", () => {
  it("end at the same times with and without jump and fold", () => {
    let jumped = 0;
    fc.assert(
      fc.property(anyRun, ({ graph, exchange, repeats, start_s }) => {
        const long = { ...exchange, phases: exchange.phases.map((phase, index) => ({ ...phase, repeat: repeats[index] ?? 1 })) };
        const placement = inOrder(graph.endpoints);
        const expected = simulateExchange(graph, placement, long, { fold: false, jump: false, direct: false, start_s, watchLinks: true });
        for (const fold of [false, new Int32Array(graph.endpoints)]) {
          const short = simulateExchange(graph, placement, long, { fold, direct: false, start_s, watchLinks: true });
          jumped += short.jumped;
          expect(furthestApart(short.end_s, expected.end_s)).toBeLessThan(1e-10);
          expect(furthestApart(short.links?.busy_s ?? [], expected.links?.busy_s ?? [])).toBeLessThan(1e-7);
        }
        expect(furthestApart(simulateExchange(graph, placement, long, { start_s }).end_s, expected.end_s)).toBeLessThan(1e-10);
      }),
      { numRuns: 150 },
    );
    expect(jumped).toBeGreaterThan(1000);
  });
});
