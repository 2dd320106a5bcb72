/**
 * Max-min fair rates by progressive filling (Bertsekas and Gallager, Data Networks, section 6.5.2) over the part of the network that a change can reach: the
 * flows on the changed links, the links of those flows, and so on. All rates rise together; the links that are full first fix the rates of their flows.
 * A link's share only rises while others are fixed, so after a few sweeps over all links a heap of lower bounds finds the next one.
 */
import type { FlowColumns } from "./flow-columns.ts";
import { IndexedHeap } from "./heap.ts";

const sweeps = 12;
/** While changes reach most flows, how often to find out whether they still do. */
const lookEvery = 32;
/** Shares that differ by less are equal. */
const alike = 1 + 1e-12;

export class Sharing {
  /** The flows that were reached, and the rate of each (by slot). */
  flows = 0;
  readonly flow: Int32Array;
  readonly rate_bytes_per_s: Float64Array;
  /** The links that were reached; what is left of each (by link). */
  links = 0;
  readonly link: Int32Array;
  readonly left_bytes_per_s: Float64Array;

  private readonly columns: FlowColumns;
  private readonly flowSeen: Int32Array;
  private readonly linkSeen: Int32Array;
  private readonly open: Int32Array;
  /** Flows on a link whose rate is not fixed yet, by weight. */
  private readonly live: Int32Array;
  private heap: IndexedHeap | null = null;
  private round = 0;
  /** Whether the last change that was followed reached most flows. */
  private wide = false;
  private unfixed = 0;
  private leastCap = 0;

  constructor(columns: FlowColumns) {
    const links = columns.capacity_bytes_per_s.length;
    this.columns = columns;
    this.flow = new Int32Array(columns.slots);
    this.rate_bytes_per_s = new Float64Array(columns.slots);
    this.flowSeen = new Int32Array(columns.slots);
    this.link = new Int32Array(links);
    this.left_bytes_per_s = new Float64Array(links);
    this.linkSeen = new Int32Array(links);
    this.open = new Int32Array(links);
    this.live = new Int32Array(links);
  }

  solve(changed: Int32Array, count: number): void {
    this.collect(changed, count);
    this.unfixed = this.flows;
    this.open.set(this.link.subarray(0, this.links));
    let open = this.links;
    let level = 0;
    for (let sweep = 0; this.unfixed > 0; sweep++) {
      if (sweep === sweeps) {
        this.fillByHeap(open, level);
        return;
      }
      open = this.keepOpen(open);
      const share = Math.max(level, this.lowestShare(open));
      if (this.leastCap <= share) {
        this.fixCapped(share);
        continue;
      }
      level = share;
      const bound = level * alike;
      for (let index = 0; index < open; index++) {
        const link = this.open[index] as number;
        const live = this.live[link] as number;
        if (live > 0 && (this.left_bytes_per_s[link] as number) <= bound * live) this.fixLink(link, level);
      }
    }
  }

  /** Whether a flow was reached in the last call of `solve`. */
  hasReached(slot: number): boolean {
    return this.flowSeen[slot] === this.round;
  }

  private collect(changed: Int32Array, count: number): void {
    this.round++;
    this.leastCap = Number.POSITIVE_INFINITY;
    const { count: sending } = this.columns.sending;
    if (this.wide && this.round % lookEvery !== 0) this.takeAll();
    else {
      this.walk(changed, count);
      this.wide = this.flows * 2 > sending;
    }
  }

  /** All flows and links: where a change reaches most of them, finding out which costs more than it saves. */
  private takeAll(): void {
    const { sending, used } = this.columns;
    this.flows = sending.count;
    this.links = 0;
    this.flow.set(sending.items.subarray(0, sending.count));
    for (let index = 0; index < this.flows; index++) this.take(this.flow[index] as number);
    for (let index = 0; index < used.count; index++) this.reach(used.items[index] as number);
  }

