/** What the import page draws and says of a file, against rows whose values are known; and that no fixture of any tool leaves it without words. */
import { expect, it } from "vitest";
import type { ImportedRow } from "../../../calibrate/readers/index.ts";
import { collectPicture, type Picture } from "../../../web/client/data/import-picture.ts";
import { aboutTable, fileFinding, marksSaid, pictureFinding, pictureTable, problemsTable, quantityWords, rowsTable } from "../../../web/client/data/import-words.ts";
import type { ImportReport } from "../../../web/client/import/protocol.ts";
import { decodeImportState, encodeImportState } from "../../../web/client/import/state.ts";
import { fixtureFolder, load, namesIn, readersOf, readFileWith } from "../../support/log-files.ts";

function pictureOf(rows: readonly ImportedRow[]): Picture | null {
  const collected = collectPicture();
  for (const row of rows) collected.take(row);
  return collected.end();
}

const sizes = Array.from({ length: 12 }, (_, at) => 1024 * 4 ** at);
const message = (bytes: number, line: number, more: Partial<ImportedRow> = {}): ImportedRow => ({ line, benchmark: "all-reduce", case: { bytes, type: "float" }, values: { time_s: 2e-5 + bytes / 1e10 }, ...more });

it("times by size find the latency and bandwidth they were made with; marked rows are drawn and not fitted", () => {
  const rows = sizes.flatMap((bytes, at) => [message(bytes, 2 * at + 1), message(bytes, 2 * at + 2, { case: { bytes, type: "float", inPlace: true }, values: { time_s: 1 }, marks: ["in-place"] })]);
  const picture = pictureOf(rows);
  if (picture?.kind !== "by-size") throw new Error(`a picture by size, not ${picture?.kind}`);
  const [series] = picture.series;
  expect(picture.series.length).toBe(1);
  expect(series?.fit.parameters["latency"]?.value).toBeCloseTo(2e-5, 7);
  expect((series?.fit.parameters["bandwidth"]?.value ?? 0) / 1e10).toBeCloseTo(1, 2);
  expect(series?.marked.map(({ y, marks }) => [y, marks])).toEqual(sizes.map(() => [1, ["in-place"]]));
  expect(pictureTable(picture, series).rows.length).toBe(2 * sizes.length);
});

it("series are told apart by what differs in their cases", () => {
  const rows = ["float", "half"].flatMap((type) => sizes.map((bytes, at) => message(bytes, at + 1, { case: { bytes, type, ranks: 8 } })));
  const picture = pictureOf(rows);
  expect(picture?.kind === "by-size" && picture.series.map(({ name }) => name)).toEqual(["type float", "type half"]);
});

it("steps have the median of those that are not marked; a long run is thinned, its marked steps stay", () => {
  const rows = Array.from({ length: 50_000 }, (_, at): ImportedRow => ({ line: at + 1, benchmark: "training-step", case: { iteration: at + 1 }, values: { time_s: at === 0 ? 60 : 5 + (at % 3) / 10 }, ...(at === 0 ? { marks: ["warm-up"] as const } : {}) }));
  const picture = pictureOf(rows);
  if (picture?.kind !== "steps") throw new Error("a picture of steps");
  expect([picture.rows, picture.median, picture.low, picture.high]).toEqual([50_000, 5.1, 5, 5.2]);
  expect(picture.points.length).toBeLessThan(900);
  expect(picture.points[0]).toMatchObject({ x: 1, y: 60, marks: ["warm-up"] });
  expect(pictureFinding(picture, undefined).replaceAll("\u00a0", " ")).toBe("A step takes 5.10 s, eight of ten 5.00 s to 5.20 s");
});

it("kernels stand beside each other by their rates", () => {
  const picture = pictureOf(["copy", "triad"].map((name, at) => ({ line: at + 1, benchmark: `stream-${name}`, case: {}, values: { time_s: 0.1, rate_bytes_per_s: 1e11 * (at + 1) } })));
  expect(picture?.kind === "levels" && [picture.quantity, picture.levels.map(({ name, median }) => [name, median])]).toEqual(["rate_bytes_per_s", [["stream-copy", 1e11], ["stream-triad", 2e11]]]);
});

it("counts and sizes make no picture", () => {
  expect(pictureOf([{ line: 1, benchmark: "system", case: {}, values: { node_count: 4 } }])).toBeNull();
  expect(pictureOf([])).toBeNull();
});

it.each(namesIn(fixtureFolder))("%s has a title, tables of all its rows, and a picture of finite numbers if any", (name) => {
  const file = load(fixtureFolder, name);
  const [reader] = readersOf(file);
  if (!reader) throw new Error("no reader");
  const { rows, ...head } = readFileWith(reader, file);
  const picture = pictureOf(rows);
  const report: ImportReport = { ...head, name, bytes: file.bytes.length, sha256: null, reader: reader.id, title: reader.title, rows: rows.length, marked: 0, benchmarks: {}, marks: {}, preview: rows.slice(0, 1000), picture, elapsed_ms: 1 };
  expect(fileFinding(report)).not.toMatch(/undefined|NaN/);
  const tables = [rowsTable(report.preview), problemsTable(report), aboutTable(report), ...(picture ? [pictureTable(picture, picture.kind === "by-size" ? picture.series[0] : undefined)] : [])];
  for (const table of tables) for (const row of table.rows) expect(row.length).toBe(table.columns.length);
  expect(tables[0]?.rows.length).toBe(Math.min(1000, rows.length));
  // JSON has no word for what is not finite.
  expect(JSON.parse(JSON.stringify(picture))).toEqual(picture);
});

it("says marks in words", () => {
  expect(marksSaid({ "in-place": 537, outlier: 3 })).toBe("537 in place, 3 outliers");
});

it("an address carries tables and theme, and says what is wrong with it", () => {
  expect(encodeImportState({ tables: [], theme: "system" })).toBe("view=import");
  expect(decodeImportState(`?${encodeImportState({ tables: ["about"], theme: "dark" })}`)).toEqual({ state: { tables: ["about"], theme: "dark" }, problems: [] });
  expect(decodeImportState("?view=import&theme=blue&tabels=x").problems.map(({ path }) => path)).toEqual(["address: theme", "address: tabels"]);
});

it("quantities are said without their units, which stand beside the values", () => {
  expect(["time_s", "rate_bytes_per_s", "least_s", "throughput_samples_per_s", "power_w", "loss", "call_count"].map(quantityWords)).toEqual(["time", "rate of bytes", "least", "throughput of samples", "power", "loss", "call count"]);
});
