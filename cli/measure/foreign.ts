/**
 * Share of the processors' time that went to programs other than those this process started and waited for. Pressure cannot tell that of ranks whose own
 * threads share a core. Linux only; undefined elsewhere.
 */
import { readFileSync } from "node:fs";

export interface Usage {
  /** Clock ticks that the processors were busy, and that ended children of this process used. */
  readonly busy: number;
  readonly children: number;
  readonly all: number;
}

export function readUsage(statFile = "/proc/stat", selfFile = "/proc/self/stat"): Usage | undefined {
  try {
    const total = (/^cpu +(.*)$/m.exec(readFileSync(statFile, "utf8"))?.[1] ?? "").split(" ").map(Number);
    // user nice system idle iowait irq softirq steal. Interrupts are left out: on a run with collectives they are mostly its own messages.
    const idle = (total[3] ?? 0) + (total[4] ?? 0) + (total[5] ?? 0) + (total[6] ?? 0);
    const all = total.slice(0, 8).reduce((sum, value) => sum + value, 0);
    const own = readFileSync(selfFile, "utf8").replace(/^.*\) /s, "").split(" ").map(Number);
    // After the name: state ppid ... utime stime cutime cstime are the 12th to 15th.
    return { busy: all - idle, all, children: (own[13] ?? 0) + (own[14] ?? 0) };
  } catch {
    return undefined;
  }
}

export function foreignShare(before: Usage | undefined, after: Usage | undefined): number | undefined {
  if (!before || !after || after.all <= before.all) return undefined;
  return Math.max(0, (after.busy - before.busy - (after.children - before.children)) / (after.all - before.all));
}
