/**
 * Time of one message, or of one MPI collective, by size: two lines, latency + bytes / rate, with a break between them where eager copies give way to
 * rendezvous. The break is tried at every size; each line is a least-squares fit of the relative error. A test of bandwidth streams messages: its rate
 * is the gap per byte, and its first line's latency is the overhead per message and not the time of flight.
 */
import type { OsuTable } from "../../readers/osu.ts";
import { median, quantile } from "../errors.ts";

export interface MessageTime {
  readonly bytes: number;
  readonly time_s: number;
}

export interface Line {
  readonly latency_s: number;
  /** Absent where the time does not grow with the size. */
  readonly rate_bytes_per_s?: number;
}

export interface MessageFit {
  readonly below: Line;
  /** First size of the second line, and that line; absent where there are too few sizes for two. */
  readonly from_bytes?: number;
  readonly above?: Line;
  readonly residuals: readonly { readonly bytes: number; readonly measured_s: number; readonly predicted_s: number; readonly error: number }[];
  readonly errors: { readonly n: number; readonly median: number; readonly p90: number; readonly worst: number };
}

const fewestPerLine = 3;

const timeOf = ({ latency_s, rate_bytes_per_s }: Line, bytes: number): number => latency_s + (rate_bytes_per_s === undefined ? 0 : bytes / rate_bytes_per_s);
const lossOf = (line: Line, rows: readonly MessageTime[]): number => rows.reduce((sum, { bytes, time_s }) => sum + (timeOf(line, bytes) / time_s - 1) ** 2, 0);

/** Least squares of (latency + bytes slope) / time - 1; neither is negative. */
function fitLine(rows: readonly MessageTime[]): Line {
  let [aa, ab, bb, a, b] = [0, 0, 0, 0, 0];
  for (const { bytes, time_s } of rows) {
    const [one, size] = [1 / time_s, bytes / time_s];
    aa += one * one;
    ab += one * size;
    bb += size * size;
    a += one;
    b += size;
  }
  const determinant = aa * bb - ab * ab;
  const slope = determinant > 1e-12 * aa * bb ? (aa * b - ab * a) / determinant : 0;
  const latency = (a - ab * Math.max(0, slope)) / aa;
  if (slope <= 0) return { latency_s: a / aa };
  return latency >= 0 ? { latency_s: latency, rate_bytes_per_s: 1 / slope } : { latency_s: 0, rate_bytes_per_s: bb / b };
}

export function fitMessages(times: readonly MessageTime[]): MessageFit {
  const rows = times.toSorted((a, b) => a.bytes - b.bytes);
  const single = fitLine(rows);
  let best: { loss: number; below: Line; at?: number; above?: Line } = { loss: lossOf(single, rows), below: single };
  for (let split = fewestPerLine; split <= rows.length - fewestPerLine; split += 1) {
    const [left, right] = [rows.slice(0, split), rows.slice(split)];
    const [below, above] = [fitLine(left), fitLine(right)];
    const loss = lossOf(below, left) + lossOf(above, right);
    if (loss < best.loss) best = { loss, below, at: right[0]!.bytes, above };
  }
  const { below, at, above } = best;
  const residuals = rows.map(({ bytes, time_s }) => {
    const predicted_s = timeOf(at !== undefined && above && bytes >= at ? above : below, bytes);
    return { bytes, measured_s: time_s, predicted_s, error: predicted_s / time_s - 1 };
  });
  const sizes = residuals.map(({ error }) => Math.abs(error));
  return {
    below,
    ...(at !== undefined && above ? { from_bytes: at, above } : {}),
    residuals,
    errors: { n: sizes.length, median: median(sizes), p90: quantile(sizes, 0.9), worst: Math.max(...sizes) },
  };
}

/** One time per size: of latency tests as printed, of bandwidth tests the time of one message in the stream. */
export function messageTimes({ rows }: OsuTable): MessageTime[] {
  return rows.flatMap(({ bytes, time_s, rate_bytes_per_s }) => {
    const time = time_s ?? (rate_bytes_per_s !== undefined && rate_bytes_per_s > 0 ? bytes / rate_bytes_per_s : 0);
    return time > 0 ? [{ bytes, time_s: time }] : [];
  });
}
