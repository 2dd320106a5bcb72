/**
 * Flows over time: a flow first waits out the latency of its way without using any of it, then sends at its max-min fair rate; rates change whenever a flow
 * begins or ends to send. Everything that falls on one moment is taken together, then rates are shared once. A flow that meets nobody gets its narrowest link
 * without any search; one whose way has no link that can bind takes its time alone. Same rules as SimGrid 3.32 with its correction factors off.
 * Where most flows come and go at once, no lists of the flows on links are kept: slots are taken in their order, which memory likes, and all rates are shared.
 * With a window, flows that end within that part of their duration from now leave together, at their own times, and the rest is shared anew from the mean
 * of these times on: what is given too early to some and too late to others cancels to first order. A window of 0 is exact.
 */
import { FlowColumns, FlowState } from "./flow-columns.ts";
import { TimeQueue } from "./time-queue.ts";
import type { LinkWatch } from "./link-watch.ts";
import { Sharing } from "./sharing.ts";
import { SlotOrder } from "./slot-order.ts";

/** Parts of a message's time within which events are one moment: `window` of flows that end, `merge` of all events. 0: none. */
export interface Windows {
  readonly window: number;
  readonly merge: number;
}

/** Moments that differ by less are one: rounding of equal times. */
export const sameMoment = 1 + 3e-14;

export class FlowEngine {
  now_s = 0;
  /** Flows that ended in the last call of `popDue`. */
  readonly ended: Int32Array;
  readonly columns: FlowColumns;
  readonly queue: TimeQueue;
  /** Shares computed, for the statistics. */
  solves = 0;
  /** Rates given in them. */
  rates = 0;

  private readonly sharing: Sharing;
  private readonly window: number;
  private readonly merge: number;
  private readonly watch: LinkWatch | null;
  private readonly changed: Int32Array;
  private readonly isChanged: Uint8Array;
  private changes = 0;
  /** Whether the lists of the flows on links are kept; flows that came or went at this moment; flows that send. */
  private listed = true;
  private moves = 0;
  private sends = 0;
  private readonly order: SlotOrder;
  private limit_s = 0;
  private opened_s = 0;
  private keySum_s = 0;
  private keys = 0;
  /** Flows that met nobody when they began, at this moment. */
  private readonly alone: number[] = [];

  constructor(columns: FlowColumns, { window, merge }: Windows, watch: LinkWatch | null) {
    this.columns = columns;
    this.window = window;
    this.merge = merge;
    this.watch = watch;
    this.queue = new TimeQueue(columns.slots);
    this.ended = new Int32Array(columns.slots);
    this.sharing = new Sharing(columns);
    this.changed = new Int32Array(columns.head.length);
    this.isChanged = new Uint8Array(columns.head.length);
    this.order = new SlotOrder(columns.slots);
  }

  nextEvent_s(): number {
    return this.queue.first_s();
  }

  /** Goes to the next moment, which is not after `nextEvent_s`. */
  open(time_s: number): void {
    const { queue, columns } = this;
    this.now_s = Math.max(this.now_s, time_s);
    this.limit_s = this.now_s * sameMoment;
    this.opened_s = this.now_s;
    if (this.merge > 0) this.limit_s = Number.POSITIVE_INFINITY;
    else if (this.window > 0 && queue.size > 0) {
      const slot = queue.firstSlot();
      if (columns.state[slot] === FlowState.transfer) {
        const window_s = this.window * widening(fewestMembers(columns, slot)) * (time_s - (columns.began_s[slot] as number));
        this.limit_s = Math.max(this.limit_s, time_s + window_s);
      }
    }
    this.keySum_s = 0;
    this.keys = 0;
    this.moves = 0;
  }

  isDue(): boolean {
    return this.queue.first_s() <= this.limit_s;
  }

  /** A flow whose way lies in its slot begins now. */
  start(slot: number, bytes: number): void {
    const { columns } = this;
    let end_s = this.now_s + (columns.latency_s[slot] as number);
    if (columns.hops[slot] === 0) {
      columns.state[slot] = FlowState.alone;
      if (bytes > 0) end_s += bytes / (columns.cap_bytes_per_s[slot] as number);
    } else {
      columns.state[slot] = FlowState.latency;
      columns.left_bytes[slot] = bytes;
    }
    this.queue.set(slot, end_s, false);
  }

  /** Takes what is due; gives the number of flows that ended, whose slots stand in `ended`. */
  popDue(): number {
    return this.window > 0 || this.merge > 0 ? this.popOne() : this.popAll();
  }

  private popAll(): number {
    const { queue, ended } = this;
    let due = 0;
    while (queue.first_s() <= this.limit_s) ended[due++] = queue.pop();
    this.order.sort(ended, due);
    let count = 0;
    for (let index = 0; index < due; index++) if (this.take(ended[index] as number)) ended[count++] = ended[index] as number;
    return count;
  }

  /** An end is told before the next event moves the clock. */
  private popOne(): number {
    const { queue, ended } = this;
    while (queue.first_s() <= this.limit_s) {
      const key_s = queue.first_s();
      if (this.merge > 0 && !this.isNear(queue.firstSlot(), key_s)) return 0;
      this.now_s = Math.max(this.now_s, key_s);
      this.keySum_s += this.now_s;
      this.keys++;
      const slot = queue.pop();
      if (!this.take(slot)) continue;
      ended[0] = slot;
      return 1;
    }
    return 0;
  }

