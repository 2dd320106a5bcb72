/**
 * Times of one collective over vectors of any size, by simulating some sizes and going straight between them. Without contention the time is a straight line over
 * bytes; with it, a bend is possible where flows begin to overlap, so the middle of every stretch is simulated too, until a line through its ends tells it to
 * `tolerance` of the shortest time or the stretch is `narrowest`. The ends are the smallest and the largest size that will be asked for. A bend at which the
 * slope doubles, in a stretch that wide at most, is missed by a quarter of the width: 1.25 %.
 */
export const tolerance = 1e-3;
/** Ratio of the ends of a stretch that is not halved any more. */
export const narrowest = 1.05;
/** The same where what is simulated is not so exact. */
const widest = 1.25;

export interface CollectiveTimes {
  time_s(bytes: number): number;
  /** Sizes that were simulated. */
  readonly simulated: readonly number[];
}

interface Point {
  readonly bytes: number;
  readonly time_s: number;
}

/** `near`: how near a line must come to what is simulated, in place of `tolerance` where that is not so exact itself. */
export function tabulate(sizes: readonly number[], simulate: (bytes: number) => number, near = tolerance): CollectiveTimes {
  const wanted = [...new Set(sizes)].toSorted((a, b) => a - b);
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return { time_s: () => 0, simulated: [] };
  const at = (bytes: number): Point => ({ bytes, time_s: simulate(bytes) });
  const lower = at(first);
  const points = first === last ? [lower] : [lower, ...refine(lower, at(last), at, near)];
  return { time_s: (bytes) => read(points, bytes), simulated: points.map(({ bytes }) => bytes) };
}

/** The points after `from`, up to and with `to`. */
function refine(from: Point, to: Point, at: (bytes: number) => Point, near: number): Point[] {
  // Whole bytes in the middle of the logarithms: stretches are long there.
  const bytes = Math.round(Math.sqrt(from.bytes * to.bytes));
  if (to.bytes <= (near > tolerance ? widest : narrowest) * from.bytes || bytes <= from.bytes || bytes >= to.bytes) return [to];
  const middle = at(bytes);
  // Against the shortest of the three: a bend next to `from` is missed by as many seconds there as here.
  if (Math.abs(between(from, to, bytes) - middle.time_s) <= near * from.time_s) return [middle, to];
  return [...refine(from, middle, at, near), ...refine(middle, to, at, near)];
}

const between = (from: Point, to: Point, bytes: number): number => from.time_s + ((to.time_s - from.time_s) * (bytes - from.bytes)) / (to.bytes - from.bytes);

function read(points: readonly Point[], bytes: number): number {
  const index = points.findIndex((point) => point.bytes >= bytes);
  const to = points[index < 0 ? points.length - 1 : index] as Point;
  const from = points[index - 1];
  return from === undefined || to.bytes === bytes ? to.time_s : between(from, to, bytes);
}
