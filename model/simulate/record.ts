/** One step of some ranks, operation by operation, as a timeline shows it. */
import { kindNames, lanes, passNames, type Program } from "../program/types.ts";
import { scheduleFleet } from "./fleet-schedule.ts";

export interface RecordedOperation {
  /** Layer and pass, or the kind of operation. */
  readonly name: string;
  readonly kind: (typeof kindNames)[number];
  readonly lane: (typeof lanes)[number];
  readonly start_s: number;
  readonly end_s: number;
  readonly bytes: number;
}

export interface RankRecord {
  readonly rank: number;
  /** Time of its work over that of a device of mean speed. */
  readonly slowdown: number;
  readonly operations: readonly RecordedOperation[];
}

/** `ranks` in any order; the slowest of the job must be among them, because the others wait for it. */
export function recordSteps(program: Program, time_s: Float64Array, ranks: readonly number[], slowdowns: Float64Array): RankRecord[] {
  const own = Float64Array.from(ranks, (rank) => slowdowns[rank] as number);
  const { watched } = scheduleFleet(program, time_s, own, ranks.map((_, place) => place));
  return ranks.map((rank, place) => {
    const { start_s, end_s } = watched[place] as (typeof watched)[number];
    const operations: RecordedOperation[] = [];
    for (let index = 0; index < program.count; index++) {
      if ((end_s[index] as number) === (start_s[index] as number)) continue;
      const kind = kindNames[program.kind[index] as number] as (typeof kindNames)[number];
      const layer = program.layers[program.layer[index] as number]?.name;
      const pass = passNames[program.pass[index] as number];
      operations.push({ name: layer === undefined ? kind : pass ? `${layer}, ${pass}` : layer, kind, lane: lanes[program.lane[index] as number] as (typeof lanes)[number], start_s: start_s[index] as number, end_s: end_s[index] as number, bytes: program.bytes[index] as number });
    }
    return { rank, slowdown: own[place] as number, operations };
  });
}
