/**
 * Other jobs on the links that jobs share: those of the fabric above the nodes' own ports. On each link every place for a stream is taken with the probability
 * asked for, and what is taken is gone for this job: a link as wide as a port has `streams` places, a wider one or a bundle as many more, so that
 * wide links even out. Drawn with a seed, once for the step. An assumption of the one who asks: no source here tells how full a machine's fabric is.
 * Left out: other jobs that yield when this one sends, and their bursts.
 */
import type { LinkPlace, NetworkGraph } from "../network/topology/index.ts";
import type { Random } from "../variability/draw.ts";

const streams = 8;
/** Places drawn on one link at most: beyond, a bundle is as even as it can be. */
const mostPlaces = 4096;

const nodeOf = (end: string): string | null => (end.startsWith("node ") || end.startsWith("unused port") ? (end.split(" / ")[0] ?? end) : null);
/** Between switches, or between nodes that are joined directly; not inside a node, nor from its port to the first switch. */
function isShared({ from, to }: LinkPlace): boolean {
  const [one, other] = [nodeOf(from), nodeOf(to)];
  return one === null || other === null ? one === other : one !== other;
}

export function withBackground(graph: NetworkGraph, fraction: number, random: Random): NetworkGraph {
  if (fraction <= 0) return graph;
  const { links } = graph;
  const capacity_bytes_per_s = links.capacity_bytes_per_s.slice();
  const places = Array.from({ length: links.count }, (_, link) => links.describe(link));
  let port_bytes_per_s = Number.POSITIVE_INFINITY;
  places.forEach(({ kind }, link) => {
    if (kind === "host") port_bytes_per_s = Math.min(port_bytes_per_s, links.capacity_bytes_per_s[link] as number);
  });
  places.forEach((place, link) => {
    if (!isShared(place)) return;
    const capacity = links.capacity_bytes_per_s[link] as number;
    const count = Math.min(mostPlaces, streams * Math.max(1, Math.round(capacity / Math.min(port_bytes_per_s, capacity))));
    let taken = 0;
    for (let one = 0; one < count; one++) if (random() < fraction) taken++;
    // A job always gets something: half a place.
    capacity_bytes_per_s[link] = capacity * Math.max(0.5 / count, 1 - taken / count);
  });
  return { ...graph, links: { ...links, capacity_bytes_per_s } };
}
