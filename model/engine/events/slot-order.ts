/** Puts numbers below a bound in order where there are so many that one look at a bit for each of them is cheap: columns are then read from end to end. */
export class SlotOrder {
  private readonly bits: Int32Array;

  constructor(bound: number) {
    this.bits = new Int32Array((bound + 31) >> 5);
  }

  sort(items: Int32Array, count: number): void {
    const { bits } = this;
    if (count < 32 || count < bits.length) return;
    for (let index = 0; index < count; index++) {
      const item = items[index] as number;
      bits[item >> 5] = (bits[item >> 5] as number) | (1 << (item & 31));
    }
    let at = 0;
    for (let word = 0; word < bits.length; word++) {
      let rest = bits[word] as number;
      bits[word] = 0;
      while (rest !== 0) {
        items[at++] = (word << 5) + 31 - Math.clz32(rest & -rest);
        rest &= rest - 1;
      }
    }
  }
}
