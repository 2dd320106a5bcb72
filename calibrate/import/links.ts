/**
 * Links of a machine from collectives and messages. Inside a node and between nodes: latency and bandwidth of the line through the times of a collective, its bytes
 * by the share that each device sends (2 (n-1)/n of an all-reduce, (n-1)/n of the others). Two nodes alone: an all-reduce may run over a tree, in which a node sends the
 * bytes once, or over a ring, in which it sends them 2 (n-1)/n times; both are the interval. Left out: which algorithm ran at each size (calibrate/fit/collective).
 */
import { fitCurve } from "../fit/curves.ts";
import type { Interval, Noted } from "../facts.ts";
import { bestCase, figureOf, rateOf, rowsLike, whereOf, type Seen } from "./seen.ts";

export interface Link {
  readonly bandwidth_bytes_per_s: Noted;
  /** Of the whole collective, where the times show it. */
  readonly latency_s?: Noted;
  /** Bytes at which the collective reaches half of the bandwidth, where the sizes span it. */
  readonly halfSize_bytes?: Noted;
  readonly nodes: number;
  readonly ranks: number;
}

const shareOf = (benchmark: string, ranks: number): number => (benchmark === "all-reduce" ? 2 : 1) * ((ranks - 1) / ranks);
const preferred = ["all-reduce", "all-gather", "reduce-scatter", "send-recv"] as const;
/** Noise of one printed time, as a standard deviation of its logarithm: what nccl-tests shows between runs. */
const noise = 0.05;

/** `between`: of several nodes, the most there are; else of one. Rows that do not say how many nodes they were on are not taken. */
export function readLink(seen: readonly Seen[], between: boolean): Link | undefined {
  for (const benchmark of preferred) {
    const known = rowsLike(seen, new RegExp(`^${benchmark}$`)).filter(({ nodes, ranks }) => nodes !== undefined && ranks !== undefined && ranks > 1 && nodes > 1 === between);
    const nodes = Math.max(...known.map((one) => one.nodes ?? 0));
    const ranks = Math.max(...known.filter((one) => one.nodes === nodes).map((one) => one.ranks ?? 0));
    const rows = known.filter((one) => one.nodes === nodes && one.ranks === ranks && bytesOf(one) > 0 && (one.row.values["time_s"] ?? 0) > 0);
    if (rows.length > 0) return fitLink(rows, benchmark, nodes, ranks);
  }
  return undefined;
}

const bytesOf = ({ row }: Seen): number => Number(row.case["bytes"]);

function fitLink(rows: readonly Seen[], benchmark: string, nodes: number, ranks: number): Link | undefined {
  const points = rows.map((one) => ({ x: bytesOf(one), y: one.row.values["time_s"] ?? Number.NaN, noise })).toSorted((a, b) => a.x - b.x);
  const share = shareOf(benchmark, ranks);
  const { parameters } = fitCurve(points, "latency-bandwidth", 1);
  const what = `${benchmark} of ${ranks} devices on ${nodes === 1 ? "one node" : `${nodes} nodes`}, line through ${points.length} times: ${whereOf(rows)}`;
  const bandwidth = parameters.findLast(({ unit, value }) => unit === "x/y" && value > 0);
  const latency = parameters.find(({ unit, value }) => unit === "y" && value > 0);
  const last = points.at(-1);
  const reached = bandwidth ?? (last && { value: last.x / last.y, low: (0.9 * last.x) / last.y, high: (1.1 * last.x) / last.y });
  if (!reached) return undefined;
  const sent = scale(reached, share);
  const twoNodes = nodes === 2 && benchmark === "all-reduce";
  const halfSize = halfSizeOf(points, reached.value);
  return {
    nodes,
    ranks,
    bandwidth_bytes_per_s: twoNodes ? { value: Math.sqrt(reached.value * sent.value), low: reached.low, high: sent.high, note: `${what}; over a tree a node sends the bytes once, over a ring ${share.toPrecision(3)} times` } : { ...sent, note: what },
    ...(bandwidth && latency ? { latency_s: { value: latency.value, low: Math.max(latency.low, latency.value / 10), high: latency.high, note: what } } : {}),
    ...(halfSize ? { halfSize_bytes: { ...halfSize, note: `half of the bandwidth, ${what}` } } : {}),
  };
}

/** Between the last size below half of the rate and the next. */
function halfSizeOf(points: ReadonlyArray<{ readonly x: number; readonly y: number }>, rate: number): Interval | undefined {
  const at = points.findIndex(({ x, y }) => x / y >= rate / 2);
  const [below, above] = [points[at - 1]?.x, points[at]?.x];
  return below === undefined || above === undefined ? undefined : { value: Math.sqrt(below * above), low: below / 2, high: above * 2 };
}


const scale = ({ value, low, high }: Interval, factor: number): Interval => ({ value: value * factor, low: low * factor, high: high * factor });

const timeOf = ({ values }: Seen["row"]): number | undefined => values["time_s"] ?? values["median_s"];

/** Time of the smallest message from node to node. Files that say they ran on one node are not taken. */
export function readMessageLatency(seen: readonly Seen[]): Noted | undefined {
  const all = rowsLike(seen, /^(osu-latency|imb-pingpong|perftest-(send|rdma-write|write)-latency)$/).filter(({ nodes, row }) => nodes !== 1 && timeOf(row) !== undefined);
  const least = Math.min(...all.map(bytesOf));
  const smallest = all.filter((one) => bytesOf(one) === least && least <= 64);
  return figureOf(smallest, timeOf, `message of ${least} B${smallest.some(({ nodes }) => nodes === undefined) ? "; the file does not say that it went between nodes" : ""}`);
}

/** Time of the host per small message: of one pair of a message-rate test, else of a stream of small messages. */
export function readMessageOverhead(seen: readonly Seen[]): Noted | undefined {
  const all = rowsLike(seen, /^(osu-message-rate|osu-bandwidth)$/).filter(({ nodes }) => nodes !== 1);
  const least = Math.min(...all.map(bytesOf));
  const smallest = all.filter((one) => bytesOf(one) === least && least > 0 && least <= 64);
  return figureOf(smallest, ({ case: given, values }) => {
    const perSecond = values["messages_per_s"] ?? (values["rate_bytes_per_s"] ?? 0) / least;
    return perSecond > 0 ? Number(given["pairs"] ?? 1) / perSecond : undefined;
  }, `messages of ${least} B, one after another`);
}

/** Rate of one stream of messages between two nodes: at most one port's. */
export function readStream(seen: readonly Seen[]): Noted | undefined {
  const found = bestCase(rowsLike(seen, /^(osu-bandwidth|perftest-.*-bandwidth|iperf-received)$/).filter(({ nodes }) => nodes !== 1), rateOf);
  return figureOf(found, rateOf, "one stream between two nodes");
}