  /** Whether an event may be one with those since the moment was opened: all lie within a part of the time of the shortest message among them. */
  private isNear(slot: number, key_s: number): boolean {
    const { state, latency_s, began_s, left_bytes, cap_bytes_per_s } = this.columns;
    let span_s = latency_s[slot] as number;
    if (state[slot] === FlowState.transfer) span_s += key_s - (began_s[slot] as number);
    else if (state[slot] === FlowState.latency) span_s += (left_bytes[slot] as number) / (cap_bytes_per_s[slot] as number);
    const until_s = Math.max(this.opened_s * sameMoment, this.opened_s + this.merge * span_s);
    if (key_s > until_s) {
      this.limit_s = this.opened_s;
      return false;
    }
    this.limit_s = Math.min(this.limit_s, until_s);
    return true;
  }

  /** What is due for this slot happens; tells whether its flow has ended. */
  private take(slot: number): boolean {
    const { state, left_bytes } = this.columns;
    if (state[slot] === FlowState.latency && (left_bytes[slot] as number) > 0) {
      this.enter(slot);
      return false;
    }
    if (state[slot] === FlowState.transfer) this.exit(slot);
    state[slot] = FlowState.idle;
    return true;
  }

  /** Closes the moment: shares what changed. */
  share(): void {
    if (this.keys > 0) this.now_s = this.keySum_s / this.keys;
    const solves = this.changes > 0 || (!this.listed && this.moves > 0);
    if (solves) this.solve();
    if (this.alone.length > 0) this.tellAlone(solves);
  }

  private solve(): void {
    const { sharing, watch, columns } = this;
    const part = this.listed ? 4 : 32;
    const many = watch === null && this.moves * part > this.sends && this.sends * 16 > columns.slots;
    if (many || !this.listed) {
      this.listed = sharing.solveAll();
      // Flows that come and go one by one are not worth a look at all of them.
      if (!many && !this.listed) {
        columns.listAll();
        this.listed = true;
      }
    } else sharing.solve(this.changed, this.changes, this.sends);
    this.solves++;
    this.rates += sharing.flows;
    for (let index = 0; index < this.changes; index++) this.isChanged[this.changed[index] as number] = 0;
    this.changes = 0;
    this.apply();
    watch?.shared(sharing, columns, this.now_s);
  }

  /** Only now it is known who was alone for longer than no time. */
  private tellAlone(solved: boolean): void {
    const { alone, columns, sharing, watch } = this;
    for (const slot of alone) if (columns.state[slot] === FlowState.transfer && !(solved && sharing.hasReached(slot))) watch?.alone(columns, slot, this.now_s);
    alone.length = 0;
  }

  private apply(): void {
    const { queue, now_s, sharing } = this;
    const { rate_bytes_per_s, left_bytes, changed_s } = this.columns;
    const { flow, flows } = sharing;
    const many = flows * 6 > queue.size;
    for (let index = 0; index < flows; index++) {
      const slot = flow[index] as number;
      const rate = sharing.rate_bytes_per_s[slot] as number;
      const old = rate_bytes_per_s[slot] as number;
      if (Math.abs(rate - old) <= 1e-12 * old) continue;
      const left = Math.max(0, (left_bytes[slot] as number) - old * (now_s - (changed_s[slot] as number)));
      left_bytes[slot] = left;
      changed_s[slot] = now_s;
      rate_bytes_per_s[slot] = rate;
      queue.set(slot, now_s + left / rate, many);
    }
    if (many) queue.order();
  }

  private enter(slot: number): void {
    const { columns, now_s, watch } = this;
    const { path, capacity_bytes_per_s, weight } = columns;
    columns.state[slot] = FlowState.transfer;
    columns.changed_s[slot] = now_s;
    columns.began_s[slot] = now_s;
    this.moves++;
    this.sends++;
    if (!this.listed) {
      columns.rate_bytes_per_s[slot] = 0;
      return;
    }
    let rate = columns.cap_bytes_per_s[slot] as number;
    let meets = false;
    const first = slot << columns.shift;
    const end = first + (columns.hops[slot] as number);
    for (let place = first; place < end; place++) {
      const link = path[place] as number;
      if (columns.join(place)) {
        this.markChanged(link);
        meets = true;
      } else if (watch !== null) watch.begin(link, now_s);
      const share = (capacity_bytes_per_s[link] as number) / (weight[place] as number);
      if (share < rate) rate = share;
    }
    columns.rate_bytes_per_s[slot] = meets ? 0 : rate;
    if (meets) return;
    if (watch !== null) this.alone.push(slot);
    this.queue.set(slot, now_s + (columns.left_bytes[slot] as number) / rate, false);
  }

  private exit(slot: number): void {
    const { columns, watch } = this;
    this.moves++;
    this.sends--;
    if (!this.listed) return;
    const first = slot << columns.shift;
    const end = first + (columns.hops[slot] as number);
    for (let place = first; place < end; place++) {
      const link = columns.path[place] as number;
      if (columns.leave(place)) this.markChanged(link);
      else if (watch !== null) watch.end(link, this.now_s);
    }
  }

  private markChanged(link: number): void {
    if (this.isChanged[link]) return;
    this.isChanged[link] = 1;
    this.changed[this.changes++] = link;
  }
}

/** Where a flow that ends frees much for few others, its end is shared sooner. Found by trial: dense sizes all different end within 0.65 of the tolerance; no proof. */
const widening = (members: number): number => Math.min(1, members / 24);

function fewestMembers({ path, hops, shift, load }: FlowColumns, slot: number): number {
  let fewest = Number.POSITIVE_INFINITY;
  const first = slot << shift;
  for (let place = first; place < first + (hops[slot] as number); place++) fewest = Math.min(fewest, load[path[place] as number] as number);
  return fewest;
}
