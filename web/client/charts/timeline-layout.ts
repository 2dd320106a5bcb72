/** Where the rows of a timeline stand: strip of the whole step, axis, then of each rank a head and its lanes. */
import type { Timeline, Lane, Role } from "../data/timeline-lanes.ts";
import type { Ruler } from "./kit.ts";

export interface LaneRow {
  lane: Lane;
  /** Names above the bars. */
  names: number | null;
  top: number;
  height: number;
}

export interface RoleRow {
  role: Role;
  head: number;
  lanes: LaneRow[];
  bottom: number;
}

export interface TimelineLayout {
  left: number;
  right: number;
  strip: { top: number; bottom: number };
  /** Baseline of the axis' figures. */
  axis: number;
  top: number;
  bottom: number;
  roles: RoleRow[];
  height: number;
  narrow: boolean;
}

const heights = { compute: 22, other: 11 } as const;

export function layOut(timeline: Timeline, width: number, ruler: Ruler): TimelineLayout {
  const narrow = width < 560;
  const names = timeline.roles.flatMap(({ lanes }) => lanes.map(({ name }) => ruler(name, narrow ? 10.5 : 11)));
  const left = narrow ? 74 : Math.ceil(Math.max(...names, ruler("whole step", 11, 600))) + 26;
  const strip = { top: 4, bottom: 38 };
  const axis = strip.bottom + 30;
  let y = axis + 10;
  const top = y;
  const roles = timeline.roles.map((role): RoleRow => {
    const head = y + 16;
    y += 24;
    const lanes = role.lanes.map((lane): LaneRow => {
      const compute = lane.lane === "compute";
      const row: LaneRow = { lane, names: compute ? y + 10 : null, top: compute ? y + 14 : y, height: compute ? heights.compute : heights.other };
      y = row.top + row.height + (compute ? 8 : 6);
      return row;
    });
    y += 6;
    return { role, head, lanes, bottom: y };
  });
  return { left, right: width - 10, strip, axis, top, bottom: y, roles, height: y + 4, narrow };
}

/** A short name for a narrow column. */
export const shortLane: Record<Lane["lane"], string> = { compute: "compute", network: "network", control: "control", read: "reads", decode: "decoding", copy: "copy" };
