// A vitest reporter that writes what `npm test` counts: every test with its state and, if skipped, the reason given;
// every file or group that failed outside a test; errors nobody caught. vitest's own JSON has no reasons.
// Written only when the run came to its end, so that a missing file means a crash.
import { writeFileSync } from "node:fs";

const firstLine = (error) => String(error.message ?? error).split("\n", 1)[0];

function describeModule(module) {
  const tests = [];
  for (const test of module.children.allTests()) {
    const result = test.result();
    tests.push({ name: test.fullName, state: result.state, note: result.state === "skipped" ? (result.note ?? "") : "" });
  }
  const broken = module.errors().map((error) => ({ name: "", message: firstLine(error) }));
  for (const suite of module.children.allSuites()) {
    for (const error of suite.errors()) broken.push({ name: suite.fullName, message: firstLine(error) });
  }
  return { file: module.relativeModuleId, project: module.project.name, tests, broken };
}

export default class CountingReporter {
  onTestRunEnd(modules, unhandledErrors, reason) {
    const path = process.env.EXATWIN_TEST_REPORT;
    if (path === undefined) return;
    const report = { reason, modules: modules.map(describeModule), unhandled: unhandledErrors.map(firstLine) };
    writeFileSync(path, JSON.stringify(report));
  }
}
