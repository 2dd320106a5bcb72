/** The command line as a process: exit codes, pipes, signals. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../cli/host/root.ts";
import { main } from "../../cli/main.ts";
import { flagship } from "./harness.ts";

function start(argv: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", join(packageRoot, "cli", "main.ts"), ...argv], { cwd: packageRoot, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => child.on("close", (code) => resolve({ code, ...output })));
  return { child, ended, output };
}

describe("as a process", () => {
  test("0 for an answer, 1 for a problem in the input, colour nowhere without a terminal", async () => {
    const [good, bad] = await Promise.all([start(["list", "machine"]).ended, start(["predict", "nothing"], { FORCE_COLOR: "1" }).ended]);
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(good.stdout).toContain("summit");
    expect(bad).toMatchObject({ code: 1, stdout: "" });
    expect(bad.stderr).toContain("got       \"nothing\"");
    expect(bad.stderr + good.stdout).not.toContain("\u001b");
  });

  test("a reader that goes away is no fault", async () => {
    const { child, ended } = start(["show", "run", flagship, "--json"]);
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toBe("");
  });

  test.each(["SIGINT", "SIGTERM"] as const)("serve answers, then ends cleanly on %s", async (signal) => {
    const { child, ended, output } = start(["serve"], { PORT: "0" });
    await new Promise<void>((resolve) => child.stdout.on("data", () => (output.stdout.includes("http://") ? resolve() : undefined)));
    const url = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(output.stdout);
    const health = await fetch(`${url?.[0]}api/health`);
    expect(health.status).toBe(200);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("in this process", () => {
  const io = (write: (text: string) => void) => {
    let stderr = "";
    return { given: { stdout: { write }, stderr: { write: (text: string) => void (stderr += text) }, stdin: (async function* () {})(), cwd: packageRoot, stop: new AbortController().signal }, read: () => stderr };
  };
  const broken = () => {
    throw new Error("the disk is full");
  };

  test("a fault of ours is exit 2 and one line; the stack only where asked for", async () => {
    const quiet = io(broken);
    expect(await main(["list"], { ...quiet.given, env: {} })).toBe(2);
    expect(quiet.read()).toMatch(/^exatwin: a fault of the program, not of your input: the disk is full .*\n$/);
    const loud = io(broken);
    expect(await main(["list"], { ...loud.given, env: { EXATWIN_DEBUG: "1" } })).toBe(2);
    expect(loud.read()).toContain("    at ");
  });

  test("a port in use is told with --json as well", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    let stdout = "";
    const { given } = io((text) => void (stdout += text));
    expect(await main(["serve", "--port", String(port), "--json"], { ...given, env: {} })).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ code: "port-in-use", hint: expect.stringContaining("--port 0") }] });
    taken.close();
  });
});
