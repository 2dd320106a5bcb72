/**
 * Child processes of a measurement: each in a process group of its own, so that it can be ended with everything it started, by id and nothing else.
 * Standard output is handed on line by line as it comes, of standard error the end is kept. Programs that belong together (the ranks of a collective)
 * run at the same time; when one fails, the others are ended.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export interface Child {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ChildEnd {
  /** null where a signal ended it or it never began. */
  readonly code: number | null;
  readonly missing: boolean;
  readonly by: "itself" | "stop" | "limit" | "another";
  /** The last lines of standard error. */
  readonly words: string;
}

export interface Watch {
  /** Each line that the first program writes. */
  readonly onLine: (line: string) => void;
  readonly stop: AbortSignal;
  readonly limit_s: number;
}

const grace_ms = 3000;
const keptWords = 2000;

export async function runTogether(children: readonly Child[], watch: Watch): Promise<ChildEnd[]> {
  const ending = new AbortController();
  let by: ChildEnd["by"] = "itself";
  const endAll = (reason: ChildEnd["by"]) => {
    if (ending.signal.aborted) return;
    by = reason;
    ending.abort();
  };
  const onStop = () => endAll("stop");
  if (watch.stop.aborted) return children.map(() => ({ code: null, missing: false, by: "stop", words: "" }));
  watch.stop.addEventListener("abort", onStop, { once: true });
  const timer = setTimeout(() => endAll("limit"), watch.limit_s * 1000);
  try {
    return await Promise.all(
      children.map(async (child, index) => {
        const end = await runOne(child, index === 0 ? watch.onLine : undefined, ending.signal);
        const own = ending.signal.aborted ? by : "itself";
        if (end.code !== 0) endAll("another");
        return { ...end, by: end.missing ? "itself" : own };
      }),
    );
  } finally {
    clearTimeout(timer);
    watch.stop.removeEventListener("abort", onStop);
  }
}

function runOne({ argv, cwd, env }: Child, onLine: ((line: string) => void) | undefined, ending: AbortSignal): Promise<Omit<ChildEnd, "by">> {
  const [program = "", ...words] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-keptWords)));
    const lines = createInterface({ input: child.stdout });
    const drained = new Promise<void>((done) => lines.once("close", done));
    lines.on("line", (line) => onLine?.(line));
    const forget = endWith(child, ending);
    child.once("error", (error: NodeJS.ErrnoException) => {
      forget();
      resolve({ code: null, missing: error.code === "ENOENT", words: error.message });
    });
    child.once("close", (code) => {
      forget();
      void drained.then(() => resolve({ code, missing: false, words: said.trim() }));
    });
  });
}

/** Asks the child's group to end when told to, insists after a while, and takes it along when this process ends by itself. */
function endWith(child: ChildProcess, ending: AbortSignal): () => void {
  const send = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  let insist: NodeJS.Timeout | undefined;
  const end = () => {
    send("SIGTERM");
    insist = setTimeout(() => send("SIGKILL"), grace_ms);
  };
  const atExit = () => send("SIGKILL");
  process.on("exit", atExit);
  if (ending.aborted) end();
  else ending.addEventListener("abort", end, { once: true });
  return () => {
    clearTimeout(insist);
    process.off("exit", atExit);
    ending.removeEventListener("abort", end);
  };
}
