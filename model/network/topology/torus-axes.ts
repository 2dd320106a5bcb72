/** The links along the dimensions of a torus, and the steps from router to router that they stand for; digit 0 of a router's number is the fastest. */
export interface Axis {
  readonly size: number;
  /** Distance in number between neighbours. */
  readonly stride: number;
  /** Does not close: the last router has no next one. */
  readonly open: boolean;
  /** First of the links from each router that has a next one to that one, and of as many back. */
  readonly firstForward: number;
  readonly firstBack: number;
}

/** Going once round `dimension` moves `by` routers on along another. */
export interface Twist {
  readonly dimension: number;
  readonly along: number;
  readonly by: number;
}

/** The link from a router to its next one, counted within the axis. */
export const edgeOf = ({ size, stride, open }: Axis, router: number): number => (open ? router - ((router / (size * stride)) | 0) * stride : router);

/** The router at whose forward end a link lies: the inverse of edgeOf. */
export const startOf = ({ size, stride, open }: Pick<Axis, "size" | "stride" | "open">, edge: number): number => (open ? edge + ((edge / ((size - 1) * stride)) | 0) * stride : edge);

export const coordinate = ({ stride, size }: Axis, router: number): number => ((router / stride) | 0) % size;

function shift(axis: Axis, router: number, by: number): number {
  const mine = coordinate(axis, router);
  return router + (((((mine + by) % axis.size) + axis.size) % axis.size) - mine) * axis.stride;
}

/** The router one further along a dimension, forward (1) or back (-1), over the closing link and its twists where it is the last. */
export function neighbour(axes: readonly Axis[], twists: readonly Twist[], router: number, dimension: number, way: 1 | -1): number {
  const axis = axes[dimension]!;
  const closes = coordinate(axis, router) === (way === 1 ? axis.size - 1 : 0);
  let next = shift(axis, router, way);
  if (closes) for (const twist of twists) if (twist.dimension === dimension) next = shift(axes[twist.along]!, next, way * twist.by);
  return next;
}
