// The npm packages, exactly as package-lock.json says. Whether they are is read from what is installed, not from a note
// about an earlier run: each locked package must stand in node_modules in that version, or `npm ci` runs.
// Leaves out: whether the files inside a package were changed by hand.
import { existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runProgram } from "./child.mjs";
import { StepError } from "./step.mjs";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/** Why `npm ci` has to run, or "" when node_modules is what the lock file says. */
export function describeDifference(root) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return "not installed yet";
  const manifest = readJson(join(root, "package.json"));
  const locked = readJson(join(root, "package-lock.json")).packages;
  const installed = readJson(record).packages;
  for (const kind of kinds) {
    if (JSON.stringify(manifest[kind] ?? {}) !== JSON.stringify(locked[""][kind] ?? {})) return `${kind} of package.json changed`;
  }
  for (const [path, { version, integrity, optional }] of Object.entries(locked)) {
    if (path === "") continue;
    const found = installed[path];
    // Optional packages are mostly builds for other processors and systems, which npm leaves out.
    if (found === undefined && optional) continue;
    if (found === undefined || found.version !== version || found.integrity !== integrity) return `${path} is not ${version}`;
    if (!existsSync(join(root, path, "package.json"))) return `${path} is gone`;
  }
  return "";
}

/** Program and first arguments that start npm, or undefined when there is none. */
export function findNpm(env, nodePath) {
  const running = env.npm_execpath;
  if (running !== undefined && /npm-cli\.c?js$/.test(running) && existsSync(running)) return [nodePath, running];
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder !== "" && existsSync(join(folder, "npm"))) return [join(folder, "npm")];
  }
  const beside = join(dirname(nodePath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  return existsSync(beside) ? [nodePath, beside] : undefined;
}

export const noNpm =
  "npm was not found, neither on PATH nor beside Node. It comes with Node from https://nodejs.org/en/download; " +
  "on Debian: apt-get install npm";

/** Lets `npx exatwin` find the command inside the checkout: npm links only the commands of dependencies. */
export function linkCommand(root) {
  const link = join(root, "node_modules", ".bin", "exatwin");
  const target = "../../cli/exatwin.mjs";
  try {
    if (readlinkSync(link) === target) return;
  } catch {
    // Not there, or not a link: made below.
  }
  mkdirSync(dirname(link), { recursive: true });
  const draft = `${link}.${process.pid}`;
  symlinkSync(target, draft);
  renameSync(draft, link);
}

export const packages = {
  name: "packages",
  async run({ root, announce }) {
    const difference = describeDifference(root);
    if (difference !== "") {
      const npm = findNpm(process.env, process.execPath);
      if (npm === undefined) throw new StepError(noNpm);
      announce(`${difference}: npm ci`);
      const [program, ...first] = npm;
      const args = [...first, "ci", "--include=dev", "--include=optional", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
      const result = await runProgram(program, args, { cwd: root });
      if (result.code !== 0) throw new StepError("npm ci failed. Is the network there? Its own words are above.", result.output);
    }
    linkCommand(root);
    return difference === "" ? "as package-lock.json says" : "installed";
  },
};
