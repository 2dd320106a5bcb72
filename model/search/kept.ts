/** The best candidates so far: the k best of one objective, and those that no other one beats in all of several. */
import { energyBound } from "../energy/search-power.ts";
import type { Candidate, Objective, SearchProblem } from "./problem.ts";

/** Bounds are compared with this much room, so that rounding never drops a layout that ties. */
export const slack = 1 - 1e-9;

/** What a second of a step costs in each objective, of energy at least, and what energy its products add to that at least. */
export interface Weights {
  readonly time: number;
  readonly cost: number;
  readonly energy: number;
  readonly products_J: number;
}

/** `products_s`: what products at their peak take at least on a device. */
export function weightsOf({ power, price_per_device_hour }: SearchProblem, devices: number, products_s = 0): Weights {
  const bound = power === undefined ? undefined : energyBound(power, devices);
  return { time: 1, cost: (devices * (price_per_device_hour ?? 1)) / 3600, energy: bound?.floor_w ?? 0, products_J: (bound?.products_w ?? 0) * products_s };
}

/** Of a candidate, or the least of candidates whose energy is not known yet. */
export function scoreOf(objective: Objective, step_s: number, device_bytes: number, weights: Weights, energy_J?: number): number {
  if (objective === "memory") return device_bytes;
  return objective === "energy" ? (energy_J ?? step_s * weights.energy + weights.products_J) : step_s * weights[objective];
}

export interface Kept {
  readonly best: Candidate[];
  readonly front: Candidate[];
  /** Several objectives are asked for. */
  readonly several: boolean;
  /** Whether nothing with these least values of step time and device memory, and this energy where it is known, can still matter. */
  refuses(step_s: number, device_bytes: number, weights: Weights, energy_J?: number): boolean;
  /** Whether the first comes before the second. */
  precedes(candidate: Candidate, other: Candidate | undefined, weights: Weights): boolean;
  /** A candidate for the front; the best of its family is to be added besides. */
  consider(candidate: Candidate, weights: Weights): void;
  /** Adds the best of a family; true where it is among the best now. */
  add(candidate: Candidate, weights: Weights): boolean;
}

interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
}

export function makeKept({ objective, top, pareto }: SearchProblem): Kept {
  const best: Candidate[] = [];
  const scored: Scored[] = [];
  const front: Candidate[] = [];
  const points: number[][] = [];
  const worst = (): number => (scored.length < top ? Number.POSITIVE_INFINITY : (scored.at(-1)?.score ?? Number.POSITIVE_INFINITY));
  const pointOf = (step_s: number, device_bytes: number, weights: Weights, room: number, energy_J: number | undefined): number[] => (pareto ?? []).map((one) => scoreOf(one, step_s, device_bytes, weights, energy_J) * room);
  const score = ({ step_s, device_bytes, energy_J }: Candidate, weights: Weights): number => scoreOf(objective, step_s, device_bytes, weights, energy_J);
  /** Equal scores: less memory first, or the faster one where memory is the score. */
  const second = ({ step_s, device_bytes }: Candidate): number => (objective === "memory" ? step_s : device_bytes);
  const comes = (candidate: Candidate, own: number, other: Scored): boolean => own < other.score || (own === other.score && second(candidate) < second(other.candidate));
  return {
    best,
    front,
    several: pareto !== undefined,
    refuses(step_s, device_bytes, weights, energy_J) {
      if (scoreOf(objective, step_s, device_bytes, weights, energy_J) * slack <= worst()) return false;
      if (pareto === undefined) return true;
      const point = pointOf(step_s, device_bytes, weights, slack, energy_J);
      return points.some((other) => other.every((value, index) => value < (point[index] ?? 0)));
    },
    precedes: (candidate, other, weights) => other === undefined || comes(candidate, score(candidate, weights), { candidate: other, score: score(other, weights) }),
    consider(candidate, weights) {
      if (pareto === undefined) return;
      const point = pointOf(candidate.step_s, candidate.device_bytes, weights, 1, candidate.energy_J);
      if (points.some((other) => other.every((value, index) => value <= (point[index] ?? 0)))) return;
      for (let index = points.length - 1; index >= 0; index--) {
        if (!points[index]?.every((value, at) => (point[at] ?? 0) <= value)) continue;
        points.splice(index, 1);
        front.splice(index, 1);
      }
      points.push(point);
      front.push(candidate);
    },
    add(candidate, weights) {
      const own = score(candidate, weights);
      const at = scored.findIndex((other) => comes(candidate, own, other));
      const place = at < 0 ? scored.length : at;
      if (place >= top) return false;
      scored.splice(place, 0, { candidate, score: own });
      best.splice(place, 0, candidate);
      scored.length = best.length = Math.min(top, best.length);
      return true;
    },
  };
}
