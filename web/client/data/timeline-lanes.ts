/**
 * A simulation as lanes: of each recorded rank a row for each stream, on it operations, the time they wait for others, and the time in which the compute stream
 * has nothing to do, with what it waits for. The outline groups operations of layers by the parts of their names, so that a dense row still says where it is.
 */
import type { TermGroup } from "../../../model/prediction.ts";
import type { KindName, LaneName, RankRecord, RecordedOperation } from "../../../model/simulate/record.ts";
import type { Simulation } from "../../../model/simulate/simulation.ts";
import { fixed, join } from "../format.ts";
import { buildOutline, type OutlineNode } from "./timeline-outline.ts";

export interface Bar {
  /** "rank.place". */
  key: string;
  rank: number;
  place: number;
  operation: RecordedOperation;
  category: TermGroup;
  onPath: boolean;
}

export interface Gap {
  start_s: number;
  end_s: number;
  why: string;
}

export interface Lane {
  key: string;
  name: string;
  lane: LaneName;
  bars: Bar[];
  gaps: Gap[];
  outline: OutlineNode[];
}

export interface Role {
  rank: number;
  title: string;
  note: string;
  lanes: Lane[];
}

export interface Timeline {
  step_s: number;
  roles: Role[];
  byKey: ReadonlyMap<string, Bar>;
  /** Lane and time of each part of the critical path, in order; neighbours on one lane are one part. */
  path: Array<{ lane: string; start_s: number; end_s: number }>;
}

const laneCategory: Record<LaneName, TermGroup> = { compute: "compute", control: "host", network: "comm", read: "storage", decode: "storage", copy: "storage" };
const kindCategory: Partial<Record<KindName, TermGroup>> = { memory: "memory", bucketCopy: "memory", accumulate: "memory", optimizer: "other", launch: "other", normalisationExchange: "comm", classExchange: "comm", dividedUpdate: "other", read: "storage", decode: "storage" };
/** The families of the scenario page, so that a colour means the same there and here. */
export const categoryOf = ({ kind, lane }: Pick<RecordedOperation, "kind" | "lane">): TermGroup => kindCategory[kind] ?? laneCategory[lane];

export const laneNames: Record<LaneName, string> = { compute: "compute", control: "control plane", network: "network", read: "storage reads", decode: "decoding", copy: "copy to device" };
const laneOrder: readonly LaneName[] = ["compute", "network", "control", "read", "decode", "copy"];

export const keyOf = (rank: number, place: number): string => `${rank}.${place}`;
const laneKey = (rank: number, lane: LaneName): string => `${rank}:${lane}`;

export function timelineOf({ records, path, recorded }: Simulation): Timeline {
  const onPath = new Set(path.map(({ rank, operation }) => keyOf(rank, operation)));
  const titles = roleTitles(records);
  // The slowest first: the others wait for it.
  const last = path.at(-1);
  const roles = records.map((record, index) => roleOf(record, titles[index] as string, onPath, recorded.step_s, last?.rank === record.rank ? `waits for ${last.name}` : "waits for the slowest rank")).toReversed();
  const byKey = new Map(roles.flatMap(({ lanes }) => lanes.flatMap(({ bars }) => bars.map((bar) => [bar.key, bar] as const))));
  const parts: Timeline["path"] = [];
  for (const { rank, lane, start_s, end_s } of path) {
    const key = laneKey(rank, lane);
    const last = parts.at(-1);
    if (last?.lane === key) last.end_s = end_s;
    else parts.push({ lane: key, start_s, end_s });
  }
  return { step_s: recorded.step_s, roles, byKey, path: parts };
}

/** Records come in the order of speed. */
function roleTitles(records: readonly RankRecord[]): string[] {
  if (records.length === 1) return ["Slowest rank"];
  if (records.length === 2) return ["Fastest rank", "Slowest rank"];
  return ["Fastest rank", "Middle rank", "Slowest rank"];
}

/** `atEnd`: what its compute stream waits for when it has nothing more to do. */
function roleOf({ rank, slowdown, operations }: RankRecord, title: string, onPath: ReadonlySet<string>, step_s: number, atEnd: string): Role {
  const bars = operations.map((operation, place): Bar => ({ key: keyOf(rank, place), rank, place, operation, category: categoryOf(operation), onPath: onPath.has(keyOf(rank, place)) }));
  const lanes = laneOrder.flatMap((lane): Lane[] => {
    const own = bars.filter(({ operation }) => operation.lane === lane).toSorted((a, b) => a.operation.start_s - b.operation.start_s);
    if (own.length === 0) return [];
    const compute = lane === "compute";
    return [{ key: laneKey(rank, lane), name: laneNames[lane], lane, bars: own, gaps: compute ? gapsOf(own, operations, step_s, atEnd) : [], outline: compute ? buildOutline(own) : [] }];
  });
  return { rank, title, note: `rank ${fixed(rank, 0)}, ${paceWords(slowdown)}`, lanes };
}

export function paceWords(slowdown: number): string {
  const share = Math.abs(slowdown - 1) * 100;
  if (share < 0.05) return "at the mean time";
  return `${join(fixed(share, 1), "%")} ${slowdown > 1 ? "above" : "below"} the mean time`;
}

/** Less than this share of the step is the rounding of ends, not a pause. */
const smallestGap = 1e-9;

function gapsOf(bars: readonly Bar[], operations: readonly RecordedOperation[], step_s: number, atEnd: string): Gap[] {
  const gaps: Gap[] = [];
  let end_s = 0;
  for (const { operation } of bars) {
    if (operation.start_s - end_s > smallestGap * step_s) {
      const cause = operation.after === null ? undefined : operations[operation.after];
      gaps.push({ start_s: end_s, end_s: operation.start_s, why: cause ? `waits for ${cause.name}` : "waits" });
    }
    end_s = Math.max(end_s, operation.end_s);
  }
  if (step_s - end_s > smallestGap * step_s) gaps.push({ start_s: end_s, end_s: step_s, why: atEnd });
  return gaps;
}
