/**
 * Who may import whom, as a table, and the check that holds it. A pure function of the sources, so that planted
 * violations can be tried on it. Anything the table does not allow is refused: a new folder or package needs a line here.
 */
import { importsOf } from "./imports-of.ts";

/**
 * `may`: folders (with everything below them, unless that has a line of its own), packages, `node:*`. `types`: folders
 * from which only types may come. A file obeys the line with the longest matching path, and may always import within its own
 * folder. A line for a folder takes that folder out of the one around it (cli may not import cli/setup); a line for one file
 * only says what that file may do more.
 */
interface Line {
  from: string;
  may: readonly string[];
  types?: readonly string[];
}

export const lines: readonly Line[] = [
  { from: "model", may: [] },
  { from: "calibrate", may: ["model", "simple-statistics"] },
  { from: "web/shared", may: ["model/schema", "model/prediction.ts", "zod"], types: ["model"] },
  { from: "web/server", may: ["model", "calibrate", "web/shared", "cli/host", "cli/import", "cli/store", "express", "zod", "node:*"] },
  { from: "web/client", may: ["model", "calibrate", "web/shared", "d3", "d3-*", "package.json"] },
  { from: "cli", may: ["model", "calibrate", "cli/host", "cli/measure", "cli/import", "cli/store", "node:*"] },
  { from: "cli/commands/serve.ts", may: ["model", "calibrate", "cli/host", "cli/measure", "web/server", "node:*"] },
  { from: "cli/import", may: ["model", "calibrate", "cli/store", "node:*"] },
  { from: "cli/store", may: ["model", "calibrate", "@duckdb/node-api", "node:*"] },
  { from: "cli/host", may: ["model", "calibrate", "node:*"] },
  { from: "cli/measure", may: ["model", "calibrate", "cli/host", "node:*"] },
  { from: "cli/setup", may: ["node:*", "playwright-core", "dist"] },
  { from: "cli/setup/node-version.mjs", may: ["fs"] },
  { from: "cli/exatwin.mjs", may: ["cli/setup"] },
  { from: "test", may: ["*"] },
  { from: "vite.config.ts", may: ["vite", "node:*"] },
  { from: "vitest.config.ts", may: ["vitest", "node:*"] },
];

/** Inside model/: each row may import the rows above it, never its own row's other members. Members are folders or files of model/. */
export const modelOrder: readonly (readonly string[])[] = [
  ["units", "problems", "normal"],
  ["schema"],
  ["prediction-input", "prediction-asynchrony"],
  ["scenario", "prediction"],
  ["workload", "compute", "network", "io", "variability", "convergence"],
  ["reliability"],
  ["plan", "asynchrony"],
  ["memory"],
  ["prediction-transformer"],
  ["resolve"],
  ["program"],
  ["cost"],
  ["resources"],
  ["engine"],
  ["uncertainty"],
  ["energy", "economics"],
  ["predict"],
  ["training-run"],
  ["search"],
  ["simulate"],
  ["explain"],
  ["index"],
];

/** The parts of a machine know the documents by their types only: what they compute with is handed to them as numbers. */
const typesOnlyFromSchema = ["plan", "compute", "memory", "network", "io", "variability"];

const modelPackages: Readonly<Record<string, readonly string[]>> = {
  schema: ["zod"],
};

export interface Violation {
  file: string;
  line: number;
  target: string;
  why: string;
}

const isWithin = (path: string, place: string): boolean =>
  place === "*" || path === place || path.startsWith(`${place}/`) || (place.endsWith("*") && path.startsWith(place.slice(0, -1)));

const isFile = (place: string): boolean => /\.\w+$/.test(place);

function longestMatch(path: string, candidates: readonly Line[]): Line | undefined {
  return candidates.filter(({ from }) => isWithin(path, from)).toSorted((a, b) => b.from.length - a.from.length)[0];
}

const lineOf = (path: string): Line | undefined => longestMatch(path, lines);
const folderOf = (path: string): string | undefined => longestMatch(path, lines.filter(({ from }) => !isFile(from)))?.from;

/** The path an import leads to, from the root of the checkout, or the package's name. Vite's ?query is no part of it. */
export function resolveTarget(file: string, target: string): string {
  const path = target.replace(/[?#].*$/, "");
  if (path.startsWith("/")) return path.slice(1);
  if (!path.startsWith(".")) return path;
  const parts = file.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

const memberOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");
const rowOf = (member: string): number => modelOrder.findIndex((row) => row.includes(member));

function checkInsideModel(file: string, to: string, typeOnly: boolean): string | undefined {
  const [importer, imported] = [memberOf(file), memberOf(to)];
  if (rowOf(importer) < 0) return `model/${importer} has no place in the order of model/: give it one in test/support/import-table.ts`;
  if (modelPackages[importer]?.includes(to)) return undefined;
  if (!isWithin(to, "model")) return `model/${importer} may not import ${to}: model/ is pure`;
  if (importer === imported) return undefined;
  if (rowOf(imported) < 0) return `model/${imported} has no place in the order of model/`;
  if (rowOf(imported) > rowOf(importer)) return `model/${imported} stands above model/${importer}`;
  if (rowOf(imported) === rowOf(importer)) return `model/${importer} and model/${imported} do not know each other`;
  if (imported === "schema" && !typeOnly && typesOnlyFromSchema.includes(importer)) return `model/${importer} takes only types from model/schema`;
  return undefined;
}

function checkImport(file: string, to: string, typeOnly: boolean): string | undefined {
  const line = lineOf(file);
  if (line === undefined) return `no line of the import table covers ${file}`;
  if (line.from === "model") return checkInsideModel(file, to, typeOnly);
  if (line.may.includes("*")) return undefined;
  const there = folderOf(to);
  if (there !== undefined && there === folderOf(file)) return undefined;
  const allows = (place: string): boolean => isWithin(to, place) && (there === undefined || isWithin(place, there));
  if (line.may.some(allows)) return undefined;
  if (line.types?.some(allows)) return typeOnly ? undefined : `${line.from} takes only types from ${to}: write import type`;
  return `${line.from} may not import ${to}`;
}

/** All imports in the given sources ({path from the root: text}) that the table does not allow. */
export function checkImports(sources: Readonly<Record<string, string>>): Violation[] {
  return Object.entries(sources).flatMap(([file, source]) =>
    importsOf(file, source).flatMap(({ target, typeOnly, line }) => {
      if (target === undefined) {
        const why = lineOf(file)?.may.includes("*") ? undefined : "an import whose target is computed cannot be checked";
        return why === undefined ? [] : [{ file, line, target: "(computed)", why }];
      }
      const to = resolveTarget(file, target);
      const why = checkImport(file, to, typeOnly);
      return why === undefined ? [] : [{ file, line, target, why }];
    }),
  );
}
