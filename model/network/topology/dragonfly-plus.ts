/**
 * A dragonfly+ (Shpiner et al., 2017): a group is a two-level fat tree, every leaf joined to every spine, and spines carry the links between groups. The cables
 * of two groups are spread over the spines of both. Minimal routes: leaf, spine, spine of the other group, leaf; the destination, or a hash, picks spine and
 * cable. Left out: ways through a third group, except as the joined links of adaptive routing.
 */
import type { Problem } from "../../problems.ts";
import { checkLink, checkLinkCount, checkRouting, checkTrunk, checkWhole, refuse } from "./check.ts";
import { LinkBuilder, type LinkTable, type NetworkGraph } from "./graph.ts";
import { attachHosts, type RouterNetwork } from "./hosts.ts";
import { makeJoinedTree } from "./joined-tree.ts";
import { deterministic, nameHost, type Link, type NameEndpoint, type Routing, type Trunk } from "./link.ts";

export interface DragonflyPlusSpec {
  readonly groups: number;
  readonly leaves: number;
  readonly spines: number;
  readonly hostsPerLeaf: number;
  readonly host: Link;
  /** Between a leaf and a spine. */
  readonly local: Trunk;
  /** Between two groups, all spines together. */
  readonly global: Trunk;
  readonly routing?: Routing;
}

export const dragonflyPlusPorts = ({ groups, leaves, hostsPerLeaf }: DragonflyPlusSpec): number => groups * leaves * hostsPerLeaf;

export function checkDragonflyPlus(spec: DragonflyPlusSpec, path: string): Problem[] {
  const problems: Problem[] = [];
  const { groups, leaves, spines, local, global } = spec;
  for (const key of ["groups", "leaves", "spines", "hostsPerLeaf"] as const) checkWhole(problems, `${path}.${key}`, spec[key], 1, 1e5);
  checkLink(problems, `${path}.host`, spec.host);
  checkTrunk(problems, `${path}.local`, local, leaves > 1 || groups > 1 ? "leaves and spines" : undefined);
  checkTrunk(problems, `${path}.global`, global, groups > 1 ? "groups" : undefined);
  checkRouting(problems, path, spec.routing);
  checkLinkCount(problems, path, 2 * (dragonflyPlusPorts(spec) + groups * leaves * spines * local.cables) + groups * (groups - 1) * global.cables);
  return problems;
}

export function makeDragonflyPlus(spec: DragonflyPlusSpec, name: NameEndpoint = nameHost): NetworkGraph {
  refuse(checkDragonflyPlus(spec, "dragonflyPlus"));
  const routing = spec.routing ?? deterministic;
  return routing.kind === "adaptive" ? joinDragonflyPlus(spec, name) : attachHosts(makeLeaves(spec), spec.hostsPerLeaf, spec.host, routing, name);
}

function joinDragonflyPlus({ groups, leaves, spines, hostsPerLeaf, host, local, global }: DragonflyPlusSpec, name: NameEndpoint): NetworkGraph {
  const between = (groups - 1) * global.cables * global.capacity_bytes_per_s;
  return makeJoinedTree(
    [
      { ...host, down: hostsPerLeaf, kind: "host", child: "host" },
      { down: leaves, capacity_bytes_per_s: spines * local.cables * local.capacity_bytes_per_s || host.capacity_bytes_per_s, latency_s: local.latency_s, kind: "leaf-spine", child: "leaf" },
      { down: groups, capacity_bytes_per_s: between || host.capacity_bytes_per_s, latency_s: global.latency_s / 2, kind: "global", child: "group" },
    ],
    name,
  );
}

const without = (self: number, other: number): number => (other < self ? other : other - 1);
const besides = (self: number, index: number): number => (index < self ? index : index + 1);

function makeLeaves(spec: DragonflyPlusSpec): RouterNetwork {
  const { groups, leaves, spines, local, global } = spec;
  const { links, up, down, between } = makeLinks(spec);
  return {
    routers: groups * leaves,
    links,
    longestRoute: 3,
    nameRouter: (leaf) => `leaf ${Math.floor(leaf / leaves)}/${leaf % leaves}`,
    route(from, to, out, at, key) {
      const [group, toGroup] = [(from / leaves) | 0, (to / leaves) | 0];
      let spine = key % spines;
      let arrival = spine;
      const rest = Math.floor(key / spines);
      let place = at + 1;
      if (group !== toGroup) {
        const cable = key % global.cables;
        spine = spineOf(spec, group, toGroup, cable);
        arrival = spineOf(spec, toGroup, group, cable);
        out[place++] = between + (group * (groups - 1) + without(group, toGroup)) * global.cables + cable;
      }
      out[at] = up + (from * spines + spine) * local.cables + (rest % local.cables);
      out[place] = down + (to * spines + arrival) * local.cables + (rest % local.cables);
      return place + 1;
    },
  };
}

/** On which spine of a group a cable to another group sits. */
const spineOf = ({ spines, global }: DragonflyPlusSpec, group: number, other: number, cable: number): number => (without(group, other) * global.cables + cable) % spines;

function makeLinks(spec: DragonflyPlusSpec): { links: LinkTable; up: number; down: number; between: number } {
  const { groups, leaves, spines, local, global } = spec;
  const links = new LinkBuilder();
  const leafOf = (index: number) => {
    const leaf = Math.floor(index / (spines * local.cables));
    return `leaf ${Math.floor(leaf / leaves)}/${leaf % leaves}`;
  };
  const spineAbove = (index: number) => `spine ${Math.floor(index / (spines * local.cables * leaves))}/${Math.floor(index / local.cables) % spines}`;
  const count = groups * leaves * spines * local.cables;
  const up = links.add(count, local.capacity_bytes_per_s, local.latency_s, (index) => ({ kind: "leaf-spine", from: leafOf(index), to: spineAbove(index) }));
  const down = links.add(count, local.capacity_bytes_per_s, local.latency_s, (index) => ({ kind: "leaf-spine", from: spineAbove(index), to: leafOf(index) }));
  const between = links.add(groups * (groups - 1) * global.cables, global.capacity_bytes_per_s, global.latency_s, (index) => {
    const [trunk, cable] = [Math.floor(index / global.cables), index % global.cables];
    const group = Math.floor(trunk / (groups - 1));
    const other = besides(group, trunk % (groups - 1));
    return { kind: "global", from: `spine ${group}/${spineOf(spec, group, other, cable)}`, to: `spine ${other}/${spineOf(spec, other, group, cable)}` };
  });
  return { links: links.build(), up, down, between };
}
