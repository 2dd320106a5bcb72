/**
 * A fat tree of any number of levels, each with its own down and up ports and cables; d-mod-k routing exactly as SimGrid 3.32 has it, which picks the port up
 * by the destination alone and the cable down by a scan that goes on through the levels (compared with it link by link). A host sits at the bottom,
 * its link is that of the first level. A switch at level l has the label of mixed radix whose digit j counts to up_j below l, else to down_j.
 * Left out: subnet managers that balance by other rules, and ports that a switch lends to storage or login nodes.
 */
import type { Problem } from "../../problems.ts";
import { checkLink, checkLinkCount, checkRouting, checkWhole, refuse } from "./check.ts";
import { LinkBuilder, type NetworkGraph } from "./graph.ts";
import { makeJoinedTree } from "./joined-tree.ts";
import { deterministic, hashBits, nameHost, type Link, type NameEndpoint, type Routing } from "./link.ts";

/** Between a level and the next one up, counted from the hosts. */
export interface FatTreeLevel extends Link {
  /** Children of a switch above. */
  readonly down: number;
  /** Parents of a node below. */
  readonly up: number;
  /** Between a node and each parent; every cable is a link of its own. */
  readonly cables: number;
}

export interface FatTreeSpec {
  readonly levels: readonly FatTreeLevel[];
  readonly routing?: Routing;
}

export const fatTreePorts = ({ levels }: FatTreeSpec): number => levels.reduce((product, { down }) => product * down, 1);

export function checkFatTree(spec: FatTreeSpec, path: string): Problem[] {
  const problems: Problem[] = [];
  checkWhole(problems, `${path}.levels.length`, spec.levels.length, 1, 8);
  spec.levels.forEach((level, index) => {
    for (const key of ["down", "up", "cables"] as const) checkWhole(problems, `${path}.levels[${index}].${key}`, level[key], 1, 1e6);
    checkLink(problems, `${path}.levels[${index}]`, level);
  });
  checkRouting(problems, path, spec.routing);
  checkLinkCount(problems, path, spec.levels.reduce((sum, { up, cables }, level) => sum + 2 * nodesAt(spec.levels, level) * up * cables, 0));
  return problems;
}

const nodesAt = (levels: readonly FatTreeLevel[], level: number): number => levels.reduce((product, { down, up }, index) => product * (index < level ? up : down), 1);

const levelNames: readonly (readonly string[])[] = [["switch"], ["leaf", "spine"], ["leaf", "spine", "core"]];
const nameLevel = (levels: number, level: number): string => levelNames[levels - 1]?.[level - 1] ?? `switch of level ${level},`;
const linkKind = (levels: number, level: number): string => (level === 0 ? "host" : `${nameLevel(levels, level)}-${nameLevel(levels, level + 1)}`);

export function makeFatTree(spec: FatTreeSpec, name: NameEndpoint = nameHost): NetworkGraph {
  refuse(checkFatTree(spec, "fatTree"));
  const routing = spec.routing ?? deterministic;
  return routing.kind === "adaptive" ? joinFatTree(spec, name) : buildFatTree(spec, routing, name);
}

/** All switches of a subtree as one: its links up have the capacity of all of theirs. */
function joinFatTree({ levels }: FatTreeSpec, name: NameEndpoint): NetworkGraph {
  let switches = 1;
  return makeJoinedTree(
    levels.map(({ down, up, cables, capacity_bytes_per_s, latency_s }, level) => {
      switches *= up;
      return { down, capacity_bytes_per_s: capacity_bytes_per_s * switches * cables, latency_s, kind: linkKind(levels.length, level), child: `joined ${nameLevel(levels.length, level)}` };
    }),
    name,
  );
}

interface Table {
  readonly down: number;
  readonly up: number;
  readonly cables: number;
  /** Product of `up` over the levels below: the stride of this level's digit in a label. */
  readonly stride: number;
  readonly firstUp: number;
  readonly firstDown: number;
}

/**
 * The digits of a switch on the way up are those of the source from its level on, and the ports chosen below it; on the way down those of the destination and
 * the same ports. So one climb gives both halves, with no division on the way down.
 */
function buildFatTree({ levels }: FatTreeSpec, routing: Routing, name: NameEndpoint): NetworkGraph {
  const { tables, links } = makeTables(levels, name);
  const hashed = routing.kind === "ecmp";
  const seed = routing.kind === "ecmp" ? routing.seed : 0;
  const oneCable = levels.every(({ cables }) => cables === 1);
  const [parents, lows, theirs] = [new Int32Array(levels.length + 1), new Int32Array(levels.length + 1), new Int32Array(levels.length + 1)];
  return {
    endpoints: fatTreePorts({ levels }),
    links: links.build(),
    longestRoute: 2 * levels.length,
    route(from, to, out, at, label = 0) {
      let place = at;
      let level = 0;
      let mine = from;
      let other = to;
      let rest = to;
      let low = 0;
      while (mine !== other) {
        const { down, up, cables, stride, firstUp } = tables[level]!;
        const ports = up * cables;
        const port = hashed ? hashBits(seed + level, from, to, label) % ports : rest % ports;
        const cable = cables === 1 ? 0 : (port / up) | 0;
        const parent = port - cable * up;
        out[place++] = firstUp + ((low + stride * mine) * up + parent) * cables + cable;
        parents[level] = parent;
        lows[level] = low;
        theirs[level] = other;
        low += stride * parent;
        rest = (rest / up) | 0;
        mine = (mine / down) | 0;
        other = (other / down) | 0;
        level++;
      }
      theirs[level] = other;
      let scan = -1;
      while (level-- > 0) {
        const { down, up, cables, stride, firstDown } = tables[level]!;
        let cable = 0;
        if (hashed) cable = cables === 1 ? 0 : hashBits(~seed + level, from, to, label) % cables;
        else if (!oneCable) {
          const digit = theirs[level]! - theirs[level + 1]! * down;
          let port = scan < 0 ? down * cables : scan + ((((digit - scan) % down) + down) % down);
          if (port >= down * cables) port = (from % cables) * down + digit;
          scan = port + 1;
          cable = (port / down) | 0;
        }
        out[place++] = firstDown + ((lows[level]! + stride * theirs[level]!) * up + parents[level]!) * cables + cable;
      }
      return place;
    },
  };
}

function makeTables(levels: readonly FatTreeLevel[], name: NameEndpoint): { tables: Table[]; links: LinkBuilder } {
  const links = new LinkBuilder();
  let stride = 1;
  const tables = levels.map(({ down, up, cables, capacity_bytes_per_s, latency_s }, level): Table => {
    const at = stride;
    const kind = linkKind(levels.length, level);
    const ends = (index: number): [string, string] => {
      const node = Math.floor(index / (up * cables));
      const parent = (node % at) + at * ((Math.floor(index / cables) % up) + up * Math.floor(node / (at * down)));
      return [level === 0 ? name(node) : `${nameLevel(levels.length, level)} ${node}`, `${nameLevel(levels.length, level + 1)} ${parent}`];
    };
    const count = nodesAt(levels, level) * up * cables;
    const firstUp = links.add(count, capacity_bytes_per_s, latency_s, (index) => ({ kind, from: ends(index)[0], to: ends(index)[1] }));
    const firstDown = links.add(count, capacity_bytes_per_s, latency_s, (index) => ({ kind, from: ends(index)[1], to: ends(index)[0] }));
    stride *= up;
    return { down, up, cables, stride: at, firstUp, firstDown };
  });
  return { tables, links };
}
