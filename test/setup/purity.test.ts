/** The settings that keep model/ and calibrate/ pure, tried on files that are not. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../cli/setup/root.mjs";

const pure = `export const double = (value: number): number => 2 * value;\n`;

const impureByType: Record<string, string> = {
  "node:fs": `import { readFileSync } from "node:fs"; export const x = readFileSync("a");`,
  process: `export const x = process.env;`,
  window: `export const x = window.location;`,
  document: `export const x = document.title;`,
  fetch: `export const x = fetch("a");`,
  setTimeout: `export const x = setTimeout(() => 0, 1);`,
  console: `console.log(1); export const x = 1;`,
  performance: `export const x = performance.now();`,
  Buffer: `export const x = Buffer.from("a");`,
};

const impureByLint: Record<string, string> = {
  "Math.random": `export const x = Math.random();`,
  Date: `export const x = Date.now();`,
  "new Date": `export const x = new Date();`,
  process: `export const x = process.env;`,
  "node:fs": `import { readFileSync } from "node:fs"; export const x = readFileSync("a");`,
  console: `console.log(1); export const x = 1;`,
  performance: `export const x = performance.now();`,
};

const run = (command: string, args: string[], cwd: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(root, "node_modules", ...command.split("/")), ...args], { cwd }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });

const fileOf = (name: string): string => `${name.replace(/\W/g, "-")}.ts`;
function plant(sources: Record<string, string>, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of Object.entries(sources)) writeFileSync(join(folder, fileOf(name)), source);
}

describe("the types of model/ and calibrate/", () => {
  let folder = "";
  let told = "";
  let toldElsewhere = "";
  // Inside the checkout, so that Node's types are within reach and only the settings keep them out.
  beforeAll(async () => {
    mkdirSync(join(root, ".cache"), { recursive: true });
    folder = mkdtempSync(join(root, ".cache", "purity "));
    plant({ pure, ...impureByType }, folder);
    const check = async (project: string) => {
      const path = join(folder, project);
      writeFileSync(path, JSON.stringify({ extends: `../../${project}`, include: ["*.ts"] }));
      return run("typescript/bin/tsc", ["-p", path, "--pretty", "false"], folder);
    };
    told = await check("tsconfig.pure.json");
    toldElsewhere = await check("tsconfig.json");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.keys(impureByType))("do not know %s", (name) => {
    expect(told).toMatch(new RegExp(`^${fileOf(name)}\\(1,\\d+\\): error TS\\d+: Cannot find name`, "m"));
  });

  it("let a pure file pass, and what Node has is known elsewhere", () => {
    expect(told).not.toContain(fileOf("pure"));
    expect(toldElsewhere.match(/^[\w-]+\.ts/gm)).toEqual(["document.ts", "window.ts"]);
  });
});

describe.each(["model", "calibrate"])("lint in %s/", (place) => {
  let folder = "";
  let told = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "exatwin lint "));
    plant({ pure, ...impureByLint }, join(folder, place));
    copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    told = await run("oxlint/bin/oxlint", ["--deny-warnings", "--format=unix", place], folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.keys(impureByLint))("refuses %s", (name) => {
    expect(told).toMatch(new RegExp(`${place}/${fileOf(name)}:1:\\d+:.*no-(restricted-|console)`));
  });

  it("lets a pure file pass", () => {
    expect(told).not.toContain(`${place}/${fileOf("pure")}`);
  });
});
