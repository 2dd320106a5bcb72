/** The loop over the suite where the world fails it: no namespaces, a full disk, a program that hangs. And its one line of progress. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { launch, type Ground } from "../../../cli/measure/launch.ts";
import { MeasurementFile, write } from "../../../cli/measure/measurement-file.ts";
import { Progress } from "../../../cli/measure/progress.ts";
import { runSuite } from "../../../cli/measure/run-suite.ts";
import { effectOf, owns, suite, type Entry } from "../../../cli/measure/suite.ts";
import { InputError } from "../../../model/problems.ts";
import { makeProgram, makeRow, peakRow, printing, triadRow } from "./fakes.ts";

const folder = mkdtempSync(join(tmpdir(), "exatwin-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const ground = (programs: string): Ground => ({
  programs: { folder: programs, lacks: () => undefined },
  python: undefined, cores: 8, hasGpu: false, scratch: join(folder, "scratch"), env: { PATH: process.env["PATH"] },
  weight: { wrap: (argv) => [...argv], close: () => undefined },
});
const header = { schema: "exatwin-measurement/1", title: "Test", date: "2026-11-20T10:00:00Z", host: { cpu: "any", cores: 8, memory_bytes: 1, kernel: "any" }, command: "any" } as const;
const find = (id: string): Entry => {
  const entry = suite.find((one) => one.id === id);
  if (!entry) throw new Error(`no entry ${id}`);
  return entry;
};
const quietly = (texts: string[] = [], isTTY = false) => new Progress({ stderr: { isTTY, columns: 60, write: (text) => texts.push(text) }, env: {}, cwd: folder, stop: never });

describe("where the world fails", () => {
  test("hosts that cannot be made are a reason, not a fault", async () => {
    makeProgram(join(folder, "a"), "gloo-collectives", printing(peakRow()));
    const entry: Entry = { ...find("gloo-all-reduce-1-gbit-s"), launcher: { kind: "gloo", ranks: 2, place: { rate_bit_per_s: 1 } } };
    const result = await launch(entry, "tiny", ground(join(folder, "a")), { onLine: () => expect.unreachable(), stop: never, limit_s: 20 });
    expect(result).toEqual({ lacking: expect.stringContaining("needed a rate") });
  });

  test("a full disk is named, with what stays", () => {
    const full = () => write("/dev/full", () => {
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    });
    expect(full).toThrow(InputError);
    expect(full).toThrow(/\/dev\/full: got no space left on the disk.*--resume goes on/);
  });

  test("a row that cannot be written ends the program that is running", async () => {
    const programs = join(folder, "b");
    makeProgram(programs, "fma-peak", `${printing(peakRow())}\nexec sleep 60`);
    const record = MeasurementFile.begin(folder, "broken", header);
    record.add = () => write("/dev/full", () => {
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    }) as never;
    await expect(runSuite({ entries: [find("fma-peak")], mode: "tiny", ground: ground(programs), record, progress: quietly(), stop: never })).rejects.toThrow("no space left");
  });

  test("the disk's programs get a folder that is gone afterwards, and a bound on its size", async () => {
    const programs = join(folder, "c");
    makeProgram(programs, "fsync", `echo "$@" > ${folder}/words; for word; do test -d "$word" && touch "$word/left"; done\n${printing(makeRow({ benchmark: "fsync", case: { bytes: 4096 } }))}`);
    const record = MeasurementFile.begin(folder, "disk", header);
    const { added, skipped } = await runSuite({ entries: [find("fsync")], mode: "tiny", ground: ground(programs), record, progress: quietly(), stop: never });
    expect({ added, skipped }).toEqual({ added: 1, skipped: [] });
    const [tiny, option, place = "", bound, bytes] = readFileSync(join(folder, "words"), "utf8").trim().split(" ");
    expect([tiny, option, bound]).toEqual(["--tiny", "--folder", "--most-bytes"]);
    expect(Number(bytes)).toBeLessThanOrEqual(8 * 2 ** 20);
    expect(() => readFileSync(join(place, "left"))).toThrow("ENOENT");
  });
});

describe("the measurement file", () => {
  test("a case is written once, whatever the order of its keys", () => {
    const record = MeasurementFile.begin(folder, "once", header);
    const row = triadRow();
    expect(record.add(row)).toBe(true);
    expect(record.add({ ...row, case: Object.fromEntries(Object.entries(row.case).toReversed()) })).toBe(false);
    expect(readFileSync(record.file, "utf8").trimEnd().split("\n")).toHaveLength(2);
  });
});

describe("the suite as a table", () => {
  test("each row belongs to one entry: links, ranks and libraries tell entries of one benchmark apart", () => {
    for (const entry of suite) {
      for (const benchmark of entry.benchmarks) {
        const row = { benchmark, case: { ...entry.where } };
        expect(suite.filter((one) => owns(one, row)).map(({ id }) => id)).toEqual([entry.id]);
      }
    }
  });

  test("names are unique, also as beginnings of reasons", () => {
    for (const entry of suite) expect(effectOf("whatever", `${entry.id}: broken`)).toBe(entry.effect);
  });

  test("a cut in time is another effect than absence", () => {
    expect(effectOf("gloo-all-reduce", "4194304 bytes and more over 100 Mbit/s: they would not end within the time allowed (--seconds)")).toContain("through the rest");
    expect(effectOf("gemm", "int8 needs VNNI")).toBe(find("gemm").effect);
  });
});

describe("progress", () => {
  test("on a terminal: one line that is written over, no wider than the terminal, and gone at the end", () => {
    const texts: string[] = [];
    const progress = quietly(texts, true);
    progress.plan(3, 100);
    progress.begin("gloo-collectives over a link with a very long name", 20);
    progress.row(peakRow());
    progress.end();
    progress.clear();
    expect(texts.join("")).not.toContain("\n");
    const shown = texts.map((text) => text.replace("\r\u001b[K", ""));
    expect(shown[0]).toMatch(/^\[1\/3\] gloo-collectives/);
    for (const text of shown) expect(text.length).toBeLessThan(60);
    expect(texts.every((text) => text.startsWith("\r\u001b[K"))).toBe(true);
    expect(shown.at(-1)).toBe("");
  });

  test("elsewhere: a line for each benchmark, with the time that is left", () => {
    const texts: string[] = [];
    const progress = quietly(texts);
    progress.plan(2, 130);
    progress.begin("stream", 30);
    progress.row(peakRow());
    progress.end();
    progress.begin("fsync", 100);
    progress.end();
    progress.clear();
    expect(texts).toEqual(["1/2 stream: about 30 s, 2 min 10 s to the end\n", "2/2 fsync: about 1 min 40 s, 1 min 40 s to the end\n"]);
  });

  test("for another program: everything that happens, one JSON object a line, terminal or not", () => {
    for (const isTTY of [false, true]) {
      const texts: string[] = [];
      const progress = new Progress({ stderr: { isTTY, write: (text) => texts.push(text) }, env: {}, cwd: folder, stop: never }, true);
      progress.plan(1, 30);
      progress.begin("fma-peak", 30);
      progress.row(peakRow(2));
      progress.end();
      progress.say("measured");
      progress.clear();
      expect(texts.every((text) => text.endsWith("\n"))).toBe(true);
      expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([
        { event: "plan", benchmarks: 1, estimate_s: 30 },
        { event: "begin", number: 1, label: "fma-peak", estimate_s: 30, left_s: 30 },
        { event: "row", benchmark: "fma-peak", case: { precision: "fp32", unit: "avx2", threads: 2 }, median_s: 1e-3, quiet: true },
        { event: "end", label: "fma-peak" },
        { event: "note", text: "measured" },
      ]);
    }
  });
});
