/** The API of calibrations: what it lists, and a measurement run, watched, cancelled and refused. The programs are shell scripts; nothing is measured. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLibrary } from "../../../cli/host/library.ts";
import { packageRoot } from "../../../cli/host/root.ts";
import type { HostCalibration } from "../../../model/schema/calibration.ts";
import type { Problem } from "../../../model/problems.ts";
import { shelve } from "../../../web/server/api.ts";
import { createCalibrationJobs, type CalibrationJobs } from "../../../web/server/calibration-jobs.ts";
import { answers } from "../../../web/shared/api.ts";
import type { Job } from "../../../web/shared/calibration-api.ts";
import { makeProgram, peakRow, printing, triadRow } from "../../cli/measure/fakes.ts";
import { rawRequest, serve, type Served } from "./served.ts";

const root = mkdtempSync(join(tmpdir(), "exatwin-jobs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const suite = [{ id: "fma-peak", part: "cpu", effect: "the peak is assumed", quick_s: 2, full_s: 3 }, { id: "stream", part: "memory", effect: "bandwidth is assumed", quick_s: null, full_s: 45 }];
let count = 0;
let folder: string, programs: string;
let jobs: CalibrationJobs;
let served: Served;

beforeEach(async () => {
  folder = join(root, String(count++));
  programs = join(folder, "programs");
  const out = join(folder, "scenarios");
  cpSync(join(packageRoot, "test", "fixtures", "calibrations"), join(out, "calibrations"), { recursive: true });
  cpSync(join(packageRoot, "scenarios", "sources.json"), join(out, "sources.json"));
  makeProgram(programs, "fma-peak", printing(peakRow(1)));
  makeProgram(programs, "stream", printing(triadRow()));
  let shelf = shelve(readLibrary(out).library);
  jobs = createCalibrationJobs({ command: [process.execPath, "--import", "tsx", join(packageRoot, "cli", "main.ts")], arguments: ["--programs", programs, "--out", out], cwd: packageRoot, env: process.env, suite }, () => (shelf = shelve(readLibrary(out).library)));
  served = await serve({ library: () => shelf, jobs });
});
afterEach(async () => {
  await jobs.close();
  await served.close();
});

const get = (path: string) => fetch(`${served.url}/api/${path}`);
const start = (wish: object, headers: Record<string, string> = {}) => fetch(`${served.url}/api/calibration-jobs`, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(wish) });
const cancel = () => fetch(`${served.url}/api/calibration-jobs/current`, { method: "DELETE" });
const current = async (): Promise<Job | null> => answers.currentJob.strict().parse(await (await get("calibration-jobs/current")).json()).job as Job | null;
const problemsOf = async (response: Response) => ((await response.json()) as { problems: Problem[] }).problems;
const both = { mode: "tiny", id: "tested", parts: ["fma-peak", "stream"] };

async function until(what: (job: Job) => boolean): Promise<Job> {
  for (;;) {
    const job = await current();
    if (job && what(job)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A program that writes a row, leaves its process id, and does not end by itself. */
const endless = () => makeProgram(programs, "fma-peak", `${printing(peakRow(1))}\necho $$ > ${folder}/pid\nexec sleep 300`);
const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

describe("calibrations", () => {
  test("a list of heads, newest first, and each whole as its file has it", async () => {
    const listed = answers.calibrations.strict().parse(await (await get("calibrations")).json());
    expect(listed.problems).toEqual([]);
    const host = listed.calibrations.find(({ kind }) => kind === "host");
    const file = JSON.parse(readFileSync(join(packageRoot, "test", "fixtures", "calibrations", `${host?.id}.json`), "utf8")) as HostCalibration;
    expect(host).toMatchObject({ title: file.title, subject: file.scope.machine, date: file.date, fits: file.fits.length, points: file.fits.flatMap((fit) => fit.points).length, rows: file.from.reduce((sum, { rows = 0 }) => sum + rows, 0) });
    expect(await (await get(`calibrations/${host?.id}`)).json()).toEqual(file);
    const dates = listed.calibrations.flatMap(({ date }) => (date === null ? [] : [date]));
    expect(dates).toEqual(dates.toSorted().toReversed());
    const missing = await get(`calibrations/${host?.id}x`);
    expect(missing.status).toBe(404);
    expect(await problemsOf(missing)).toMatchObject([{ code: "unknown-name", hint: `did you mean "${host?.id}"?` }]);
    expect((await get("calibrations/constructor")).status).toBe(404);
  });
});

