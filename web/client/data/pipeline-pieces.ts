/**
 * What of a pipeline's passes a chart of a given width can show: passes one by one where they are wide enough, neighbours as one piece with shares where they are not. A pause
 * that is wide enough to see is left open.
 */
import type { Schedule } from "../transformer/protocol.ts";

export interface Piece {
  device: number;
  start_s: number;
  end_s: number;
  /** Number of passes in it. */
  passes: number;
  /** Of a single pass: which, and of which micro-batch. */
  pass: number;
  micro: number;
  /** Time in forward, backward, data gradient, weight gradient, both. */
  busy_s: [number, number, number, number, number];
}

const narrow_px = 3;
const gap_px = 1.2;

export function pipelinePieces(schedule: Schedule, from_s: number, to_s: number, width_px: number): Piece[][] {
  const scale = width_px / (to_s - from_s);
  const rows: Piece[][] = Array.from({ length: schedule.stages }, () => []);
  for (const index of orderOf(schedule)) {
    const [start_s, end_s] = [schedule.start_s[index] ?? 0, schedule.end_s[index] ?? 0];
    if (end_s <= from_s || start_s >= to_s) continue;
    const device = schedule.device[index] ?? 0;
    const pass = schedule.pass[index] ?? 0;
    const row = rows[device] as Piece[];
    const before = row.at(-1);
    const small = (end_s - start_s) * scale < narrow_px;
    const merges = before !== undefined && (start_s - before.end_s) * scale < gap_px && small && (before.passes > 1 || (before.end_s - before.start_s) * scale < narrow_px);
    if (merges) {
      before.end_s = end_s;
      before.passes++;
      before.busy_s[pass as 0] += end_s - start_s;
    } else {
      const busy_s: Piece["busy_s"] = [0, 0, 0, 0, 0];
      busy_s[pass as 0] = end_s - start_s;
      row.push({ device, start_s, end_s, passes: 1, pass, micro: schedule.micro[index] ?? 0, busy_s });
    }
  }
  return rows;
}

const orders = new WeakMap<Schedule, Uint32Array>();

function orderOf(schedule: Schedule): Uint32Array {
  const known = orders.get(schedule);
  if (known) return known;
  const order = Uint32Array.from(schedule.start_s, (_, index) => index).toSorted((a, b) => (schedule.start_s[a] ?? 0) - (schedule.start_s[b] ?? 0));
  orders.set(schedule, order);
  return order;
}

/** Share of the pipeline's time in which its stages wait. */
export function bubbleShare({ busy_s, stages, makespan_s }: Schedule): number {
  return makespan_s > 0 ? 1 - busy_s.reduce((sum, value) => sum + value, 0) / (stages * makespan_s) : 0;
}
