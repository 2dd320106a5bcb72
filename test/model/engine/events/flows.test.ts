/** Flows without dependencies: cases worked out by hand (rates and times that SimGrid gives too), and random ones against the plain reference. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulateFlows } from "../../../../model/engine/events/flows.ts";
import { InputError } from "../../../../model/problems.ts";
import { simulatePlainly } from "./reference.ts";
import { anyNetwork, furthestApart, inOrder, makeWritten } from "./small-networks.ts";

const [giga, ms] = [1e9, 1e-3];
/** Each flow has endpoints of its own: flow i goes from 2 i to 2 i + 1 over the links that are named. */
function endsOf(links: readonly (readonly [capacity: number, latency: number])[], flows: readonly { over: readonly number[]; bytes?: number; start?: number }[]): number[] {
  const ways: number[][][] = Array.from({ length: 2 * flows.length }, () => Array.from({ length: 2 * flows.length }, () => [0]));
  flows.forEach(({ over }, index) => ((ways[2 * index] as number[][])[2 * index + 1] = [...over]));
  const graph = makeWritten(links.map(([capacity, latency]) => ({ capacity, latency })), ways);
  const column = <T>(of: (flow: (typeof flows)[number], index: number) => T): T[] => flows.map(of);
  const { end_s } = simulateFlows(graph, {
    from: Int32Array.from(column((_, index) => 2 * index)),
    to: Int32Array.from(column((_, index) => 2 * index + 1)),
    bytes: Float64Array.from(column(({ bytes }) => bytes ?? giga)),
    start_s: Float64Array.from(column(({ start }) => start ?? 0)),
  });
  return [...end_s];
}

describe("flows worked out by hand", () => {
  const cases: [name: string, links: (readonly [number, number])[], flows: { over: number[]; bytes?: number; start?: number }[], ends: number[]][] = [
    ["one flow over two links of 1 ms", [[giga, ms], [giga, ms]], [{ over: [0, 1] }], [1.002]],
    ["two flows share the way up", [[giga, ms], [giga, ms], [giga, ms]], [{ over: [0, 1] }, { over: [0, 2] }], [2.002, 2.002]],
    ["crossing flows at 1/3, 1/3, 1/3 and 2/3", [[giga, 0], [giga, 0]], [{ over: [0] }, { over: [0] }, { over: [0, 1] }, { over: [1], bytes: 2 * giga }], [3, 3, 3, 3]],
    ["opposite directions are two links", [[giga, ms], [giga, ms], [giga, ms], [giga, ms]], [{ over: [0, 1] }, { over: [2, 3] }], [1.002, 1.002]],
    ["the second comes when the first has sent half", [[giga, ms], [giga, ms]], [{ over: [0, 1], bytes: 2 * giga }, { over: [0, 1], start: 1 }], [3.002, 3.002]],
    ["ways of 2 and 4 ms over one narrow link", [[giga, 0], [8 * giga, 2 * ms], [8 * giga, 4 * ms]], [{ over: [0, 1] }, { over: [0, 2] }], [2, 2.002]],
    ["a trunk of two cables and of one", [[giga, 0], [giga, 0], [2 * giga, 0], [giga, 0], [giga, 0], [giga, 0]], [{ over: [0, 2] }, { over: [1, 2] }, { over: [3, 5] }, { over: [4, 5] }], [1, 1, 2, 2]],
    ["nothing to send costs the latency", [[giga, ms], [giga, ms]], [{ over: [0, 1], bytes: 0, start: 4 }], [4.002]],
    ["who ends leaves its share to the others", [[giga, 0]], [{ over: [0], bytes: giga }, { over: [0], bytes: 2 * giga }, { over: [0], bytes: 3 * giga }], [3, 5, 6]],
  ];
  it.each(cases)("%s", (_, links, flows, ends) => {
    expect(furthestApart(endsOf(links, flows), ends)).toBeLessThan(1e-12);
  });
});

const anyFlows = anyNetwork.chain((graph) =>
  fc.record({
    graph: fc.constant(graph),
    flows: fc.array(
      fc.record({
        from: fc.nat(graph.endpoints - 1),
        step: fc.integer({ min: 1, max: graph.endpoints - 1 }),
        bytes: fc.oneof(fc.constantFrom(0, 1, 2, 5), fc.double({ min: 0.01, max: 30, noNaN: true })),
        start: fc.oneof(fc.constantFrom(0, 0, 1), fc.double({ min: 0, max: 10, noNaN: true })),
      }),
      { minLength: 1, maxLength: 14 },
    ),
  }),
);

