// What can be said about the sources without running them: types in the three projects, and lint.
import { runCommand } from "./child.mjs";

const typeCheck = (project) => ["typescript", "tsc", ["-p", project, "--pretty", "false"]];

export const checks = [
  { name: "types of model and calibrate, with neither Node nor browser in sight", command: typeCheck("tsconfig.pure.json") },
  { name: "types of everything that runs in Node", command: typeCheck("tsconfig.json") },
  { name: "types of everything that runs in a browser", command: typeCheck("tsconfig.web.json") },
  { name: "lint", command: ["oxlint", "oxlint", ["--deny-warnings"]] },
];

/** Runs all checks, side by side; returns the names of those that failed, their output shown. */
export async function runChecks({ root, out }) {
  const failed = [];
  const runs = checks.map(async ({ name, command: [packageName, program, args] }) => {
    const start_ms = performance.now();
    const { code, output } = await runCommand(root, packageName, program, args);
    const took = `${((performance.now() - start_ms) / 1000).toFixed(2)} s`;
    out.write(`check   ${name}: ${code === 0 ? "passed" : "failed"} (${took})\n`);
    if (code === 0) return;
    failed.push(name);
    out.write(`${output.trimEnd()}\n`);
  });
  await Promise.all(runs);
  return failed;
}
