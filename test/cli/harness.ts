/** Runs the command line in this process, with everything it writes kept apart. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main.ts";
import { packageRoot } from "../../cli/host/root.ts";
import type { Problem } from "../../model/problems.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Setting {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  /** Called with each piece of standard output; gives a way to stop a verb that stays. */
  onOutput?: (text: string, stop: () => void) => void;
  /** The same for standard error. */
  onMessage?: (text: string, stop: () => void) => void;
}

export async function run(argv: readonly string[], setting: Setting = {}): Promise<Ran> {
  const stop = new AbortController();
  const ran: Ran = { code: -1, stdout: "", stderr: "" };
  const stdout = {
    write: (text: string) => {
      ran.stdout += text;
      setting.onOutput?.(ran.stdout, () => stop.abort());
    },
  };
  const stderr = {
    write: (text: string) => {
      ran.stderr += text;
      setting.onMessage?.(ran.stderr, () => stop.abort());
    },
  };
  const stdin = (async function* () {
    if (setting.stdin !== undefined) yield typeof setting.stdin === "string" ? Buffer.from(setting.stdin) : setting.stdin;
  })();
  ran.code = await main(argv, { stdout, stderr, stdin, env: setting.env ?? {}, cwd: setting.cwd ?? packageRoot, stop: stop.signal });
  return ran;
}

export async function runJson<T>(argv: readonly string[], setting: Setting = {}): Promise<T> {
  const ran = await run([...argv, "--json"], setting);
  if (ran.code !== 0) throw new Error(`exit ${ran.code}: ${ran.stdout}${ran.stderr}`);
  return JSON.parse(ran.stdout) as T;
}

/** Problems of a command that must fail: exit 1, no stack, and the same problems as text and as JSON. */
export async function problemsOf(argv: readonly string[], setting: Setting = {}): Promise<Problem[]> {
  const asJson = await run([...argv, "--json"], setting);
  const asText = await run(argv, setting);
  const { problems } = JSON.parse(asJson.stdout) as { problems: Problem[] };
  const complaint = [
    asJson.code === 1 && asText.code === 1 ? "" : `exit ${asJson.code} and ${asText.code}, not 1`,
    asText.stdout === "" ? "" : "text on standard output",
    /\n\s+at .*[:(]\d+/.test(asText.stderr + asJson.stderr) ? "a stack" : "",
    asText.stderr.includes(`${problems.length} problem`) ? "" : `text does not count ${problems.length} problems: ${asText.stderr}`,
    problems.every(({ code, path, got, expected }) => [code, path, got, expected].every((part) => typeof part === "string" && part !== "")) ? "" : "a problem without path, got or expected",
  ].filter(Boolean);
  if (complaint.length > 0) throw new Error(`${argv.join(" ")}: ${complaint.join("; ")}`);
  return problems;
}

/** A folder of its own with a copy of scenarios/, for verbs that write or that need broken files. */
export function copyScenarios(): { folder: string; scenarios: string; env: Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "exatwin-"));
  const scenarios = join(folder, "scenarios");
  cpSync(join(packageRoot, "scenarios"), scenarios, { recursive: true });
  return { folder, scenarios, env: { EXATWIN_SCENARIOS: scenarios }, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Splits an example as a shell would, quotes included. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
}

export const flagship = "summit-deeplabv3plus-fp16-2018";