describe("a measurement", () => {
  test("runs to its end, tells its rows on the way, and its calibration is in the list then", async () => {
    expect(answers.jobs.strict().parse(await (await get("calibration-jobs")).json())).toEqual({ allowed: true, reason: null, suite, job: null });
    const begun = await start(both);
    expect(begun.status).toBe(202);
    expect(answers.currentJob.strict().parse(await begun.json()).job).toMatchObject({ state: "running", name: "tested", mode: "tiny", rows: 0 });
    const done = await until(({ state }) => state !== "running");
    expect(done).toMatchObject({ state: "done", total: 2, done: 2, rows: 2, noisy: 0, problems: [], calibrations: ["tested-host"], current: null, left_s: null });
    expect(done.latest).toEqual([{ benchmark: "stream", case: triadRow().case, median_s: triadRow().time_s.median, quiet: true }, { benchmark: "fma-peak", case: peakRow(1).case, median_s: 1e-3, quiet: true }]);
    expect(done.notes.at(-1)).toContain("2 rows in");
    const { calibrations } = (await (await get("calibrations")).json()) as { calibrations: Array<{ id: string }> };
    expect(calibrations[0]?.id).toBe("tested-host");
    expect(((await (await get("library")).json()) as { documents: { machine: object } }).documents.machine).toHaveProperty("tested");
  });

  test("is one at a time, and cancelled with everything it started; rows stay", async () => {
    endless();
    await start(both);
    const running = await until(({ rows }) => rows === 1);
    expect(running).toMatchObject({ state: "running", current: { label: "fma-peak" }, done: 0 });
    const second = await start(both);
    expect(second.status).toBe(409);
    expect(await problemsOf(second)).toMatchObject([{ code: "already-running" }]);
    while (!existsSync(join(folder, "pid"))) await new Promise((resolve) => setTimeout(resolve, 20));
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    expect(isAlive(pid)).toBe(true);
    expect(((await (await cancel()).json()) as { job: Job }).job.state).toBe("cancelling");
    expect(await until(({ state }) => state !== "cancelling")).toMatchObject({ state: "cancelled", rows: 1, calibrations: [], problems: [{ code: "cancelled" }] });
    expect(isAlive(pid)).toBe(false);
    makeProgram(programs, "fma-peak", printing(peakRow(1)));
    expect((await start(both)).status).toBe(202);
    expect(await until(({ state }) => state !== "running")).toMatchObject({ state: "done" });
  });

  test("ends with the server", async () => {
    endless();
    await start(both);
    await until(({ rows }) => rows === 1);
    while (!existsSync(join(folder, "pid"))) await new Promise((resolve) => setTimeout(resolve, 20));
    await jobs.close();
    expect(isAlive(Number(readFileSync(join(folder, "pid"), "utf8")))).toBe(false);
  });

  test("that fails says why, as the command line does", async () => {
    makeProgram(programs, "fma-peak", "exit 3");
    await start({ ...both, parts: ["cpu"] });
    const failed = await until(({ state }) => state !== "running");
    expect(failed.state).toBe("failed");
    expect(failed.problems[0]).toMatchObject({ code: "nothing-measured" });
    expect(failed.notes.join()).toContain("left out fma-peak: it computed a wrong result");
  });
});

describe("refusals", () => {
  const own = () => `http://127.0.0.1:${served.port}`;

  test.each([
    ["another site", { Origin: "https://evil.example" }],
    ["another port of this machine", { Origin: "http://127.0.0.1:1" }],
    ["a sandboxed frame", { Origin: "null" }],
    ["another site by Fetch Metadata", { "Sec-Fetch-Site": "cross-site" }],
    ["a sibling by Fetch Metadata", { "Sec-Fetch-Site": "same-site" }],
  ] as ReadonlyArray<readonly [string, Record<string, string>]>)("a request of %s changes nothing", async (_name, headers) => {
    for (const [method, path] of [["POST", "/api/calibration-jobs"], ["DELETE", "/api/calibration-jobs/current"]] as const) {
      const { status, body } = await rawRequest(served.port, path, { Host: `127.0.0.1:${served.port}`, ...headers }, method);
      expect(status).toBe(403);
      expect(body).toContain("foreign-origin");
    }
    expect(await current()).toBeNull();
  });

  test("the page's own request is let through to the check of its body", async () => {
    const response = await start({ mode: "quik", id: "This Host", parts: [] }, { Origin: own() });
    expect(response.status).toBe(422);
    expect(await problemsOf(response)).toMatchObject([{ path: "request: mode", hint: "did you mean \"quick\"?" }, { path: "request: id" }, { path: "request: parts" }]);
    expect(await problemsOf(await start({ mode: "tiny", parts: ["streem"] }))).toMatchObject([{ path: "request: parts", hint: "did you mean \"stream\"?" }]);
    expect((await cancel()).status).toBe(404);
    expect((await fetch(`${served.url}/api/calibration-jobs/current`, { method: "PUT" })).headers.get("allow")).toBe("GET, HEAD, DELETE");
  });

  test("a server that others can reach does not measure, and says so", async () => {
    const open = await serve({ jobs, checkHost: false });
    const told = answers.jobs.parse(await (await fetch(`${open.url}/api/calibration-jobs`)).json());
    expect(told).toMatchObject({ allowed: false, suite: [], job: null });
    expect(told.reason).toContain("exatwin calibrate");
    const refused = await fetch(`${open.url}/api/calibration-jobs`, { method: "POST", body: JSON.stringify({ mode: "tiny" }) });
    expect(refused.status).toBe(403);
    expect(await problemsOf(refused)).toMatchObject([{ code: "not-allowed" }]);
    expect(await current()).toBeNull();
    await open.close();
  });
});
