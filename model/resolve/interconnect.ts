/** The interconnect of a machine document -> the plain numbers that its network is built from, or every problem on the way. */
import { missingKey, wrongValue, type Problem } from "../problems.ts";
import { checkMachineNetwork, sizeFatTree, type DeviceLinks, type FabricSpec, type FatTreeLevel, type Link, type MachineNetwork, type MachinePorts, type Trunk } from "../network/topology/index.ts";
import type { Fact } from "../schema/fact.ts";
import type { Interconnect } from "../schema/interconnect.ts";
import type { Machine } from "../schema/machine.ts";

export type ReadInterconnect = { readonly network: MachineNetwork; readonly problems: readonly [] } | { readonly network?: undefined; readonly problems: readonly Problem[] };

interface LinkFacts {
  readonly bandwidth: Fact;
  readonly latency: Fact;
}
const readLink = ({ bandwidth, latency }: LinkFacts): Link => ({ capacity_bytes_per_s: bandwidth.value, latency_s: latency.value });
const readTrunk = (trunk: LinkFacts & { cables: number }): Trunk => ({ ...readLink(trunk), cables: trunk.cables });

/** `path` begins the paths of problems: "machines/summit: interconnect". */
export function readInterconnect(machine: Machine, path = `machines/${machine.id}: interconnect`): ReadInterconnect {
  const { interconnect } = machine;
  if (!interconnect) return { problems: [missingKey(path, "the machine's links, ports and fabric")] };
  const devices = machine.node.devices.value;
  const ports = readPorts(interconnect, devices);
  const problems: Problem[] = [];
  const fabric = readFabric(interconnect, ports ? { count: ports.count, link: readLink(interconnect.nics as LinkFacts) } : null, machine.nodes.value * (ports?.count ?? devices), `${path}.fabric`, problems);
  if (!fabric) return { problems };
  const { domain } = interconnect;
  const network: MachineNetwork = {
    node: { devices, links: interconnect.node ? readDeviceLinks(interconnect.node) : null },
    ports,
    domain: domain ? { nodes: domain.nodes, link: readLink(domain) } : null,
    fabric,
  };
  problems.push(...checkMachineNetwork(network, machine.nodes.value, path));
  return problems.length > 0 ? { problems } : { network, problems: [] };
}

function readPorts({ nics }: Interconnect, devices: number): MachinePorts | null {
  if (!nics) return null;
  const { count, map, attach, slot } = nics;
  return { count, attach, slot: readLink(slot), map: map ?? Array.from({ length: devices }, (_, device) => Math.floor((device * count) / devices)) };
}

function readDeviceLinks(node: NonNullable<Interconnect["node"]>): DeviceLinks {
  const link = readLink(node);
  switch (node.kind) {
    case "switch":
    case "all-to-all":
      return { kind: node.kind, link };
    case "groups":
      return { kind: "groups", groups: node.groups, link, host: readLink(node.host), bus: readLink(node.bus) };
    case "pcie-tree":
      return { kind: "pcie-tree", switches: node.switches, sockets: node.sockets, link, host: readLink(node.host), bus: readLink(node.bus) };
  }
}

type Fabric = Interconnect["fabric"];

/** Fabrics whose switches have ports to hosts need network ports; a torus may join devices directly. */
function readFabric({ fabric, routing, nics }: Interconnect, ports: { count: number; link: Link } | null, endpoints: number, path: string, problems: Problem[]): FabricSpec | undefined {
  if (fabric.topology === "torus") {
    if (routing.kind !== "deterministic") problems.push(wrongValue(path.replace(/fabric$/, "routing.kind"), routing.kind, "deterministic: a torus routes dimension by dimension"));
    const { sizes, open, twists, hostsPerRouter } = fabric;
    return { topology: "torus", spec: { sizes, open, twists, link: readLink(fabric), ...(ports ? { hosts: { perRouter: hostsPerRouter, link: ports.link } } : {}) } };
  }
  if (!ports) {
    problems.push(missingKey(path.replace(/fabric$/, "nics"), `the network ports of a node, which hang on the switches of a ${fabric.topology}`));
    return undefined;
  }
  const host = ports.link;
  switch (fabric.topology) {
    case "fat-tree": {
      const levels = readLevels(fabric, host, endpoints, nics?.attach === "rails" ? nics.count : 1, path, problems);
      return levels && { topology: "fat-tree", spec: { levels, routing } };
    }
    case "rail-optimised": {
      const { nodesPerPod, spines, taper } = fabric;
      return { topology: "rail-optimised", spec: { pods: Math.ceil(endpoints / ports.count / nodesPerPod), nodesPerPod, rails: ports.count, spines, taper, host, link: readLink(fabric), routing } };
    }
    case "dragonfly": {
      const { groups, chassis, blades, hostsPerRouter, green, black, blue, spreadBlue } = fabric;
      if (!black && chassis > 1) problems.push(missingKey(`${path}.black`, "the links between the chassis of a group"));
      return { topology: "dragonfly", spec: { groups, chassis, blades, hostsPerRouter, host, green: readTrunk(green), black: readTrunk(black ?? green), blue: readTrunk(blue), spreadBlue, routing } };
    }
    case "dragonfly-plus": {
      const { groups, leaves, spines, hostsPerLeaf, local, global } = fabric;
      return { topology: "dragonfly-plus", spec: { groups, leaves, spines, hostsPerLeaf, host, local: readTrunk(local), global: readTrunk(global), routing } };
    }
    case "hyperx":
      return { topology: "hyperx", spec: { sizes: fabric.sizes, trunks: fabric.trunks.map(readTrunk), hostsPerRouter: fabric.hostsPerRouter, host, routing } };
  }
}

function readLevels(fabric: Extract<Fabric, { topology: "fat-tree" }>, host: Link, endpoints: number, rails: number, path: string, problems: Problem[]): readonly FatTreeLevel[] | undefined {
  const { levels, radix, stages, taper } = fabric;
  const link = readLink(fabric);
  if (levels) {
    for (const [key, value] of Object.entries({ radix, stages, taper })) if (value !== undefined) problems.push(wrongValue(`${path}.${key}`, value, "nothing, where levels are spelt out"));
    return levels.map(({ down, up, cables, bandwidth, latency }, index) => ({
      ...(index === 0 ? host : { capacity_bytes_per_s: bandwidth?.value ?? link.capacity_bytes_per_s, latency_s: latency?.value ?? link.latency_s }),
      down,
      up,
      cables,
    }));
  }
  if (radix === undefined || stages === undefined || taper === undefined) {
    problems.push(missingKey(`${path}.levels`, "levels, or radix, stages and taper"));
    return undefined;
  }
  const sized = sizeFatTree({ radix, stages, taper }, endpoints, rails, host, link, path);
  problems.push(...sized.problems);
  return sized.problems.length > 0 ? undefined : sized.levels;
}
