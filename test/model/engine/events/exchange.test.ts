/** Exchanges: the ring's closed form, random ones against the plain reference with every shortcut on and off, and what the host may ask for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulateExchange } from "../../../../model/engine/events/exchange.ts";
import { simulateFlows } from "../../../../model/engine/events/flows.ts";
import type { ExchangeOptions } from "../../../../model/engine/events/options.ts";
import { SimulationStopped } from "../../../../model/engine/events/pulse.ts";
import { InputError } from "../../../../model/problems.ts";
import { makeFatTree } from "../../../../model/network/topology/fat-tree.ts";
import type { Exchange, Phase } from "../../../../model/network/exchange.ts";
import { sentBytes } from "../../../support/sent-bytes.ts";
import { simulatePlainly } from "./reference.ts";
import { anyExchange, anyNetwork, furthestApart, inOrder, makeAllToAll, makeHalvingDoubling, makeRing, makeShift, makeWritten, repeated } from "./small-networks.ts";

const fatTree = (down: number, leaves: number, up: number) =>
  makeFatTree({
    levels: [
      { down, up: 1, cables: 1, capacity_bytes_per_s: 50e9, latency_s: 5e-7 },
      { down: leaves, up, cables: 1, capacity_bytes_per_s: 50e9, latency_s: 5e-7 },
    ],
  });

const plain: ExchangeOptions = { fold: false, jump: false, direct: false };

describe("the ring over 1,024 hosts of a fat tree", () => {
  const graph = fatTree(32, 32, 32);
  const ring = makeRing(1024, 2046, 1e9 / 1024);
  // Leaving a leaf takes four links of 0.5 us, and every host comes to wait for such a flow.
  const closed_s = 2046 * (1e9 / 1024 / 50e9 + 2e-6);

  it.each<[string, ExchangeOptions]>([
    ["directly", {}],
    ["by events with jump", { direct: false, fold: false }],
    ["folded", { direct: false }],
    ["watching every link", { watchLinks: true, fold: false }],
  ])("takes 44.0529 ms %s", (_, options) => {
    const { end_s } = simulateExchange(graph, inOrder(1024), ring, options);
    expect(closed_s).toBeCloseTo(44.0529e-3, 7);
    // Hosts inside a leaf wait for the flow into their leaf only after some steps.
    expect(Math.max(...end_s)).toBeCloseTo(closed_s, 12);
  });
});

const anyRun = anyNetwork.chain((graph) =>
  fc.record({
    graph: fc.constant(graph),
    exchange: anyExchange(graph.endpoints),
    start: fc.oneof(fc.constant(new Float64Array(graph.endpoints)), fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: graph.endpoints, maxLength: graph.endpoints }).map((times) => Float64Array.from(times))),
  }),
);

describe("any exchange on any network", () => {
  it("ends when the plain reference says, whatever shortcuts are allowed", () => {
    fc.assert(
      fc.property(anyRun, ({ graph, exchange, start }) => {
        const placement = inOrder(graph.endpoints);
        const expected = simulatePlainly(graph, placement, exchange, start);
        const ways: ExchangeOptions[] = [plain, { ...plain, jump: true }, { ...plain, fold: new Int32Array(graph.endpoints), jump: true }, {}, { watchLinks: true }];
        for (const options of ways) expect(furthestApart(simulateExchange(graph, placement, exchange, { ...options, start_s: start }).end_s, expected)).toBeLessThan(1e-9);
      }),
      { numRuns: 500 },
    );
  });
});

describe("shortcuts", () => {
  const placement = (count: number) => inOrder(count);
  const tapered = fatTree(8, 8, 4);
  const jittered = Float64Array.from({ length: 64 }, (_, rank) => ((rank * 37) % 64) * 1e-7);

  it.each<[string, Exchange, Float64Array | undefined]>([
    ["a ring", makeRing(64, 400, 1e6), undefined],
    ["a ring with late ranks", makeRing(64, 400, 1e6), jittered],
    ["halving and doubling", makeHalvingDoubling(64, 1e7), undefined],
    ["all to all", makeAllToAll(64, () => 1e5), undefined],
    ["all to all, many times", repeated(makeAllToAll(64, () => 1e5), 12), jittered],
  ])("change no end of %s", (_, exchange, start_s) => {
    const expected = simulateExchange(tapered, placement(64), exchange, { ...plain, start_s }).end_s;
    for (const options of [{ fold: new Int32Array(64) }, { fold: false }, { fold: true, jump: false }, { watchLinks: true }]) {
      expect(furthestApart(simulateExchange(tapered, placement(64), exchange, { ...options, start_s }).end_s, expected)).toBeLessThan(1e-11);
    }
  });

  it("are taken: a ring is jumped over, an even exchange is folded, an uncontended one needs no event", () => {
    const shifted = makeShift(64, 8, 400, 1e6);
    const jumped = simulateExchange(tapered, placement(64), shifted, { fold: false });
    expect(jumped.method).toBe("events");
    expect(jumped.jumped).toBeGreaterThan(380);
    expect(jumped.flows).toBeLessThan(64 * 20);
    const folded = simulateExchange(tapered, placement(64), shifted, { fold: new Int32Array(64), jump: false });
    expect(folded.classes).toBeLessThanOrEqual(8);
    expect(folded.flows).toBe((folded.classes as number) * 400);
    expect(simulateExchange(fatTree(8, 8, 8), placement(64), makeRing(64, 400, 1e6))).toMatchObject({ method: "direct", flows: 0 });
  });

  it("refuse classes that are declared but not alike", () => {
    const uneven = makeAllToAll(16, (from, to) => 1e5 * (1 + ((from * 7 + to * 3) % 5)));
    const graph = fatTree(4, 4, 2);
    const { end_s, classes } = simulateExchange(graph, placement(16), uneven, { fold: new Int32Array(16) });
    expect(classes).toBeNull();
    expect(furthestApart(end_s, simulateExchange(graph, placement(16), uneven, plain).end_s)).toBe(0);
  });
});

describe("one exchange in one step", () => {
  it("is never slower with more bandwidth everywhere, and never quicker than its busiest link", () => {
    fc.assert(
      fc.property(anyNetwork, fc.double({ min: 1, max: 8, noNaN: true }), fc.nat(1000), (graph, wider, seed) => {
        const exchange = makeAllToAll(graph.endpoints, (from, to) => 1 + ((from * 13 + to * 7 + seed) % 11));
        const { end_s, linkBytes } = simulateExchange(graph, inOrder(graph.endpoints), exchange, { linkBytes: true });
        const wide = { ...graph, links: { ...graph.links, capacity_bytes_per_s: graph.links.capacity_bytes_per_s.map((one) => wider * one) } };
        expect(Math.max(...simulateExchange(wide, inOrder(graph.endpoints), exchange).end_s)).toBeLessThanOrEqual(Math.max(...end_s) * (1 + 1e-12));
        const busiest = Math.max(...(linkBytes as Float64Array).map((bytes, link) => bytes / (graph.links.capacity_bytes_per_s[link] as number)));
        expect(Math.max(...end_s)).toBeGreaterThanOrEqual(busiest * (1 - 1e-12));
      }),
      { numRuns: 200 },
    );
  });
});

describe("links", () => {
  it("carry what was sent, are busy while somebody sends, and the narrow one is named by its time held back", () => {
    // Two senders to one receiver: 0 -> 2 and 1 -> 2 over own links 0, 1 and the shared link 2.
    const graph = makeWritten([{ capacity: 2, latency: 1 }, { capacity: 2, latency: 1 }, { capacity: 2, latency: 0 }], [[[], [], [0, 2]], [[], [], [1, 2]], [[], [], []]]);
    const exchange = { ranks: 3, phases: [{ name: "in", repeat: 10, from: Int32Array.of(0, 1), to: Int32Array.of(2, 2), bytes: Float64Array.of(4, 8) }] };
    for (const options of [{ jump: false, fold: false }, { jump: true, fold: false }]) {
      const { end_s, links, linkBytes } = simulateExchange(graph, inOrder(3), exchange, { ...options, watchLinks: true, linkBytes: true });
      expect([...(linkBytes as Float64Array)]).toEqual([40, 80, 120]);
      // A flow waits 1 s; both send at 1 until the first has sent 4, or whatever the overlap is.
      expect(links?.contended_s[0]).toBe(0);
      expect(links?.contended_s[2]).toBeGreaterThan(0);
      expect(links?.busy_s[2]).toBeGreaterThanOrEqual(60 * (1 - 1e-12));
      expect(links?.busy_s[2]).toBeLessThanOrEqual(end_s[2] as number);
      expect(links?.peakShare[2]).toBeCloseTo(1, 12);
    }
  });

  it("have the same times with and without jump and fold", () => {
    const graph = fatTree(8, 8, 4);
    const exchange = makeShift(64, 8, 100, 1e6);
    const loads = [plain, { ...plain, jump: true }, { ...plain, fold: new Int32Array(64) }].map((options) => simulateExchange(graph, inOrder(64), exchange, { ...options, watchLinks: true }).links);
    for (const other of loads.slice(1)) for (const key of ["busy_s", "contended_s", "peakShare"] as const) expect(furthestApart(other?.[key] ?? [], loads[0]?.[key] ?? [])).toBeLessThan(1e-10);
    expect(Math.max(...(loads[0]?.contended_s ?? []))).toBeGreaterThan(0);
  });

  it("carry all bytes once on each hop", () => {
    const graph = fatTree(4, 4, 4);
    const exchange = makeAllToAll(16, (from, to) => from + 2 * to);
    const { linkBytes } = simulateExchange(graph, inOrder(16), exchange, { linkBytes: true });
    const out = (linkBytes as Float64Array).filter((_, link) => graph.links.describe(link).from.startsWith("host"));
    expect(out.reduce((sum, one) => sum + one, 0)).toBeCloseTo(sentBytes(exchange), 6);
  });
});

describe("the host", () => {
  const graph = fatTree(8, 8, 4);
  const exchange = makeAllToAll(64, (from, to) => 1e5 + from * 64 + to);

  it("hears of progress that only grows", () => {
    const parts: number[] = [];
    simulateExchange(graph, inOrder(64), makeRing(64, 4000, 1e6), { ...plain, progress: (part) => parts.push(part) });
    expect(parts.length).toBeGreaterThan(3);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts.at(-1)).toBeLessThanOrEqual(1);
  });

  it("stops a run before it and in its midst", () => {
    expect(() => simulateExchange(graph, inOrder(64), exchange, { stop: { aborted: true } })).toThrow(SimulationStopped);
    const stop = { aborted: false };
    let told = 0;
    const progress = (): void => {
      told++;
      stop.aborted = true;
    };
    expect(() => simulateExchange(graph, inOrder(64), exchange, { fold: false, stop, progress })).toThrow(SimulationStopped);
    expect(told).toBe(1);
  });

  it("is told before a run that takes too much memory, and what to fold", () => {
    let told: InputError | null = null;
    try {
      simulateExchange(graph, inOrder(64), exchange, { memory_bytes: 1e5 });
    } catch (error) {
      told = error as InputError;
    }
    expect(told).toBeInstanceOf(InputError);
    expect(told?.problems).toMatchObject([{ code: "too-much-memory", path: "exchange", hint: expect.stringMatching(/fold/) }]);
  });

  it("is told all that is wrong with an exchange at once", () => {
    const wrong = { ranks: 3, phases: [{ name: "x", repeat: 1.5, from: Int32Array.of(0, 1, 5), to: Int32Array.of(1, 1, 0), bytes: Float64Array.of(1, -1, 1) }] };
    const paths = (run: () => unknown): string[] => {
      try {
        run();
        return [];
      } catch (error) {
        return (error as InputError).problems.map(({ path }) => path);
      }
    };
    expect(paths(() => simulateExchange(graph, Int32Array.of(0, 64), wrong, { tolerance: 2, start_s: Float64Array.of(0, 0, -1) }))).toEqual([
      "placement",
      "placement[1]",
      "exchange.phases[0].repeat",
      "exchange.phases[0].to[1]",
      "exchange.phases[0].bytes[1]",
      "exchange.phases[0].from[2]",
      "start_s[2]",
      "tolerance",
    ]);
    expect(paths(() => simulateExchange(graph, Int32Array.of(7, 7), makeRing(2, 1, 1)))).toEqual(["exchange.phases[0].to[0]", "exchange.phases[0].to[1]"]);
  });
});

describe("a window for ends", () => {
  const graph = fatTree(8, 4, 4);
  const sizes = (seed: number) => (from: number, to: number) => 1e5 * (1 + ((from * 7919 + to * 104729 + seed * 1299709) % 1000) / 500);

  it.each([1, 2, 3])("keeps every end of ranks and of flows within its tolerance (sizes %i)", (seed) => {
    const exchange = makeAllToAll(32, sizes(seed));
    const { from, to, bytes } = exchange.phases[0] as Phase;
    const flows = { from, to, bytes, start_s: new Float64Array(from.length) };
    const exact = simulateExchange(graph, inOrder(32), exchange);
    const exactFlows = simulateFlows(graph, flows);
    for (const tolerance of [1e-4, 1e-3, 1e-2]) {
      const near = simulateExchange(graph, inOrder(32), exchange, { tolerance });
      const nearFlows = simulateFlows(graph, flows, { tolerance });
      expect(furthestApart(near.end_s, exact.end_s)).toBeLessThan(tolerance);
      expect(furthestApart(nearFlows.end_s, exactFlows.end_s)).toBeLessThan(tolerance);
      expect(near.shares).toBeLessThan(exact.shares);
    }
    expect(simulateExchange(graph, inOrder(32), exchange, { tolerance: 1e-2 }).shares).toBeLessThan(exact.shares / 4);
  });
});
