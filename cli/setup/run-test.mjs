// What npm test does on a Node that will do. Arguments go to vitest: `npm test -- test/model`, `npm test -- -t ring`.
// Each check and each failed set-up step counts like a test. The line of counts comes last whatever happens.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checks, runChecks } from "./checks.mjs";
import { runCommand } from "./child.mjs";
import { root } from "./root.mjs";
import { setUp, toTest } from "./steps.mjs";
import { countRun, lastLine } from "./summary.mjs";

const reporter = fileURLToPath(new URL("vitest-reporter.mjs", import.meta.url));
const choosesByName = (args) => args.some((arg) => /^(-t|--testNamePattern)\b/.test(arg));

async function runTests(args) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const path = join(root, ".cache", `test-report-${process.pid}.json`);
  rmSync(path, { force: true });
  const env = { ...process.env, NODE_ENV: "test", EXATWIN_TEST_REPORT: path };
  const words = ["run", "--reporter=default", `--reporter=${reporter}`, ...args];
  const { code } = await runCommand(root, "vitest", "vitest", words, { env, show: true });
  const report = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  rmSync(path, { force: true });
  return countRun({ report, code, filtered: choosesByName(args) });
}

async function runAll(args, out, tally) {
  const { failed, stopped } = await setUp(toTest, { root, out });
  for (const name of failed) tally.fail(`set-up: ${name}`);
  if (stopped) return;
  const failedChecks = await runChecks({ root, out });
  tally.passed += checks.length - failedChecks.length;
  for (const name of failedChecks) tally.fail(`check: ${name}`);
  const tests = await runTests(args);
  tally.passed += tests.passed;
  for (const text of tests.failures) tally.fail(text);
  tally.skipped.push(...tests.skipped);
}

export async function main(args) {
  const out = process.stdout;
  const failures = [];
  const tally = { passed: 0, skipped: [], fail: (text) => failures.push(text) };
  try {
    await runAll(args, out, tally);
  } catch (error) {
    tally.fail(`npm test itself: ${error.stack}`);
  }
  for (const text of tally.skipped) out.write(`skipped ${text}\n`);
  for (const text of failures) out.write(`failed  ${text}\n`);
  if (failures.length > 0) process.exitCode = 1;
  out.write(`${lastLine({ passed: tally.passed, failed: failures.length, skipped: tally.skipped.length })}\n`);
}
