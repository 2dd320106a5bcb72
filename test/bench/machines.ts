/** Networks of the benchmark. */
import { makeFatTree } from "../../model/network/topology/fat-tree.ts";
import type { NetworkGraph } from "../../model/network/topology/graph.ts";
import { makeMachineGraph } from "../../model/network/topology/machine-graph.ts";

const host = { capacity_bytes_per_s: 50e9, latency_s: 5e-7 };
const port = { capacity_bytes_per_s: 25e9, latency_s: 5e-7 };

export const inOrder = (count: number): Int32Array => Int32Array.from({ length: count }, (_, index) => index);

/** Two levels of hosts, leaves and spines. */
export const flatTree = (down: number, leaves: number, spines: number): NetworkGraph =>
  makeFatTree({ levels: [{ down, up: 1, cables: 1, ...host }, { down: leaves, up: spines, cables: 1, ...host }] });

/** Nodes with a switch between their devices and two network ports that these share, in a fat tree with half the links up that it has down. */
export function taperedMachine(nodes: number, devices: number): NetworkGraph {
  const leafPorts = nodes % 16 === 0 ? 32 : 36;
  const spec = { levels: [{ down: leafPorts, up: 1, cables: 1, ...port }, { down: Math.ceil((2 * nodes) / leafPorts), up: leafPorts / 2, cables: 1, ...port }] };
  return makeMachineGraph(
    {
      node: { devices, links: { kind: "switch", link: { capacity_bytes_per_s: 150e9, latency_s: 1e-6 } } },
      ports: { count: 2, map: Array.from({ length: devices }, (_, device) => Math.floor((2 * device) / devices)), slot: port, attach: "together" },
      domain: null,
      fabric: { topology: "fat-tree", spec },
    },
    nodes,
  );
}
