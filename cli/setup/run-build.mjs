// What npm run build does on a Node that will do.
import { root } from "./root.mjs";
import { setUp, toRun } from "./steps.mjs";

export async function main() {
  const { failed } = await setUp(toRun, { root, out: process.stdout });
  if (failed.length > 0) process.exitCode = 1;
}
