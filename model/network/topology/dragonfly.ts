/**
 * A dragonfly as Cray's Aries builds it, which is also what SimGrid 3.32 has: groups of chassis of blades, a router on each blade. Green links join the blades
 * of a chassis, black links the chassis at equal blades, blue links the groups; one chassis makes the all-to-all groups of Slingshot. Minimal routes: green,
 * black, blue, green, black. A trunk's cables are one link of their summed capacity, but links of their own where routing hashes.
 * Left out: ways through a third group, except as the joined links of adaptive routing.
 */
import { wrongValue, type Problem } from "../../problems.ts";
import { checkLink, checkLinkCount, checkRouting, checkTrunk, checkWhole, refuse } from "./check.ts";
import { LinkBuilder, type LinkTable, type NetworkGraph } from "./graph.ts";
import { attachHosts, type RouterNetwork } from "./hosts.ts";
import { makeJoinedTree } from "./joined-tree.ts";
import { deterministic, nameHost, type Link, type NameEndpoint, type Routing, type Trunk } from "./link.ts";

export interface DragonflySpec {
  readonly groups: number;
  readonly chassis: number;
  readonly blades: number;
  readonly hostsPerRouter: number;
  readonly host: Link;
  readonly green: Trunk;
  readonly black: Trunk;
  readonly blue: Trunk;
  readonly routing?: Routing;
  /** Cables of two groups sit on routers of their own, in turn, and the destination or a hash picks one (Slingshot); else all sit on one router, as SimGrid has it. */
  readonly spreadBlue?: boolean;
  /** After the last green link SimGrid believes to be in chassis 0, so that routes within a group from another chassis end in the wrong place. For comparison only. */
  readonly simgridChassisBug?: boolean;
}

export const dragonflyPorts = ({ groups, chassis, blades, hostsPerRouter }: DragonflySpec): number => groups * chassis * blades * hostsPerRouter;

export function checkDragonfly(spec: DragonflySpec, path: string): Problem[] {
  const { groups, chassis, blades, green, black, blue } = spec;
  const problems: Problem[] = [];
  for (const key of ["groups", "chassis", "blades", "hostsPerRouter"] as const) checkWhole(problems, `${path}.${key}`, spec[key], 1, 1e5);
  checkLink(problems, `${path}.host`, spec.host);
  checkTrunk(problems, `${path}.green`, green, blades > 1 ? "the blades of a chassis" : undefined);
  checkTrunk(problems, `${path}.black`, black, chassis > 1 ? "the chassis of a group" : undefined);
  checkTrunk(problems, `${path}.blue`, blue, groups > 1 ? "groups" : undefined);
  checkRouting(problems, path, spec.routing);
  if (spec.simgridChassisBug && groups > blades) problems.push(wrongValue(`${path}.groups`, groups, `at most ${blades}, the blades of a chassis, to be compared with SimGrid`));
  const lanes = spec.routing?.kind === "ecmp" || spec.spreadBlue ? Math.max(green.cables, black.cables, blue.cables) : 1;
  checkLinkCount(problems, path, 2 * dragonflyPorts(spec) + groups * (groups + chassis * blades * (chassis + blades)) * lanes);
  return problems;
}

export function makeDragonfly(spec: DragonflySpec, name: NameEndpoint = nameHost): NetworkGraph {
  refuse(checkDragonfly(spec, "dragonfly"));
  const routing = spec.routing ?? deterministic;
  return routing.kind === "adaptive" ? joinDragonfly(spec, name) : attachHosts(makeRouters(spec, routing.kind === "ecmp"), spec.hostsPerRouter, spec.host, routing, name);
}

function joinDragonfly({ groups, chassis, blades, hostsPerRouter, host, green, black, blue }: DragonflySpec, name: NameEndpoint): NetworkGraph {
  const local = (blades - 1) * green.cables * green.capacity_bytes_per_s + (chassis - 1) * black.cables * black.capacity_bytes_per_s;
  const global = (groups - 1) * blue.cables * blue.capacity_bytes_per_s;
  // A level of one child carries nothing, but its links want a capacity.
  return makeJoinedTree(
    [
      { ...host, down: hostsPerRouter, kind: "host", child: "host" },
      { down: chassis * blades, capacity_bytes_per_s: local || host.capacity_bytes_per_s, latency_s: Math.max(green.latency_s, black.latency_s), kind: "local", child: "router" },
      { down: groups, capacity_bytes_per_s: global || host.capacity_bytes_per_s, latency_s: blue.latency_s / 2, kind: "global", child: "group" },
    ],
    name,
  );
}