  private walk(changed: Int32Array, count: number): void {
    const { path, hops, shift, head, next } = this.columns;
    const { flow, link, flowSeen, linkSeen, round } = this;
    this.flows = 0;
    this.links = 0;
    for (let index = 0; index < count; index++) if ((head[changed[index] as number] as number) >= 0) this.reach(changed[index] as number);
    for (let index = 0; index < this.links; index++) {
      for (let at = head[link[index] as number] as number; at >= 0; at = next[at] as number) {
        const slot = at >> shift;
        if (flowSeen[slot] === round) continue;
        flow[this.flows++] = slot;
        this.take(slot);
        const first = slot << shift;
        const end = first + (hops[slot] as number);
        for (let place = first; place < end; place++) if (linkSeen[path[place] as number] !== round) this.reach(path[place] as number);
      }
    }
  }

  private take(slot: number): void {
    this.flowSeen[slot] = this.round;
    this.rate_bytes_per_s[slot] = -1;
    const cap = this.columns.cap_bytes_per_s[slot] as number;
    if (cap < this.leastCap) this.leastCap = cap;
  }

  private reach(link: number): void {
    if (this.linkSeen[link] === this.round) return;
    this.linkSeen[link] = this.round;
    this.link[this.links++] = link;
    this.left_bytes_per_s[link] = this.columns.capacity_bytes_per_s[link] as number;
    this.live[link] = this.columns.load[link] as number;
  }

  private keepOpen(count: number): number {
    const { open, live } = this;
    let kept = 0;
    for (let index = 0; index < count; index++) if ((live[open[index] as number] as number) > 0) open[kept++] = open[index] as number;
    return kept;
  }

  private lowestShare(count: number): number {
    const { open, live, left_bytes_per_s } = this;
    let lowest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < count; index++) {
      const link = open[index] as number;
      const share = (left_bytes_per_s[link] as number) / (live[link] as number);
      if (share < lowest) lowest = share;
    }
    return lowest;
  }

  private fillByHeap(count: number, reached: number): void {
    const { open, live, left_bytes_per_s } = this;
    const heap = (this.heap ??= new IndexedHeap(this.link.length));
    heap.clear();
    let level = reached;
    for (let index = 0; index < count; index++) {
      const link = open[index] as number;
      if ((live[link] as number) > 0) heap.putUnordered(link, (left_bytes_per_s[link] as number) / (live[link] as number));
    }
    heap.order();
    while (this.unfixed > 0) {
      const link = heap.items[0] as number;
      if ((live[link] as number) === 0) {
        heap.pop();
        continue;
      }
      const share = Math.max(level, (left_bytes_per_s[link] as number) / (live[link] as number));
      if (share > (heap.keys[0] as number) * alike) {
        heap.set(link, share);
        if (heap.items[0] !== link) continue;
      }
      if (this.leastCap <= share) {
        this.fixCapped(share);
        continue;
      }
      level = share;
      this.fixLink(link, level);
    }
  }

  /** A link that is full at this level gives it to all its flows that are still free. */
  private fixLink(link: number, rate: number): void {
    const { head, next, shift } = this.columns;
    const { rate_bytes_per_s } = this;
    for (let at = head[link] as number; at >= 0; at = next[at] as number) if ((rate_bytes_per_s[at >> shift] as number) < 0) this.fix(at >> shift, rate);
  }

  /** Flows whose own limit is not above the level: no link is full before them. */
  private fixCapped(level: number): void {
    const { cap_bytes_per_s } = this.columns;
    const { flow, rate_bytes_per_s } = this;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.flows; index++) {
      const slot = flow[index] as number;
      if ((rate_bytes_per_s[slot] as number) >= 0) continue;
      const cap = cap_bytes_per_s[slot] as number;
      if (cap <= level) this.fix(slot, cap);
      else if (cap < least) least = cap;
    }
    this.leastCap = least;
  }

  private fix(slot: number, rate: number): void {
    const { path, hops, shift, weight } = this.columns;
    const { live, left_bytes_per_s } = this;
    this.rate_bytes_per_s[slot] = rate;
    this.unfixed--;
    const first = slot << shift;
    const end = first + (hops[slot] as number);
    for (let place = first; place < end; place++) {
      const link = path[place] as number;
      const share = weight[place] as number;
      left_bytes_per_s[link] = (left_bytes_per_s[link] as number) - rate * share;
      live[link] = (live[link] as number) - share;
    }
  }
}
