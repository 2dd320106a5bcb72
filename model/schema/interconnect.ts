/**
 * The network of a machine in full: links inside a node, network ports, a rack-scale domain, the fabric and its routing. Bandwidths and latencies are facts;
 * numbers of switches and ports are the shape of the thing, whole numbers with one source for all of them in `shape`.
 * Left out: storage and login nodes, links that are down.
 */
import { z } from "zod";
import { fact, factKinds } from "./fact.ts";
import { whole } from "./common.ts";

const link = { bandwidth: fact("bandwidth").meta({ description: "Of one link or cable, each direction" }), latency: fact("time", { min: 0 }).meta({ description: "Of one hop, the switch behind it included" }) };
const linkSchema = z.strictObject(link);
const trunk = z.strictObject({ ...link, cables: whole(0, 65_536).default(1).meta({ description: "Between the same two switches" }) });
const shape = z
  .strictObject({ source: z.string().min(1).meta({ description: "Id in sources.json" }), kind: z.enum(factKinds), note: z.string().optional() })
  .meta({ description: "Where the numbers of switches, groups and ports are from, and how they are known" });

const perDevice = { ...link, shape };
const nodeLinks = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("switch"), ...perDevice }).meta({ description: "A switch that never blocks; bandwidth of each device" }),
  z.strictObject({ kind: z.literal("all-to-all"), ...perDevice }).meta({ description: "A link between each two devices; bandwidth of one such link" }),
  z
    .strictObject({ kind: z.literal("groups"), groups: whole(1, 256), ...perDevice, host: linkSchema.meta({ description: "A device to the host of its group" }), bus: linkSchema.meta({ description: "Between hosts" }) })
    .meta({ description: "Links between the devices of a group; groups meet over their hosts" }),
  z
    .strictObject({
      kind: z.literal("pcie-tree"),
      switches: whole(1, 256),
      sockets: whole(1, 256),
      ...perDevice,
      host: linkSchema.meta({ description: "A PCIe switch to its socket, shared by all below it" }),
      bus: linkSchema.meta({ description: "Between sockets" }),
    })
    .meta({ description: "Devices below PCIe switches below sockets; bandwidth of a device to its switch" }),
]);

const fatTreeLevel = z.strictObject({ ...linkSchema.partial().shape, down: whole(1, 1e6), up: whole(1, 1e6), cables: whole(1, 1e6).default(1) });
const open = z.array(whole(0, 7)).max(8).default([]).meta({ description: "Dimensions that do not close" });
const twists = z
  .array(z.strictObject({ dimension: whole(0, 7), along: whole(0, 7), by: whole(1, 1e6) }))
  .max(8)
  .default([])
  .meta({ description: "Going once round a dimension moves that many routers on along another" });

const fabric = z.discriminatedUnion("topology", [
  z.strictObject({
    topology: z.literal("fat-tree"),
    shape,
    ...link,
    levels: z.array(fatTreeLevel).min(1).max(8).optional().meta({ description: "From the hosts up: children of a switch, parents of a node, cables to each; figures where they differ from those of the fabric. The first level's links are the network ports" }),
    radix: whole(2, 4096).optional().meta({ description: "Ports of a switch, where levels are not spelt out" }),
    stages: whole(1, 3).optional().meta({ description: "Levels of switches" }),
    taper: z.number().positive().max(64).optional().meta({ description: "Ports of a leaf to hosts over those to spines; 1 does not block" }),
  }),
  z.strictObject({ topology: z.literal("rail-optimised"), shape, ...link, nodesPerPod: whole(1, 1e5), spines: whole(1, 1e5), taper: z.number().positive().max(64) }),
  z.strictObject({ topology: z.literal("dragonfly"), shape, groups: whole(1, 1e5), chassis: whole(1, 1e5), blades: whole(1, 1e5), hostsPerRouter: whole(1, 1e5), green: trunk, black: trunk.optional(), blue: trunk, spreadBlue: z.boolean().default(true).meta({ description: "Cables between two groups sit on routers of their own in turn; else all on one" }) }),
  z.strictObject({ topology: z.literal("dragonfly-plus"), shape, groups: whole(1, 1e5), leaves: whole(1, 1e5), spines: whole(1, 1e5), hostsPerLeaf: whole(1, 1e5), local: trunk, global: trunk }),
  z.strictObject({ topology: z.literal("torus"), shape, ...link, sizes: z.array(whole(1, 1e6)).min(1).max(8), open, twists, hostsPerRouter: whole(1, 1e5).default(1).meta({ description: "Network ports on a router, where nodes have any" }) }),
  z.strictObject({ topology: z.literal("hyperx"), shape, sizes: z.array(whole(1, 1e5)).min(1).max(8), trunks: z.array(trunk).min(1).max(8), hostsPerRouter: whole(1, 1e5) }),
]);

export const interconnectSchema = z.strictObject({
  node: nodeLinks.optional().meta({ description: "Links between the devices of a node; left out where it has one device, or where its devices meet in the domain or the fabric" }),
  nics: z
    .strictObject({
      count: whole(1, 256),
      ...link,
      slot: linkSchema.meta({ description: "Between a network port and the device, host or PCIe switch it hangs on" }),
      map: z.array(whole(0, 255)).min(1).max(256).optional().meta({ description: "Port of each device of a node; left out, ports are dealt to the nearest devices evenly" }),
      attach: z.enum(["together", "rails"]).default("together").meta({ description: "together: ports of a node are neighbours in the fabric; rails: each is on a switch of its own" }),
      shape,
    })
    .optional()
    .meta({ description: "Network ports of a node; left out where devices are the endpoints of the fabric" }),
  domain: z.strictObject({ nodes: whole(1, 1e5), ...link, shape }).optional().meta({ description: "Nodes whose devices share one switch of device links; bandwidth of each device" }),
  fabric,
  routing: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("deterministic") }),
      z.strictObject({ kind: z.literal("ecmp"), seed: whole(0, 2 ** 32 - 1) }),
      z.strictObject({ kind: z.literal("adaptive") }),
    ])
    .default({ kind: "deterministic" })
    .meta({ description: "deterministic: by destination, the pessimistic end; ecmp: a seeded hash; adaptive: load spreads evenly over parallel links, the optimistic end" }),
});
export type Interconnect = z.output<typeof interconnectSchema>;
