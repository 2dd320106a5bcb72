/**
 * Times of one collective over vectors of any size, by simulating some sizes and going straight between them. Without contention the time is a straight line over
 * bytes; with it, a bend is possible where flows begin to overlap, so the middle of every stretch is simulated too, until a line through its ends tells it to
 * `tolerance`. The ends are the smallest and the largest size that will be asked for.
 */
export const tolerance = 1e-3;
const mostHalvings = 6;

export interface CollectiveTimes {
  time_s(bytes: number): number;
  /** Sizes that were simulated. */
  readonly simulated: readonly number[];
}

interface Point {
  readonly bytes: number;
  readonly time_s: number;
}

export function tabulate(sizes: readonly number[], simulate: (bytes: number) => number): CollectiveTimes {
  const wanted = [...new Set(sizes)].toSorted((a, b) => a - b);
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return { time_s: () => 0, simulated: [] };
  const at = (bytes: number): Point => ({ bytes, time_s: simulate(bytes) });
  const lower = at(first);
  const points = first === last ? [lower] : [lower, ...refine(lower, at(last), at, mostHalvings)];
  return { time_s: (bytes) => read(points, bytes), simulated: points.map(({ bytes }) => bytes) };
}

/** The points after `from`, up to and with `to`. */
function refine(from: Point, to: Point, at: (bytes: number) => Point, left: number): Point[] {
  // Whole bytes in the middle of the logarithms: stretches are long there.
  const bytes = Math.round(Math.sqrt(from.bytes * to.bytes));
  if (left === 0 || bytes <= from.bytes || bytes >= to.bytes) return [to];
  const middle = at(bytes);
  if (Math.abs(between(from, to, bytes) / middle.time_s - 1) <= tolerance) return [middle, to];
  return [...refine(from, middle, at, left - 1), ...refine(middle, to, at, left - 1)];
}

const between = (from: Point, to: Point, bytes: number): number => from.time_s + ((to.time_s - from.time_s) * (bytes - from.bytes)) / (to.bytes - from.bytes);

function read(points: readonly Point[], bytes: number): number {
  const index = points.findIndex((point) => point.bytes >= bytes);
  const to = points[index < 0 ? points.length - 1 : index] as Point;
  const from = points[index - 1];
  return from === undefined || to.bytes === bytes ? to.time_s : between(from, to, bytes);
}
