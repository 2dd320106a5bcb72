/**
 * Twisted tori: going once round a dimension moves a router on along another, which brings far corners nearer (Camarero, Martinez, Beivide, Lattice Graphs for
 * High-Scale Interconnection Topologies, 2015; the slices of TPU v4 of k x k x 2k chips, Jouppi et al. 2023). Routers are the points of a lattice modulo its
 * periods, so a route is the shortest of the displacements that lead to the destination, walked dimension by dimension.
 */
import { wrongValue, type Problem } from "../../problems.ts";
import { checkWhole } from "./check.ts";
import type { RouterNetwork } from "./hosts.ts";
import { coordinate, edgeOf, neighbour, type Axis, type Twist } from "./torus-axes.ts";

export function checkTwists(twists: readonly Twist[], sizes: readonly number[], open: readonly number[], path: string): Problem[] {
  const problems: Problem[] = [];
  const twisted = twists.map(({ dimension }) => dimension);
  twists.forEach(({ dimension, along, by }, index) => {
    const at = `${path}.twists[${index}]`;
    checkWhole(problems, `${at}.dimension`, dimension, 0, sizes.length - 1);
    checkWhole(problems, `${at}.along`, along, 0, sizes.length - 1);
    checkWhole(problems, `${at}.by`, by, 1, Math.max(1, (sizes[along] ?? 2) - 1));
    if (twisted.includes(along)) problems.push(wrongValue(`${at}.along`, along, "a dimension that is not twisted itself"));
    for (const [key, value] of [["dimension", dimension], ["along", along]] as const) if (open.includes(value)) problems.push(wrongValue(`${at}.${key}`, value, "a dimension that closes"));
  });
  return problems;
}

/** Turns round a twisted dimension that a shortest way may take, the likeliest first: of ways of equal length the first is kept. */
const turns = [0, 1, -1, 2, -2];

export function makeTwistedRoute(axes: readonly Axis[], twists: readonly Twist[]): RouterNetwork["route"] {
  const twisted = [...new Set(twists.map(({ dimension }) => dimension))];
  const combinations = turns.length ** twisted.length;
  const [moves, best] = [new Int32Array(axes.length), new Int32Array(axes.length)];

  /** Displacement of one choice of turns, untwisted dimensions the shorter way round; gives its length. */
  const displace = (from: number, to: number, choice: number): number => {
    for (const [dimension, axis] of axes.entries()) moves[dimension] = coordinate(axis, to) - coordinate(axis, from);
    for (const [index, dimension] of twisted.entries()) {
      const turn = turns[Math.floor(choice / turns.length ** index) % turns.length]!;
      moves[dimension] = moves[dimension]! + turn * axes[dimension]!.size;
      for (const twist of twists) if (twist.dimension === dimension) moves[twist.along] = moves[twist.along]! - turn * twist.by;
    }
    let length = 0;
    for (const [dimension, { size, open }] of axes.entries()) {
      if (!open && !twisted.includes(dimension)) {
        const forward = ((moves[dimension]! % size) + size) % size;
        moves[dimension] = forward > size / 2 ? forward - size : forward;
      }
      length += Math.abs(moves[dimension]!);
    }
    return length;
  };

  return (from, to, out, at) => {
    let shortest = Number.POSITIVE_INFINITY;
    for (let choice = 0; choice < combinations; choice++) {
      const length = displace(from, to, choice);
      if (length >= shortest) continue;
      shortest = length;
      best.set(moves);
    }
    let [place, router] = [at, from];
    for (const [dimension, axis] of axes.entries()) {
      for (let left = best[dimension]!; left > 0; left--) {
        out[place++] = axis.firstForward + edgeOf(axis, router);
        router = neighbour(axes, twists, router, dimension, 1);
      }
      for (let left = best[dimension]!; left < 0; left++) {
        router = neighbour(axes, twists, router, dimension, -1);
        out[place++] = axis.firstBack + edgeOf(axis, router);
      }
    }
    return place;
  };
}
