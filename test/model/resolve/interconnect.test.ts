/** From the interconnect of a machine document to a network: every kind of node and fabric, and what a slip in the document is told. */
import { describe, expect, it } from "vitest";
import { makeMachineGraph } from "../../../model/network/topology/index.ts";
import { readInterconnect } from "../../../model/resolve/interconnect.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import type { Machine } from "../../../model/schema/machine.ts";
import { library } from "../../support/library.ts";
import { faultOf, routeOf } from "../network/topology/walk.ts";

type Tree = Record<string, unknown>;
const shape = { source: "judgement", kind: "assumed" };
const fact = (value: string) => ({ value, source: "judgement", kind: "published" });
const link = (bandwidth = "25 GB/s") => ({ bandwidth: fact(bandwidth), latency: fact("1 us") });
const trunk = (cables: number) => ({ ...link(), cables });
const nics: Tree = { count: 2, ...link("12.5 GB/s"), slot: link("16 GB/s"), shape };
const summitNode: Tree = { kind: "groups", groups: 2, ...link("50 GB/s"), host: link("50 GB/s"), bus: link("64 GB/s"), shape };
const tree: Tree = { topology: "fat-tree", ...link(), radix: 36, stages: 3, taper: 1, shape };

const document = (interconnect: Tree, nodes = 40): Tree => ({ ...(library.documents.machine["summit"] as Tree), nodes: { value: nodes, source: "judgement" }, interconnect });
const parse = (interconnect: Tree, nodes?: number) => parseDocument("machine", document(interconnect, nodes), "machines/x");
const read = (interconnect: Tree, nodes?: number) => {
  const parsed = parse(interconnect, nodes);
  if (!parsed.document) throw new Error(JSON.stringify(parsed.problems));
  return readInterconnect(parsed.document as Machine, "x: interconnect");
};

