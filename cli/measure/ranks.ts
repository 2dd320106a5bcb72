/**
 * Programs that run once per rank: what rank 0 wrote, or a problem that says which rank failed and how. When one rank fails, at the time limit, and when
 * the caller cancels, all ranks are ended.
 */
import type { Problem } from "../../model/problems.ts";
import { runTogether, type ChildEnd } from "./children.ts";

export interface Ranks {
  /** One command per rank; rank 0's output is the result. */
  readonly commands: readonly (readonly string[])[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limit_s: number;
  readonly stop: AbortSignal;
  readonly onLine?: (line: string) => void;
}

export type RanksResult = { readonly lines: readonly string[]; readonly problems: readonly [] } | { readonly lines?: undefined; readonly problems: readonly Problem[] };

export async function runRanks({ commands, cwd, env, limit_s, stop, onLine }: Ranks): Promise<RanksResult> {
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    onLine?.(line);
  };
  const ends = await runTogether(commands.map((argv) => ({ argv, cwd, env })), { onLine: keep, stop, limit_s });
  const problems = ends.flatMap((end, rank) => explain(end, rank, commands[rank] ?? [], limit_s));
  // Ranks that were ended because another failed say nothing of their own.
  const [first] = problems.filter((_, index) => ends[index]?.by !== "another");
  const told = first ?? problems[0];
  return told === undefined ? { lines, problems: [] } : { problems: [told] };
}

function explain({ code, missing, by, words }: ChildEnd, rank: number, command: readonly string[], limit_s: number): Problem[] {
  if (code === 0) return [];
  const at = { code: "rank-failed", path: `rank ${rank}` };
  const said = words.split("\n").at(-1) ?? "";
  if (missing) return [{ ...at, got: `no program ${command[0] ?? ""}`, expected: "a program that is installed" }];
  if (by === "stop") return [{ ...at, code: "cancelled", got: "a request to stop", expected: "to be left to end by itself" }];
  if (by === "limit") return [{ ...at, got: `no end within ${limit_s} s`, expected: "an end in time", ...(said === "" ? {} : { hint: said }) }];
  const got = code === null ? "the end by a signal" : `exit code ${code}${code === 3 ? " (a wrong result)" : ""}`;
  return [{ ...at, got: said === "" ? got : `${got}: ${said}`, expected: "exit code 0" }];
}
