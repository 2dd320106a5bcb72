/** Places of machines: every link of every machine of the library belongs to one, and those of a node are what its ranks use. */
import { describe, expect, it } from "vitest";
import { library } from "../../../support/library.ts";
import { makeMachineGraph, outlineMachine, type MachineNetwork } from "../../../../model/network/topology/index.ts";
import { readInterconnect } from "../../../../model/resolve/interconnect.ts";
import { parseDocument } from "../../../../model/schema/parse.ts";

function networkOf(id: string): { network: MachineNetwork; nodes: number } {
  const { document } = parseDocument("machine", library.documents.machine[id], id);
  const read = document && readInterconnect(document);
  if (!document || !read?.network) throw new Error(`${id} has no network`);
  return { network: read.network, nodes: document.nodes.value };
}

const machines = Object.entries(library.documents.machine).filter(([, document]) => "interconnect" in (document as object)).map(([id]) => id);
const levelsOf = (id: string) => {
  const { network, nodes } = networkOf(id);
  return outlineMachine(network, nodes).levels.map(({ name, nodes: size, places }) => [name, size, places]);
};

describe("places", () => {
  it("are those of the machines as published: groups of Frontier, pods of Summit, racks of GB200, planes of a TPU pod", () => {
    expect(levelsOf("frontier")).toEqual([["group", 128, 77], ["router", 4, 2464], ["node", 1, 9856]]);
    expect(levelsOf("summit")).toEqual([["spine group", 162, 29], ["pod", 18, 256], ["node", 1, 4608]]);
    expect(levelsOf("gb200-nvl72-20-racks")).toEqual([["rack", 18, 20], ["node", 1, 360]]);
    expect(levelsOf("tpu-v4-pod")).toEqual([["plane", 64, 16], ["node", 1, 1024]]);
    expect(levelsOf("fugaku")).toEqual([["plane", 6624, 24], ["block", 12, 13248], ["node", 1, 158976]]);
    expect(levelsOf("juwels-booster")).toEqual([["group", 50, 19], ["leaf", 5, 188], ["node", 1, 936]]);
  });

  it.each(machines)("%s: every link has one, but those of ports that no node uses", (id) => {
    const { network, nodes } = networkOf(id);
    const { links } = makeMachineGraph(network, nodes);
    const outline = outlineMachine(network, nodes);
    const step = Math.max(1, Math.floor(links.count / 20_000));
    let found = 0;
    for (let link = 0; link < links.count; link += step) {
      const place = links.describe(link);
      const owner = outline.ownerOf(place);
      if (owner) found++;
      else expect(`${place.from} ${place.to}`).toMatch(/unused port|router|leaf|group|spine/);
      if (owner) expect(owner.index).toBeLessThan(owner.depth === 0 ? 1 : (outline.levels[owner.depth - 1]?.places ?? 0));
    }
    expect(found).toBeGreaterThan((links.count / step) * 0.7);
  });

  it.each(machines)("%s: the links of a way belong to places that hold one of its two ends", (id) => {
    const { network, nodes } = networkOf(id);
    const graph = makeMachineGraph(network, nodes);
    const outline = outlineMachine(network, nodes);
    const { levels, devicesPerNode } = outline;
    const way = new Int32Array(graph.longestRoute);
    const isTorus = network.fabric.topology === "torus";
    for (const to of [1, devicesPerNode, 7 * devicesPerNode, Math.floor(nodes / 3) * devicesPerNode, graph.endpoints - 1]) {
      if (to === 0) continue;
      const end = graph.route(0, to, way, 0);
      for (let at = 0; at < end; at++) {
        const owner = outline.ownerOf(graph.links.describe(way[at] ?? 0));
        expect(owner).not.toBeNull();
        if (!owner || owner.depth === 0 || isTorus) continue;
        const ends = [0, to].map((device) => outline.placeOf(owner.depth, Math.floor(device / devicesPerNode)));
        expect(ends).toContain(owner.index);
      }
      expect(levels.at(-1)?.nodes).toBe(1);
    }
  });

  it("full trees and their joined ones have the same places, whatever their switches are called", () => {
    const { network, nodes } = networkOf("summit");
    if (network.fabric.topology !== "fat-tree") throw new Error("Summit is a fat tree");
    const full: MachineNetwork = { ...network, fabric: { topology: "fat-tree", spec: { levels: network.fabric.spec.levels, routing: { kind: "deterministic" } } } };
    const outline = outlineMachine(full, nodes);
    expect(outline.levels).toEqual(outlineMachine(network, nodes).levels);
    const graph = makeMachineGraph(full, nodes);
    const way = new Int32Array(graph.longestRoute);
    for (const node of [20, 200, 4607]) {
      const end = graph.route(0, node * 6, way, 0);
      const owners = Array.from(way.subarray(0, end), (link) => outline.ownerOf(graph.links.describe(link)));
      owners.forEach((owner) => expect([outline.placeOf(owner?.depth ?? 0, 0), outline.placeOf(owner?.depth ?? 0, node)]).toContain(owner?.index));
      expect(owners.some((owner) => owner?.depth === 2)).toBe(true);
    }
  });
});
