/**
 * Events of slots in order of time, at most one per slot. Slots of equal times share a bucket, and only buckets stand in the heap: where ranks go in step, a
 * thousand events cost one entry. A small table finds the bucket of a time by its bits; a bucket it has forgotten is not an error, the time has two then.
 */
import { IndexedHeap } from "./heap.ts";

const remembered = 1024;
const number = new Float64Array(1);
const words = new Int32Array(number.buffer);

export class TimeQueue {
  /** Slots with an event. */
  size = 0;
  private readonly heap: IndexedHeap;
  private readonly bucketOf: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly head: Int32Array;
  private readonly time_s: Float64Array;
  private readonly free: Int32Array;
  private freed = 0;
  private used = 0;
  private readonly recent = new Int32Array(remembered).fill(-1);

  constructor(slots: number) {
    this.heap = new IndexedHeap(slots);
    this.bucketOf = new Int32Array(slots).fill(-1);
    this.next = new Int32Array(slots);
    this.previous = new Int32Array(slots);
    this.head = new Int32Array(slots).fill(-1);
    this.time_s = new Float64Array(slots);
    this.free = new Int32Array(slots);
  }

  /** Of the first event; infinite when there is none. */
  first_s(): number {
    return this.size > 0 ? (this.heap.keys[0] as number) : Number.POSITIVE_INFINITY;
  }

  /** A slot of the first event. */
  firstSlot(): number {
    return this.head[this.heap.items[0] as number] as number;
  }

  timeOf(slot: number): number {
    return this.time_s[this.bucketOf[slot] as number] as number;
  }

  pop(): number {
    const bucket = this.heap.items[0] as number;
    const slot = this.head[bucket] as number;
    const after = this.next[slot] as number;
    this.head[bucket] = after;
    this.bucketOf[slot] = -1;
    this.size--;
    if (after >= 0) this.previous[after] = -1;
    else {
      this.heap.pop();
      this.free[this.freed++] = bucket;
    }
    return slot;
  }

  /** Gives a slot its event, or moves it. With `later`, order is made by `order` after many of these. */
  set(slot: number, time_s: number, later: boolean): void {
    const { heap, head } = this;
    number[0] = time_s;
    const place = (Math.imul((words[0] as number) ^ Math.imul(words[1] as number, 0x85ebca6b), 0x9e3779b1) >>> 22) & (remembered - 1);
    const known = this.recent[place] as number;
    const found = known >= 0 && (head[known] as number) >= 0 && this.time_s[known] === time_s ? known : -1;
    const old = this.bucketOf[slot] as number;
    if (old < 0) this.size++;
    else if (old === found) return;
    else if ((this.next[slot] as number) >= 0 || (this.previous[slot] as number) >= 0) this.unlink(slot, old);
    else if (found < 0) {
      // Alone in its bucket, which moves with it.
      this.time_s[old] = time_s;
      this.recent[place] = old;
      if (later) heap.putUnordered(old, time_s);
      else heap.set(old, time_s);
      return;
    } else {
      head[old] = -1;
      this.free[this.freed++] = old;
      if (later) heap.removeUnordered(old);
      else heap.remove(old);
    }
    let bucket = found;
    if (bucket < 0) {
      bucket = this.freed > 0 ? (this.free[--this.freed] as number) : this.used++;
      this.time_s[bucket] = time_s;
      this.recent[place] = bucket;
      head[bucket] = -1;
      if (later) heap.putUnordered(bucket, time_s);
      else heap.set(bucket, time_s);
    }
    const first = head[bucket] as number;
    this.next[slot] = first;
    this.previous[slot] = -1;
    if (first >= 0) this.previous[first] = slot;
    head[bucket] = slot;
    this.bucketOf[slot] = bucket;
  }

  order(): void {
    this.heap.order();
  }

  /** All events so much later. */
  shift(longer_s: number): void {
    const { heap } = this;
    for (let at = 0; at < heap.size; at++) {
      const time_s = (heap.keys[at] as number) + longer_s;
      heap.keys[at] = time_s;
      this.time_s[heap.items[at] as number] = time_s;
    }
  }

  private unlink(slot: number, bucket: number): void {
    const before = this.previous[slot] as number;
    const after = this.next[slot] as number;
    if (before >= 0) this.next[before] = after;
    else this.head[bucket] = after;
    if (after >= 0) this.previous[after] = before;
  }
}
