/**
 * Progress on standard error: one line that is written over, with an estimate, on a terminal; a plain line per entry elsewhere; or, for another program
 * that shows it, one JSON object a line for everything that happens.
 */
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import type { World } from "./world.ts";

export type ProgressEvent =
  | { readonly event: "plan"; readonly benchmarks: number; readonly estimate_s: number }
  | { readonly event: "begin"; readonly number: number; readonly label: string; readonly estimate_s: number; readonly left_s: number }
  | { readonly event: "row"; readonly benchmark: string; readonly case: MeasurementRow["case"]; readonly median_s: number; readonly quiet: boolean }
  | { readonly event: "end"; readonly label: string }
  | { readonly event: "note"; readonly text: string };

export class Progress {
  private readonly io: World;
  private readonly asEvents: boolean;
  private total = 0;
  private left_s = 0;
  private done = 0;
  private rows = 0;
  private entry: { label: string; estimate_s: number; start: number } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(io: World, asEvents = false) {
    this.io = io;
    this.asEvents = asEvents;
  }

  plan(total: number, estimate_s: number): void {
    this.total = total;
    this.left_s = estimate_s;
    this.tell({ event: "plan", benchmarks: total, estimate_s });
  }

  begin(label: string, estimate_s: number): void {
    this.entry = { label, estimate_s, start: performance.now() };
    if (this.asEvents) this.tell({ event: "begin", number: this.done + 1, label, estimate_s, left_s: this.left_s });
    else if (!this.io.stderr.isTTY) this.say(`${this.done + 1}/${this.total} ${label}: about ${showSeconds(estimate_s)}, ${showSeconds(this.left_s)} to the end`);
    else {
      this.draw();
      this.timer = setInterval(() => this.draw(), 500);
    }
  }

  row({ benchmark, case: given, time_s, quiet }: MeasurementRow): void {
    this.rows++;
    this.tell({ event: "row", benchmark, case: given, median_s: time_s.median, quiet });
    if (this.io.stderr.isTTY && !this.asEvents) this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    if (this.entry) this.tell({ event: "end", label: this.entry.label });
    this.left_s -= this.entry?.estimate_s ?? 0;
    this.done++;
    this.entry = undefined;
  }

  /** A line that stays. */
  say(line: string): void {
    if (this.asEvents) return this.tell({ event: "note", text: line });
    this.io.stderr.write(`${this.io.stderr.isTTY ? "\r\u001b[K" : ""}${line}\n`);
  }

  clear(): void {
    clearInterval(this.timer);
    if (this.io.stderr.isTTY && !this.asEvents) this.io.stderr.write("\r\u001b[K");
  }

  private tell(event: ProgressEvent): void {
    if (this.asEvents) this.io.stderr.write(`${JSON.stringify(event)}\n`);
  }

  private draw(): void {
    if (!this.entry) return;
    const spent_s = (performance.now() - this.entry.start) / 1000;
    const left_s = Math.max(0, this.left_s - Math.min(spent_s, this.entry.estimate_s));
    const line = `[${this.done + 1}/${this.total}] ${this.entry.label}  ${showSeconds(spent_s)} of about ${showSeconds(this.entry.estimate_s)}; ${this.rows} rows; ${showSeconds(left_s)} to the end`;
    this.io.stderr.write(`\r\u001b[K${line.slice(0, Math.max(20, (this.io.stderr.columns ?? 80) - 1))}`);
  }
}

export function showSeconds(time_s: number): string {
  const whole = Math.round(time_s);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
