/** Predictions, searches and documents in a store: kept once, with intervals and units, and the same after an export and an import of every table. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportTables, formats, importTables, openStore, query, saveDocuments, tables, type Store } from "../../../cli/store/index.ts";
import { run } from "../harness.ts";

const folder = mkdtempSync(join(tmpdir(), "exatwin-answers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "kept.duckdb");
const predict = ["predict", "summit-deeplabv3plus-fp16-2018", "--gpus", "6,384"];
const search = ["search", "gpt-22b", "selene", "--gpus", "8", "--batch", "4", "--fix", "tensor=8", "--top", "2"];

async function using<T>(file: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(file);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
const ask = (sql: string) => using(path, async (store) => (await query(store, sql)).rows);

interface Shown {
  readonly points: ReadonlyArray<{ readonly devices: number; readonly stepTime_s: { readonly value: number; readonly low95: number; readonly high95: number } }>;
}
let shown: Shown;
beforeAll(async () => {
  shown = JSON.parse((await run([...predict, "--json"])).stdout) as Shown;
  for (const line of [predict, search]) {
    const kept = await run([...line, "--store", path]);
    expect([kept.code, kept.stderr]).toEqual([0, expect.stringMatching(/kept in .* as [0-9a-f]{16}, \d+ rows/)]);
  }
  await using(path, (store) => saveDocuments(store, [{ kind: "calibration", id: "mine", value: { id: "mine", note: "a, \"b\"" } }], "2026-01-02T03:04:05.678"));
});

describe("a store", () => {
  it("holds what a prediction said, with its interval, unit and question", async () => {
    expect(await ask("select devices, value, low95, high95, unit from predictions where quantity = 'stepTime_s' order by devices")).toEqual(shown.points.map(({ devices, stepTime_s: { value, low95, high95 } }) => ({ devices, value, low95, high95, unit: "s" })));
    expect(await ask("select distinct selection ->> '$.scenario.machine' as machine, selection ->> '$.verb' as verb from predictions")).toEqual([{ machine: "summit", verb: "predict" }]);
  });

  it("holds what kernels and communication each take, with the day: the history of both", async () => {
    const rows = await ask("select quantity, unit from predictions where quantity like 'scale%_s' and devices = (select max(devices) from predictions) order by quantity");
    expect(rows).toEqual(["scaleOut.hidden_s", "scaleOut.time_s", "scaleUp.hidden_s", "scaleUp.time_s"].map((quantity) => ({ quantity, unit: "s" })));
    const sums = await ask("select devices, sum(value) as step from predictions where quantity in ('scaleUp.time_s', 'scaleOut.time_s', 'other.time_s') group by devices order by devices");
    for (const [index, { stepTime_s }] of shown.points.entries()) expect(Number(sums[index]?.["step"])).toBeCloseTo(stepTime_s.value, 9);
  });

  it("holds the plans of a search, the best first", async () => {
    const rows = await ask("select place, devices, choices ->> '$.tensor' as tensor, value, unit from sweeps where quantity = 'stepTime_s' order by place");
    expect(rows.map(({ place, devices, tensor, unit }) => [place, devices, String(tensor), unit])).toEqual([[1, 8, "8", "s"], [2, 8, "8", "s"]]);
    expect(Number(rows[0]?.["value"])).toBeLessThanOrEqual(Number(rows[1]?.["value"]));
    expect(await ask("select distinct unit from sweeps where quantity = 'device_hours'")).toEqual([{ unit: "h" }]);
  });

  it("holds the same answer once", async () => {
    const before = await ask("select count(*) as rows from predictions");
    expect((await run([...predict, "--store", path])).stderr).toContain("holds this answer already");
    expect(await ask("select count(*) as rows from predictions")).toEqual(before);
    await run([...predict, "--set", "plan.gradientLag=0", "--store", path]);
    expect(await ask("select count(distinct id) as answers from predictions")).toEqual([{ answers: 2 }]);
  });

  it.each(formats)("leaves as %s, comes back, and leaves the same bytes again, table by table", async (format) => {
    const [out, back] = [join(folder, `${format}-out`), join(folder, `${format}-back`)];
    const left = await using(path, (store) => exportTables(store, out, format));
    expect(left.filter(({ rows }) => rows > 0).map(({ table }) => table)).toEqual(["documents", "predictions", "sweeps"]);
    await using(join(folder, `${format}.duckdb`), async (store) => {
      expect(await importTables(store, out)).toEqual(left);
      await exportTables(store, back, format);
    });
    expect(readdirSync(back).toSorted()).toEqual(tables.map((table) => `${table}.${format}`).toSorted());
    for (const name of readdirSync(out)) expect(readFileSync(join(back, name)).equals(readFileSync(join(out, name))), name).toBe(true);
  });
});

it("nothing is written without --store, and a wrong question leaves no store", async () => {
  const absent = join(folder, "absent.duckdb");
  expect((await run(["predict", "no-such-run", "--store", absent])).code).not.toBe(0);
  expect(readdirSync(folder)).not.toContain("absent.duckdb");
});
