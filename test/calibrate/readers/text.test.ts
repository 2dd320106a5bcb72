/** Text of logs: what launchers, terminals and editors add is taken away, and pieces may be cut anywhere. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostProblems } from "../../../calibrate/readers/reader.ts";
import { cleanLine, cleanText, lineReader, problemList, splitLines, wholeTextReader, emptyHead } from "../../../calibrate/readers/text.ts";

const escape = String.fromCharCode(27);

function linesOf(pieces: readonly string[]): Array<[string, number, boolean]> {
  const lines: Array<[string, number, boolean]> = [];
  const split = splitLines((text, number, cutOff) => lines.push([text, number, cutOff]));
  for (const piece of pieces) split.write(piece);
  split.end();
  return lines;
}

describe("a line", () => {
  it.each([
    ["[1,0]<stdout>:   1024  256", "  1024  256"],
    ["[1,13]<stderr>:text", "text"],
    [" 3: 8 2 float", "8 2 float"],
    ["12: :::MLLOG {}", ":::MLLOG {}"],
    ["[rank0]:step: 1", "step: 1"],
    [`${escape}[31mstep:${escape}[0m 3`, "step: 3"],
    ["10 %\r50 %\r100 % done", "100 % done"],
    ["value\r", "value"],
    ["1024 256 float", "1024 256 float"],
    ["2023-05-01 12: text", "2023-05-01 12: text"],
    ["[2024-01-01 10:00:00] iteration 1/ 2", "[2024-01-01 10:00:00] iteration 1/ 2"],
  ])("%j reads %j", (line, clean) => expect(cleanLine(line)).toBe(clean));
});

describe("lines", () => {
  it("are the same however the text is cut into pieces", () => {
    const content = fc.array(fc.stringMatching(/^[a-z \t:|\d]{0,12}\r?$/), { maxLength: 12 }).map((lines) => lines.join("\n"));
    fc.assert(fc.property(content, fc.array(fc.nat(60), { maxLength: 6 }), (text, cuts) => {
      const at = [...new Set(cuts.map((cut) => Math.min(cut, text.length)))].toSorted((a, b) => a - b);
      const pieces = [...at, text.length].map((end, index) => text.slice(index === 0 ? 0 : at[index - 1], end));
      expect(linesOf(pieces)).toEqual(linesOf([text]));
    }));
  });

  it("have their numbers, no byte-order mark, and the last says that it has no end", () => {
    expect(linesOf(["\uFEFFa\r\n", "b\nc"])).toEqual([["a", 1, false], ["b", 2, false], ["c", 3, true]]);
    expect(linesOf(["a\n"])).toEqual([["a", 1, false]]);
    expect(linesOf([""])).toEqual([]);
  });

  it("of a whole text are cleaned alike", () => {
    const text = "\uFEFF[1,0]<stdout>:x\r\n 0: y\n";
    expect(cleanText(text).split("\n").slice(0, -1)).toEqual(linesOf([text]).map(([line]) => line));
  });
});

it("problems beyond the limit are counted", () => {
  const problems = problemList();
  for (let line = 1; line <= mostProblems + 7; line++) problems.add(line, "x".repeat(500), "y");
  const list = problems.list();
  expect(list).toHaveLength(mostProblems + 1);
  expect(list.at(-1)?.got).toBe("7 more problems");
  expect(Math.max(...list.map(({ got }) => got.length))).toBeLessThanOrEqual(120);
});

it("both kinds of text readers see the same text", () => {
  const seen: string[] = [];
  const about = { id: "x", title: "x", accepts: () => true };
  const whole = wholeTextReader({ ...about, read: (text) => { seen.push(text); return emptyHead; } }).start("n", () => {});
  const lines = lineReader({ ...about, begin: () => ({ line: (text) => seen.push(text), end: () => emptyHead }) }).start("n", () => {});
  for (const piece of ["\uFEFFon", "e line"]) { whole.write(piece); lines.write(piece); }
  whole.end();
  lines.end();
  expect(seen).toEqual(["one line", "one line"]);
});
