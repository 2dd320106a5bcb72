/**
 * The same rules told in the slowest and plainest way, without anything of the engine: every rate is computed anew from all flows at every moment, every rank
 * is asked at every moment whether it may go on.
 */
import type { Exchange } from "../../../../model/network/exchange.ts";
import type { NetworkGraph } from "../../../../model/network/topology/graph.ts";

interface Sent {
  key: string;
  links: number[];
  ready_s: number;
  left: number;
  rate: number;
}

export function simulatePlainly(graph: NetworkGraph, placement: ArrayLike<number>, { ranks, phases }: Exchange, start_s: ArrayLike<number>): number[] {
  const { links, longestRoute } = graph;
  const at: ({ phase: number; step: number } | null)[] = Array.from({ length: ranks }, () => null);
  const end_s = Array.from({ length: ranks }, () => -1);
  const arrived = new Set<string>();
  let under: Sent[] = [];
  let now = 0;

  const wayOf = (from: number, to: number): number[] => {
    const out = new Int32Array(longestRoute);
    return [...out.subarray(0, graph.route(placement[from] as number, placement[to] as number, out, 0))];
  };
  const send = (rank: number, phase: number, step: number): void => {
    const { from, to, bytes } = phases[phase] as Exchange["phases"][number];
    from.forEach((sender, flow) => {
      if (sender !== rank) return;
      const way = wayOf(sender, to[flow] as number);
      const latency = way.reduce((sum, link) => sum + (links.latency_s[link] as number), 0);
      under.push({ key: `${phase} ${step} ${flow}`, links: way, ready_s: now + latency, left: bytes[flow] as number, rate: 0 });
    });
  };
  const mayGoOn = (rank: number, phase: number, step: number): boolean => {
    const { from, to } = phases[phase] as Exchange["phases"][number];
    return from.every((sender, flow) => (sender !== rank && to[flow] !== rank) || arrived.has(`${phase} ${step} ${flow}`));
  };
  const goOn = (rank: number): boolean => {
    if (end_s[rank] !== -1) return false;
    let place = at[rank] ?? null;
    if (place === null) {
      if ((start_s[rank] as number) > now) return false;
      place = { phase: 0, step: -1 };
    } else if (!mayGoOn(rank, place.phase, place.step)) return false;
    place = { phase: place.phase, step: place.step + 1 };
    while (place.phase < phases.length && place.step >= (phases[place.phase]?.repeat ?? 0)) place = { phase: place.phase + 1, step: 0 };
    if (place.phase === phases.length) end_s[rank] = now;
    else {
      at[rank] = place;
      send(rank, place.phase, place.step);
    }
    return true;
  };

  for (let guard = 0; guard < 100_000; guard++) {
    let moved = true;
    while (moved) {
      const ended = under.filter(({ left, ready_s }) => ready_s <= now && left <= 0);
      ended.forEach(({ key }) => arrived.add(key));
      under = under.filter((flow) => !ended.includes(flow));
      moved = ended.length > 0;
      for (let rank = 0; rank < ranks; rank++) if (goOn(rank)) moved = true;
    }
    const active = under.filter(({ ready_s }) => ready_s <= now);
    shareOut(active, links.capacity_bytes_per_s);
    const waits = [
      ...Array.from(start_s).filter((start, rank) => at[rank] === null && end_s[rank] === -1 && start > now),
      ...under.filter(({ ready_s }) => ready_s > now).map(({ ready_s }) => ready_s),
      ...active.map(({ left, rate }) => now + left / rate),
    ];
    if (waits.length === 0) return end_s;
    const next = Math.min(...waits);
    for (const flow of active) {
      const ends = now + flow.left / flow.rate;
      flow.left = ends <= next * (1 + 1e-13) ? 0 : flow.left - flow.rate * (next - now);
    }
    now = next;
  }
  throw new Error("the reference does not end");
}

/** Raise all rates together; the link that is full first fixes its flows; go on with the rest. */
function shareOut(flows: readonly Sent[], capacity: Float64Array): void {
  let free = [...flows];
  const left = [...capacity];
  while (free.length > 0) {
    let [best, share] = [-1, Number.POSITIVE_INFINITY];
    left.forEach((rest, link) => {
      const users = free.filter(({ links }) => links.includes(link)).length;
      if (users > 0 && rest / users < share) [best, share] = [link, rest / users];
    });
    for (const flow of free.filter(({ links }) => links.includes(best))) {
      flow.rate = share;
      for (const link of flow.links) left[link] = (left[link] as number) - share;
    }
    free = free.filter(({ links }) => !links.includes(best));
  }
}
