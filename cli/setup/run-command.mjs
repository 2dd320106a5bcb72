// What the command `exatwin` does on a Node that will do. The way without changes reads no more than the sources' times;
// the set-up is loaded only when there is something to do. `serve` needs the page too.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isClientFresh } from "./client.mjs";
import { isDistFresh } from "./dist.mjs";
import { root } from "./root.mjs";

const isReady = (args) =>
  existsSync(join(root, "node_modules", ".package-lock.json")) && isDistFresh(root) && (args[0] !== "serve" || isClientFresh(root));

export async function main(args) {
  if (!isReady(args)) {
    const { setUp, toRun } = await import("./steps.mjs");
    const steps = args[0] === "serve" ? toRun : toRun.slice(0, 1);
    const { failed } = await setUp(steps, { root, out: process.stderr });
    if (failed.length > 0) {
      process.exitCode = 2;
      return;
    }
  }
  const { runProcess } = await import("../../dist/cli/main.js");
  await runProcess(args);
}
