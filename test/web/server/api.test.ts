import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Prediction, Validation } from "../../../model/prediction.ts";
import { documentKinds } from "../../../model/schema/index.ts";
import { answers } from "../../../web/shared/api.ts";
import { flagship, run, runJson } from "../../cli/harness.ts";
import { rawRequest, serve, type Served } from "./served.ts";

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(served.url + path, { headers });
const post = (path: string, body: unknown) => fetch(served.url + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

describe("answers", () => {
  test("health and library are of their schema; the library is all documents, and comes once", async () => {
    expect(answers.health.strict().parse(await (await get("/api/health")).json()).documents["run"]).toBeGreaterThan(2);
    const first = await get("/api/library");
    const library = answers.library.strict().parse(await first.json());
    expect(library.documents["run"]?.[flagship]).toMatchObject({ id: flagship });
    expect(Object.keys(library.sources)).toContain("kurth-sc18");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).not.toBe("");
    const again = await rawRequest(served.port, "/api/library", { Host: `127.0.0.1:${served.port}`, "If-None-Match": etag });
    expect(again).toEqual({ status: 304, body: "" });
  });

  test("a prediction is the one that the command line gives, and of its schema", async () => {
    const response = await post("/api/predict", { selection: { run: flagship, changes: { "plan.gradientLag": 0 } }, devices: [6, 384] });
    expect(response.status).toBe(200);
    const prediction = (await response.json()) as Prediction;
    const { published: _, ...own } = await runJson<Prediction & { published: unknown }>(["predict", flagship, "--gpus", "6,384", "--set", "plan.gradientLag=0"]);
    expect(prediction.points).toEqual(own.points);
    expect(answers.predict.strict().parse(prediction)).toEqual(prediction);
    const { machine, workload, plan, stack } = prediction.scenario;
    const four = await post("/api/predict", { selection: { machine: machine.id, workload: workload.id, plan: plan.id, stack: stack.id } });
    expect(four.status).toBe(200);
  });

  test("a run as JSON and as CSV", async () => {
    const json = await get(`/api/runs/${flagship}.json`);
    expect(answers.predict.parse(await json.json()).scenario.run?.id).toBe(flagship);
    const csv = await get(`/api/runs/${flagship}.csv`);
    expect(csv.headers.get("content-type")).toMatch(/^text\/csv/);
    expect(await csv.text()).toBe((await run(["predict", flagship, "--csv"])).stdout);
  });

  test("validation, also of a run that the library does not hold", async () => {
    const own = await post("/api/validate", { runs: [flagship] });
    const validation = (await own.json()) as Validation;
    expect(answers.validate.strict().parse(validation)).toEqual(validation);
    expect(validation.cases.map(({ point }) => point)).toContain("sustained");
    const { document } = await runJson<{ document: object }>(["show", "run", flagship]);
    const extra = (await (await post("/api/validate", { protocol: "cold", extraRuns: [{ ...document, id: "mine" }] })).json()) as Validation;
    expect(extra).toMatchObject({ protocol: "cold" });
    expect(new Set(extra.cases.map((item) => item.run))).toEqual(new Set(["mine"]));
  });

  test("a good document has no problem", async () => {
    const { document } = await runJson<{ document: object }>(["show", "machine", "summit"]);
    expect(await (await post("/api/check", { document })).json()).toEqual({ problems: [], kind: "machine" });
  });

  test.each(documentKinds)("schema of %s", async (kind) => {
    const response = await get(`/api/schema/${kind}.json`);
    expect(response.headers.get("content-type")).toMatch(/^application\/schema\+json/);
    expect(await response.json()).toMatchObject({ title: `exatwin ${kind}` });
  });

  test("the OpenAPI document names the routes there are, and only those", async () => {
    const { openapi, paths } = (await (await get("/api/openapi.json")).json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(openapi).toBe("3.1.0");
    for (const [path, methods] of Object.entries(paths)) {
      const address = path.replace("calibrations/{id}", "calibrations/v100-convolution-fp16").replace("{id}", flagship).replace("{kind}", "run");
      for (const method of ["get", "post", "delete"]) {
        const { status } = await fetch(served.url + address, { method: method.toUpperCase(), ...(method === "post" ? { body: "{}" } : {}) });
        expect(status !== 405, `${method} ${path}`).toBe(method in methods);
        expect(status, `${method} ${path}`).not.toBe(404);
      }
    }
  });
});

describe("page", () => {
  test("the page at / and at any address of it, its assets for long, nothing else", async () => {
    for (const path of ["/", "/runs/x?gpus=6", "/a/b"]) {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain("the page");
      expect(response.headers.get("cache-control")).toBe("no-cache");
    }
    expect((await get("/assets/main-1.js")).headers.get("cache-control")).toContain("immutable");
    expect((await get("/assets/gone.js")).status).toBe(404);
    expect((await get("/.env")).status).toBe(404);
    const outside = await rawRequest(served.port, "/../../../../../../etc/hostname", { Host: "localhost" });
    expect(outside.status === 200 ? outside.body : "refused", "only the page may come back").toMatch(/the page|refused/);
  });

  test("without a built page the API works and the address says what to do", async () => {
    const bare = await serve({ clientDirectory: "/nowhere" });
    const response = await fetch(bare.url);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("npm run build");
    expect((await fetch(`${bare.url}/api/health`)).status).toBe(200);
    await bare.close();
  });
});
