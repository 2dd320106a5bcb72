/**
 * Levels of a fat tree from what people say of one: switches of a radix, two or three levels of them, a taper at the leaf. Leaves give
 * radix x taper / (1 + taper) of their ports to hosts; switches of a level in the middle have as many ports up as down.
 */
import type { Problem } from "../../problems.ts";
import { checkWhole, doesNotDivide, tooSmall } from "./check.ts";
import type { FatTreeLevel } from "./fat-tree.ts";
import type { Link } from "./link.ts";

export interface FatTreeSizes {
  readonly radix: number;
  /** Levels of switches. */
  readonly stages: number;
  /** Ports of a leaf to hosts over those to spines: 1 does not block. */
  readonly taper: number;
}

export interface SizedTree {
  readonly levels: readonly FatTreeLevel[];
  readonly problems: readonly Problem[];
}

/** The smallest such tree with at least that many ports; `rails`: leaves come in sets of so many, one for each port of a node. */
export function sizeFatTree({ radix, stages, taper }: FatTreeSizes, ports: number, rails: number, host: Link, link: Link, path: string): SizedTree {
  const problems: Problem[] = [];
  checkWhole(problems, `${path}.radix`, radix, 2, 4096);
  checkWhole(problems, `${path}.stages`, stages, 1, 3);
  if (problems.length > 0) return { levels: [], problems };
  if (stages === 1) return { levels: [{ ...host, down: radix, up: 1, cables: 1 }], problems: ports > radix ? [tooSmall(`${path}.radix`, radix, ports, "one for each network port of the nodes")] : [] };
  const hostPorts = (radix * taper) / (1 + taper);
  const spinePorts = radix - hostPorts;
  if (!Number.isInteger(hostPorts) || hostPorts < 1 || spinePorts < 1) problems.push(doesNotDivide(`${path}.taper`, radix, taper, "the ports of a switch, into ports down and up"));
  if (stages === 3 && radix % 2 !== 0) problems.push(doesNotDivide(`${path}.radix`, radix, 2, "the ports of a switch in the middle: half of them up"));
  if (problems.length > 0) return { levels: [], problems };
  const leaves = Math.ceil(ports / hostPorts / rails) * rails;
  const middle = radix / 2;
  const top = stages === 2 ? leaves : Math.ceil(leaves / middle);
  if (top > radix) problems.push(tooSmall(`${path}.radix`, stages === 2 ? radix * hostPorts : radix * middle * hostPorts, ports, "one for each network port of the nodes"));
  const leafLevel = { ...host, down: hostPorts, up: 1, cables: 1 };
  const spineLevel = { ...link, down: stages === 2 ? leaves : Math.min(leaves, middle), up: spinePorts, cables: 1 };
  return { levels: stages === 2 ? [leafLevel, spineLevel] : [leafLevel, spineLevel, { ...link, down: top, up: middle, cables: 1 }], problems };
}
