/** exatwin calibrate over programs that are shell scripts: what is run, kept, left out, and made of it. Nothing here is measured. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { CalibrationAnswer } from "../../cli/text/calibration.ts";
import type { HostCalibration } from "../../model/schema/calibration.ts";
import { problemsOf, run, runJson, type Setting } from "./harness.ts";
import { allReduceRows, makeProgram, makeRow, overlapRows, peakRow, printing, triadRow } from "./measure/fakes.ts";

const root = mkdtempSync(join(tmpdir(), "exatwin-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
let folder: string, programs: string, out: string;
beforeEach(() => {
  folder = join(root, String(count++));
  programs = join(folder, "programs");
  out = join(folder, "out");
  makeProgram(programs, "fma-peak", `echo started >> ${folder}/starts\n${printing(peakRow(1), peakRow(2))}`);
  makeProgram(programs, "stream", printing(triadRow()));
});

const env = { PATH: process.env["PATH"] ?? "" };
const words = (...more: string[]) => ["calibrate", "--tiny", "--id", "tested", "--programs", programs, "--out", out, ...more];
const two = ["--only", "fma-peak,stream"];
const calibrate = (more: readonly string[] = two, setting: Setting = {}) => runJson<CalibrationAnswer>(words(...more), { env, ...setting });
const measurementFiles = () => readdirSync(join(out, "measurements")).toSorted();
const linesOf = (file = measurementFiles().at(-1) ?? "") => readFileSync(join(out, "measurements", file), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { benchmark?: string; skipped?: string; schema?: string; mode?: string; host?: { name: string } });
const readDocument = <T>(path: string) => JSON.parse(readFileSync(join(out, path), "utf8")) as T;

describe("a run", () => {
  test("rows go to a file with the host's facts; documents are made, named with the file's hash, and pass the check", async () => {
    const answer = await calibrate();
    const [file = ""] = measurementFiles();
    expect(file).toMatch(/^tested-\d{4}-\d{2}-\d{2}\.jsonl$/);
    const [header, ...rows] = linesOf();
    expect(header).toMatchObject({ schema: "exatwin-measurement/1", mode: "tiny", host: { name: "tested" } });
    expect(rows.map(({ benchmark }) => benchmark)).toEqual(["fma-peak", "fma-peak", "stream"]);
    expect(answer).toMatchObject({ id: "tested", mode: "tiny", measurements: [{ file: `measurements/${file}`, rows: 3 }], skipped: [] });
    const calibration = readDocument<HostCalibration>("calibrations/tested-host.json");
    const sha256 = createHash("sha256").update(readFileSync(join(out, "measurements", file))).digest("hex");
    expect(calibration.from).toEqual([{ file: `measurements/${file}`, sha256, source: "own-microbenchmarks", rows: 3 }]);
    expect(readdirSync(join(out, "machines")).toSorted()).toEqual(["tested-namespaces.json", "tested.json"]);
    for (const written of ["devices/tested-core.json", "machines/tested.json", "machines/tested-namespaces.json", "calibrations/tested-host.json"]) {
      const checked = await run(["check", join(out, written), "--scenarios", out], { env });
      expect(checked.stderr).toBe("");
      expect(checked.code).toBe(0);
    }
  });

  test("the network name of this machine is in no file", async () => {
    await calibrate();
    const { hostname } = await import("node:os");
    const name = hostname();
    const all = ["measurements", "calibrations", "machines", "devices"].flatMap((kind) => readdirSync(join(out, kind)).map((file) => readFileSync(join(out, kind, file), "utf8")));
    expect(name).not.toBe("");
    for (const text of all) expect(text.split(/[^\w.-]+/)).not.toContain(name);
  });

  test("text: figures with intervals, files, what to try next; progress line by line on standard error", async () => {
    const { code, stdout, stderr } = await run(words(...two), { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/multiply-adds on registers, one core +100 +GF\/s +97\.\d GF\/s to 103 GF\/s +100 %/);
    expect(stdout).toContain("devices/tested-core.json");
    expect(stdout).toContain("next: exatwin show machine tested");
    expect(stderr).toMatch(/^1\/2 fma-peak: about .*\n2\/2 stream: about .*\nmeasured for \d+ s: 3 rows in /m);
    for (const line of stdout.split("\n").filter((one) => !one.includes("/out/"))) expect([...line].length).toBeLessThanOrEqual(100);
  });

  test("a second run of a day has a file of its own", async () => {
    await calibrate();
    await calibrate();
    expect(measurementFiles().map((file) => file.replace(/\d{4}-\d{2}-\d{2}/, "DAY"))).toEqual(["tested-DAY-2.jsonl", "tested-DAY.jsonl"]);
  });

  test("a noisy machine is told, to the reader and in the document", async () => {
    makeProgram(programs, "stream", printing({ ...triadRow(), quiet: false }));
    const { stderr } = await run(words("--only", "stream"), { env });
    expect(stderr).toContain("a noisy machine: other work ran during 1 of 1 rows");
    expect(readDocument<HostCalibration>("calibrations/tested-host.json").note).toContain("a noisy machine");
  });
});

describe("what goes wrong is named with its effect, and the rest is kept", () => {
  const failures = [
    ["a program that is not built", undefined, "there is no such program in the build", 0],
    ["a wrong result after a row", `${printing(triadRow())}\necho 'triad is wrong' >&2\nexit 3`, "it computed a wrong result (triad is wrong); 1 row before that are kept", 1],
    ["arguments it does not take", "exit 2", "it does not take its arguments", 0],
    ["a signal", "kill -SEGV $$", "a signal ended it", 0],
    ["no row", "true", "it wrote no row", 0],
    ["a line that is no JSON", `${printing(triadRow())}\necho 'triad: 12 GB/s'`, "it wrote a line that is not JSON; 1 row before that are kept", 1],
    ["a row without a check", printing({ ...triadRow(), checked: false }), "it wrote a row with checked: Invalid input: expected true", 0],
    ["times out of order", printing({ ...triadRow(), time_s: { ...triadRow().time_s, min: 9 } }), "it wrote a row with time_s: order statistics in rising order", 0],
  ] as const;
  test.each(failures)("%s", async (_, script, reason, kept) => {
    rmSync(join(programs, "stream"));
    if (script !== undefined) makeProgram(programs, "stream", script);
    const { skipped } = await calibrate();
    expect(skipped).toEqual([{ benchmark: "stream", reason: `stream: ${reason}`, effect: "memory bandwidth is assumed" }]);
    const rows = linesOf().slice(1);
    expect(rows.filter(({ benchmark, skipped: words }) => benchmark === "stream" && words === undefined)).toHaveLength(kept);
    expect(rows.at(-1)).toEqual({ benchmark: "stream", skipped: `stream: ${reason}` });
    const document = readDocument<HostCalibration>("calibrations/tested-host.json");
    expect(document.skipped).toEqual(skipped);
  });

  test("the build's own reason is given where it says one", async () => {
    rmSync(join(programs, "stream"));
    writeFileSync(join(programs, "built.json"), JSON.stringify({ built: ["fma-peak"], missing: [{ benchmark: "stream", reason: "the compiler is too old" }] }));
    expect((await calibrate()).skipped).toMatchObject([{ reason: "stream: the compiler is too old" }]);
  });

  test("a case that a program itself leaves out is no failure", async () => {
    makeProgram(programs, "fma-peak", printing(peakRow(), { benchmark: "fma-peak", skipped: "no such unit" }));
    expect((await calibrate()).skipped).toEqual([{ benchmark: "fma-peak", reason: "no such unit", effect: expect.stringContaining("peak") }]);
  });

  test("what is missing is assumed in the documents and listed", async () => {
    const { assumed } = await calibrate(["--only", "fma-peak"]);
    expect(assumed).toContainEqual({ document: "tested-core", path: "memory.bandwidth", reason: "memory bandwidth was not measured" });
    expect(readDocument<{ memory: { bandwidth: object } }>("devices/tested-core.json").memory.bandwidth).toMatchObject({ kind: "assumed", low: expect.any(String), high: expect.any(String) });
  });

  test("without MPI, a processor per rank, PyTorch or a GPU each says so", async () => {
    for (const name of ["mpi-ping-pong", "gpu-memory"]) makeProgram(programs, name, "exit 1");
    const { skipped } = await calibrate(["--only", "fma-peak,mpi-ping-pong-shared-memory,torch,gpu-memory", "--python", join(folder, "no-python")], { env: { PATH: "" } });
    const reasons = skipped.map(({ reason }) => reason);
    expect(reasons).toHaveLength(3);
    expect(reasons[0]).toMatch(/^torch-operations: no Python with PyTorch was found/);
    expect(reasons[1]).toMatch(/^mpi-ping-pong-shared-memory: (there is no mpirun|2 ranks need a processor each)/);
    expect(reasons[2]).toMatch(/^gpu-memory: there is no NVIDIA GPU/);
  });

  test("not one row: problems, exit 1, no documents", async () => {
    const problems = await problemsOf(words("--only", "gemm,fsync"), { env });
    expect(problems.map(({ code }) => code)).toEqual(["nothing-measured", "nothing-measured", "nothing-measured"]);
    expect(problems[1]?.got).toBe("gemm: there is no such program in the build");
    expect(existsSync(join(out, "devices"))).toBe(false);
  });

  test("a folder that cannot be written is named", async () => {
    writeFileSync(join(folder, "file"), "");
    const [problem] = await problemsOf(["calibrate", "--tiny", "--programs", programs, ...two, "--out", join(folder, "file")], { env });
    expect(problem).toMatchObject({ code: "unwritable-file", path: expect.stringContaining(join(folder, "file")) });
  });
});

describe("ending early and going on", () => {
  const three = ["--only", "fma-peak,stream,pointer-chase"];
  const chase = makeRow({ benchmark: "pointer-chase", case: { bytes: 2 ** 14 }, median_s: 1e-9 });

  async function stopAt(message: string): Promise<Awaited<ReturnType<typeof run>>> {
    return run(words(...three, "--json"), { env, onMessage: (text, stop) => (text.includes(message) ? stop() : undefined) });
  }

  test("a stop ends the program that runs, keeps the rows, and is told as a problem", async () => {
    makeProgram(programs, "pointer-chase", "exec sleep 60");
    const { code, stdout } = await stopAt("3/3 pointer-chase");
    expect(code).toBe(1);
    const [file = ""] = measurementFiles();
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ code: "cancelled", path: join(out, "measurements", file), got: "a request to stop after 2 of 3 benchmarks", hint: expect.stringContaining("--resume") }] });
    expect(linesOf().slice(1).map(({ benchmark }) => benchmark)).toEqual(["fma-peak", "fma-peak", "stream"]);
    expect(existsSync(join(out, "devices"))).toBe(false);
  });

  test("resume goes on with what is lacking: the rest, what failed, and the one that was running", async () => {
    makeProgram(programs, "pointer-chase", "exec sleep 60");
    await stopAt("3/3 pointer-chase");
    makeProgram(programs, "pointer-chase", printing(chase));
    const { skipped } = await calibrate([...three, "--resume"]);
    expect(skipped).toEqual([]);
    expect(measurementFiles()).toHaveLength(1);
    expect(linesOf().slice(1).map(({ benchmark }) => benchmark)).toEqual(["fma-peak", "fma-peak", "stream", "pointer-chase"]);
    expect(readFileSync(join(folder, "starts"), "utf8")).toBe("started\n");
  });

  test("a file without a row is gone on with", async () => {
    makeProgram(programs, "fma-peak", "exec sleep 60");
    await stopAt("1/2 fma-peak");
    expect(linesOf()).toHaveLength(1);
    makeProgram(programs, "fma-peak", printing(peakRow()));
    await calibrate(["--only", "fma-peak", "--resume"]);
    expect(linesOf()).toHaveLength(2);
    expect(measurementFiles()).toHaveLength(1);
  });

  test("a reason that no longer holds leaves the file", async () => {
    rmSync(join(programs, "stream"));
    expect((await calibrate()).skipped).toHaveLength(1);
    makeProgram(programs, "stream", printing(triadRow()));
    expect((await calibrate([...two, "--resume"])).skipped).toEqual([]);
    expect(linesOf().some(({ skipped }) => skipped !== undefined)).toBe(false);
  });

  test("a last line that was cut off is dropped", async () => {
    await calibrate(["--only", "fma-peak"]);
    appendFileSync(join(out, "measurements", measurementFiles()[0] ?? ""), '{"benchmark":"stream","case":{"ker');
    await calibrate([...two, "--resume"]);
    expect(linesOf()).toHaveLength(4);
  });

  test("a line that was edited is a problem with its number", async () => {
    await calibrate();
    const path = join(out, "measurements", measurementFiles()[0] ?? "");
    writeFileSync(path, readFileSync(path, "utf8").replace('"count":9', '"count":"nine"'));
    const [problem] = await problemsOf(words(...two, "--resume"), { env });
    expect(JSON.stringify(problem)).toMatch(/line 2|:2\b/);
  });

  test("nothing to go on with, another mode, another machine", async () => {
    expect(await problemsOf(words(...two, "--resume"), { env })).toMatchObject([{ code: "nothing-to-resume" }]);
    await calibrate();
    expect(await problemsOf(["calibrate", "--quick", "--id", "tested", "--programs", programs, "--out", out, ...two, "--resume"], { env })).toMatchObject([{ path: "--resume", expected: expect.stringContaining("mode") }]);
    const path = join(out, "measurements", measurementFiles()[0] ?? "");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"cpu":"[^"]*"/, '"cpu":"another"'));
    expect(await problemsOf(words(...two, "--resume"), { env })).toMatchObject([{ path: "--resume: host.cpu", hint: expect.stringContaining("--id") }]);
  });
});

describe("--from", () => {
  const header = { schema: "exatwin-measurement/1", title: "Stored", date: "2026-11-20T10:00:00Z", host: { cpu: "AMD EPYC 7B13", cores: 2, memory_bytes: 2 ** 34, kernel: "Linux 6.1", libraries: { PyTorch: "1.13.0a0" } }, command: "exatwin calibrate", mode: "full" };
  const store = (name: string, ...rows: readonly object[]) => {
    const path = join(folder, name);
    writeFileSync(path, [header, ...rows].map((line) => `${JSON.stringify(line)}\n`).join(""));
    return path;
  };
  const fit = (...more: string[]) => runJson<CalibrationAnswer>(["calibrate", "--id", "tested", "--out", out, ...more], { env });
  /** Two links of the same cost per step and nearly all of their rate. */
  const network = () => [...allReduceRows("100 Mbit/s", 80e-6, 12e6), ...allReduceRows("1 Gbit/s", 80e-6, 119e6), ...overlapRows("1 Gbit/s", 2 ** 22, 0.035, 0.7, 0.9)];

  test("several files are one calibration; nothing is measured", async () => {
    const [first, second] = [store("a.jsonl", peakRow(), triadRow()), store("b.jsonl", ...network())];
    const answer = await fit("--from", first, second);
    expect(answer.measurements.map(({ file, rows }) => [file, rows])).toEqual([["a.jsonl", 2], ["b.jsonl", 28]]);
    expect(answer.mode).toBe("full");
    expect(existsSync(join(out, "measurements"))).toBe(false);
    expect(answer.findings.map(({ what }) => what)).toEqual(expect.arrayContaining(["multiply-adds on registers, one core", "triad, one core", "all-reduce over 1 Gbit/s"]));
  });

  test("fits give the link: bandwidth within 2 %, latency of a step within 10 %, the share of the rate", async () => {
    const { findings } = await fit("--from", store("a.jsonl", peakRow(), ...network()));
    const find = (what: string) => findings.find((one) => one.what === what)?.value ?? Number.NaN;
    expect(find("all-reduce over 100 Mbit/s") / 12e6).toBeCloseTo(1, 1.7);
    expect(find("all-reduce over 1 Gbit/s") / 119e6).toBeCloseTo(1, 1.7);
    // Two ranks: two steps.
    expect(find("all-reduce over 1 Gbit/s, latency of a step") / 40e-6).toBeGreaterThan(0.9);
    expect(find("all-reduce over 1 Gbit/s, latency of a step") / 40e-6).toBeLessThan(1.1);
    const { fabric } = readDocument<{ fabric: { efficiency: { value: number; note: string }; latency: { value: string } } }>("machines/tested-namespaces.json");
    expect(fabric.efficiency.value).toBeCloseTo(0.956, 2);
    expect(fabric.efficiency.note).toContain("fit ");
  });

  test("the same files give the same documents", async () => {
    const file = store("a.jsonl", peakRow(), ...network());
    await fit("--from", file);
    const before = readFileSync(join(out, "calibrations/tested-host.json"), "utf8");
    await fit("--from", file);
    expect(readFileSync(join(out, "calibrations/tested-host.json"), "utf8")).toBe(before);
  });

  test("operations of PyTorch and products of libraries become tables of the core", async () => {
    const linear = [16, 64, 256].flatMap((rows) => [32, 128, 512].map((inner) => makeRow({ benchmark: "torch-operation", case: { operation: "linear", pass: "forward", precision: "fp32", threads: 1, rows, inner, columns: 256 }, work: { flop: 2 * rows * inner * 256 }, median_s: (2 * rows * inner * 256) / 5e10 + 2e-6 })));
    const gemm = [64, 128, 256, 512].flatMap((m) => [64, 256].map((k) => makeRow({ benchmark: "gemm", case: { library: "onednn", implementation: "jit", m, n: 256, k, precision: "fp32", threads: 1 }, work: { flop: 2 * m * k * 256 }, median_s: (2 * m * k * 256) / 6e10 + 1e-6 })));
    await fit("--from", store("a.jsonl", peakRow(), triadRow(), ...linear, ...gemm));
    expect(readDocument("calibrations/tested-operations-fp32.json")).toMatchObject({ scope: { kind: "operations", device: "tested-core", precision: "fp32", family: "pytorch-1.13-cpu" }, bounds: { flop_per_s: 1e11, bytes_per_s: 1e10 } });
    const kernels = readDocument<{ scope: object }>("calibrations/tested-kernels-fp32.json");
    expect(kernels.scope).toEqual({ kind: "operations", device: "tested-core", precision: "fp32" });
  });

  test("files that are no measurements, are of two machines, or are not there", async () => {
    const good = store("a.jsonl", peakRow());
    const other = join(folder, "b.jsonl");
    writeFileSync(other, `${JSON.stringify({ ...header, host: { ...header.host, cpu: "another" } })}\n${JSON.stringify(triadRow())}\n`);
    expect(await problemsOf(["calibrate", "--out", out, "--from", good, other], { env })).toMatchObject([{ code: "conflict", expected: expect.stringContaining("AMD EPYC") }]);
    writeFileSync(other, "{}\n");
    const problems = await problemsOf(["calibrate", "--out", out, "--from", join(folder, "nothing.jsonl"), other], { env });
    expect(problems.length).toBeGreaterThanOrEqual(2);
    expect(problems[0]).toMatchObject({ code: "unreadable-file", got: "no such file" });
    expect(existsSync(out)).toBe(false);
  });

  test("what it cannot be combined with", async () => {
    const problems = await problemsOf(["calibrate", "--from", "a.jsonl", "--quick", "--only", "cpu"], { env });
    expect(problems.map(({ path }) => path)).toEqual(["--quick", "--only"]);
  });
});

