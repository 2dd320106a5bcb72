/**
 * A whole machine as one network whose endpoints are devices, node by node: links inside nodes, a rack-scale domain where there is one, network ports and the
 * fabric. A way between nodes goes from the device to its own port, through the fabric to the port of the other device, and to that device; within a domain it
 * takes the domain's switch instead. Where nodes have no ports, devices are the endpoints of the fabric themselves (chips that route).
 * Ways are computed, never stored. Left out: devices that use several ports at once, and detours inside the node to another port.
 */
import { refuse } from "./check.ts";
import { makeFabric, portsPerSwitch } from "./fabric.ts";
import { LinkBuilder, type NetworkGraph } from "./graph.ts";
import type { Link, NameEndpoint } from "./link.ts";
import { checkMachineNetwork } from "./machine-check.ts";
import type { MachineNetwork } from "./machine-network.ts";
import { buildNode, namePort, type NodeInside } from "./node.ts";
import { spreadOverRails } from "./rails.ts";

/** Throws an InputError with every problem; `path` begins the paths of problems. */
export function makeMachineGraph(spec: MachineNetwork, nodes: number, path = "interconnect"): NetworkGraph {
  refuse(checkMachineNetwork(spec, nodes, path));
  const { ports, domain } = spec;
  const { devices } = spec.node;
  const perNode = ports?.count ?? devices;
  const fabric = attachFabric(spec, (endpoint) => (endpoint < nodes * perNode ? `node ${Math.floor(endpoint / perNode)} / ${ports ? namePort(endpoint % perNode) : `device ${endpoint % perNode}`}` : `unused port ${endpoint}`));

  // Links of the fabric come first, so that its ways need no change.
  const links = new LinkBuilder();
  links.append(fabric.links);
  const nameDevice = (device: number) => `node ${Math.floor(device / devices)} / device ${device % devices}`;
  const total = nodes * devices;
  const domainLinks = domain ? { up: addDomain(links, total, domain.link, nameDevice, domain.nodes * devices, true), down: addDomain(links, total, domain.link, nameDevice, domain.nodes * devices, false) } : null;
  const inside = buildNode(devices, spec.node.links, ports);
  const firstInside = inside.links.map(({ kind, from, to, capacity_bytes_per_s, latency_s }) => links.add(nodes, capacity_bytes_per_s, latency_s, (node) => ({ kind, from: `node ${node} / ${from}`, to: `node ${node} / ${to}` })));
  const [between, outwards, back] = [inside.between, inside.out, inside.back].map((ways) => packWays(ways, firstInside)) as [Ways, Ways, Ways];
  const hasBetween = inside.between.length > 0;
  const domainDevices = (domain?.nodes ?? 0) * devices;
  const portMap = Int32Array.from(ports?.map ?? []);

  return {
    endpoints: total,
    links: links.build(),
    longestRoute: Math.max(between.longest, domain ? 2 : 0, outwards.longest + fabric.longestRoute + back.longest),
    route(from, to, out, at, label = 0) {
      const [node, toNode] = [(from / devices) | 0, (to / devices) | 0];
      const [device, toDevice] = [from - node * devices, to - toNode * devices];
      if (node === toNode && hasBetween) return writeWay(between, device * devices + toDevice, node, out, at);
      if (domainLinks && ((from / domainDevices) | 0) === ((to / domainDevices) | 0)) {
        out[at] = domainLinks.up + from;
        out[at + 1] = domainLinks.down + to;
        return at + 2;
      }
      if (!ports) return fabric.route(from, to, out, at, label);
      let place = writeWay(outwards, device, node, out, at);
      place = fabric.route(node * perNode + portMap[device]!, toNode * perNode + portMap[toDevice]!, out, place, label);
      return writeWay(back, toDevice, toNode, out, place);
    },
  };
}

function attachFabric({ fabric, ports }: MachineNetwork, name: NameEndpoint): NetworkGraph {
  if (ports?.attach !== "rails") return makeFabric(fabric, name);
  return spreadOverRails({ rails: ports.count, nodesPerPod: portsPerSwitch(fabric) }, name, (namePortOf) => makeFabric(fabric, namePortOf));
}

function addDomain(links: LinkBuilder, devices: number, { capacity_bytes_per_s, latency_s }: Link, nameDevice: NameEndpoint, size: number, up: boolean): number {
  return links.add(devices, capacity_bytes_per_s, latency_s, (device) => {
    const [own, hub] = [nameDevice(device), `domain ${Math.floor(device / size)}`];
    return { kind: "domain", from: up ? own : hub, to: up ? hub : own };
  });
}

/** Ways of one node in one row of numbers; a step is the first of the links that all nodes have alike, so that the node's own is that plus its number. */
interface Ways {
  readonly starts: Int32Array;
  readonly steps: Int32Array;
  readonly longest: number;
}

function packWays(ways: NodeInside["out"], firstInside: readonly number[]): Ways {
  const starts = new Int32Array(ways.length + 1);
  for (const [index, way] of ways.entries()) starts[index + 1] = starts[index]! + way.length;
  const steps = Int32Array.from(ways.flat(), (link) => firstInside[link] ?? 0);
  return { starts, steps, longest: ways.reduce((most, way) => Math.max(most, way.length), 0) };
}

function writeWay({ starts, steps }: Ways, index: number, node: number, out: Int32Array, at: number): number {
  let place = at;
  for (let step = starts[index]!; step < starts[index + 1]!; step++) out[place++] = steps[step]! + node;
  return place;
}
