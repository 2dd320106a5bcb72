import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeDifference, findNpm, linkCommand, noNpm } from "../../cli/setup/packages.mjs";
import { root as checkout } from "../../cli/setup/root.mjs";

interface Lock {
  packages: Record<string, { version?: string; resolved?: string; [key: string]: unknown }>;
}

let root = "";
const write = (path: string, value: unknown) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(value));
};
const one = { version: "1.0.0", integrity: "sha512-one" };
const locked = { "": { dependencies: { one: "1.0.0" } }, "node_modules/one": one, "node_modules/for-another-system": { version: "2.0.0", optional: true } };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "exatwin packages "));
  write("package.json", { name: "x", dependencies: { one: "1.0.0" } });
  write("package-lock.json", { packages: locked });
  write("node_modules/.package-lock.json", { packages: { "node_modules/one": one } });
  write("node_modules/one/package.json", { name: "one" });
});
afterEach(() => rmSync(root, { recursive: true }));

describe("whether npm ci has to run", () => {
  it("not when all that is locked is there, but for optional packages", () => {
    expect(describeDifference(root)).toBe("");
  });

  const changes: [string, () => void, RegExp][] = [
    ["nothing is installed", () => rmSync(join(root, "node_modules"), { recursive: true }), /not installed/],
    ["a package's folder was deleted", () => rmSync(join(root, "node_modules/one"), { recursive: true }), /one is gone/],
    ["the lock asks for another version", () => write("package-lock.json", { packages: { ...locked, "node_modules/one": { ...one, version: "1.0.1" } } }), /one is not 1.0.1/],
    ["the lock asks for other contents", () => write("package-lock.json", { packages: { ...locked, "node_modules/one": { ...one, integrity: "sha512-two" } } }), /one is not 1.0.0/],
    ["the lock has one more", () => write("package-lock.json", { packages: { ...locked, "node_modules/two": one } }), /two is not/],
    ["package.json is ahead of the lock", () => write("package.json", { dependencies: { one: "1.0.0", two: "1.0.0" } }), /package.json changed/],
  ];
  it.each(changes)("yes when %s", (_name, change, why) => {
    change();
    expect(describeDifference(root)).toMatch(why);
  });
});

describe("npm", () => {
  it("is the one that is running, else the one on PATH, else the one beside Node", () => {
    const cli = join(root, "npm-cli.js");
    writeFileSync(cli, "");
    write("bin/npm", "");
    write("node/lib/node_modules/npm/bin/npm-cli.js", "");
    const beside = join(root, "node", "lib", "node_modules", "npm", "bin", "npm-cli.js");
    expect(findNpm({ npm_execpath: cli, PATH: join(root, "bin") }, "/node")).toEqual(["/node", cli]);
    expect(findNpm({ npm_execpath: "/opt/yarn.js", PATH: `${root}:${join(root, "bin")}` }, "/node")).toEqual([join(root, "bin", "npm")]);
    expect(findNpm({ PATH: "" }, join(root, "node", "bin", "node"))).toEqual([join(root, "node", "bin", "node"), beside]);
  });

  it("missing is told with what to do", () => {
    expect(findNpm({}, join(root, "bin", "node"))).toBeUndefined();
    expect(noNpm).toMatch(/npm was not found.*apt-get install npm/);
  });
});

it("the command is linked where npx looks, over whatever was there, and linking again changes nothing", () => {
  const link = join(root, "node_modules", ".bin", "exatwin");
  write("node_modules/.bin/exatwin", "old");
  linkCommand(root);
  linkCommand(root);
  expect(readlinkSync(link)).toBe("../../cli/exatwin.mjs");
});

describe("the lock file of this checkout", () => {
  const { packages } = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8")) as Lock;

  it("carries no registry address", () => {
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });

  it("pins what package.json names exactly", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as Record<string, Record<string, string>>;
    const asked = Object.entries({ ...dependencies, ...devDependencies });
    expect(asked.length).toBeGreaterThan(10);
    for (const [name, version] of asked) expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
  });
});