describe("names", () => {
  test("parts, benchmarks and ids that do not exist are answered with the nearest", async () => {
    const problems = await problemsOf(["calibrate", "--only", "cpus", "--skip", "strem", "--id", "My Host"]);
    expect(problems.map(({ path }) => path)).toEqual(["--id", "--only", "--skip"]);
    expect(problems[2]?.hint).toContain("stream");
  });

  test("names that leave nothing, files without --from, two modes", async () => {
    expect(await problemsOf(["calibrate", "--only", "cpu", "--skip", "cpu"])).toMatchObject([{ code: "nothing-left" }]);
    expect(await problemsOf(["calibrate", "--quick", "--only", "mpi-ping-pong-loopback"])).toMatchObject([{ code: "nothing-left", hint: expect.stringContaining("--quick") }]);
    expect(await problemsOf(["calibrate", "a.jsonl"])).toMatchObject([{ code: "unexpected-argument" }]);
    expect(await problemsOf(["calibrate", "--quick", "--tiny"])).toMatchObject([{ code: "conflict" }]);
  });

  test("the list agrees with itself, and the quick run is planned under 90 seconds, the full one under 15 minutes", async () => {
    for (const [option, limit_s] of [["--quick", 90], ["--skip=gpu", 900]] as const) {
      const { estimate_s, suite } = await runJson<{ estimate_s: number; suite: { id: string; estimate_s: number; effect: string }[] }>(["calibrate", "--list", option, ...(option === "--quick" ? ["--skip", "gpu"] : [])]);
      expect(suite.reduce((sum, entry) => sum + entry.estimate_s, 0)).toBeCloseTo(estimate_s, 9);
      expect(estimate_s).toBeLessThan(limit_s);
      expect(new Set(suite.map(({ id }) => id)).size).toBe(suite.length);
    }
  });
});
