/**
 * Links in series. Where all flows of a link go on over one and the same next link, it carries no more than that one does; if it is not narrower it cannot
 * bind before it does. The same holds for the link that all its flows come from. Of two equal links with the same flows the later is kept: following
 * the reasons from link to link never comes back, so some link of each series stays.
 */
const [unknown, several] = [-1, -2];

export class Series {
  private readonly next: Int32Array;
  private readonly previous: Int32Array;

  constructor(links: number) {
    this.next = new Int32Array(links).fill(unknown);
    this.previous = new Int32Array(links).fill(unknown);
  }

  /** A flow takes this way: the links from `first` on, before `end`. */
  add(route: Int32Array, first: number, end: number): void {
    const { next, previous } = this;
    let before = several;
    for (let hop = first; hop < end; hop++) {
      const link = route[hop] as number;
      const after = hop + 1 < end ? (route[hop + 1] as number) : several;
      if (next[link] !== after) next[link] = next[link] === unknown ? after : several;
      if (previous[link] !== before) previous[link] = previous[link] === unknown ? before : several;
      before = link;
    }
  }

  isCovered(link: number, capacity_bytes_per_s: Float64Array): boolean {
    const capacity = capacity_bytes_per_s[link] as number;
    const after = this.next[link] as number;
    if (after >= 0 && capacity >= (capacity_bytes_per_s[after] as number)) return true;
    const before = this.previous[link] as number;
    if (before < 0) return false;
    const narrower = capacity_bytes_per_s[before] as number;
    return capacity > narrower || (capacity === narrower && this.next[before] !== link);
  }
}
