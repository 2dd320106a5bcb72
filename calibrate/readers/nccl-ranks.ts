/**
 * How many ranks an output of nccl-tests is of. Two things say it: the list of ranks, which publishers cut or paste from another run, and the ratio of the
 * two printed bandwidths, which the program computed from its own communicator. Where they disagree the ratio is right, as far as its digits go.
 */
import type { CollectiveOperation } from "./nccl-operation.ts";

export interface RankLine {
  readonly rank: number;
  readonly host: string;
  readonly device?: string;
}

export interface FoundRanks {
  readonly ranks?: number;
  readonly from: "list" | "bandwidths" | "nothing";
  /** Highest number in the list of ranks, and one. */
  readonly listed?: number;
  /** Numbers of ranks that the printed bandwidths leave possible. */
  readonly possible?: readonly [least: number, most: number];
}

/** "#  Rank  0 Group  0 Pid 7085 on host device  0 [0x0f] NVIDIA A100", and the older form without a group. */
export function readRankLine(line: string): RankLine | undefined {
  const match = /\bRank\s+(\d+)\s+(?:Group\s+\d+\s+)?Pid\s+\d+\s+on\s+(\S+)\s+device\s+\d+\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(line);
  if (!match) return undefined;
  const device = match[3]!.trim();
  return { rank: Number(match[1]), host: match[2]!, ...(device === "" ? {} : { device }) };
}

interface PrintedRates {
  readonly part?: string;
  readonly algorithmRate_bytes_per_s: number;
  readonly busRate_bytes_per_s: number;
}

/** Both columns have two decimals in GB/s. */
const half_bytes_per_s = 0.005e9;

/** Ranks from bus bandwidth over algorithm bandwidth: 2(n-1)/n for all-reduce, (n-1)/n for the operations whose every rank sends a share to all. */
function ranksOfRatio(operation: CollectiveOperation | undefined, rows: readonly PrintedRates[]): readonly [number, number] | undefined {
  const most = operation === "all-reduce" ? 2 : operation === "all-gather" || operation === "reduce-scatter" || operation === "all-to-all" ? 1 : undefined;
  if (most === undefined) return undefined;
  let low = 0;
  let high = Infinity;
  for (const { algorithmRate_bytes_per_s: algorithm, busRate_bytes_per_s: bus } of rows) {
    if (!(algorithm >= 1e9) || !Number.isFinite(bus)) continue;
    low = Math.max(low, (bus - half_bytes_per_s) / (algorithm + half_bytes_per_s));
    high = Math.min(high, (bus + half_bytes_per_s) / (algorithm - half_bytes_per_s));
  }
  if (!Number.isFinite(high) || high < low) return undefined;
  const ranksAt = (ratio: number): number => (ratio >= most ? Infinity : most / (most - ratio));
  return [Math.max(1, Math.ceil(ranksAt(low) - 1e-9)), Math.floor(ranksAt(high) + 1e-9)];
}

export function findRanks(operation: CollectiveOperation | undefined, rows: readonly PrintedRates[], list: readonly RankLine[]): FoundRanks {
  const listed = list.length === 0 ? undefined : Math.max(...list.map(({ rank }) => rank)) + 1;
  // A file that joins runs of several sizes has no one number of ranks.
  const joined = new Set(rows.map(({ part }) => part)).size > 1;
  const possible = joined ? undefined : ranksOfRatio(operation, rows);
  const known = { ...(listed === undefined ? {} : { listed }), ...(possible === undefined ? {} : { possible }) };
  if (joined) return { from: "nothing", ...known };
  if (possible === undefined || possible[1] < possible[0]) return listed === undefined ? { from: "nothing", ...known } : { ranks: listed, from: "list", ...known };
  const [least, most] = possible;
  if (listed !== undefined && least <= listed && listed <= most) return { ranks: listed, from: "list", ...known };
  const ranks = chooseRanks(least, most);
  return ranks === undefined ? { from: "nothing", ...known } : { ranks, from: "bandwidths", ...known };
}

/** The one number in the interval, or the one multiple of the largest power of two that the interval holds. */
function chooseRanks(least: number, most: number): number | undefined {
  if (!Number.isFinite(most)) return undefined;
  for (let unit = 2 ** Math.floor(Math.log2(most)); unit >= 1; unit /= 2) {
    const multiple = Math.ceil(least / unit) * unit;
    if (multiple <= most) return multiple;
  }
  return undefined;
}

/** Ranks of one part of a joined file, or of rows with their own ratio. */
export function ranksOfRows(operation: CollectiveOperation | undefined, rows: readonly PrintedRates[]): number | undefined {
  const possible = ranksOfRatio(operation, rows);
  return possible === undefined ? undefined : chooseRanks(...possible);
}
