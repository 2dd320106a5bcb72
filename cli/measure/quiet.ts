/**
 * What can be done for quiet: wait, for a bounded time, until few tasks wait for a processor (pressure stall information of Linux), and give the
 * measuring programs a control group with eight times the usual weight, because `nice` has no effect between login groups. Binding to processors is the
 * programs' own business. Left out: frequency and interrupts, which a guest cannot set.
 */
import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const quietPressure = 5;

/** Per cent of the last ten seconds in which some task waited for a processor; undefined where the kernel does not tell. */
export function readPressure(file = "/proc/pressure/cpu"): number | undefined {
  try {
    const found = /some avg10=([\d.]+)/.exec(readFileSync(file, "utf8"));
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined;
  }
}

export interface Waited {
  readonly waited_s: number;
  /** Pressure when the wait ended. */
  readonly pressure: number | undefined;
  readonly quiet: boolean;
}

/** Waits until the pressure is low, at most so long. `say` is told once, where there is something to wait for. */
export async function waitForQuiet(most_s: number, stop: AbortSignal, say: (pressure: number) => void, read: () => number | undefined = readPressure): Promise<Waited> {
  const start = performance.now();
  const elapsed_s = () => (performance.now() - start) / 1000;
  for (let said = false; ; said = true) {
    const pressure = read();
    if (pressure === undefined || pressure < quietPressure) return { waited_s: elapsed_s(), pressure, quiet: true };
    if (stop.aborted || elapsed_s() >= most_s) return { waited_s: elapsed_s(), pressure, quiet: false };
    if (!said) say(pressure);
    await pause(Math.min(0.5, Math.max(0.01, most_s - elapsed_s())), stop);
  }
}

function pause(time_s: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, time_s * 1000);
    stop.addEventListener("abort", done, { once: true });
  });
}

export interface Weight {
  /** argv of a program that runs with the weight. */
  wrap(argv: readonly string[]): string[];
  close(): void;
  /** Why there is no group; undefined where there is one. */
  readonly lacking?: string;
}

interface Controller {
  readonly folder: string;
  readonly file: string;
  readonly weight: string;
}

/** Where control groups of the processor can be made: version 1, then version 2. */
function findController(mounts: string): Controller | undefined {
  const rows = mounts.split("\n").map((line) => line.split(" "));
  const first = rows.find(([, , type, options]) => type === "cgroup" && (options ?? "").split(",").includes("cpu"));
  if (first?.[1] !== undefined) return { folder: first[1], file: "cpu.shares", weight: "8192" };
  for (const [, folder, type] of rows) {
    if (type === "cgroup2" && folder !== undefined && holdsWord(join(folder, "cgroup.subtree_control"), "cpu")) return { folder, file: "cpu.weight", weight: "800" };
  }
  return undefined;
}

const prefix = "exatwin-";

export function makeWeight(mountsFile = "/proc/mounts"): Weight {
  const none = (lacking: string): Weight => ({ wrap: (argv) => [...argv], close: () => undefined, lacking });
  const controller = findController(readText(mountsFile));
  if (!controller) return none("no control group of the processor is mounted");
  removeStale(controller.folder);
  const group = join(controller.folder, `${prefix}${process.pid}`);
  try {
    mkdirSync(group);
    writeFileSync(join(group, controller.file), controller.weight);
  } catch (error) {
    removeGroup(group);
    return none(`${controller.folder} does not let this user make a control group (${(error as NodeJS.ErrnoException).code ?? "refused"})`);
  }
  // The shell enters the group and then becomes the program, so that nothing the program starts is outside.
  return {
    wrap: (argv) => ["/bin/sh", "-c", 'echo $$ > "$0"; exec "$@"', join(group, "cgroup.procs"), ...argv],
    close: () => removeGroup(group),
  };
}

/** The kernel needs a moment to let go of tasks that have ended. What is still held then, the next run removes. */
function removeGroup(group: string): void {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      rmdirSync(group);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY") return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Groups of runs that were killed. */
function removeStale(folder: string): void {
  for (const name of listNames(folder)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) removeGroup(join(folder, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};
const holdsWord = (file: string, word: string): boolean => readText(file).split(/\s+/).includes(word);
const listNames = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
