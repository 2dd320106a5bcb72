/**
 * What links go through during a run: how long any flow sends over each, how long each is full and holds back two flows or more, and its highest load.
 * Where flows wait for each other, the link with the most time held back names the place.
 */
import type { FlowColumns } from "./flow-columns.ts";
import type { Sharing } from "./sharing.ts";

/** A link with less than this part left is full. */
const full = 1 - 1e-9;

export class LinkWatch {
  readonly busy_s: Float64Array;
  readonly contended_s: Float64Array;
  /** Of the capacity, 0 to 1. */
  readonly peakShare: Float64Array;
  private readonly capacity_bytes_per_s: Float64Array;
  /** Since when it is so, or -1. */
  private readonly busySince_s: Float64Array;
  private readonly contendedSince_s: Float64Array;

  constructor(capacity_bytes_per_s: Float64Array) {
    const links = capacity_bytes_per_s.length;
    this.capacity_bytes_per_s = capacity_bytes_per_s;
    this.busy_s = new Float64Array(links);
    this.contended_s = new Float64Array(links);
    this.peakShare = new Float64Array(links);
    this.busySince_s = new Float64Array(links).fill(-1);
    this.contendedSince_s = new Float64Array(links).fill(-1);
  }

  begin(link: number, now_s: number): void {
    this.busySince_s[link] = now_s;
  }

  end(link: number, now_s: number): void {
    this.busy_s[link] = (this.busy_s[link] as number) + now_s - (this.busySince_s[link] as number);
    this.busySince_s[link] = -1;
    this.setContended(link, false, now_s);
  }

  /** A flow that meets no other. In a folded network it may stand for several on one link. */
  alone(columns: FlowColumns, slot: number, now_s: number): void {
    const first = slot << columns.shift;
    const end = first + (columns.hops[slot] as number);
    for (let place = first; place < end; place++) {
      const link = columns.path[place] as number;
      const weight = columns.weight[place] as number;
      const share = ((columns.rate_bytes_per_s[slot] as number) * weight) / (this.capacity_bytes_per_s[link] as number);
      this.setPeak(link, share);
      if (weight > 1) this.setContended(link, share >= full && holdsBack(columns, link), now_s);
    }
  }

  shared(sharing: Sharing, columns: FlowColumns, now_s: number): void {
    for (let index = 0; index < sharing.links; index++) {
      const link = sharing.link[index] as number;
      const share = 1 - (sharing.left_bytes_per_s[link] as number) / (this.capacity_bytes_per_s[link] as number);
      this.setPeak(link, share);
      this.setContended(link, share >= full && holdsBack(columns, link), now_s);
    }
  }

  /** Books what is open up to now. */
  book(now_s: number): void {
    for (const [sum_s, since_s] of [
      [this.busy_s, this.busySince_s],
      [this.contended_s, this.contendedSince_s],
    ] as const) {
      for (let link = 0; link < sum_s.length; link++) {
        const since = since_s[link] as number;
        if (since < 0) continue;
        sum_s[link] = (sum_s[link] as number) + now_s - since;
        since_s[link] = now_s;
      }
    }
  }

  /** What was booked since `before` happens so many times again, and takes so long. Call after `book`. */
  repeat(before: Booked, times: number, longer_s: number): void {
    for (let link = 0; link < this.busy_s.length; link++) {
      const [busy, contended] = [this.busy_s[link] as number, this.contended_s[link] as number];
      this.busy_s[link] = busy + times * (busy - (before.busy_s[link] as number));
      this.contended_s[link] = contended + times * (contended - (before.contended_s[link] as number));
      if ((this.busySince_s[link] as number) >= 0) this.busySince_s[link] = (this.busySince_s[link] as number) + longer_s;
      if ((this.contendedSince_s[link] as number) >= 0) this.contendedSince_s[link] = (this.contendedSince_s[link] as number) + longer_s;
    }
  }

  booked(now_s: number): Booked {
    this.book(now_s);
    return { busy_s: this.busy_s.slice(), contended_s: this.contended_s.slice() };
  }

  private setPeak(link: number, share: number): void {
    if (share > (this.peakShare[link] as number)) this.peakShare[link] = Math.min(1, share);
  }

  private setContended(link: number, contended: boolean, now_s: number): void {
    const since = this.contendedSince_s[link] as number;
    if (contended === (since >= 0)) return;
    if (!contended) this.contended_s[link] = (this.contended_s[link] as number) + now_s - since;
    this.contendedSince_s[link] = contended ? now_s : -1;
  }
}

/** Of a full link: whether it carries two flows or more, and the fastest of them could go faster if it were alone. */
function holdsBack({ head, next, shift, weight, rate_bytes_per_s, cap_bytes_per_s }: FlowColumns, link: number): boolean {
  let flows = 0;
  let fastest = -1;
  for (let at = head[link] as number; at >= 0; at = next[at] as number) {
    const slot = at >> shift;
    flows += weight[at] as number;
    if (fastest < 0 || (rate_bytes_per_s[slot] as number) > (rate_bytes_per_s[fastest] as number)) fastest = slot;
  }
  return flows > 1 && (rate_bytes_per_s[fastest] as number) < (cap_bytes_per_s[fastest] as number) * full;
}

export interface Booked {
  readonly busy_s: Float64Array;
  readonly contended_s: Float64Array;
}
