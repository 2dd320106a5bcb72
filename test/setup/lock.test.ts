import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withSetupLock } from "../../cli/setup/lock.mjs";

let root = "";
const said: string[] = [];
const out = { write: (text: string) => said.push(text) };
const folder = () => join(root, ".cache", "setup.lock");
const leaveLock = (owner: { pid: number; host: string }) => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), "owner.json"), JSON.stringify(owner));
};

beforeEach(() => {
  said.length = 0;
  root = mkdtempSync(join(tmpdir(), "exatwin lock "));
});
afterEach(() => rmSync(root, { recursive: true }));

it("lets one set-up in at a time, in whatever order, and is gone afterwards", async () => {
  let inside = 0;
  const work = async () => {
    inside += 1;
    const alone = inside === 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
    return alone;
  };
  expect(await Promise.all([1, 2, 3].map(() => withSetupLock(root, out, work)))).toEqual([true, true, true]);
  expect(said.filter((text) => text.includes("waiting"))).toHaveLength(2);
  expect(existsSync(folder())).toBe(false);
});

it("is given back when the work fails", async () => {
  const fails = withSetupLock(root, out, async () => {
    throw new Error("no network");
  });
  await expect(fails).rejects.toThrow("no network");
  expect(existsSync(folder())).toBe(false);
});

it("is taken over from a process that is gone", async () => {
  leaveLock({ pid: 2 ** 30, host: hostname() });
  expect(await withSetupLock(root, out, async () => "done")).toBe("done");
});

it("is taken over from another machine once it was not touched for long", async () => {
  leaveLock({ pid: 1, host: "elsewhere" });
  utimesSync(folder(), new Date(0), new Date(0));
  expect(await withSetupLock(root, out, async () => "done")).toBe("done");
});
