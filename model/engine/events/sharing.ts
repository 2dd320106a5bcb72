/**
 * Whose rates are shared anew when flows begin and end to send: those that the change can reach, which are the flows on the changed links, the links of those
 * flows, and so on. Where most flows change at once, all of them are taken in the order of their slots, which needs no lists of the flows on a link.
 */
import { FlowState, type FlowColumns } from "./flow-columns.ts";
import { Filling } from "./filling.ts";

/** While changes reach most flows, how often to find out whether they still do. */
const lookEvery = 32;

export class Sharing extends Filling {
  private readonly flowSeen: Int32Array;
  private readonly linkSeen: Int32Array;
  private round = 0;
  /** Whether the last change that was followed reached most flows. */
  private wide = false;

  constructor(columns: FlowColumns) {
    super(columns);
    this.flowSeen = new Int32Array(columns.slots);
    this.linkSeen = new Int32Array(columns.capacity_bytes_per_s.length);
  }

  /** What changes of these links reach, of so many flows that send. */
  solve(changed: Int32Array, count: number, sends: number): void {
    this.round++;
    this.leastCap = Number.POSITIVE_INFINITY;
    if (this.wide && this.round % lookEvery !== 0) this.takeAll(true);
    else {
      this.walk(changed, count);
      this.wide = this.flows * 2 > sends && sends * 16 > this.columns.slots;
    }
    this.fill(true);
  }

  /** All flows that send, without lists; true if these were made. */
  solveAll(): boolean {
    this.round++;
    this.leastCap = Number.POSITIVE_INFINITY;
    this.takeAll(false);
    return this.fill(false);
  }

  /** Whether a flow was reached in the last solution. */
  hasReached(slot: number): boolean {
    return this.flowSeen[slot] === this.round;
  }

  /** Where a change reaches most flows, finding out which costs more than it saves. Loads of links are known where there are lists. */
  private takeAll(lists: boolean): void {
    const { slots, state, load } = this.columns;
    const { flow } = this;
    let flows = 0;
    for (let slot = 0; slot < slots; slot++) {
      if (state[slot] !== FlowState.transfer) continue;
      flow[flows++] = slot;
      this.take(slot);
    }
    this.flows = flows;
    this.links = 0;
    if (!lists) this.countLoads();
    else for (let link = 0; link < load.length; link++) if ((load[link] as number) > 0) this.reach(link);
  }

  private countLoads(): void {
    const { path, hops, shift, weight, capacity_bytes_per_s, load } = this.columns;
    const { flow, flows, link, linkSeen, live, left_bytes_per_s, round } = this;
    let links = 0;
    for (let index = 0; index < flows; index++) {
      const first = (flow[index] as number) << shift;
      const end = first + (hops[flow[index] as number] as number);
      for (let place = first; place < end; place++) {
        const one = path[place] as number;
        if (linkSeen[one] === round) {
          live[one] = (live[one] as number) + (weight[place] as number);
          continue;
        }
        linkSeen[one] = round;
        link[links++] = one;
        left_bytes_per_s[one] = capacity_bytes_per_s[one] as number;
        live[one] = weight[place] as number;
      }
    }
    this.links = links;
    for (let index = 0; index < links; index++) load[link[index] as number] = live[link[index] as number] as number;
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
}
