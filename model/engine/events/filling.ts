/**
 * Max-min fair rates by progressive filling (Bertsekas and Gallager, Data Networks, section 6.5.2) over given flows and links: all rates rise together; the links
 * that are full first fix the rates of their flows. A link's share only rises while others are fixed, so after a few sweeps over all links a heap of lower
 * bounds finds the next one. Flows of a full link are found by its list, or, where most flows are fixed in each sweep, by looking at all that are left.
 */
import type { FlowColumns } from "./flow-columns.ts";
import { IndexedHeap } from "./heap.ts";

const sweeps = 12;
/** So many sweeps may look at all flows that are left where there are lists. */
const looks = 3;
/** Shares that differ by less are equal. */
const alike = 1 + 1e-12;

export class Filling {
  /** The flows whose rates are shared, and the rate of each (by slot); -1 until it is fixed. */
  flows = 0;
  readonly flow: Int32Array;
  readonly rate_bytes_per_s: Float64Array;
  /** Their links; what is left of each (by link). */
  links = 0;
  readonly link: Int32Array;
  readonly left_bytes_per_s: Float64Array;

  protected readonly columns: FlowColumns;
  /** Flows on a link whose rate is not fixed yet, by weight. */
  protected readonly live: Int32Array;
  /** The lowest limit of a flow of its own among those that are not fixed. */
  protected leastCap = 0;
  /** Links with flows that are not fixed, and the share of each, in no order. */
  private readonly open: Int32Array;
  private readonly share: Float64Array;
  private opens = 0;
  private unfixed = 0;
  /** Flows that may not be fixed, where there are no lists. */
  private readonly pending: Int32Array;
  private pendings = 0;
  /** The sweep in which a link was full, by link. */
  private readonly full: Int32Array;
  private fullSweep = 0;
  /** Whether the last filling ended after few sweeps. */
  private shallow = true;
  private heap: IndexedHeap | null = null;

  constructor(columns: FlowColumns) {
    const links = columns.capacity_bytes_per_s.length;
    this.columns = columns;
    this.flow = new Int32Array(columns.slots);
    this.rate_bytes_per_s = new Float64Array(columns.slots);
    this.link = new Int32Array(links);
    this.left_bytes_per_s = new Float64Array(links);
    this.open = new Int32Array(links);
    this.share = new Float64Array(links);
    this.live = new Int32Array(links);
    this.pending = new Int32Array(columns.slots);
    this.full = new Int32Array(links);
  }

  /** Fixes all rates. Without `lists` of the flows on links these are made where there are too many levels to go without them: then it gives true. */
  protected fill(lists: boolean): boolean {
    this.unfixed = this.flows;
    this.open.set(this.link.subarray(0, this.links));
    this.pending.set(this.flow.subarray(0, this.flows));
    this.pendings = this.flows;
    this.opens = this.links;
    let level = 0;
    let sweep = 0;
    for (; this.unfixed > 0 && sweep < sweeps; sweep++) {
      const share = Math.max(level, this.lowestShare());
      if (this.leastCap <= share) {
        this.fixCapped(share);
        continue;
      }
      level = share;
      if (lists && (sweep >= looks || !this.shallow)) this.fixFull(level);
      else {
        this.markFull(level);
        this.fixMarked(level);
      }
    }
    this.shallow = sweep <= looks;
    if (this.unfixed === 0) return false;
    if (!lists) this.columns.listAll();
    this.fillByHeap(level);
    return !lists;
  }

  /** Leaves out links on which all is fixed, and gives the lowest share among the others. */
  private lowestShare(): number {
    const { open, share, live, left_bytes_per_s } = this;
    let kept = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.opens; index++) {
      const link = open[index] as number;
      const alive = live[link] as number;
      if (alive <= 0) continue;
      const own = (left_bytes_per_s[link] as number) / alive;
      if (own < lowest) lowest = own;
      share[kept] = own;
      open[kept++] = link;
    }
    this.opens = kept;
    return lowest;
  }

  private fixFull(level: number): void {
    const { open, share } = this;
    const bound = level * alike;
    for (let index = 0; index < this.opens; index++) if ((share[index] as number) <= bound) this.fixLink(open[index] as number, level);
  }

  private markFull(level: number): void {
    const { open, share, full } = this;
    const bound = level * alike;
    const sweep = ++this.fullSweep;
    for (let index = 0; index < this.opens; index++) if ((share[index] as number) <= bound) full[open[index] as number] = sweep;
  }

  /** Of the flows that are left, those over a link that is full in this sweep. */
  private fixMarked(rate: number): void {
    const { path, hops, shift } = this.columns;
    const { pending, pendings, full, fullSweep, rate_bytes_per_s } = this;
    let kept = 0;
    for (let index = 0; index < pendings; index++) {
      const slot = pending[index] as number;
      if ((rate_bytes_per_s[slot] as number) >= 0) continue;
      const first = slot << shift;
      const end = first + (hops[slot] as number);
      let place = first;
      while (place < end && full[path[place] as number] !== fullSweep) place++;
      if (place < end) this.fix(slot, rate);
      else pending[kept++] = slot;
    }
    this.pendings = kept;
  }

  private fillByHeap(reached: number): void {
    const { open, live, left_bytes_per_s } = this;
    const heap = (this.heap ??= new IndexedHeap(this.link.length));
    heap.clear();
    let level = reached;
    for (let index = 0; index < this.opens; index++) {
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
