/**
 * Flows under way as columns. A flow has a slot; the links on its way that can slow it down stand in `path`, `1 << shift` places per slot, and each of these
 * places is also an entry in the list of the flows on that link, so that coming and going touch nothing else and no memory is taken.
 * `weight`: how many flows like this one the link carries (more than one only in a folded network).
 */
export const FlowState = { idle: 0, latency: 1, transfer: 2, alone: 3 } as const;

export class FlowColumns {
  readonly slots: number;
  readonly shift: number;
  readonly hops: Int32Array;
  readonly path: Int32Array;
  readonly weight: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly state: Uint8Array;
  /** Not yet sent when the rate last changed, and when that was. */
  readonly left_bytes: Float64Array;
  readonly changed_s: Float64Array;
  readonly began_s: Float64Array;
  readonly rate_bytes_per_s: Float64Array;
  /** The narrowest link of the whole way: no flow is faster. */
  readonly cap_bytes_per_s: Float64Array;
  readonly latency_s: Float64Array;
  readonly capacity_bytes_per_s: Float64Array;
  /** First entry of the list of a link's flows, or -1. */
  readonly head: Int32Array;
  /** Flows on a link by weight. */
  readonly load: Int32Array;

  constructor(slots: number, longest: number, capacity_bytes_per_s: Float64Array) {
    this.slots = slots;
    this.shift = shiftFor(longest);
    const places = slots << this.shift;
    this.hops = new Int32Array(slots);
    this.path = new Int32Array(places);
    this.weight = new Int32Array(places).fill(1);
    this.next = new Int32Array(places);
    this.previous = new Int32Array(places);
    this.state = new Uint8Array(slots);
    this.left_bytes = new Float64Array(slots);
    this.changed_s = new Float64Array(slots);
    this.began_s = new Float64Array(slots);
    this.rate_bytes_per_s = new Float64Array(slots);
    this.cap_bytes_per_s = new Float64Array(slots);
    this.latency_s = new Float64Array(slots);
    this.capacity_bytes_per_s = capacity_bytes_per_s;
    this.head = new Int32Array(capacity_bytes_per_s.length).fill(-1);
    this.load = new Int32Array(capacity_bytes_per_s.length);
  }

  /** Into the list of the link at this place of a path; tells whether there are others. */
  join(at: number): boolean {
    const { head, next, previous } = this;
    const link = this.path[at] as number;
    const first = head[link] as number;
    next[at] = first;
    previous[at] = -1;
    if (first >= 0) previous[first] = at;
    this.load[link] = (this.load[link] as number) + (this.weight[at] as number);
    head[link] = at;
    return first >= 0;
  }

  /** The lists of all links anew, from the flows that send. */
  listAll(): void {
    const { head, load, state, slots, hops, shift } = this;
    head.fill(-1);
    load.fill(0);
    for (let slot = 0; slot < slots; slot++) {
      if (state[slot] !== FlowState.transfer) continue;
      const first = slot << shift;
      for (let place = first; place < first + (hops[slot] as number); place++) this.join(place);
    }
  }

  /** Out of that list; tells whether there are others. */
  leave(at: number): boolean {
    const { head, next, previous } = this;
    const link = this.path[at] as number;
    const before = previous[at] as number;
    const after = next[at] as number;
    if (before >= 0) next[before] = after;
    else head[link] = after;
    if (after >= 0) previous[after] = before;
    this.load[link] = (this.load[link] as number) - (this.weight[at] as number);
    return after >= 0 || before >= 0;
  }
}

export const shiftFor = (longest: number): number => (longest <= 1 ? 0 : 32 - Math.clz32(longest - 1));

/** What the columns, the heap and the sharing of so many flows take. */
export function flowMemory_bytes(slots: number, longest: number, links: number): number {
  const perSlot = 16 * (1 << shiftFor(longest)) + 5 + 6 * 8 + 8 + 16 + 48;
  return slots * perSlot + links * 80;
}
