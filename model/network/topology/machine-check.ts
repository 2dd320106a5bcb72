/** What is wrong with a machine's network before it is built: every problem at once, with the path of the document that it was read from. */
import { wrongValue, type Problem } from "../../problems.ts";
import { checkLink, checkWhole, doesNotDivide, mostLinks, notConnected, tooSmall } from "./check.ts";
import { checkFabric, fabricPorts, portsPerSwitch } from "./fabric.ts";
import type { MachineNetwork } from "./machine-network.ts";
import type { DeviceLinks, Ports } from "./node.ts";
import { railEndpoints } from "./rails.ts";

/** Devices and ports of one node; its ways grow with the square. */
const mostDevices = 256;

export function checkMachineNetwork(spec: MachineNetwork, nodes: number, path: string): Problem[] {
  const problems: Problem[] = [];
  const { devices, links } = spec.node;
  checkWhole(problems, "nodes", nodes, 1, 1e7);
  checkWhole(problems, "node.devices", devices, 1, mostDevices);
  if (links) checkDeviceLinks(problems, links, devices, `${path}.node`);
  if (spec.ports) checkPorts(problems, spec.ports, devices, `${path}.nics`);
  if (spec.domain) {
    checkWhole(problems, `${path}.domain.nodes`, spec.domain.nodes);
    checkLink(problems, `${path}.domain`, spec.domain.link);
  }
  if (devices > 1 && !links && !spec.domain && spec.ports) problems.push(notConnected(`${path}.node`, `${devices} devices without links between them`, "links inside the node, or a domain that joins its devices"));
  const fabric = checkFabric(spec.fabric, `${path}.fabric`);
  problems.push(...fabric);
  if (problems.length === 0) checkSize(problems, spec, nodes, path);
  return problems;
}

function checkSize(problems: Problem[], spec: MachineNetwork, nodes: number, path: string): void {
  const { ports } = spec;
  const perNode = ports?.count ?? spec.node.devices;
  const all = fabricPorts(spec.fabric);
  const usable = ports?.attach === "rails" ? railEndpoints({ rails: ports.count, nodesPerPod: portsPerSwitch(spec.fabric) }, all) : all;
  const needed = nodes * perNode;
  if (usable < needed) problems.push(tooSmall(`${path}.fabric`, usable, needed, ports ? `${ports.count} ports of each of ${nodes} nodes` : `${perNode} devices of each of ${nodes} nodes`));
  if (spec.fabric.topology === "rail-optimised" && ports && spec.fabric.spec.rails !== ports.count) problems.push(wrongValue(`${path}.fabric.rails`, spec.fabric.spec.rails, `${ports.count}, the ports of a node`));
  // All-to-all nodes have the most links inside: one for each two devices and direction, and the ways to ports.
  if (nodes * spec.node.devices ** 2 > mostLinks && spec.node.links?.kind === "all-to-all") problems.push(wrongValue(`${path}.node`, spec.node.devices, "fewer devices with links to each other"));
}

function checkDeviceLinks(problems: Problem[], links: DeviceLinks, devices: number, path: string): void {
  checkLink(problems, path, links.link);
  if (!("host" in links)) return;
  checkLink(problems, `${path}.host`, links.host);
  checkLink(problems, `${path}.bus`, links.bus);
  const divide = (key: "groups" | "switches" | "sockets", parts: number, whole: number, what: string): void => {
    const before = problems.length;
    checkWhole(problems, `${path}.${key}`, parts, 1, mostDevices);
    if (problems.length === before && whole % parts !== 0) problems.push(doesNotDivide(`${path}.${key}`, whole, parts, what));
  };
  if (links.kind === "groups") divide("groups", links.groups, devices, "the devices of a node");
  else {
    divide("switches", links.switches, devices, "the devices of a node");
    divide("sockets", links.sockets, links.switches, "the PCIe switches of a node");
  }
}

function checkPorts(problems: Problem[], { count, map, slot }: Ports, devices: number, path: string): void {
  checkWhole(problems, `${path}.count`, count, 1, mostDevices);
  checkLink(problems, `${path}.slot`, slot);
  if (map.length !== devices) problems.push(wrongValue(`${path}.map`, map.length, `a network port for each of the ${devices} devices of a node`));
  map.forEach((port, device) => {
    if (!Number.isInteger(port) || port < 0 || port >= count) problems.push({ code: "unknown-name", path: `${path}.map[${device}]`, got: `network port ${port}`, expected: `one that the node has: 0 to ${count - 1}` });
  });
}
