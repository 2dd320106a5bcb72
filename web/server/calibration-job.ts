/**
 * One run of `exatwin calibrate` as a child process, for a page that shows how it goes on: its progress lines are read as they come, and it is ended by
 * its id. It cleans up after itself on SIGTERM; one that does not end in time is killed.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Problem } from "../../model/problems.ts";
import type { Job, JobMode, RowSeen } from "../shared/calibration-api.ts";

export interface JobSetting {
  /** What runs the command line: program and first arguments, without the verb. */
  readonly command: readonly string[];
  readonly arguments?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface JobWish {
  readonly name: string;
  readonly mode: JobMode;
  readonly parts?: readonly string[] | undefined;
}

export interface RunningJob {
  look(): Job;
  cancel(): void;
  readonly ended: Promise<Job>;
}

type Told = { event: string } & Record<string, unknown>;

const patience_ms = 15_000;
const mostKept = { latest: 8, notes: 60, words: 20 } as const;

/** `finished` is told when the documents are written, before the state says so. */
export function startJob(setting: JobSetting, wish: JobWish, finished: () => void): RunningJob {
  const begun = performance.now();
  const since = (start: number) => (performance.now() - start) / 1000;
  const job: Job = { name: wish.name, mode: wish.mode, state: "running", started: new Date().toISOString(), elapsed_s: 0, estimate_s: null, left_s: null, total: null, done: 0, current: null, rows: 0, noisy: 0, latest: [], notes: [], problems: [], calibrations: [] };
  let entry: { label: string; estimate_s: number; left_s: number; start: number } | null = null;
  const words: string[] = [];
  let answer = "";

  const [program = process.execPath, ...first] = setting.command;
  const child = spawn(program, [...first, "calibrate", ...(wish.mode === "full" ? [] : [`--${wish.mode}`]), "--id", wish.name, ...(wish.parts ? ["--only", wish.parts.join(",")] : []), "--progress", "--json", ...(setting.arguments ?? [])], { cwd: setting.cwd, env: setting.env as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  let failure = "";
  child.on("error", (error) => (failure = error.message));
  child.stdout.setEncoding("utf8").on("data", (text: string) => (answer += text));
  createInterface({ input: child.stderr }).on("line", (line) => take(line));

  function take(line: string): void {
    const told = parseEvent(line);
    if (told === undefined) {
      if (line.trim() !== "") words.push(line);
      words.splice(0, words.length - mostKept.words);
    } else if (told.event === "plan") {
      job.total = told["benchmarks"] as number;
      job.estimate_s = told["estimate_s"] as number;
    } else if (told.event === "begin") {
      entry = { label: told["label"] as string, estimate_s: told["estimate_s"] as number, left_s: told["left_s"] as number, start: performance.now() };
    } else if (told.event === "row") {
      const { benchmark, case: given, median_s, quiet } = told as unknown as RowSeen;
      job.rows++;
      if (!quiet) job.noisy++;
      job.latest = [{ benchmark, case: given, median_s, quiet }, ...job.latest].slice(0, mostKept.latest);
    } else if (told.event === "end") {
      job.done++;
      entry = null;
    } else if (told.event === "note") {
      job.notes.push(told["text"] as string);
      job.notes.splice(0, job.notes.length - mostKept.notes);
    }
  }

  const look = (): Job => {
    const running = job.state === "running" || job.state === "cancelling";
    const spent = entry === null ? 0 : since(entry.start);
    return { ...job, elapsed_s: running ? since(begun) : job.elapsed_s, current: running && entry ? { label: entry.label, estimate_s: entry.estimate_s, elapsed_s: spent } : null, left_s: running && entry ? Math.max(0, entry.left_s - Math.min(spent, entry.estimate_s)) : null };
  };

  const ended = new Promise<Job>((resolve) => {
    child.on("close", (code) => {
      process.off("exit", kill);
      clearTimeout(killing);
      const { written, problems } = parseAnswer(answer);
      const cancelled = job.state === "cancelling" && code !== 0;
      job.elapsed_s = since(begun);
      job.calibrations = written;
      job.problems = problems;
      if (code === 0) finished();
      job.state = code === 0 ? "done" : cancelled ? "cancelled" : "failed";
      if (job.state === "failed" && problems.length === 0) job.problems = [{ code: "fault", path: "exatwin calibrate", got: failure || words.at(-1) || "an end without an answer", expected: "a calibration" }];
      resolve(look());
    });
  });
  let killing: NodeJS.Timeout | undefined;
  return {
    look,
    ended,
    cancel() {
      if (job.state !== "running") return;
      job.state = "cancelling";
      child.kill("SIGTERM");
      killing = setTimeout(kill, patience_ms);
    },
  };
}

function parseEvent(line: string): Told | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(line) as { event?: unknown };
    return typeof value.event === "string" ? (value as Told) : undefined;
  } catch {
    return undefined;
  }
}

function parseAnswer(text: string): { written: string[]; problems: Problem[] } {
  try {
    const { written = [], problems = [] } = JSON.parse(text) as { written?: string[]; problems?: Problem[] };
    return { written: written.flatMap((path) => /(?:^|[\\/])calibrations[\\/]([^\\/]+)\.json$/.exec(path)?.[1] ?? []), problems };
  } catch {
    return { written: [], problems: [] };
  }
}
