/** The storage programs leave nothing behind, whatever ends them, and say by name what the system or an argument refuses. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { built, folderOf, programPath, startAlone } from "./programs.ts";

const programs = built.built.filter((name) => folderOf(name) === "io");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exatwin-io-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Ends the program once it has made something in the folder; the signal or code that it ended by. */
function endByTerm(name: string): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    const child = spawn(programPath(name), ["--folder", folder, "--most-bytes", String(2 ** 24)], { stdio: "ignore" });
    const timer = setInterval(() => {
      const [made] = readdirSync(folder);
      if (made === undefined || readdirSync(join(folder, made)).length === 0) return;
      clearInterval(timer);
      child.kill("SIGTERM");
    }, 1);
    child.on("exit", (code, signal) => {
      clearInterval(timer);
      resolve({ code, signal });
    });
  });
}

describe.skipIf(programs.length === 0)("storage programs", () => {
  it.each(programs)("%s removes its files when it is told to end", async (name) => {
    expect(await endByTerm(name)).toEqual({ code: null, signal: "SIGTERM" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(programs)("%s is skipped by name where there is no folder", async (name) => {
    const { code, stdout } = await startAlone(name, ["--tiny", "--folder", join(folder, "none")]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ benchmark: name, skipped: expect.stringMatching(/none: No such file or directory$/) as unknown });
  });

  it.each(programs.filter((name) => name.startsWith("storage-")))("%s refuses a case that it does not have and a file too small", async (name) => {
    const wrong = await startAlone(name, ["--tiny", "--folder", folder, "--only", "nothing"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("--only nothing");
    const small = await startAlone(name, ["--tiny", "--folder", folder, "--most-bytes", "1000"]);
    expect(JSON.parse(small.stdout)).toMatchObject({ benchmark: name, skipped: expect.stringContaining("--most-bytes") as unknown });
    expect(readdirSync(folder)).toEqual([]);
  });
});
