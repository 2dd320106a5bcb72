// The set-up steps in their order, and how they are run: one set-up at a time, each step on a line of its own.
import { packages } from "./packages.mjs";
import { browser } from "./browser-step.mjs";
import { client } from "./client.mjs";
import { dist } from "./dist.mjs";
import { withSetupLock } from "./lock.mjs";
import { native } from "./native.mjs";
import { runStep } from "./step.mjs";

/** Whether this Node will do was settled before this file was loaded (node-version.mjs); the line says which one it is. */
const node = { name: "node", run: async () => process.versions.node };

/** Needed by everything after them: when one fails, the rest cannot be tried. */
const required = [node, packages];
export const toRun = [dist, client];
export const toTest = [dist, client, native, browser];

/** Runs the steps; returns {failed: [step names], stopped}: stopped when a required step failed and the rest were not tried. */
export async function setUp(steps, { root, out }) {
  return withSetupLock(root, out, async () => {
    for (const step of required) {
      if (await runStep(step, { root, out })) return { failed: [step.name], stopped: true };
    }
    const failed = [];
    for (const step of steps) {
      if (await runStep(step, { root, out })) failed.push(step.name);
    }
    return { failed, stopped: false };
  });
}
