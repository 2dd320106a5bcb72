/** Two independent 32-bit hashes side by side, and dense numbers for pairs of them. Hashes only propose what is alike; what rests on it is compared exactly. */

export const mixFirst = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

export const mixSecond = (hash: number, value: number): number => {
  const mixed = Math.imul((hash << 13) ^ (hash >>> 19) ^ value, 0x85ebca77);
  return mixed ^ (mixed >>> 13);
};

/** Spreads every bit over all bits (the finaliser of MurmurHash3, Appleby 2008). */
export function spread(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const one = new Float64Array(1);
const halves = new Int32Array(one.buffer);

/** A number as one word for a hash; equal numbers give equal words. */
export function wordOf(value: number): number {
  one[0] = value + 0;
  return Math.imul(halves[0] as number, 0x27d4eb2f) ^ (halves[1] as number);
}

/** Numbers 0, 1, ... for pairs of hashes in the order in which they come (open addressing). */
export class PairNumbers {
  count = 0;
  private readonly mask: number;
  private readonly first: Int32Array;
  private readonly second: Int32Array;
  private readonly number: Int32Array;

  constructor(most: number) {
    const size = 1 << (33 - Math.clz32(Math.max(1, most)));
    this.mask = size - 1;
    this.first = new Int32Array(size);
    this.second = new Int32Array(size);
    this.number = new Int32Array(size).fill(-1);
  }

  of(first: number, second: number): number {
    let at = spread(first ^ Math.imul(second, 0x27d4eb2f)) & this.mask;
    for (;;) {
      const number = this.number[at] as number;
      if (number < 0) {
        this.first[at] = first;
        this.second[at] = second;
        return (this.number[at] = this.count++);
      }
      if (this.first[at] === (first | 0) && this.second[at] === (second | 0)) return number;
      at = (at + 1) & this.mask;
    }
  }

  clear(): void {
    this.number.fill(-1);
    this.count = 0;
  }
}