describe("an interconnect", () => {
  const cases: [what: string, interconnect: Tree, nodes: number, longest: number][] = [
    ["a fat tree by radix, ports on rails", { node: summitNode, nics: { ...nics, attach: "rails" }, fabric: tree }, 40, 10],
    ["a fat tree by levels", { node: { kind: "switch", ...link(), shape }, nics, fabric: { topology: "fat-tree", ...link(), levels: [{ down: 10, up: 1 }, { down: 8, up: 5, cables: 2, ...link("50 GB/s") }], shape } }, 40, 6],
    ["rails", { node: { kind: "all-to-all", ...link(), shape }, nics, fabric: { topology: "rail-optimised", ...link(), nodesPerPod: 16, spines: 8, taper: 2, shape }, routing: { kind: "ecmp", seed: 7 } }, 40, 6],
    ["a dragonfly of one chassis", { node: { kind: "pcie-tree", switches: 2, sockets: 2, ...link(), host: link(), bus: link(), shape }, nics, fabric: { topology: "dragonfly", groups: 5, chassis: 1, blades: 4, hostsPerRouter: 4, green: trunk(1), blue: trunk(2), shape }, routing: { kind: "adaptive" } }, 40, 10],
    ["a dragonfly+", { node: summitNode, nics, fabric: { topology: "dragonfly-plus", groups: 4, leaves: 4, spines: 4, hostsPerLeaf: 5, local: trunk(1), global: trunk(4), shape } }, 40, 9],
    ["a torus with ports", { node: summitNode, nics, fabric: { topology: "torus", ...link(), sizes: [4, 5, 2], open: [2], hostsPerRouter: 2, shape } }, 40, 11],
    ["a twisted torus of devices", { fabric: { topology: "torus", ...link(), sizes: [4, 6, 10], twists: [{ dimension: 0, along: 2, by: 5 }], shape } }, 40, 20],
    ["a HyperX", { node: summitNode, nics, fabric: { topology: "hyperx", sizes: [5, 4], trunks: [trunk(1), trunk(2)], hostsPerRouter: 4, shape } }, 40, 8],
    ["racks", { domain: { nodes: 8, ...link("900 GB/s"), shape }, nics: { ...nics, map: [0, 1, 0, 1, 0, 1] }, fabric: tree }, 40, 8],
  ];

  it.each(cases)("%s", (_what, interconnect, nodes, longest) => {
    const { network, problems } = read(interconnect, nodes);
    expect(problems).toEqual([]);
    if (!network) return;
    const graph = makeMachineGraph(network, nodes);
    expect(graph.longestRoute).toBe(longest);
    for (let to = 1; to < graph.endpoints; to++) expect(faultOf(graph, 0, to, (device) => `node ${Math.floor(device / 6)} / device ${device % 6}`)).toBeUndefined();
  });

  it("deals devices to their nearest ports where no map is given", () => {
    const mapOf = (count: number) => read({ node: summitNode, nics: { ...nics, count }, fabric: { ...tree, radix: 64 } }).network?.ports?.map;
    expect(mapOf(2)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(mapOf(3)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(mapOf(1)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(mapOf(8)).toEqual([0, 1, 2, 4, 5, 6]);
  });

  it("gives the network ports' figures to the links of hosts, and its own to the others", () => {
    const { network } = read({ node: summitNode, nics, fabric: tree });
    expect(network?.fabric).toMatchObject({ spec: { levels: [{ capacity_bytes_per_s: 12.5e9 }, { capacity_bytes_per_s: 25e9 }, { capacity_bytes_per_s: 25e9 }] } });
  });
});

describe("a slip in an interconnect", () => {
  const good: Tree = { node: summitNode, nics, fabric: tree };
  const rows: [what: string, interconnect: Tree, code: string, path: string, hint?: RegExp][] = [
    ["an unknown topology", { ...good, fabric: { ...tree, topology: "fat-three" } }, "unknown-name", "machines/x: interconnect.fabric.topology", /"fat-tree"/],
    ["a misspelt key", { ...good, fabric: { ...tree, tapper: 2 } }, "unknown-key", "machines/x: interconnect.fabric.tapper", /"taper"/],
    ["a bandwidth without unit", { ...good, nics: { ...nics, bandwidth: { value: "25", source: "judgement" } } }, "wrong-unit", "machines/x: interconnect.nics.bandwidth.value"],
    ["an unknown kind of node", { ...good, node: { ...summitNode, kind: "group" } }, "unknown-name", "machines/x: interconnect.node.kind", /"groups"/],
    ["half a port", { ...good, nics: { ...nics, count: 1.5 } }, "wrong-value", "machines/x: interconnect.nics.count"],
    ["a shape without source", { ...good, fabric: { ...tree, shape: { kind: "assumed" } } }, "missing-key", "machines/x: interconnect.fabric.shape.source"],
  ];
  it.each(rows)("%s", (_what, interconnect, code, path, hint) => {
    expect(parse(interconnect).problems).toEqual([expect.objectContaining({ code, path, ...(hint ? { hint: expect.stringMatching(hint) } : {}) })]);
  });

  const late: [what: string, interconnect: Tree, codes: [code: string, path: string][]][] = [
    ["a map that names a missing port", { ...good, nics: { ...nics, map: [0, 0, 0, 1, 1, 2] } }, [["unknown-name", "x: interconnect.nics.map[5]"]]],
    ["a fabric that is too small", { ...good, fabric: { ...tree, radix: 4, stages: 2 } }, [["too-small", "x: interconnect.fabric.radix"]]],
    ["groups that do not divide", { ...good, node: { ...summitNode, groups: 4 } }, [["does-not-divide", "x: interconnect.node.groups"]]],
    ["no network ports", { node: summitNode, fabric: tree }, [["missing-key", "x: interconnect.nics"]]],
    ["no levels and no radix", { ...good, fabric: { topology: "fat-tree", ...link(), shape } }, [["missing-key", "x: interconnect.fabric.levels"]]],
    ["levels and a radix", { ...good, fabric: { ...tree, levels: [{ down: 80, up: 1 }] } }, [["wrong-value", "x: interconnect.fabric.radix"], ["wrong-value", "x: interconnect.fabric.stages"], ["wrong-value", "x: interconnect.fabric.taper"]]],
    ["a torus that hashes", { ...good, fabric: { topology: "torus", ...link(), sizes: [8, 10], shape }, routing: { kind: "adaptive" } }, [["wrong-value", "x: interconnect.routing.kind"]]],
    ["a group that no cable reaches", { ...good, fabric: { topology: "dragonfly", groups: 5, chassis: 1, blades: 4, hostsPerRouter: 4, green: trunk(1), blue: trunk(0), shape } }, [["not-connected", "x: interconnect.fabric.blue.cables"]]],
    ["chassis without links", { ...good, fabric: { topology: "dragonfly", groups: 5, chassis: 2, blades: 2, hostsPerRouter: 4, green: trunk(1), blue: trunk(1), shape } }, [["missing-key", "x: interconnect.fabric.black"]]],
  ];
  it.each(late)("%s", (_what, interconnect, codes) => {
    expect(read(interconnect).problems.map(({ code, path }) => [code, path])).toEqual(codes);
  });

  it("none at all is told by its key", () => {
    const { document } = parseDocument("machine", { ...(library.documents.machine["summit"] as Tree), interconnect: undefined }, "machines/summit");
    expect(readInterconnect(document as Machine).problems).toEqual([expect.objectContaining({ code: "missing-key", path: "machines/summit: interconnect" })]);
  });
});

describe("the stored machines", () => {
  const drawn = Object.entries(library.documents.machine).filter(([, value]) => (value as Tree)["interconnect"] !== undefined);

  it.each(drawn)("%s has a network for all of its devices", (id, value) => {
    const { document } = parseDocument("machine", value, `machines/${id}`);
    const machine = document as Machine;
    const { network, problems } = readInterconnect(machine);
    expect(problems).toEqual([]);
    if (!network) return;
    const [nodes, devices] = [machine.nodes.value, machine.node.devices.value];
    const graph = makeMachineGraph(network, nodes);
    expect(graph.endpoints).toBe(nodes * devices);
    const name = (device: number) => `node ${Math.floor(device / devices)} / device ${device % devices}`;
    const last = graph.endpoints - 1;
    for (const [from, to] of [[0, last], [last, 0], [0, Math.min(devices, last)], [Math.floor(last / 2), Math.floor(last / 3)]] as const) expect(faultOf(graph, from, to, name)).toBeUndefined();
  });

  it.each(drawn)("%s: its ports together are its injection, and a small message between nodes takes about the fabric's latency", (id, value) => {
    const machine = parseDocument("machine", value, `machines/${id}`).document as Machine;
    const { network } = readInterconnect(machine);
    if (!network?.ports) return;
    const injection = network.ports.count * (machine.interconnect?.nics?.bandwidth.value ?? 0);
    expect(injection / machine.node.injection.value).toBeGreaterThan(0.9);
    expect(injection / machine.node.injection.value).toBeLessThan(1.15);
    const graph = makeMachineGraph(network, machine.nodes.value);
    const latency_s = routeOf(graph, 0, graph.endpoints - 1).reduce((sum, link) => sum + (graph.links.latency_s[link] ?? 0), 0);
    const { low = 0, high = 0 } = machine.fabric.latency;
    expect(latency_s).toBeGreaterThan(low * 0.8);
    expect(latency_s).toBeLessThan(high * 1.2);
  });
});
