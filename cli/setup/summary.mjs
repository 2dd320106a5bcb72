// From the report of a test run to what `npm test` says at its end. Whatever is odd counts as a failure:
// no report, an interrupted run, a test that never ran, an exit code that fits no failure.

/**
 * Counts a run. `report` is what vitest-reporter.mjs wrote, or undefined when it wrote nothing; `code` is vitest's exit code;
 * `filtered` says that tests were chosen by name, in which case those not chosen are no skips.
 */
export function countRun({ report, code, filtered = false }) {
  const count = { passed: 0, failed: 0, skipped: [], failures: [] };
  const fail = (text) => {
    count.failed += 1;
    count.failures.push(text);
  };
  if (report === undefined) {
    fail(`vitest ended without a report (${code === null ? "killed" : `exit code ${code}`})`);
    return count;
  }
  for (const module of report.modules) {
    const place = module.project === "" ? module.file : `${module.file} (${module.project})`;
    for (const { name, message } of module.broken) fail(`${[place, name].filter(Boolean).join(" > ")}: ${message}`);
    for (const { name, state, note } of module.tests) {
      if (state === "passed") count.passed += 1;
      else if (state !== "skipped") fail(`${place} > ${name}${state === "failed" ? "" : `: ${state}, never ran`}`);
      else if (note !== "" || !filtered) {
        const reason = note !== "" ? note : module.broken.length > 0 ? "what surrounds it failed" : "no reason given";
        count.skipped.push(`${place} > ${name}: ${reason}`);
      }
    }
  }
  for (const message of report.unhandled) fail(`error outside any test: ${message}`);
  if (report.reason === "interrupted") fail("the run was interrupted");
  if (count.failed === 0 && code !== 0) fail(`vitest found no failed test but ended with exit code ${code}`);
  if (count.failed === 0 && count.passed === 0) fail("no test ran");
  return count;
}

/** The last line of `npm test`, alone on its line. */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
