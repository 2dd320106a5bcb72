/** Small pieces that all topologies share: a link's figures, how routing chooses among parallel ways, the seeded hash, names of endpoints. */
export interface Link {
  readonly capacity_bytes_per_s: number;
  readonly latency_s: number;
}

/** Several cables between the same two switches; the figures are those of one. */
export interface Trunk extends Link {
  readonly cables: number;
}

/**
 * deterministic: by destination, nothing is hashed (static InfiniBand routing). ecmp: a hash of source, destination and flow label picks among equal ways and
 * cables, so flows collide. adaptive: the parallel links of a level are one link of their summed capacity, the spread that no real switch betters: the
 * optimistic end, as deterministic is the other.
 */
export type Routing = { readonly kind: "deterministic" } | { readonly kind: "ecmp"; readonly seed: number } | { readonly kind: "adaptive" };

export const deterministic: Routing = { kind: "deterministic" };

export type NameEndpoint = (endpoint: number) => string;
export const nameHost: NameEndpoint = (endpoint) => `host ${endpoint}`;

/** 32 bits that look random, the same for the same numbers on every machine: xor, shift and multiply rounds as in MurmurHash3's finaliser. */
export function hashBits(seed: number, a: number, b: number, c: number): number {
  let bits = scramble(seed ^ 0x2545f491);
  bits = scramble(bits ^ Math.imul(a, 0x9e3779b1));
  bits = scramble(bits ^ Math.imul(b, 0x85ebca77));
  return scramble(bits ^ Math.imul(c, 0xc2b2ae3d)) >>> 0;
}

function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) + 0x165667b1;
}
