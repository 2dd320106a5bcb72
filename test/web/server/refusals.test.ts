/** What the server refuses: the same problems as the command line, with the right status, and never a stack. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyLibrary } from "../../../cli/host/library.ts";
import type { Problem } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import { badBytes, misspelt, summitWith, type Tree } from "../../cli/bad-documents.ts";
import { flagship, problemsOf } from "../../cli/harness.ts";
import { rawRequest, serve, type Served } from "./served.ts";

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const send = (path: string, body: BodyInit, type = "application/json") => fetch(served.url + path, { method: "POST", headers: { "Content-Type": type }, body });
const post = (path: string, body: unknown) => send(path, JSON.stringify(body));

async function refused(response: Response, status = 422): Promise<Problem[]> {
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect(text).not.toMatch(/node_modules|\bat \w+.*:\d+:\d+/);
  const { problems } = JSON.parse(text) as { problems: Problem[] };
  for (const problem of problems) expect(problem).toMatchObject({ code: expect.any(String), path: expect.any(String), got: expect.any(String), expected: expect.any(String) });
  return problems;
}

describe("bodies", () => {
  test("a bad document has the problems that the command line tells", async () => {
    const bad = misspelt();
    const there = await refused(await post("/api/check", { document: bad }));
    const here = await problemsOf(["check", "-", "--kind", "machine"], { stdin: JSON.stringify(bad) });
    const bare = (problems: Problem[]) => problems.map(({ path, ...rest }) => ({ ...rest, path: path.replace(/^[^:]+: /, "") }));
    expect(bare(there)).toEqual(bare(here));
    expect(there.length).toBeGreaterThanOrEqual(4);
  });

  test("a bad scenario has the problems that the command line tells", async () => {
    const changes = { "machine.node.injection": "23 Gbps", "plan.samplesPerDevice": "-2", "plan.gradientLga": "1" };
    const there = await refused(await post("/api/predict", { selection: { run: flagship, changes } }));
    const here = await problemsOf(["predict", flagship, ...Object.entries(changes).flatMap(([path, value]) => ["--set", `${path}=${value}`])]);
    expect(there).toEqual(here);
    expect(await refused(await post("/api/predict", { selection: { run: flagship }, devices: [6, 40_000] }))).toMatchObject([{ code: "too-many-devices", hint: "at most 27648" }]);
    expect(await refused(await post("/api/predict", { selection: { run: "summit" } }))).toMatchObject([{ code: "unknown-name" }]);
    expect(await refused(await post("/api/predict", { selection: { run: "__proto__" } }))).toMatchObject([{ code: "unknown-name" }]);
    expect(await refused(await post("/api/validate", { runs: ["a", "b"] }))).toHaveLength(2);
    expect(await refused(await post("/api/check", { document: summitWith((machine) => ((machine["node"] as Tree)["device"] = "v101")) }))).toMatchObject([{ path: "document: node.device" }]);
  });

  test.each(Object.keys(badBytes).filter((name) => name !== "10 MB" && name !== "a text"))("%s", async (name) => {
    const { make, expected } = badBytes[name] as (typeof badBytes)[string];
    const [problem, ...others] = await refused(await send("/api/predict", make() as BodyInit));
    expect(problem).toMatchObject({ ...expected, path: "request" });
    expect(others).toEqual([]);
  });

  test("too large", async () => {
    expect(await refused(await send("/api/check", "x".repeat(10 * 2 ** 20)), 422)).toMatchObject([{ path: "request", got: "10.0 MiB", expected: "a document of at most 2 MiB" }]);
  });

  test("bodies of the wrong shape, every problem of each", async () => {
    const table: Array<[string, unknown, object[]]> = [
      ["/api/predict", {}, [{ code: "missing-key", path: "request: selection" }]],
      ["/api/predict", { selection: { rnu: flagship } }, [{}, { hint: "did you mean \"run\"?" }]],
      ["/api/predict", { selection: { run: flagship }, device: [1] }, [{ path: "request: device", hint: "did you mean \"devices\"?" }]],
      ["/api/predict", { selection: { run: flagship }, devices: [0, 1.5, "x"] }, [{ path: "request: devices[0]" }, { path: "request: devices[1]" }, { path: "request: devices[2]" }]],
      ["/api/predict", { selection: { machine: "summit", workload: "x", plan: 5 } }, [{ path: "request: selection.plan" }, { path: "request: selection.stack" }]],
      ["/api/predict", { selection: { run: flagship, changes: { "plan.gradientLag": null } } }, [{ path: "request: selection.changes.plan.gradientLag" }]],
      ["/api/predict", [], [{ path: "request: (the document)" }]],
      ["/api/validate", { protocol: "colt", runs: "all" }, [{ hint: "did you mean \"cold\"?" }, { path: "request: runs", expected: "a list" }]],
      ["/api/validate", { extraRuns: [{ id: "x" }, 5] }, []],
      ["/api/check", { kind: "machin", document: {} }, [{ hint: "did you mean \"machine\"?" }]],
      ["/api/check", {}, [{ path: "request: document" }]],
      ["/api/check", { document: { hello: 1 } }, [{ path: "document" }]],
      ["/api/check", { document: [1] }, [{ path: "document" }]],
    ];
    for (const [path, body, expected] of table) {
      const problems = await refused(await post(path, body));
      expect(problems.length, JSON.stringify(body)).toBeGreaterThan(0);
      for (const one of expected) expect(problems, JSON.stringify(body)).toContainEqual(expect.objectContaining(one));
    }
  });
});

describe("addresses", () => {
  test("unknown routes, methods and names", async () => {
    expect(await refused(await fetch(`${served.url}/api/predicct`), 404)).toMatchObject([{ hint: "did you mean \"/api/predict\"?" }]);
    expect(await refused(await fetch(`${served.url}/api/runs/${flagship}x.json`), 404)).toMatchObject([{ hint: `did you mean "${flagship}"?` }]);
    expect(await refused(await fetch(`${served.url}/api/runs/${flagship}`), 404)).toHaveLength(1);
    expect(await refused(await fetch(`${served.url}/api/schema/machin.json`), 404)).toMatchObject([{ hint: "did you mean \"machine.json\"?" }]);
    const wrong = await fetch(`${served.url}/api/predict`);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await refused(wrong, 405)).toMatchObject([{ got: "GET", expected: "POST" }]);
    expect(await refused(await fetch(`${served.url}/api/library`, { method: "DELETE" }), 405)).toHaveLength(1);
    expect(await refused(await fetch(`${served.url}/`, { method: "POST" }), 404)).toHaveLength(1);
    expect((await fetch(`${served.url}/api/library`, { method: "HEAD" })).status).toBe(200);
    expect((await rawRequest(served.port, "/api/runs/%E0%A4%A.json", { Host: "localhost" })).status).toBe(400);
  });

  test("names of other sites that point here are not answered; without the check they are", async () => {
    for (const host of ["evil.example", `evil.example:${served.port}`, "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"]) {
      expect((await rawRequest(served.port, "/api/library", { Host: host })).status, host).toBe(421);
    }
    for (const host of ["localhost", `127.0.0.1:${served.port}`, "[::1]:80", "LOCALHOST"]) expect((await rawRequest(served.port, "/api/health", { Host: host })).status, host).toBe(200);
    const open = await serve({ checkHost: false });
    expect((await rawRequest(open.port, "/api/health", { Host: "exatwin.example" })).status).toBe(200);
    await open.close();
  });

  test("every answer carries the headers that keep the page to itself", async () => {
    for (const response of [await fetch(`${served.url}/`), await fetch(`${served.url}/api/health`), await fetch(`${served.url}/api/nothing`), await post("/api/predict", {})]) {
      const policy = response.headers.get("content-security-policy") ?? "";
      for (const part of ["default-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "worker-src 'self' blob:", "frame-ancestors 'none'"]) expect(policy).toContain(part);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(response.headers.get("x-powered-by")).toBeNull();
    }
  });

  test("a fault of ours is 500 without its text, and is told to whoever runs the server", async () => {
    const faults: unknown[] = [];
    const library = emptyLibrary();
    Object.defineProperty(library.documents.run, "trap", { enumerable: false, get: () => { throw new Error("secret inside"); } });
    const broken = await serve({ library: library as Library, onFault: (error) => faults.push(error) });
    const response = await fetch(`${broken.url}/api/predict`, { method: "POST", body: JSON.stringify({ selection: { run: "trap" } }) });
    const problems = await refused(response, 500);
    expect(JSON.stringify(problems)).not.toContain("secret");
    expect(faults).toHaveLength(1);
    await broken.close();
  });
});
