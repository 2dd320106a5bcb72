/** One step of some ranks, operation by operation, as a timeline shows it: when, why then, how much later it might have ended, and the path that decides the step. */
import { kindNames, lanes, passNames, type Program } from "../program/types.ts";
import { beginOf, boundBy, criticalPath, previousOnLane, slackOf } from "./critical-path.ts";
import type { Watched } from "./fleet-schedule.ts";

export type LaneName = (typeof lanes)[number];
export type KindName = (typeof kindNames)[number];

export interface RecordedOperation {
  /** Layer and pass, or the kind of operation with its number. */
  readonly name: string;
  /** Path of the layer, parts divided by "/"; null where it belongs to none. */
  readonly layer: string | null;
  readonly pass: string;
  readonly kind: KindName;
  readonly lane: LaneName;
  /** The rank is ready. */
  readonly start_s: number;
  /** Work begins: later where all have to come. */
  readonly begin_s: number;
  readonly end_s: number;
  readonly flop: number;
  readonly bytes: number;
  /** Place among the rank's operations of what ended when this one could start; null where it started with the step. */
  readonly after: number | null;
  /** How much later it could end without making the step longer; null where lanes slow one another, because then nothing moves alone. */
  readonly slack_s: number | null;
  /** Place in the step program. */
  readonly index: number;
}

export interface RankRecord {
  readonly rank: number;
  /** Time of its work over that of a device of mean speed. */
  readonly slowdown: number;
  readonly operations: readonly RecordedOperation[];
}

/** One operation of the critical path; together, without gaps, they are the step. */
export interface PathPart {
  readonly rank: number;
  /** Place among the rank's operations. */
  readonly operation: number;
  readonly name: string;
  readonly kind: KindName;
  readonly lane: LaneName;
  readonly start_s: number;
  readonly end_s: number;
}

export interface StepRecord {
  readonly records: RankRecord[];
  readonly path: PathPart[];
  readonly step_s: number;
}

export interface Recorded {
  readonly rank: number;
  readonly slowdown: number;
  readonly times: Watched;
}

/** The slowest of the job must be among `ranks`, because the others wait for it. `independent`: no lane slows another. */
export function recordSteps(program: Program, ranks: readonly Recorded[], independent: boolean): StepRecord {
  const watched = ranks.map(({ times }) => times);
  const before = previousOnLane(program);
  const names = nameOperations(program);
  const slack = independent ? slackOf(program, watched) : null;
  const kept = watched.map(({ start_s, end_s }) => Array.from(start_s.keys()).filter((index) => (end_s[index] as number) > (start_s[index] as number)));
  const placeOf = kept.map((indices) => new Map(indices.map((index, at) => [index, at])));
  const records = ranks.map(({ rank, slowdown, times }, place): RankRecord => ({
    rank,
    slowdown,
    operations: (kept[place] as number[]).map((index) => ({
      ...describe(program, names, index),
      start_s: times.start_s[index] as number,
      begin_s: beginOf(program, watched, place, index),
      end_s: times.end_s[index] as number,
      flop: program.flop[index] as number,
      bytes: program.bytes[index] as number,
      after: lastKept(program, times, before, index, placeOf[place] as Map<number, number>),
      slack_s: slack === null ? null : ((slack[place] as Float64Array)[index] as number),
      index,
    })),
  }));
  const path = criticalPath(program, watched).map(({ place, index, start_s, end_s }): PathPart => {
    const { name, kind, lane } = describe(program, names, index);
    return { rank: (ranks[place] as Recorded).rank, operation: (placeOf[place] as Map<number, number>).get(index) as number, name, kind, lane, start_s, end_s };
  });
  return { records, path, step_s: path.at(-1)?.end_s ?? 0 };
}

/** Past operations that take no time. */
function lastKept(program: Program, times: Watched, before: Int32Array, index: number, placeOf: ReadonlyMap<number, number>): number | null {
  let at = boundBy(program, times, before, index);
  while (at >= 0 && !placeOf.has(at)) at = boundBy(program, times, before, at);
  return placeOf.get(at) ?? null;
}

function describe(program: Program, names: readonly string[], index: number) {
  return {
    name: names[index] as string,
    layer: program.layers[program.layer[index] as number]?.name ?? null,
    pass: passNames[program.pass[index] as number] as string,
    kind: kindNames[program.kind[index] as number] as KindName,
    lane: lanes[program.lane[index] as number] as LaneName,
  };
}

/** "bucketCopy" -> "bucket copy". */
const wordsOf = (kind: KindName): string => (kind === "allReduce" ? "all-reduce" : kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));

/** Work of a layer is named by it; what belongs to none is numbered within its kind. */
function nameOperations(program: Program): string[] {
  const total = new Uint32Array(kindNames.length);
  const seen = new Uint32Array(kindNames.length);
  const own = (index: number) => program.layers[program.layer[index] as number]?.name;
  for (let index = 0; index < program.count; index++) if (own(index) === undefined) (total[program.kind[index] as number] as number)++;
  return Array.from({ length: program.count }, (_, index) => {
    const kind = program.kind[index] as number;
    const layer = own(index);
    const pass = passNames[program.pass[index] as number];
    const words = wordsOf(kindNames[kind] as KindName);
    if (layer !== undefined) return [layer, pass, kindNames[kind] === "convolution" || kindNames[kind] === "memory" ? "" : words].filter(Boolean).join(", ");
    const number = ++(seen[kind] as number);
    return (total[kind] as number) > 1 ? `${words} ${number} of ${total[kind]}` : words;
  });
}
