// Compiles model, calibrate, command line and server into dist/, which plain Node runs.
// Types are not checked here (npm test does that): starting must not wait for it.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./child.mjs";
import { isStampFresh, listFiles, takeKeys, writeStamp } from "./stamp.mjs";
import { StepError } from "./step.mjs";

const parts = ["model", "calibrate", "cli", "web/shared", "web/server"];
const settings = ["package.json", "tsconfig.json", "tsconfig.build.json"];
const isSource = (path) => /\.[cm]?tsx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path);

const listSources = (root) => listFiles(root, parts, isSource);
const builtPath = (path) => join("dist", path.replace(/ts$/, "js"));

/** True when dist/ holds what the sources say. Costs a stat per source file. */
export function isDistFresh(root) {
  const sources = listSources(root);
  if (sources.some(({ path }) => !existsSync(join(root, builtPath(path))))) return false;
  return isStampFresh(root, "dist", [...listFiles(root, settings), ...sources]);
}

/** Puts a freshly made folder in the place of the old one by renaming, so that a running process never reads half a file. */
export function swapFolder(made, place, aside) {
  mkdirSync(dirname(aside), { recursive: true });
  mkdirSync(dirname(place), { recursive: true });
  if (existsSync(place)) renameSync(place, aside);
  if (existsSync(made)) renameSync(made, place);
  rmSync(aside, { recursive: true, force: true });
}

export const dist = {
  name: "build",
  async run({ root, announce }) {
    const sources = listSources(root);
    if (isDistFresh(root)) return "model, command line and server: nothing changed";
    announce("model, command line and server");
    const keys = takeKeys(root, [...listFiles(root, settings), ...sources]);
    const made = join(root, ".cache", `dist-${process.pid}`);
    // Source maps name their sources relative to where they were written, so they would not survive the move.
    const args = ["-p", "tsconfig.build.json", "--noCheck", "--sourceMap", "false", "--outDir", made, "--pretty", "false"];
    const result = await runCommand(root, "typescript", "tsc", args);
    if (result.code !== 0) {
      rmSync(made, { recursive: true, force: true });
      throw new StepError("The sources do not compile.", result.output);
    }
    for (const part of parts) swapFolder(join(made, part), join(root, "dist", part), join(made, "old", part));
    rmSync(made, { recursive: true, force: true });
    writeStamp(root, "dist", keys);
    return `compiled ${sources.length} files`;
  },
};
