/**
 * A heap with four children per place that knows where each item is, so that an item has one entry whose key can move both ways and nothing stale is ever
 * popped. Items are whole numbers below a fixed bound; keys lie beside them in heap order, which keeps a comparison within one cache line.
 */
export class IndexedHeap {
  size = 0;
  /** In heap order: the least is first. */
  readonly keys: Float64Array;
  readonly items: Int32Array;
  /** Place of an item, or -1. */
  readonly place: Int32Array;

  constructor(items: number) {
    this.keys = new Float64Array(items);
    this.items = new Int32Array(items);
    this.place = new Int32Array(items).fill(-1);
  }

  /** Puts an item in, or moves it. */
  set(item: number, key: number): void {
    const at = this.place[item] as number;
    if (at < 0) this.siftUp(this.size++, item, key);
    else if (key < (this.keys[at] as number)) this.siftUp(at, item, key);
    else this.siftDown(at, item, key);
  }

  /** Puts an item in or changes its key without ordering: call `order` before anything else. */
  putUnordered(item: number, key: number): void {
    let at = this.place[item] as number;
    if (at < 0) {
      at = this.size++;
      this.items[at] = item;
      this.place[item] = at;
    }
    this.keys[at] = key;
  }

  /** Makes a heap of what is there (Floyd), in time proportional to its size. */
  order(): void {
    for (let at = (this.size - 2) >> 2; at >= 0; at--) this.siftDown(at, this.items[at] as number, this.keys[at] as number);
  }

  pop(): number {
    const least = this.items[0] as number;
    this.place[least] = -1;
    const last = --this.size;
    if (last > 0) this.siftDown(0, this.items[last] as number, this.keys[last] as number);
    return least;
  }

  remove(item: number): void {
    const at = this.place[item] as number;
    const key = this.keys[at] as number;
    this.place[item] = -1;
    const last = --this.size;
    if (at === last) return;
    const moved = this.items[last] as number;
    const movedKey = this.keys[last] as number;
    if (movedKey < key) this.siftUp(at, moved, movedKey);
    else this.siftDown(at, moved, movedKey);
  }

  /** As `putUnordered`. */
  removeUnordered(item: number): void {
    const at = this.place[item] as number;
    this.place[item] = -1;
    const last = --this.size;
    if (at === last) return;
    const moved = this.items[last] as number;
    this.items[at] = moved;
    this.keys[at] = this.keys[last] as number;
    this.place[moved] = at;
  }

  clear(): void {
    for (let at = 0; at < this.size; at++) this.place[this.items[at] as number] = -1;
    this.size = 0;
  }

  private siftUp(from: number, item: number, key: number): void {
    const { keys, items, place } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const above = keys[parent] as number;
      if (above <= key) break;
      const moved = items[parent] as number;
      keys[at] = above;
      items[at] = moved;
      place[moved] = at;
      at = parent;
    }
    keys[at] = key;
    items[at] = item;
    place[item] = at;
  }

  private siftDown(from: number, item: number, key: number): void {
    const { keys, items, place, size } = this;
    let at = from;
    for (;;) {
      let child = (at << 2) + 1;
      if (child >= size) break;
      const end = child + 4 < size ? child + 4 : size;
      let least = keys[child] as number;
      for (let other = child + 1; other < end; other++) {
        if ((keys[other] as number) < least) {
          least = keys[other] as number;
          child = other;
        }
      }
      if (least >= key) break;
      const moved = items[child] as number;
      keys[at] = least;
      items[at] = moved;
      place[moved] = at;
      at = child;
    }
    keys[at] = key;
    items[at] = item;
    place[item] = at;
  }
}
