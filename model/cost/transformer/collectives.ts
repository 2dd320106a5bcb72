/**
 * Time of the collectives of a transformer's step between ranks that stand `distance` apart. A group with m members in each domain of the fast link crosses its edge with
 * the ports of those m devices: one edge of a ring enters a node per channel, and channels use the ports of all members. Left out: what other groups of the same node take
 * at the same time, beyond the ports of their own members; trees (half of the bytes of a ring over two nodes).
 */
import type { Rates } from "./rates.ts";

/** Members of the group in one domain of the fast link. */
export function membersInDomain(ranks: number, distance: number, domain: number): number {
  const most = Math.floor(domain / distance);
  return most < 1 ? 1 : most < ranks ? most : ranks;
}

/** Ring all-reduce (`rounds` 2), gather or scatter (1). Between slices of a torus first inside, then D slices among themselves: (D-1)/D + contention D. */
export function groupTime(payload_bytes: number, ranks: number, distance: number, rounds: number, rates: Rates): number {
  const members = membersInDomain(ranks, distance, rates.domain);
  const share = (ranks - 1) / ranks;
  if (members >= ranks) return rounds * payload_bytes * share * rates.node_s_per_byte + rates.nodeLatency_s;
  const ports_s_per_byte = rates.port_s_per_byte / members;
  const latency = rates.fabricLatency_s * ranks;
  if (rates.sliceContention > 0) {
    const slices = ranks / members;
    const inside = ((members - 1) / members) * rates.node_s_per_byte;
    return rounds * payload_bytes * (inside + ((slices - 1) / slices + rates.sliceContention * slices) * ports_s_per_byte) + latency;
  }
  return rounds * payload_bytes * share * Math.max(ports_s_per_byte, rates.node_s_per_byte) + latency;
}

/** Tensor-parallel collective: `halves` 2 is an all-reduce. Exposed share and the ranks' wait for one another come on top. */
export function tensorTime(payload_bytes: number, ranks: number, halves: number, rates: Rates): number {
  if (ranks <= rates.domain) {
    const bytes = halves * (payload_bytes + rates.nodeHalfSize_bytes);
    return (((bytes * (ranks - 1)) / ranks) * rates.node_s_per_byte + rates.nodeLatency_s) * rates.tensorShare + rates.tensorSkew_s;
  }
  return groupTime(payload_bytes, ranks, 1, halves, rates) * rates.tensorShare + rates.tensorSkew_s;
}

/**
 * Dispatch to experts of `bytes`, in which every copy of a token counts. An all-to-all (`copies` 1) sends each by itself: (n-1)/n of them leave a rank. Otherwise the k
 * copies of a token share a message: n (1 - (1-1/n)^k) of n ranks get one, all but the rank itself, and of G domains of the fast link each further one gets one from
 * outside (DeepSeek-V3, arXiv:2412.19437, section 3.2).
 */
export function dispatchTime(bytes: number, ranks: number, copies: number, distance: number, rates: Rates): number {
  const members = membersInDomain(ranks, distance, rates.domain);
  const once = bytes / copies;
  if (members >= ranks) return (once * reached(ranks, copies) * rates.node_s_per_byte + rates.nodeLatency_s) * rates.expertShare;
  const domains = ranks / members;
  const between = once * reached(domains, copies) * rates.port_s_per_byte;
  const inside = copies === 1 ? ((once * (members - 1)) / ranks) * rates.node_s_per_byte : ((once * reached(ranks, copies) * (members - 1)) / members) * rates.node_s_per_byte;
  return (Math.max(between, inside) + rates.fabricLatency_s * (copies === 1 ? ranks - members : domains)) * rates.expertShare;
}

/** Of n places with equal chances, those besides the own one that at least one of k copies goes to. */
function reached(places: number, copies: number): number {
  let missed = 1;
  for (let copy = 0; copy < copies; copy++) missed *= 1 - 1 / places;
  return (places - 1) * (1 - missed);
}

/** Keys and values around a ring or gathered; or tokens for heads, all at once. */
export function contextTime(bytes: number, ranks: number, distance: number, ring: boolean, rates: Rates): number {
  const members = membersInDomain(ranks, distance, rates.domain);
  if (members >= ranks) return bytes * rates.node_s_per_byte + (ring ? ranks - 1 : 1) * rates.nodeLatency_s;
  return bytes * Math.max(rates.port_s_per_byte / (ring ? 1 : members), rates.node_s_per_byte) + rates.fabricLatency_s * ranks;
}

/** One message between stages of a pipeline over `span` ranks; the slowest hop counts. */
export function messageTime(bytes: number, span: number, rates: Rates): number {
  return span <= rates.domain ? bytes * rates.node_s_per_byte + rates.nodeLatency_s : bytes * rates.port_s_per_byte + rates.fabricLatency_s;
}
