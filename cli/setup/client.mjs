// Bundles the web page into dist/web/client, where the server looks for it.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./child.mjs";
import { swapFolder } from "./dist.mjs";
import { isStampFresh, listFiles, takeKeys, writeStamp } from "./stamp.mjs";
import { StepError } from "./step.mjs";

const inputs = ["package.json", "package-lock.json", "vite.config.ts", "web/client", "web/shared", "model", "calibrate"];

const hasClient = (root) => existsSync(join(root, "web", "client", "index.html"));
const builtClient = (root) => join(root, "dist", "web", "client");

/** True when the bundle is what the sources say, or there is no page to bundle. */
export function isClientFresh(root) {
  if (!hasClient(root)) return true;
  return existsSync(join(builtClient(root), "index.html")) && isStampFresh(root, "client", listFiles(root, inputs));
}

export const client = {
  name: "page",
  async run({ root, announce }) {
    if (!hasClient(root)) return "none to bundle: there is no web/client/index.html";
    if (isClientFresh(root)) return "nothing changed";
    announce("bundling");
    const keys = takeKeys(root, listFiles(root, inputs));
    const made = join(root, ".cache", `client-${process.pid}`);
    const result = await runCommand(root, "vite", "vite", ["build", "--outDir", made, "--emptyOutDir", "--logLevel", "warn"], {
      env: { ...process.env, NODE_ENV: "production" },
    });
    if (result.code !== 0 || !existsSync(join(made, "index.html"))) {
      rmSync(made, { recursive: true, force: true });
      throw new StepError("The page cannot be bundled.", result.output);
    }
    swapFolder(made, builtClient(root), `${made}-old`);
    writeStamp(root, "client", keys);
    return "bundled";
  },
};
