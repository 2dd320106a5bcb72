import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runTogether } from "../../../cli/measure/children.ts";

const folder = mkdtempSync(join(tmpdir(), "exatwin-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shell = (script: string) => ({ argv: ["/bin/sh", "-c", script], cwd: folder, env: { PATH: process.env["PATH"] } });
const never = new AbortController().signal;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie counts as ended.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("children", () => {
  test("lines of the first come as they are written; the end says code and last words", async () => {
    const lines: string[] = [];
    const ends = await runTogether([shell("echo one; echo two; echo odd >&2; exit 3"), shell("echo not heard")], { onLine: (line) => lines.push(line), stop: never, limit_s: 20 });
    expect(lines).toEqual(["one", "two"]);
    expect(ends[0]).toEqual({ code: 3, missing: false, by: "itself", words: "odd" });
  });

  test("a program that is not there is told as missing", async () => {
    const [end] = await runTogether([{ argv: [join(folder, "nothing")], cwd: folder, env: {} }], { onLine: () => undefined, stop: never, limit_s: 20 });
    expect(end).toMatchObject({ code: null, missing: true, by: "itself" });
  });

  test("stopping ends a program with everything it started", async () => {
    const stop = new AbortController();
    const grandchild = join(folder, "grandchild");
    const running = runTogether([shell(`sleep 60 & echo $! > ${grandchild}.draft; mv ${grandchild}.draft ${grandchild}; wait`)], { onLine: () => undefined, stop: stop.signal, limit_s: 60 });
    await until(() => existsSync(grandchild));
    const pid = Number(readFileSync(grandchild, "utf8"));
    expect(isAlive(pid)).toBe(true);
    stop.abort();
    expect(await running).toMatchObject([{ by: "stop" }]);
    await until(() => !isAlive(pid));
  });

  test("when one of several fails the others are ended, and the account says which was first", async () => {
    const ends = await runTogether([shell("sleep 60"), shell("exit 1")], { onLine: () => undefined, stop: never, limit_s: 60 });
    expect(ends).toMatchObject([{ code: null, by: "another" }, { code: 1, by: "itself" }]);
  });

  test("one that does not end is ended at its limit", async () => {
    expect(await runTogether([shell("exec sleep 60")], { onLine: () => undefined, stop: never, limit_s: 0.2 })).toMatchObject([{ code: null, by: "limit" }]);
  });

  test("nothing is started after a stop", async () => {
    const stop = new AbortController();
    stop.abort();
    await runTogether([shell(`touch ${join(folder, "started")}`)], { onLine: () => undefined, stop: stop.signal, limit_s: 20 });
    expect(existsSync(join(folder, "started"))).toBe(false);
  });
});
