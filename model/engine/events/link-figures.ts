/**
 * Capacity and latency of links by a small number: machines have few kinds of links and very many of each, so that looking figures up by kind stays within
 * the cache where columns of half a million do not. Links beyond 255 kinds are looked up one by one.
 */
import type { LinkTable } from "../../network/topology/graph.ts";

export const otherKind = 255;

export class LinkFigures {
  readonly kind: Uint8Array;
  readonly capacity_bytes_per_s = new Float64Array(otherKind + 1);
  readonly latency_s = new Float64Array(otherKind + 1);

  constructor({ count, capacity_bytes_per_s, latency_s }: LinkTable) {
    this.kind = new Uint8Array(count);
    const kinds = new Map<number, Map<number, number>>();
    let next = 0;
    let last = -1;
    for (let link = 0; link < count; link++) {
      const capacity = capacity_bytes_per_s[link] as number;
      const latency = latency_s[link] as number;
      if (last >= 0 && this.capacity_bytes_per_s[last] === capacity && this.latency_s[last] === latency) {
        this.kind[link] = last;
        continue;
      }
      let ofCapacity = kinds.get(capacity);
      if (ofCapacity === undefined) kinds.set(capacity, (ofCapacity = new Map<number, number>()));
      const known = ofCapacity.get(latency);
      const kind = known ?? (next < otherKind ? next++ : otherKind);
      this.kind[link] = kind;
      if (kind === otherKind) continue;
      if (known === undefined) ofCapacity.set(latency, kind);
      this.capacity_bytes_per_s[kind] = capacity;
      this.latency_s[kind] = latency;
      last = kind;
    }
  }
}
