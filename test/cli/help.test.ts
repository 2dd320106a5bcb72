import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../cli/commands/index.ts";
import { copyScenarios, run, words } from "./harness.ts";

let copy: ReturnType<typeof copyScenarios>;
beforeAll(() => {
  copy = copyScenarios();
  // Examples of import name a folder of logs; those of store ask for what these put there.
  cpSync(join(import.meta.dirname, "../fixtures/logs"), join(copy.folder, "logs"), { recursive: true });
});
afterAll(() => copy.remove());

describe("help", () => {
  test("there are these verbs, and the overview names each", async () => {
    const { code, stdout, stderr } = await run(["--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(commands.map(({ name }) => name)).toEqual(["predict", "train", "search", "simulate", "scale", "validate", "calibrate", "measure", "explain", "import", "store", "check", "list", "show", "schema", "serve"]);
    for (const { name, summary } of commands) expect(stdout).toContain(`  ${name.padEnd("calibrate".length)}  ${summary.slice(0, 40)}`);
    expect((await run([])).stdout).toBe(stdout);
  });

  test.each(commands.map((command) => [command.name, command] as const))("%s: --help, -h and help VERB agree, name every option and stay within 100 columns", async (name, command) => {
    const { code, stdout } = await run([name, "--help"]);
    expect(code).toBe(0);
    expect((await run([name, "-h"])).stdout).toBe(stdout);
    expect((await run(["help", name])).stdout).toBe(stdout);
    for (const option of [...Object.keys(command.options), "json", "help", "scenarios"]) expect(stdout).toContain(`--${option}`);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(command.examples.length).toBeGreaterThanOrEqual(3);
  });

  test.each(commands.flatMap(({ examples }) => examples.map(({ line }) => line)))("example: exatwin %s", async (line) => {
    const onOutput = (text: string, stop: () => void) => (line.startsWith("serve") && text.includes("http://") ? stop() : undefined);
    const { code, stdout, stderr } = await run(words(line), { cwd: copy.folder, env: copy.env, onOutput });
    expect(stderr.replace(/note: .*\n/g, "")).toBe("");
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(10);
  });
});
