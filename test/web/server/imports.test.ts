/** Files that the page sends are kept once, refused with the problems that the command line tells, and never more than the limit. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, query } from "../../../cli/store/index.ts";
import { createImports } from "../../../web/server/imports.ts";
import { fixtureFolder, load, namesIn } from "../../support/log-files.ts";
import { serve, type Served } from "./served.ts";

const folder = mkdtempSync(join(tmpdir(), "exatwin-imports-"));
const store = join(folder, "kept.duckdb");
const received = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("exatwin-import-"));
const before = received();
let open: Served;
let closed: Served;
beforeAll(async () => {
  open = await serve({ imports: createImports(store, 2 ** 20) });
  closed = await serve();
});
afterAll(async () => {
  await open.close();
  await closed.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (id: string): Uint8Array<ArrayBuffer> => new Uint8Array(load(fixtureFolder, namesIn(fixtureFolder).find((name) => name.startsWith(`${id}/`)) ?? "").bytes);
const post = async (words: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, server = open) => {
  const response = await fetch(`${server.url}/api/imports?${words}`, { method: "POST", body, headers });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> & { problems?: Array<{ path: string; got: string; expected: string; hint?: string }> } };
};

describe("a server with a store", () => {
  it("says so, and which files it takes", async () => {
    expect(await (await fetch(`${open.url}/api/imports`)).json()).toEqual({ allowed: true, reason: null, store: "kept.duckdb", most_bytes: 2 ** 20 });
  });

  it("keeps a file once, also when several come at once, and says what it is", async () => {
    const [osu, stream] = await Promise.all([post("name=a.txt&as=mine", file("osu")), post("name=b.txt", file("stream"))]);
    expect(osu).toMatchObject({ status: 200, answer: { file: "a.txt", reader: "osu", stored: "new" } });
    expect(stream).toMatchObject({ status: 200, answer: { reader: "stream", stored: "new" } });
    expect(await post("name=again.txt&as=other", file("osu"))).toMatchObject({ status: 200, answer: { stored: "known" } });
    const kept = await openStore(store, { readOnly: true });
    expect((await query(kept, "select name, reader from files order by name")).rows).toEqual([{ name: "a.txt", reader: "osu" }, { name: "b.txt", reader: "stream" }]);
    expect((await query(kept, "select label from labels order by label")).rows).toEqual([{ label: "mine" }, { label: "other" }]);
    kept.close();
  });

  it("unpacks gzip, and takes the last part of a name alone", async () => {
    expect(await post(`name=${encodeURIComponent("../../etc/log.gz")}`, new Uint8Array(gzipSync(file("hpl"))))).toMatchObject({ status: 200, answer: { file: "log.gz", reader: "hpl" } });
  });

  it("refuses what no reader knows, with the reader that it is most like", async () => {
    const { status, answer } = await post("name=osu_latency.txt", new Uint8Array(Buffer.from("Size Latency\n1 2\n")));
    expect(status).toBe(422);
    expect(answer.problems).toMatchObject([{ path: "osu_latency.txt", got: 'text that begins with "Size Latency"' }]);
    expect(answer.problems?.[0]?.hint).toMatch(/most like a file of osu .* expects a title line of the OSU micro-benchmarks/);
  });

  it("refuses wrong names and labels, all of them at once", async () => {
    expect((await post("nmae=x&as=No%20Label", file("osu"))).answer.problems?.map(({ path }) => path).toSorted()).toEqual(["request: as", "request: name", "request: nmae"]);
    expect((await post("name=..", file("osu"))).status).toBe(422);
    expect((await post("name=empty", new Uint8Array())).answer.problems).toMatchObject([{ got: "an empty file" }]);
  });

  it("takes no more than its limit, and answers all the same", async () => {
    const { status, answer } = await post("name=large.txt", new Uint8Array(3 * 2 ** 20));
    expect([status, answer.problems?.[0]?.got, answer.problems?.[0]?.expected]).toEqual([422, "3.0 MiB", "a file of at most 1 MiB"]);
  });

  it("takes nothing from another site's page", async () => {
    expect((await post("name=a.txt", file("osu"), { "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
  });

  it("leaves no files behind", () => {
    expect(received().filter((name) => !before.includes(name))).toEqual([]);
  });
});

describe("a server without a store", () => {
  it("keeps nothing, and says how it would", async () => {
    expect(await (await fetch(`${closed.url}/api/imports`)).json()).toMatchObject({ allowed: false, store: null });
    expect((await post("name=a.txt", file("osu"), {}, closed)).answer.problems?.[0]?.hint).toContain("exatwin serve --store FILE");
  });
});
