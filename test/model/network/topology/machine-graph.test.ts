/** Whole machines: ways from device to device through links of the node, ports, domain and fabric; sizes of the largest; what is refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, type Problem } from "../../../../model/problems.ts";
import { makeMachineGraph, sizeFatTree, type DeviceLinks, type FabricSpec, type MachineNetwork, type NetworkGraph } from "../../../../model/network/topology/index.ts";
import { faultOf, faultsOf, routeOf } from "./walk.ts";

const link = (capacity_bytes_per_s: number, latency_s = 1e-6) => ({ capacity_bytes_per_s, latency_s });
const trunk = (cables: number) => ({ ...link(25e9), cables });
const nvlink = link(50e9);
const [host, bus, slot, port] = [link(50e9), link(64e9), link(16e9), link(12.5e9)];
const summitNode: DeviceLinks = { kind: "groups", groups: 2, link: nvlink, host, bus };
const summitPorts = { count: 2, map: [0, 0, 0, 1, 1, 1], slot, attach: "rails" as const };
const summitTree = (nodes: number): FabricSpec => ({ topology: "fat-tree", spec: { levels: sizeFatTree({ radix: 36, stages: 3, taper: 1 }, nodes * 2, 2, port, port, "fabric").levels } });
const summit = (nodes: number): MachineNetwork => ({ node: { devices: 6, links: summitNode }, ports: summitPorts, domain: null, fabric: summitTree(nodes) });
const star = (ports: number): FabricSpec => ({ topology: "fat-tree", spec: { levels: [{ ...port, down: ports, up: 1, cables: 1 }] } });
const nameOf = (devices: number) => (device: number) => `node ${Math.floor(device / devices)} / device ${device % devices}`;
const kindsOf = (graph: NetworkGraph, from: number, to: number) => routeOf(graph, from, to).map((used) => graph.links.describe(used).kind);
const problemsOf = (spec: MachineNetwork, nodes: number): readonly Problem[] => {
  try {
    makeMachineGraph(spec, nodes);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
};

describe("inside a node", () => {
  const cases: [what: string, devices: number, links: DeviceLinks, lengths: number[]][] = [
    ["a switch", 4, { kind: "switch", link: nvlink }, [2, 2, 2]],
    ["all to all", 4, { kind: "all-to-all", link: nvlink }, [1, 1, 1]],
    ["two sockets of three", 6, summitNode, [1, 1, 3, 3, 3]],
    ["one host", 4, { kind: "groups", groups: 1, link: nvlink, host, bus }, [1, 1, 1]],
    ["PCIe switches of two below two sockets", 8, { kind: "pcie-tree", switches: 4, sockets: 2, link: slot, host: slot, bus }, [2, 4, 4, 5, 5, 5, 5]],
  ];

  it.each(cases)("%s: connected, with the lengths of its kind, and to other nodes", (_what, devices, links, lengths) => {
    const ports = { count: 2, map: Array.from({ length: devices }, (_, device) => Math.floor((device * 2) / devices)), slot, attach: "together" as const };
    const graph = makeMachineGraph({ node: { devices, links }, ports, domain: null, fabric: star(6) }, 3);
    expect(graph.endpoints).toBe(3 * devices);
    expect(faultsOf(graph, nameOf(devices))).toEqual([]);
    expect(lengths.map((_, index) => routeOf(graph, devices, devices + 1 + index).length)).toEqual(lengths);
  });

  it("on Summit shares the bus between sockets, and the socket's port", () => {
    const graph = makeMachineGraph(summit(36), 36);
    expect(kindsOf(graph, 0, 2)).toEqual(["device link"]);
    expect(kindsOf(graph, 0, 3)).toEqual(["host link", "bus", "host link"]);
    expect(routeOf(graph, 0, 3)[1]).toBe(routeOf(graph, 2, 5)[1]);
    expect(kindsOf(graph, 0, 6)).toEqual(["host link", "slot", "host", "host", "slot", "host link"]);
    expect(routeOf(graph, 0, 6)[1]).toBe(routeOf(graph, 2, 7)[1]);
    // Port 0 of neighbours shares a leaf; port 0 and port 1 do not.
    expect(kindsOf(graph, 0, 9)).toEqual(["host link", "slot", "host", "leaf-spine", "leaf-spine", "host", "slot", "host link"]);
    expect(graph.links.describe(routeOf(graph, 0, 6)[2] ?? -1)).toEqual({ kind: "host", from: "node 0 / nic 0", to: "leaf 0" });
    expect(graph.links.describe(routeOf(graph, 3, 9)[2] ?? -1)).toEqual({ kind: "host", from: "node 0 / nic 1", to: "leaf 1" });
  });

  it("below PCIe switches shares the link to the socket", () => {
    const links: DeviceLinks = { kind: "pcie-tree", switches: 2, sockets: 2, link: slot, host: slot, bus };
    const graph = makeMachineGraph({ node: { devices: 4, links }, ports: { count: 1, map: [0, 0, 0, 0], slot, attach: "together" }, domain: null, fabric: star(2) }, 2);
    expect(kindsOf(graph, 0, 2)).toEqual(["pcie", "shared host link", "bus", "shared host link", "pcie"]);
    expect(routeOf(graph, 0, 2)[1]).toBe(routeOf(graph, 1, 3)[1]);
    // The one port hangs on the first switch: the other switch's devices cross the bus to it.
    expect(kindsOf(graph, 0, 4)).toEqual(["pcie", "slot", "host", "host", "slot", "pcie"]);
    expect(kindsOf(graph, 2, 4)).toEqual(["pcie", "shared host link", "bus", "shared host link", "slot", "host", "host", "slot", "pcie"]);
  });
});

describe("a rack-scale domain", () => {
  const spec: MachineNetwork = { node: { devices: 4, links: null }, ports: { count: 4, map: [0, 1, 2, 3], slot, attach: "together" }, domain: { nodes: 3, link: link(900e9) }, fabric: { topology: "rail-optimised", spec: { pods: 2, nodesPerPod: 3, rails: 4, spines: 3, taper: 1, host: port, link: port } } };

  it("joins its devices over one switch, and other devices over the fabric", () => {
    const graph = makeMachineGraph(spec, 6);
    expect(faultsOf(graph, nameOf(4))).toEqual([]);
    expect(kindsOf(graph, 0, 1)).toEqual(["domain", "domain"]);
    expect(kindsOf(graph, 0, 11)).toEqual(["domain", "domain"]);
    expect(kindsOf(graph, 0, 12)).toEqual(["slot", "host", "leaf-spine", "leaf-spine", "host", "slot"]);
    expect(graph.links.describe(routeOf(graph, 0, 11)[1] ?? -1)).toEqual({ kind: "domain", from: "domain 0", to: "node 2 / device 3" });
  });

  it("may have a last rack that is not full", () => {
    const graph = makeMachineGraph(spec, 5);
    expect(faultsOf(graph, nameOf(4))).toEqual([]);
  });
});

describe("devices that are the fabric's endpoints", () => {
  it("meet on the torus, those of one node too", () => {
    const graph = makeMachineGraph({ node: { devices: 4, links: null }, ports: null, domain: null, fabric: { topology: "torus", spec: { sizes: [4, 4, 4], link: link(50e9) } } }, 16);
    expect(graph.links.count).toBe(2 * 3 * 64);
    expect(faultsOf(graph, nameOf(4))).toEqual([]);
    expect(kindsOf(graph, 0, 1)).toEqual(["axis 0"]);
  });
});

describe("any machine", () => {
  const fabrics: FabricSpec[] = [
    star(64),
    summitTree(16),
    { topology: "dragonfly", spec: { groups: 4, chassis: 2, blades: 2, hostsPerRouter: 4, host: port, green: trunk(1), black: trunk(2), blue: trunk(3), routing: { kind: "ecmp", seed: 1 } } },
    { topology: "dragonfly-plus", spec: { groups: 2, leaves: 4, spines: 4, hostsPerLeaf: 8, host: port, local: trunk(2), global: trunk(8), routing: { kind: "adaptive" } } },
    { topology: "torus", spec: { sizes: [4, 4, 2], link: port, hosts: { perRouter: 2, link: port } } },
    { topology: "hyperx", spec: { sizes: [4, 4], trunks: [trunk(1), trunk(2)], hostsPerRouter: 4, host: port } },
  ];

  it("of any node, fabric and port map is connected", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fabrics), fc.constantFrom(summitNode, { kind: "switch" as const, link: nvlink }, { kind: "all-to-all" as const, link: nvlink }), fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }), fc.constantFrom<("together" | "rails")[]>("together", "rails"), fc.integer({ min: 1, max: 16 }), (fabric, links, map, attach, nodes) => {
        const spec: MachineNetwork = { node: { devices: 6, links }, ports: { count: 4, map, slot, attach }, domain: null, fabric };
        if (problemsOf(spec, nodes).some(({ code }) => code === "too-small")) return;
        const graph = makeMachineGraph(spec, nodes);
        const name = nameOf(6);
        for (const from of [0, 4, graph.endpoints - 1]) for (let to = 0; to < graph.endpoints; to++) if (to !== from) expect(faultOf(graph, from, to, name)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});

describe("the largest machines", () => {
  it("27,360 devices of Summit: link tables of a few megabytes", () => {
    const graph = makeMachineGraph(summit(4560), 4560);
    expect(graph.endpoints).toBe(27_360);
    expect(graph.longestRoute).toBe(2 * 2 + 6);
    expect(graph.links.capacity_bytes_per_s.byteLength + graph.links.latency_s.byteLength).toBeLessThan(10e6);
    expect(faultOf(graph, 0, 27_359, nameOf(6))).toBeUndefined();
  });

  it("131,072 devices on rails: link tables below 100 MB", () => {
    const rails: FabricSpec = { topology: "rail-optimised", spec: { pods: 512, nodesPerPod: 32, rails: 8, spines: 32, taper: 1, host: link(50e9), link: link(50e9) } };
    const graph = makeMachineGraph({ node: { devices: 8, links: { kind: "switch", link: link(450e9) } }, ports: { count: 8, map: [0, 1, 2, 3, 4, 5, 6, 7], slot: link(64e9), attach: "together" }, domain: null, fabric: rails }, 16_384);
    expect(graph.endpoints).toBe(131_072);
    expect(graph.links.count).toBe(131_072 * (2 + 2 + 2 + 2));
    expect(graph.links.capacity_bytes_per_s.byteLength + graph.links.latency_s.byteLength).toBeLessThan(100e6);
    for (const [from, to] of [[0, 131_071], [131_071, 0], [77_777, 12_345]] as const) expect(faultOf(graph, from, to, nameOf(8))).toBeUndefined();
  });
});

describe("a machine that cannot be", () => {
  const good = summit(36);
  const cases: [what: string, spec: MachineNetwork, nodes: number, expected: [code: string, path: string][]][] = [
    ["more ports than the fabric has", { ...good, fabric: star(10), ports: { ...summitPorts, attach: "together" } }, 36, [["too-small", "interconnect.fabric"]]],
    ["rails that the fabric has no room for", { ...good, fabric: star(10) }, 5, [["too-small", "interconnect.fabric"]]],
    ["a map that names a missing port", { ...good, ports: { ...summitPorts, map: [0, 0, 0, 1, 2, 1] } }, 36, [["unknown-name", "interconnect.nics.map[4]"]]],
    ["a map of too few devices", { ...good, ports: { ...summitPorts, map: [0, 1] } }, 36, [["wrong-value", "interconnect.nics.map"]]],
    ["groups that do not divide", { ...good, node: { devices: 6, links: { ...summitNode, groups: 4 } as DeviceLinks } }, 36, [["does-not-divide", "interconnect.node.groups"]]],
    ["switches that do not divide", { ...good, node: { devices: 6, links: { kind: "pcie-tree", switches: 4, sockets: 3, link: slot, host: slot, bus } } }, 36, [["does-not-divide", "interconnect.node.switches"], ["does-not-divide", "interconnect.node.sockets"]]],
    ["devices of a node that do not meet", { ...good, node: { devices: 6, links: null } }, 36, [["not-connected", "interconnect.node"]]],
    ["rails that are not the ports", { ...good, ports: { ...summitPorts, attach: "together" }, fabric: { topology: "rail-optimised", spec: { pods: 4, nodesPerPod: 4, rails: 8, spines: 4, taper: 1, host: port, link: port } } }, 4, [["wrong-value", "interconnect.fabric.rails"]]],
    ["no nodes", good, 0, [["wrong-value", "nodes"]]],
    ["figures that are none", { ...good, domain: { nodes: 0, link: link(Number.NaN) } }, 36, [["wrong-value", "interconnect.domain.nodes"], ["wrong-value", "interconnect.domain.bandwidth"]]],
    ["several at once", { ...good, ports: { ...summitPorts, map: [0, 0, 0, 1, 2, 3] }, fabric: { topology: "fat-tree", spec: { levels: [{ ...port, down: 0, up: 1, cables: 1 }] } } }, 36, [["unknown-name", "interconnect.nics.map[4]"], ["unknown-name", "interconnect.nics.map[5]"], ["wrong-value", "interconnect.fabric.levels[0].down"]]],
  ];

  it.each(cases)("%s", (_what, spec, nodes, expected) => {
    expect(problemsOf(spec, nodes).map(({ code, path }) => [code, path])).toEqual(expected);
  });
});
