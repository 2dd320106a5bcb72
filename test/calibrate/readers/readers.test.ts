/**
 * What holds for every reader and every file: exactly one reader takes it, also with its name hidden; it reads the same in pieces of any size; every row is finite, in
 * SI, and of a line of the file; nothing that happens to the file makes a crash. Fixtures of ours, and the real logs where they stand.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readers } from "../../../calibrate/readers/index.ts";
import { countLines, faultsOf } from "../../support/import-faults.ts";
import { fixtureFolder, load, namesIn, readersOf, readFileWith, realFolder, realLogsStand, type LogFile } from "../../support/log-files.ts";

const fixtures = namesIn(fixtureFolder);

it("have names of their own and a fixture each", () => {
  const ids = readers.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !fixtures.some((name) => name.startsWith(`${id}/`)))).toEqual([]);
});

const hidden = (file: LogFile): LogFile => ({ ...file, name: "file" });

describe.each(fixtures)("fixture %s", (name) => {
  const file = load(fixtureFolder, name);
  const id = name.split("/")[0];
  const reader = readers.find((one) => one.id === id);

  it("is taken by its reader alone, with and without its name", () => {
    expect(readersOf(file).map((one) => one.id)).toEqual([id]);
    expect(readersOf(hidden(file)).map((one) => one.id)).toEqual([id]);
  });

  it("gives rows or documents, finite and in SI, the same in pieces of any size", () => {
    if (!reader) throw new Error(`there is no reader ${id}`);
    const whole = readFileWith(reader, file);
    expect(faultsOf(whole, reader.kind === "binary" ? Number.MAX_SAFE_INTEGER : countLines(file.bytes))).toEqual([]);
    expect(whole.rows.length + whole.documents.length + whole.problems.length).toBeGreaterThan(0);
    for (const piece of [1, 7, 1000]) if (file.bytes.length / piece < 200_000) expect(readFileWith(reader, file, piece)).toEqual(whole);
  });

  it("survives whatever happens to it", () => {
    if (!reader) throw new Error(`there is no reader ${id}`);
    fc.assert(fc.property(mutation(file.bytes.length), (mutate) => {
      const bytes = mutate(file.bytes);
      expect(faultsOf(readFileWith(reader, { ...file, bytes }), reader.kind === "binary" ? Number.MAX_SAFE_INTEGER : countLines(bytes))).toEqual([]);
    }), { numRuns: runsFor(file.bytes.length) });
  });
});

/** Mutations of one file: more with EXATWIN_FUZZ, fewer for large files. */
const runsFor = (length: number): number => Math.max(5, Math.min(Number(process.env["EXATWIN_FUZZ"] ?? 150), Math.floor((Number(process.env["EXATWIN_FUZZ"] ?? 150) * 20_000) / length)));

/** A cut, a flipped byte, a piece doubled or taken out, foreign lines, other line ends, a byte-order mark, or several of these. */
function mutation(length: number): fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> {
  const at = fc.nat(Math.max(0, length - 1));
  const one = fc.oneof(
    at.map((end) => (bytes: Uint8Array) => bytes.subarray(0, end)),
    at.map((start) => (bytes: Uint8Array) => bytes.subarray(start)),
    fc.tuple(at, fc.nat(255)).map(([place, value]) => (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, index) => (index === place ? value : byte))),
    fc.tuple(at, fc.nat(200)).map(([place, size]) => (bytes: Uint8Array) => join(bytes.subarray(0, place), bytes.subarray(place + size))),
    fc.tuple(at, fc.nat(200)).map(([place, size]) => (bytes: Uint8Array) => join(bytes.subarray(0, place + size), bytes.subarray(place))),
    fc.tuple(at, fc.oneof(fc.string(), fc.constantFrom("nan", "inf", "-1", "1e999", "N/A", "null", "0", "\n\n", "[1,0]<stdout>:", "\u001B[31m", "{", "]"))).map(([place, text]) => (bytes: Uint8Array) => join(bytes.subarray(0, place), join(Buffer.from(text), bytes.subarray(place)))),
    fc.constant((bytes: Uint8Array) => Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\n", "\r\n"), "latin1")),
    fc.constant((bytes: Uint8Array) => join(Uint8Array.of(0xef, 0xbb, 0xbf), bytes)),
    fc.constantFrom("0", "-7", "1e308", "nan", "").map((value) => (bytes: Uint8Array) => Buffer.from(Buffer.from(bytes).toString("latin1").replace(/\d+(\.\d+)?/g, (number, _, place: number) => (place % 7 === 0 ? value : number)), "latin1")),
  );
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((list) => (bytes) => list.reduce((mutated, mutate) => mutate(mutated), bytes));
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

it("take nothing that is not theirs", () => {
  for (const text of ["", "\n", "dear diary\n", "a,b,c\n1,2,3\n", "{}", "[]", "null", '{"a": 1}', "# a title\n\nsome words\n", "\u0000\u0001\u0002"]) {
    expect(readersOf({ name: "notes.txt", bytes: Buffer.from(text) }).map(({ id }) => id), JSON.stringify(text)).toEqual([]);
  }
});

describe.skipIf(!realLogsStand)("real logs (skipped where ../shared/data/logs does not stand)", () => {
  it.each(namesIn(realFolder))("%s", (name) => {
    const file = load(realFolder, name);
    const taken = readersOf(file);
    expect(taken.length).toBeLessThanOrEqual(1);
    expect(readersOf(hidden(file)).map(({ id }) => id)).toEqual(taken.map(({ id }) => id));
    const [reader] = taken;
    if (!reader) return;
    const imported = readFileWith(reader, file);
    expect(faultsOf(imported, reader.kind === "binary" ? Number.MAX_SAFE_INTEGER : countLines(file.bytes))).toEqual([]);
    expect(imported.rows.length + imported.documents.length, "a file that is taken holds something").toBeGreaterThan(0);
  });
});
