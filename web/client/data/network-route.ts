/** The way between two ranks, link by link; runs of alike links, such as along an axis of a torus, are one row. */
import type { LoadedLink, NetworkPicture } from "../network/protocol.ts";

export interface RouteStep {
  kind: string;
  from: string;
  to: string;
  links: number;
  latency_s: number;
  capacity_bytes_per_s: number;
  /** Of the most used of the run. */
  carried_bytes: number;
  used: number;
}

export interface RouteSummary {
  links: number;
  latency_s: number;
  bottleneck_bytes_per_s: number;
  /** Kind of the narrowest link, the first if there are several. */
  narrowest: string;
  /** One message of the collective's vector, alone on the way. */
  alone_s: number;
}

export function routeSteps(route: readonly LoadedLink[]): RouteStep[] {
  const steps: RouteStep[] = [];
  for (const { kind, from, to, latency_s, capacity_bytes_per_s, carried_bytes, used } of route) {
    const last = steps.at(-1);
    if (last?.kind === kind && last.capacity_bytes_per_s === capacity_bytes_per_s && /^(axis|row)/.test(kind)) {
      last.to = to;
      last.links++;
      last.latency_s += latency_s;
      if (used > last.used) Object.assign(last, { used, carried_bytes });
    } else steps.push({ kind, from, to, links: 1, latency_s, capacity_bytes_per_s, carried_bytes, used });
  }
  return steps;
}

export function summariseRoute({ route, wish }: Pick<NetworkPicture, "route" | "wish">): RouteSummary | null {
  const [first] = route;
  if (first === undefined) return null;
  const narrow = route.reduce((least, link) => (link.capacity_bytes_per_s < least.capacity_bytes_per_s ? link : least), first);
  const latency_s = route.reduce((sum, link) => sum + link.latency_s, 0);
  return { links: route.length, latency_s, bottleneck_bytes_per_s: narrow.capacity_bytes_per_s, narrowest: narrow.kind, alone_s: latency_s + wish.bytes / narrow.capacity_bytes_per_s };
}
