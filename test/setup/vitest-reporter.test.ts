/** What npm test counts, from a real vitest run over a folder of tests of every fate. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../../cli/setup/root.mjs";
import { countRun, type RunReport } from "../../cli/setup/summary.mjs";

const fates: Record<string, string> = {
  "states.test.ts": `
    import { describe, expect, it } from "vitest";
    it("holds", () => expect(1).toBe(1));
    describe("group", () => it("breaks", () => expect(1).toBe(2)));
    it("needs a GPU", (context) => context.skip("no GPU here"));
    it.skip("later", () => {});
    it.todo("some day");`,
  "broken-file.test.ts": `import "./absent.ts";`,
  "broken-setup.test.ts": `
    import { beforeAll, describe, it } from "vitest";
    describe("served", () => {
      beforeAll(() => { throw new Error("no server"); });
      it("answers", () => {});
    });`,
};

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
let folder = "";
let run: { report: RunReport | undefined; code: number | null };

// A vitest inside a vitest: what marks the outer one stays outside.
const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|EXATWIN_TEST)/.test(name)));

function runVitest(args: string[]): Promise<typeof run> {
  const path = join(folder, "report.json");
  rmSync(path, { force: true });
  const words = [vitest, "run", "--root", folder, `--reporter=${join(root, "cli", "setup", "vitest-reporter.mjs")}`, ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, words, { cwd: folder, env: { ...outside, EXATWIN_TEST_REPORT: path } }, () => {
      const report = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RunReport) : undefined;
      resolve({ report, code: child.exitCode });
    });
  });
}

beforeAll(async () => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache", "reporter "));
  writeFileSync(join(folder, "vitest.config.mjs"), "export default { test: { include: ['*.test.ts'] } };");
  for (const [name, source] of Object.entries(fates)) writeFileSync(join(folder, name), source);
  run = await runVitest([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

it("every fate is counted, the skipped ones with their reason", () => {
  const count = countRun(run);
  expect(run.code).toBe(1);
  expect(count.passed).toBe(1);
  expect(count.failures.toSorted()).toEqual([
    expect.stringMatching(/^broken-file\.test\.ts: .*absent/),
    "broken-setup.test.ts > served: no server",
    "states.test.ts > group > breaks",
  ]);
  expect(count.skipped.toSorted()).toEqual([
    "broken-setup.test.ts > served > answers: what surrounds it failed",
    "states.test.ts > later: no reason given",
    "states.test.ts > needs a GPU: no GPU here",
    "states.test.ts > some day: no reason given",
  ]);
});

it("a vitest that cannot start leaves no report, and that is a failure", async () => {
  const crashed = await runVitest(["--config", join(folder, "absent.config.mjs")]);
  expect(crashed.report).toBeUndefined();
  expect(countRun(crashed)).toMatchObject({ passed: 0, failed: 1 });
});
