/** Where the package and its scenarios lie, seen from the sources as well as from dist/. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The nearest folder above this file that holds package.json. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

export function scenariosFolder(cwd: string, option: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const chosen = option ?? env["EXATWIN_SCENARIOS"];
  return chosen === undefined || chosen === "" ? join(packageRoot, "scenarios") : resolve(cwd, chosen);
}

/** Where the built page lies. */
export const clientDirectory = join(packageRoot, "dist", "web", "client");

export const version: string = (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
