/**
 * The inside of a node: devices, the links between them, and the ways from a device to its network port and back. A node is small, so its ways are written
 * down once and repeated for every node of a machine.
 * switch: each device has a link to a switch that never blocks (NVSwitch). all-to-all: a link between each two devices (Xe-Link, xGMI, NVLink of four GPUs).
 * groups: links inside groups of devices, groups joined by a bus between their hosts (Summit: two sockets of three GPUs). pcie-tree: PCIe switches of devices
 * below sockets, with one shared link from each switch to its socket. Left out: links of unequal width within a group, contention inside a host.
 */
import type { Link } from "./link.ts";

export type DeviceLinks =
  | { readonly kind: "switch" | "all-to-all"; readonly link: Link }
  | { readonly kind: "groups"; readonly groups: number; readonly link: Link; readonly host: Link; readonly bus: Link }
  | { readonly kind: "pcie-tree"; readonly switches: number; readonly sockets: number; readonly link: Link; readonly host: Link; readonly bus: Link };

export interface Ports {
  readonly count: number;
  /** Port of each device. */
  readonly map: readonly number[];
  /** Between a port and what it hangs on: the device itself, or the host or PCIe switch next to it. */
  readonly slot: Link;
}

export interface NodeLink extends Link {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

export interface NodeInside {
  readonly links: readonly NodeLink[];
  /** Links of the way from device a to device b at a x devices + b; empty without links between devices. */
  readonly between: readonly (readonly number[])[];
  /** Links of the way from a device to its port, and back. */
  readonly out: readonly (readonly number[])[];
  readonly back: readonly (readonly number[])[];
}

/** Names of the places that bytes pass on their way from a device up, the device first, and the link to each place from the one before. */
interface Climb {
  readonly places: readonly string[];
  readonly kinds: readonly string[];
  readonly links: readonly Link[];
}

const nameDevice = (device: number): string => `device ${device}`;
export const namePort = (port: number): string => `nic ${port}`;

/** Which of `parts` equal parts of a row of `count` a member is in. */
const partOf = (member: number, count: number, parts: number): number => Math.floor((member * parts) / count);

export function buildNode(devices: number, deviceLinks: DeviceLinks | null, ports: Ports | null): NodeInside {
  const links: NodeLink[] = [];
  const known = new Map<string, number>();
  const follow = (kind: string, from: string, to: string, { capacity_bytes_per_s, latency_s }: Link): number => {
    const key = `${from} > ${to}`;
    const index = known.get(key) ?? links.push({ kind, from, to, capacity_bytes_per_s, latency_s }) - 1;
    known.set(key, index);
    return index;
  };
  const both = (first: Climb, second: Climb, across: { kind: string; link: Link } | null): number[] => joinClimbs(first, second, across, follow);
  const row = Array.from({ length: devices }, (_, device) => device);
  const climbs = row.map((device) => climbFrom(device, devices, deviceLinks));
  const bus = deviceLinks && "bus" in deviceLinks ? { kind: "bus", link: deviceLinks.bus } : null;

  const between = !deviceLinks
    ? []
    : row.flatMap((from) =>
        row.map((to) => {
          if (from === to) return [];
          const direct = deviceLinks.kind === "all-to-all" || (deviceLinks.kind === "groups" && partOf(from, devices, deviceLinks.groups) === partOf(to, devices, deviceLinks.groups));
          return direct ? [follow("device link", nameDevice(from), nameDevice(to), deviceLinks.link)] : both(climbs[from]!, climbs[to]!, bus);
        }),
      );
  const portClimb = (device: number): Climb | null => (ports ? climbFromPort(ports.map[device] ?? 0, ports, deviceLinks, device) : null);
  const wayOf = (device: number, outwards: boolean): number[] => {
    const port = portClimb(device);
    if (!port) return [];
    const own = port.places.length === 2 && port.places[1] === nameDevice(device) ? { places: [nameDevice(device)], kinds: [], links: [] } : climbs[device]!;
    return outwards ? both(own, port, bus) : both(port, own, bus);
  };
  return { links, between, out: row.map((device) => wayOf(device, true)), back: row.map((device) => wayOf(device, false)) };
}

function climbFrom(device: number, devices: number, deviceLinks: DeviceLinks | null): Climb {
  if (deviceLinks?.kind === "switch") return { places: [nameDevice(device), "node switch"], kinds: ["device link"], links: [deviceLinks.link] };
  if (deviceLinks?.kind === "groups") return { places: [nameDevice(device), `host ${partOf(device, devices, deviceLinks.groups)}`], kinds: ["host link"], links: [deviceLinks.host] };
  if (deviceLinks?.kind === "pcie-tree") {
    const part = partOf(device, devices, deviceLinks.switches);
    return { places: [nameDevice(device), `pcie switch ${part}`, `host ${partOf(part, deviceLinks.switches, deviceLinks.sockets)}`], kinds: ["pcie", "shared host link"], links: [deviceLinks.link, deviceLinks.host] };
  }
  return { places: [nameDevice(device)], kinds: [], links: [] };
}

/** Ports are spread evenly over hosts or PCIe switches; elsewhere each hangs on its devices. */
function climbFromPort(port: number, { count, slot }: Ports, deviceLinks: DeviceLinks | null, device: number): Climb {
  if (deviceLinks?.kind === "groups") return { places: [namePort(port), `host ${partOf(port, count, deviceLinks.groups)}`], kinds: ["slot"], links: [slot] };
  if (deviceLinks?.kind === "pcie-tree") {
    const part = partOf(port, count, deviceLinks.switches);
    return { places: [namePort(port), `pcie switch ${part}`, `host ${partOf(part, deviceLinks.switches, deviceLinks.sockets)}`], kinds: ["slot", "shared host link"], links: [slot, deviceLinks.host] };
  }
  return { places: [namePort(port), nameDevice(device)], kinds: ["slot"], links: [slot] };
}

/** Up from one end to the first place that both know, or over the bus between their tops, and down to the other. */
function joinClimbs(first: Climb, second: Climb, bus: { kind: string; link: Link } | null, follow: (kind: string, from: string, to: string, link: Link) => number): number[] {
  const meeting = first.places.findIndex((place) => second.places.includes(place));
  const top = meeting < 0 ? first.places.length - 1 : meeting;
  const otherTop = meeting < 0 ? second.places.length - 1 : second.places.indexOf(first.places[meeting]!);
  const way: number[] = [];
  for (let step = 0; step < top; step++) way.push(follow(first.kinds[step]!, first.places[step]!, first.places[step + 1]!, first.links[step]!));
  if (meeting < 0 && bus) way.push(follow(bus.kind, first.places[top]!, second.places[otherTop]!, bus.link));
  for (let step = otherTop - 1; step >= 0; step--) way.push(follow(second.kinds[step]!, second.places[step + 1]!, second.places[step]!, second.links[step]!));
  return way;
}