/** Place of one of the others in a row without oneself. */
const without = (self: number, other: number): number => (other < self ? other : other - 1);
const besides = (self: number, index: number): number => (index < self ? index : index + 1);

function makeRouters(spec: DragonflySpec, split: boolean): RouterNetwork {
  const { groups, chassis, blades, spreadBlue = false, simgridChassisBug = false } = spec;
  const perGroup = chassis * blades;
  const { links, first } = makeLinks(spec, split);
  const [greens, blacks, blues] = [split ? spec.green.cables : 1, split ? spec.black.cables : 1, split || spreadBlue ? spec.blue.cables : 1];
  const green = (chassisOfAll: number, blade: number, target: number, key: number) => first.green + ((chassisOfAll * blades + blade) * (blades - 1) + without(blade, target)) * greens + (key % greens);
  const black = (bladeOfAll: number, cage: number, target: number, key: number) => first.black + ((bladeOfAll * chassis + cage) * (chassis - 1) + without(cage, target)) * blacks + (key % blacks);
  return {
    routers: groups * perGroup,
    links,
    longestRoute: 5,
    nameRouter: (router) => nameRouter(spec, router),
    route(from, to, out, at, key) {
      let place = at;
      let [group, cage, blade] = [(from / perGroup) | 0, ((from / blades) | 0) % chassis, from % blades];
      const [toGroup, toCage, toBlade] = [(to / perGroup) | 0, ((to / blades) | 0) % chassis, to % blades];
      if (group !== toGroup) {
        const cable = key % blues;
        const gate = gateOf(spec, group, toGroup, cable);
        const arrival = gateOf(spec, toGroup, group, cable);
        const [gateCage, gateBlade] = [(gate / blades) | 0, gate % blades];
        if (blade !== gateBlade) out[place++] = green(group * chassis + cage, blade, gateBlade, key);
        if (cage !== gateCage) out[place++] = black(group * blades + gateBlade, cage, gateCage, key);
        out[place++] = first.blue + (group * (groups - 1) + without(group, toGroup)) * blues + cable;
        [group, cage, blade] = [toGroup, (arrival / blades) | 0, arrival % blades];
      }
      if (blade !== toBlade) {
        out[place++] = green(group * chassis + cage, blade, toBlade, key);
        if (simgridChassisBug) cage = 0;
      }
      if (cage !== toCage) out[place++] = black(group * blades + toBlade, cage, toCage, key);
      return place;
    },
  };
}

/** The router of a group on which a cable to another group sits: the one with that group's number, where cables do not spread; modulo the routers there are. */
function gateOf({ chassis, blades, blue, spreadBlue }: DragonflySpec, group: number, other: number, cable: number): number {
  return (spreadBlue ? without(group, other) * blue.cables + cable : other) % (chassis * blades);
}

const nameRouter = ({ chassis, blades }: DragonflySpec, router: number): string => `router ${Math.floor(router / (chassis * blades))}/${Math.floor(router / blades) % chassis}/${router % blades}`;

function makeLinks(spec: DragonflySpec, split: boolean): { links: LinkTable; first: { green: number; black: number; blue: number } } {
  const { groups, chassis, blades } = spec;
  const perGroup = chassis * blades;
  const builder = new LinkBuilder();
  const add = (kind: "green" | "black" | "blue", ends: number, others: number, routersOf: (end: number, other: number, cable: number) => [number, number]): number => {
    const { cables, capacity_bytes_per_s, latency_s } = spec[kind];
    const apart = split || (kind === "blue" && spec.spreadBlue);
    const lanes = apart ? cables : 1;
    return builder.add(ends * others * lanes, apart ? capacity_bytes_per_s : capacity_bytes_per_s * cables, latency_s, (index) => {
      const trunk = Math.floor(index / lanes);
      const [from, to] = routersOf(Math.floor(trunk / others), trunk % others, index % lanes);
      return { kind, from: nameRouter(spec, from), to: nameRouter(spec, to) };
    });
  };
  const green = add("green", groups * perGroup, blades - 1, (router, other) => [router, router - (router % blades) + besides(router % blades, other)]);
  const black = add("black", groups * perGroup, chassis - 1, (end, other) => {
    const [group, blade, cage] = [Math.floor(end / perGroup), Math.floor(end / chassis) % blades, end % chassis];
    return [(group * chassis + cage) * blades + blade, (group * chassis + besides(cage, other)) * blades + blade];
  });
  const blue = add("blue", groups, groups - 1, (group, other, cable) => {
    const target = besides(group, other);
    return [group * perGroup + gateOf(spec, group, target, cable), target * perGroup + gateOf(spec, target, group, cable)];
  });
  return { links: builder.build(), first: { green, black, blue } };
}
