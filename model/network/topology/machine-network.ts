/** What a machine's network is built from: plain SI numbers, read from a machine document elsewhere. */
import type { FabricSpec } from "./fabric.ts";
import type { Link } from "./link.ts";
import type { DeviceLinks, Ports } from "./node.ts";

export interface MachinePorts extends Ports {
  /** together: the ports of a node are neighbours in the fabric; rails: each is on a switch of its own, with the equal ports of its neighbours. */
  readonly attach: "together" | "rails";
}

export interface MachineNetwork {
  readonly node: { readonly devices: number; readonly links: DeviceLinks | null };
  /** null: devices are the endpoints of the fabric. */
  readonly ports: MachinePorts | null;
  /** Nodes whose devices all hang on one switch of device links (NVLink racks). */
  readonly domain: { readonly nodes: number; readonly link: Link } | null;
  /** Its links to hosts are those of the network ports. */
  readonly fabric: FabricSpec;
}
