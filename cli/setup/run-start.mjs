// What npm start does on a Node that will do. The command line runs in this very process: signals reach it undiluted.
import { root } from "./root.mjs";
import { setUp, toRun } from "./steps.mjs";

export async function main(args) {
  const { failed } = await setUp(toRun, { root, out: process.stdout });
  if (failed.length > 0) {
    process.exitCode = 1;
    return;
  }
  const { runProcess } = await import("../../dist/cli/main.js");
  await runProcess(["serve", "--table", ...args]);
}
