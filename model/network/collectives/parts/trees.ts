/**
 * Binary trees over any number of members, in order: position p (from 1) hangs on p - h or p + h, h its lowest binary digit, so odd positions are leaves. The
 * second tree of a pair numbers the members so that odd and even change places: whoever is inside one tree is a leaf of the other, one member at most a leaf of
 * both, and each tree carries half of the vector (Sanders, Speck and Traeff 2009).
 */
import { largestPower } from "./doubling.ts";
import type { Streams } from "./pipeline.ts";

export interface Tree {
  /** By member; -1 for the root. */
  readonly parent: Int32Array;
  /** Steps until a member has heard from all below it, and from the root down to it. */
  readonly height: Int32Array;
  readonly depth: Int32Array;
}

function positionAbove(position: number, members: number): number {
  let above = position;
  do {
    const digit = above & -above;
    above += above & (2 * digit) ? -digit : digit;
  } while (above > members);
  return above;
}

/** Which member sits at a position, 1 .. members. */
function seatOf(members: number, second: boolean): (position: number) => number {
  if (!second) return (position) => position - 1;
  return members % 2 === 0 ? (position) => members - position : (position) => (position === 1 ? members - 1 : position - 2);
}

export function makeTree(members: number, second: boolean): Tree {
  const top = largestPower(members);
  const seat = seatOf(members, second);
  const tree = { parent: new Int32Array(members).fill(-1), height: new Int32Array(members), depth: new Int32Array(members) };
  const { parent, height, depth } = tree;
  const visit = (digit: number, step: (member: number, above: number) => void): void => {
    for (let position = digit; position <= members; position += 2 * digit) if (position !== top) step(seat(position), seat(positionAbove(position, members)));
  };
  for (let digit = 1; digit < top; digit *= 2) {
    visit(digit, (member, above) => {
      parent[member] = above;
      height[above] = Math.max(height[above] as number, (height[member] as number) + 1);
    });
  }
  for (let digit = top / 2; digit >= 1; digit /= 2) {
    visit(digit, (member, above) => {
      depth[member] = (depth[above] as number) + 1;
    });
  }
  return tree;
}

/**
 * Sum up the tree and down again, chunk after chunk. Member m is rank m x stride + lane for each lane; the lane's chunks begin at block `first(lane)`.
 */
export function addTree(streams: Streams, tree: Tree, stride: number, lanes: number, first: (lane: number) => number): void {
  const { parent, height, depth } = tree;
  const turn = height.reduce((most, one) => Math.max(most, one), 0);
  for (let member = 0; member < parent.length; member++) {
    const above = parent[member] as number;
    if (above < 0) continue;
    for (let lane = 0; lane < lanes; lane++) {
      const [low, high] = [member * stride + lane, above * stride + lane];
      streams.push(low, high, height[member] as number, first(lane), true);
      streams.push(high, low, turn + (depth[above] as number), first(lane), false);
    }
  }
}
