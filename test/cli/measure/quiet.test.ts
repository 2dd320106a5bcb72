import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeWeight, quietPressure, readPressure, waitForQuiet } from "../../../cli/measure/quiet.ts";

const folder = mkdtempSync(join(tmpdir(), "exatwin-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;

describe("waiting for quiet", () => {
  test("a quiet machine, and one that does not tell, cost no time and no words", async () => {
    for (const pressure of [0, quietPressure - 0.1, undefined]) {
      expect(await waitForQuiet(60, never, () => expect.unreachable(), () => pressure)).toMatchObject({ quiet: true, pressure });
    }
  });

  test("it waits until neighbours are done, and says so once", async () => {
    const readings = [50, 20, 1];
    const said: number[] = [];
    expect(await waitForQuiet(60, never, (pressure) => said.push(pressure), () => readings.shift())).toMatchObject({ quiet: true, pressure: 1 });
    expect(said).toEqual([50]);
  });

  test("the wait is bounded, and a stop ends it", async () => {
    expect(await waitForQuiet(0.02, never, () => undefined, () => 90)).toMatchObject({ quiet: false, pressure: 90 });
    const stop = new AbortController();
    expect(await waitForQuiet(60, stop.signal, () => stop.abort(), () => 90)).toMatchObject({ quiet: false });
  });

  test("the kernel's words are read, and nothing is guessed from others", () => {
    const file = join(folder, "pressure");
    writeFileSync(file, "some avg10=12.34 avg60=1.00 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
    expect(readPressure(file)).toBe(12.34);
    writeFileSync(file, "full avg10=3.00\n");
    expect(readPressure(file)).toBeUndefined();
    expect(readPressure(join(folder, "nothing"))).toBeUndefined();
  });
});

/** A folder that looks like a mounted control group; the kernel's own files are plain files here. */
function mount(version: 1 | 2, controllers = "cpu io"): { mounts: string; root: string } {
  const root = join(folder, `v${version}-${controllers.replace(" ", "-")}`);
  mkdirSync(root, { recursive: true });
  if (version === 2) writeFileSync(join(root, "cgroup.subtree_control"), `${controllers}\n`);
  const mounts = `${root}.mounts`;
  writeFileSync(mounts, `proc /proc proc rw 0 0\n${version === 1 ? `cgroup ${root} cgroup rw,relatime,cpu 0 0` : `cgroup2 ${root} cgroup2 rw,nosuid 0 0`}\n`);
  return { mounts, root };
}

describe("the control group", () => {
  test.each([[1, "cpu.shares", "8192"], [2, "cpu.weight", "800"]] as const)("version %i: %s is %s, and a program enters before it begins", (version, file, weight) => {
    const { mounts, root } = mount(version);
    const group = makeWeight(mounts);
    expect(group.lacking).toBeUndefined();
    const inside = join(root, `exatwin-${process.pid}`);
    expect(readFileSync(join(inside, file), "utf8")).toBe(weight);
    const [program = "", ...words] = group.wrap(["/bin/sh", "-c", "echo $$ \"$1\"", "name", "a b"]);
    const [pid, argument] = execFileSync(program, words, { encoding: "utf8" }).trim().split(/ (.*)/);
    expect(argument).toBe("a b");
    expect(readFileSync(join(inside, "cgroup.procs"), "utf8").trim()).toBe(pid);
  });

  test("without a controller it is said why, and programs run as they are", () => {
    for (const mounts of [mount(2, "io").mounts, join(folder, "nothing")]) {
      const group = makeWeight(mounts);
      expect(group.lacking).toContain("no control group");
      expect(group.wrap(["a", "b"])).toEqual(["a", "b"]);
      group.close();
    }
  });

  test("an empty group goes when it is closed, and one that a killed run left goes at the next", () => {
    const { mounts, root } = mount(1);
    rmSync(root, { recursive: true });
    const stale = join(root, "exatwin-999999999");
    mkdirSync(stale, { recursive: true });
    const group = makeWeight(mounts);
    expect(existsSync(stale)).toBe(false);
    const inside = join(root, `exatwin-${process.pid}`);
    rmSync(join(inside, "cpu.shares"));
    group.close();
    expect(existsSync(inside)).toBe(false);
  });
});