describe("any flows on any network", () => {
  const columns = (graph: { endpoints: number }, flows: readonly { from: number; step: number; bytes: number; start: number }[]) => ({
    from: Int32Array.from(flows, ({ from }) => from),
    to: Int32Array.from(flows, ({ from, step }) => (from + step) % graph.endpoints),
    bytes: Float64Array.from(flows, ({ bytes }) => bytes),
    start_s: Float64Array.from(flows, ({ start }) => start),
  });

  it("end when the plain reference says", () => {
    fc.assert(
      fc.property(anyFlows, ({ graph, flows }) => {
        const made = columns(graph, flows);
        const count = flows.length;
        const expected = simulatePlainly(graph, [...made.from, ...made.to], { ranks: 2 * count, phases: [{ name: "flows", repeat: 1, from: inOrder(count), to: inOrder(count).map((flow) => flow + count), bytes: made.bytes }] }, [...made.start_s, ...made.start_s]);
        for (const watchLinks of [false, true]) expect(furthestApart(simulateFlows(graph, made, { watchLinks }).end_s, expected.slice(0, count))).toBeLessThan(1e-9);
      }),
      { numRuns: 400 },
    );
  });

  it("scale: all capacities and sizes doubled change nothing, all sizes and latencies and starts doubled double the ends", () => {
    fc.assert(
      fc.property(anyFlows, ({ graph, flows }) => {
        const made = columns(graph, flows);
        const { end_s } = simulateFlows(graph, made);
        const wider = { ...graph, links: { ...graph.links, capacity_bytes_per_s: graph.links.capacity_bytes_per_s.map((one) => 2 * one) } };
        const slower = { ...graph, links: { ...graph.links, latency_s: graph.links.latency_s.map((one) => 2 * one) } };
        const bytes = made.bytes.map((one) => 2 * one);
        expect(furthestApart(simulateFlows(wider, { ...made, bytes }).end_s, end_s)).toBeLessThan(1e-12);
        expect(furthestApart(simulateFlows(slower, { ...made, bytes, start_s: made.start_s.map((one) => 2 * one) }).end_s, end_s.map((one) => 2 * one))).toBeLessThan(1e-12);
      }),
      { numRuns: 100 },
    );
  });

  it("on one shared link end no later when it is wider", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ bytes: fc.double({ min: 0, max: 9, noNaN: true }), start: fc.double({ min: 0, max: 3, noNaN: true }) }), { minLength: 1, maxLength: 9 }), fc.double({ min: 1, max: 9, noNaN: true }), (flows, wider) => {
        const on = (capacity: number): number[] => endsOf([[capacity, 0.1]], flows.map((flow) => ({ ...flow, over: [0] })));
        const [narrow, wide] = [on(1), on(wider)];
        wide.forEach((end, flow) => expect(end).toBeLessThanOrEqual((narrow[flow] as number) * (1 + 1e-12)));
      }),
      { numRuns: 200 },
    );
  });
});

describe("flows that cannot be", () => {
  const graph = makeWritten([{ capacity: 1, latency: 0 }, { capacity: 0, latency: 0 }], [[[0], [0], [1]], [[0], [0], [1]], [[0], [0], [0]]]);
  const problemsOf = (from: number[], to: number[], bytes: number[], start_s: number[]): string[] => {
    try {
      simulateFlows(graph, { from: Int32Array.from(from), to: Int32Array.from(to), bytes: Float64Array.from(bytes), start_s: Float64Array.from(start_s) });
      return [];
    } catch (error) {
      if (error instanceof InputError) return error.problems.map(({ code, path }) => `${code} ${path}`);
      throw error;
    }
  };

  it("are named with their place, all at once", () => {
    expect(problemsOf([0, 9], [0, 1], [Number.NaN, 1], [0, -1])).toEqual(["wrong-value flows.to[0]", "wrong-value flows.bytes[0]", "wrong-value flows.from[1]", "wrong-value flows.start_s[1]"]);
    expect(problemsOf([0], [1, 2], [1], [])).toEqual(["wrong-value flows.to", "wrong-value flows.start_s"]);
  });

  it("include ways over a link that carries nothing", () => {
    expect(problemsOf([0], [2], [1], [0])).toEqual(["dead-link exchange.phases[0].flows[0]"]);
  });

  it("are none when there are none", () => {
    expect(problemsOf([], [], [], [])).toEqual([]);
  });
});
