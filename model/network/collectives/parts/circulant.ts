/**
 * All-gather around a circle in ceil(lg n) steps for any n: in each, everybody passes what it has gathered, as far as the other still needs it, to the one
 * 1, 2, 4, ... places back (Bruck et al. 1997). Run backwards it is a reduce-scatter with as many steps and bytes. Each lane of a
 * node makes its own circle through the nodes.
 */
import { adds, copies, makeFlows, type BlockPhase } from "./block-plan.ts";

export interface Circles {
  readonly members: number;
  readonly lanes: number;
  readonly perShare: number;
  readonly where: string;
  rank(member: number, lane: number): number;
  share(member: number, lane: number): number[];
}

function distancesBelow(members: number): number[] {
  const distances: number[] = [];
  for (let distance = 1; distance < members; distance *= 2) distances.push(distance);
  return distances;
}

/** Flow by flow lanes of member 0, then of member 1, ...; each sends the shares of `passed` members from `first` places on. */
function makePhase(circles: Circles, name: string, places: number, first: number, passed: number, effect: BlockPhase["effect"]): BlockPhase {
  const { members, lanes, perShare, where, share } = circles;
  const rank = (member: number, lane: number): number => circles.rank(member % members, lane);
  return {
    name: `${name}${where}`,
    repeat: 1,
    ...makeFlows(members * lanes, (flow) => rank(Math.floor(flow / lanes), flow % lanes), (flow) => rank(Math.floor(flow / lanes) + places, flow % lanes)),
    count: passed * perShare,
    effect,
    blocks: (_, flow) => Array.from({ length: passed }, (_, place) => share((Math.floor(flow / lanes) + first + place) % members, flow % lanes)).flat(),
  };
}

export function circulantAllGather(circles: Circles): BlockPhase[] {
  const { members } = circles;
  return distancesBelow(members).map((distance) => makePhase(circles, "all-gather", members - distance, 0, Math.min(distance, members - distance), copies));
}

export function circulantReduceScatter(circles: Circles): BlockPhase[] {
  const { members } = circles;
  return distancesBelow(members)
    .toReversed()
    .map((distance) => makePhase(circles, "reduce-scatter", distance, distance, Math.min(distance, members - distance), adds));
}
