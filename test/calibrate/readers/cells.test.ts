/** Cells of a line and the numbers in them are those of split() and Number(), to the last bit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellIs, cellNumber, cellText, cellWhole, decimalIn, findCells, makeCells } from "../../../calibrate/readers/cells.ts";

const printed = fc.oneof(
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(20)).map(([digits, places]) => {
    const text = String(digits).padStart(places + 1, "0");
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  }),
  fc.double().map(String),
  fc.constantFrom("", ".", "5.", ".5", "1.2.3", "0x10", "1e5", "1e999", "nan", "inf", "-1", "+1", "0b1", "1_000", "N/A", "007"),
);

describe("numbers of cells", () => {
  it("are those of Number()", () => {
    fc.assert(fc.property(printed, fc.string(), fc.string(), (text, before, after) => {
      expect(decimalIn(before + text + after, before.length, before.length + text.length)).toBe(Number(text));
    }), { numRuns: 2000 });
  });

  it("that are whole are digits alone", () => {
    fc.assert(fc.property(printed, (text) => {
      if (text !== "") expect(cellWhole(findCells(makeCells(), text), 0)).toBe(/^\d+$/.test(text) ? Number(text) : Number.NaN);
    }), { numRuns: 2000 });
  });
});

describe("cells", () => {
  const line = fc.array(fc.oneof(fc.constantFrom(" ", "\t", "\u00a0", "  "), fc.stringMatching(/^[!-~]{1,6}$/)), { maxLength: 30 }).map((parts) => parts.join(""));

  it("are the words between blanks, also when a longer line came before", () => {
    const cells = findCells(makeCells(), "a line that had more cells than most others have");
    fc.assert(fc.property(line, (text) => {
      findCells(cells, text);
      const words = text.split(/\s+/).filter((word) => word !== "");
      expect(cells.count).toBe(words.length);
      expect(words.map((_, index) => cellText(cells, index))).toEqual(words);
      expect(words.every((word, index) => cellIs(cells, index, word) && !cellIs(cells, index, `${word}x`))).toBe(true);
      expect([cellText(cells, words.length), cellNumber(cells, words.length), cellWhole(cells, words.length)]).toEqual([undefined, Number.NaN, Number.NaN]);
    }));
  });

  it("of a line of thousands are counted, and the first are kept", () => {
    const cells = findCells(makeCells(), "7 ".repeat(5000));
    expect([cells.count, cellText(cells, 0), cellText(cells, 4999)]).toEqual([5000, "7", undefined]);
  });
});
