import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isStampFresh, listFiles, takeKeys, writeStamp } from "../../cli/setup/stamp.mjs";

let root = "";
const list = () => listFiles(root, ["src", "settings.json", "absent"], (path) => !path.endsWith(".md"));
const stamp = (extra?: string) => writeStamp(root, "build", takeKeys(root, list(), extra));
const isFresh = (extra?: string) => isStampFresh(root, "build", list(), extra);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "exatwin stamp "));
  mkdirSync(join(root, "src", "deep"), { recursive: true });
  writeFileSync(join(root, "src", "b.ts"), "b");
  writeFileSync(join(root, "src", "deep", "a.ts"), "a");
  writeFileSync(join(root, "src", "notes.md"), "notes");
  writeFileSync(join(root, "settings.json"), "{}");
});
afterEach(() => rmSync(root, { recursive: true }));

it("lists the accepted files below the entries, sorted, leaving out what is absent", () => {
  expect(list().map(({ path }) => path)).toEqual(["settings.json", "src/b.ts", "src/deep/a.ts"]);
});

it("is not fresh before it was written, and fresh afterwards", () => {
  expect(isFresh()).toBe(false);
  stamp();
  expect(isFresh()).toBe(true);
});

it("stays fresh when files are only touched or an unlisted one changes", () => {
  stamp();
  utimesSync(join(root, "src", "b.ts"), new Date(0), new Date(0));
  writeFileSync(join(root, "src", "notes.md"), "other notes");
  expect(isFresh()).toBe(true);
});

const edits: Record<string, () => void> = {
  "contents of the same length": () => {
    writeFileSync(join(root, "src", "b.ts"), "c");
    utimesSync(join(root, "src", "b.ts"), new Date(0), new Date(0));
  },
  "a new file": () => writeFileSync(join(root, "src", "c.ts"), ""),
  "a file gone": () => rmSync(join(root, "src", "b.ts")),
  "a file moved": () => {
    rmSync(join(root, "src", "b.ts"));
    writeFileSync(join(root, "src", "deep", "b.ts"), "b");
  },
};
it.each(Object.entries(edits))("is stale after %s", (_name, edit) => {
  stamp();
  edit();
  expect(isFresh()).toBe(false);
});

it("is stale when the other thing it depends on changes, and when the stamp is damaged", () => {
  stamp("browser 1");
  expect(isFresh("browser 1")).toBe(true);
  expect(isFresh("browser 2")).toBe(false);
  writeFileSync(join(root, ".cache", "setup", "build.json"), "{");
  expect(isFresh("browser 1")).toBe(false);
});
