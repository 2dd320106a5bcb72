/** What the network page computes: loads equal those of the engine, layouts hold every place once without overlap, links carry their state. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carriedBytes } from "../../../model/engine/events/index.ts";
import { collectiveAlgorithms, type CollectiveId } from "../../../model/network/collectives/index.ts";
import { makeMachineGraph } from "../../../model/network/topology/index.ts";
import { InputError } from "../../../model/problems.ts";
import { readInterconnect } from "../../../model/resolve/interconnect.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import { placements } from "../../../model/simulate/placement.ts";
import { busiestTable, mapTable, networkTitle, routeFinding } from "../../../web/client/data/network-findings.ts";
import { layoutMap, type Area } from "../../../web/client/data/network-layout.ts";
import { mapData } from "../../../web/client/data/network-map.ts";
import { createNetworkModel } from "../../../web/client/data/network-model.ts";
import { nodeData } from "../../../web/client/data/network-node.ts";
import { routeSteps, summariseRoute } from "../../../web/client/data/network-route.ts";
import { hasInterconnect, kindWord, showBusy, showEnd } from "../../../web/client/data/network-words.ts";
import type { NetworkPicture, NetworkWish } from "../../../web/client/network/protocol.ts";
import { decodeNetworkState, encodeNetworkState, initialNetworkState } from "../../../web/client/network/state.ts";
import { library } from "../../support/library.ts";

const machines = library.documents.machine;
const drawn = Object.keys(machines).filter((id) => hasInterconnect(machines[id]));
const wishOf = (change: Partial<NetworkWish>): NetworkWish => {
  const { tables: _, theme: __, ...wish } = initialNetworkState();
  return { ...wish, ...change };
};
const model = createNetworkModel(machines);
const show = (change: Partial<NetworkWish>): NetworkPicture => model.show(wishOf(change));
const problemsOf = (change: Partial<NetworkWish>) => {
  try {
    show(change);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
};

describe("loads", () => {
  const picture = show({ machine: "perlmutter", nodes: 96, algorithm: "ring", bytes: 2 ** 26, placement: "strided" });
  const { document } = parseDocument("machine", machines["perlmutter"], "perlmutter");
  const network = document && readInterconnect(document).network;
  if (!network) throw new Error("Perlmutter has a network");
  const graph = makeMachineGraph(network, 1536);
  const ranks = Int32Array.from({ length: 384 }, (_, rank) => (picture.jobNodes[Math.floor(rank / 4)] ?? 0) * 4 + (rank % 4));
  const carried = carriedBytes(graph, ranks, collectiveAlgorithms.ring.steps({ nodes: 96, devicesPerNode: 4 }, 2 ** 26));

  it("by kind are those of the engine: sums, counts, and the fullest link of each", () => {
    const kinds = new Map<string, { count: number; busy: number; sum: number; used: number }>();
    for (let link = 0; link < graph.links.count; link++) {
      const { kind, from, to } = graph.links.describe(link);
      if (/unused port/.test(from + to)) continue;
      const sum = kinds.get(kind) ?? { count: 0, busy: 0, sum: 0, used: 0 };
      const bytes = carried[link] as number;
      kinds.set(kind, { count: sum.count + 1, busy: sum.busy + (bytes > 0 ? 1 : 0), sum: sum.sum + bytes, used: Math.max(sum.used, bytes / (graph.links.capacity_bytes_per_s[link] as number) / picture.time_s) });
    }
    expect(picture.classes.map(({ kind }) => kind).toSorted()).toEqual([...kinds.keys()].toSorted());
    for (const { kind, count, busy, carried_bytes, fullest, alike } of picture.classes) {
      const own = kinds.get(kind);
      expect([kind, count, busy]).toEqual([kind, own?.count, own?.busy]);
      expect(carried_bytes / (own?.sum ?? 1)).toBeCloseTo(1, 9);
      expect(fullest[0]?.used).toBeCloseTo(own?.used ?? 0, 9);
      expect(alike).toBeGreaterThan(0);
    }
  });

  it("of places: what leaves a group is what its links up carry, and nothing inside is fuller than said", () => {
    const sent = new Float64Array(12);
    for (let link = 0; link < graph.links.count; link++) {
      const { kind, from } = graph.links.describe(link);
      if (kind === "global" && from.startsWith("group ")) sent[Number(from.slice(6))] = carried[link] as number;
    }
    expect(Array.from(picture.loads[0]?.out_bytes ?? [])).toEqual(Array.from(sent));
    const most = Math.max(...picture.classes.map(({ fullest }) => fullest[0]?.used ?? 0));
    expect(Math.max(...(picture.loads[0]?.within ?? []))).toBeCloseTo(most, 5);
    for (const load of picture.loads) load.own.forEach((own, index) => expect(own).toBeLessThanOrEqual(load.within[index] as number));
  });

  it("coloured by one kind show that kind only", () => {
    const only = show({ machine: "perlmutter", nodes: 96, algorithm: "ring", bytes: 2 ** 26, placement: "strided", kind: "global" });
    expect(Math.max(...(only.loads.at(-1)?.within ?? []))).toBe(0);
    expect(Math.max(...(only.loads[0]?.own ?? []))).toBeGreaterThan(0);
  });

  it("of a route are links one after another, and the summary adds them up", () => {
    const { route } = picture;
    route.slice(1).forEach((link, index) => expect(link.from).toBe(route[index]?.to));
    const summary = summariseRoute(picture);
    expect(summary?.latency_s).toBeCloseTo(route.reduce((sum, { latency_s }) => sum + latency_s, 0), 12);
    expect(summary?.bottleneck_bytes_per_s).toBe(Math.min(...route.map(({ capacity_bytes_per_s }) => capacity_bytes_per_s)));
    expect(routeFinding(summary, picture)).toBe(`Rank 0 to 383: ${route.length} links, ${"2.95"}\u00a0µs, 25.0\u00a0GB/s`);
  });
});

it("tables hold what is drawn, in the units of their heads", () => {
  const picture = show({ machine: "perlmutter", nodes: 96, algorithm: "ring", bytes: 2 ** 26 });
  const [link] = picture.classes[0]?.fullest ?? [];
  const [row] = busiestTable(picture).rows;
  const close = [(link?.carried_bytes ?? 0) / 2 ** 20, (link?.capacity_bytes_per_s ?? 0) / 1e9, ((link?.carried_bytes ?? 0) / (link?.capacity_bytes_per_s ?? 1)) * 1e3, (link?.used ?? 0) * 100];
  row?.slice(3).forEach((cell, at) => expect(Number(cell) / (close[at] ?? 1)).toBeCloseTo(1, 4));
  expect(busiestTable(picture).columns.slice(3).map(({ unit }) => unit)).toEqual(["MiB", "GB/s", "ms", "%"]);
  // Eleven cables of 25 GB/s to each of eleven other groups.
  expect(mapTable(picture).rows[1]?.slice(0, 3)).toEqual([1, 128, 3025]);
  expect(mapTable(picture).columns.slice(2, 5).map(({ unit }) => unit)).toEqual(["GB/s", "MiB", "MiB"]);
});

describe.each(drawn)("%s", (machine) => {
  const picture = show({ machine, nodes: 2, bytes: 2 ** 20 });

  it("has blocks and cells that hold each place once, do not overlap, and stay within the width", () => {
    for (const width of [1090, 520, 300]) {
      for (let depth = 0; depth < picture.levels.length; depth++) {
        const at = { depth, index: depth === 0 ? 0 : (picture.levels[depth - 1]?.places ?? 1) - 1 };
        const { blocks, squares, height } = layoutMap({ levels: picture.levels, nodes: picture.machine.nodes, at, width, stubs: true });
        expect(new Set(squares.map(({ index }) => index)).size).toBe(squares.length);
        expect(squares.length).toBeLessThanOrEqual(20_001);
        if (depth === 0) expect(squares.length).toBe(picture.levels[(squares[0]?.depth ?? 1) - 1]?.places);
        expect([...blocks, ...squares].filter((area) => area.x + area.width > Math.max(width, area.width) + 0.01 || area.y + area.height > height + 0.01)).toEqual([]);
        const seen = new Set(squares.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`));
        expect(seen.size).toBe(squares.length);
        const meets = (a: Area, b: Area) => a.x < b.x + b.width - 0.01 && b.x < a.x + a.width - 0.01 && a.y < b.y + b.height - 0.01 && b.y < a.y + a.height - 0.01;
        expect(blocks.slice(0, 100).flatMap((block, index) => blocks.slice(index + 1, 100).filter((other) => meets(block, other)))).toEqual([]);
      }
    }
  });

  it("is drawn, with every kind of link in words, and its node with all of its links", () => {
    const data = mapData(picture, 1000);
    expect(data.squares.length).toBe(data.layout.squares.length);
    expect(Array.from(data.squares).filter((used) => !Number.isNaN(used)).length).toBeGreaterThan(0);
    expect(data.ends.length).toBeGreaterThan(0);
    for (const { kind, facts } of picture.classes) {
      expect(kindWord(kind).help).not.toContain("Links of kind");
      expect(facts).not.toBeNull();
    }
    const node = show({ machine, nodes: 2, bytes: 2 ** 20, at: { depth: picture.levels.length, index: 1 } });
    const inside = nodeData(node);
    const ends = new Set(inside.rows.flat().map(({ id }) => id));
    expect(inside.rows.flat().filter(({ device }) => device).length).toBe(node.machine.devicesPerNode);
    expect(inside.lines.reduce((sum, { there, back }) => sum + (there ? 1 : 0) + (back ? 1 : 0), 0)).toBe(node.inside.length);
    for (const { from, to } of inside.lines) expect([ends.has(from), ends.has(to), from === to]).toEqual([true, true, false]);
    expect(mapTable(node).rows.length).toBe(node.inside.length);
    expect(mapTable(picture).rows.length).toBe(picture.levels[0]?.places);
    expect(busiestTable(picture).rows.length).toBeGreaterThan(0);
  });
});

describe("what is wrong is told at once", () => {
  it("unknown machines, machines without a network, too many nodes, ranks and places that are none", () => {
    expect(problemsOf({ machine: "perlmuter" })[0]?.hint).toBe('did you mean "perlmutter"?');
    expect(problemsOf({ machine: "cascadelake-vm-2c" })[0]?.hint).toContain("machines that have one: aurora");
    expect(problemsOf({ machine: "eos", nodes: 577 }).map(({ path, hint }) => [path, hint])).toEqual([["nodes", "at most 576"]]);
    expect(problemsOf({ machine: "eos", nodes: 2, from: 16, to: 99, kind: "globl", at: { depth: 1, index: 18 } }).map(({ path }) => path)).toEqual(["from", "to", "colour", "at"]);
    expect(problemsOf({ machine: "eos", algorithm: "all-to-all-direct" })[0]?.hint).toMatch(/^fewer nodes: about \d+ are possible$/);
  });

  it("one device alone sends nothing, and that is said", () => {
    const alone = show({ machine: "piz-daint", nodes: 1, to: 0 });
    expect(networkTitle(alone)).toBe("One device of Piz Daint, hybrid partition alone: nothing is sent");
    expect(alone.route).toEqual([]);
    expect(summariseRoute(alone)).toBeNull();
  });
});

describe("words", () => {
  it("runs along an axis of a torus are one row of the route", () => {
    const picture = show({ machine: "tpu-v4-pod", nodes: 1024, bytes: 2 ** 20, algorithm: "send-recv", from: 0, to: 6 + 16 * 5 });
    expect(routeSteps(picture.route).map(({ kind, links }) => [kind, links])).toEqual([["axis 0", 6], ["axis 1", 5]]);
  });

  it("ends and shares are said as people read them", () => {
    expect([showEnd("joined leaf 12"), showEnd("joined spine 3"), showEnd("top"), showEnd("node 4607 / nic 1")]).toEqual(["leaf 12", "spines 3", "top switches", "node 4,607 / nic 1"]);
    expect([showBusy(0), showBusy(0.0004), showBusy(0.604)].map((text) => text.replaceAll("\u202f", " "))).toEqual(["0 %", "< 0.1 %", "60.4 %"]);
  });
});

it("a link carries the state, and a wrong one is told key by key", () => {
  const states = fc.record({
    machine: fc.constantFrom(...drawn), nodes: fc.option(fc.integer({ min: 1, max: 5000 }), { nil: null }), placement: fc.constantFrom(...placements), seed: fc.nat(1000), algorithm: fc.constantFrom(...(Object.keys(collectiveAlgorithms) as CollectiveId[])),
    bytes: fc.integer({ min: 1, max: 2 ** 40 }), from: fc.nat(9999), to: fc.option(fc.nat(9999), { nil: null }), at: fc.oneof(fc.constant({ depth: 0, index: 0 }), fc.record({ depth: fc.integer({ min: 1, max: 3 }), index: fc.nat(999) })),
    kind: fc.option(fc.constantFrom("host", "global"), { nil: null }), tables: fc.subarray(["busiest", "map", "route"]), theme: fc.constantFrom("system" as const, "light" as const, "dark" as const),
  });
  fc.assert(fc.property(states, (state) => void expect(decodeNetworkState(`?${encodeNetworkState(state)}`)).toEqual({ state, problems: [] })));
  const { problems } = decodeNetworkState("?view=network&nods=3&nodes=x&place=paked&algorithm=rings&size=5+GW&at=what&theme=pink");
  expect(problems.map(({ path }) => path)).toEqual(["address: nodes", "address: place", "address: algorithm", "address: theme", "address: size", "address: at", "address: nods"]);
});
