/** What a file is that no reader takes: told from its beginning, in time that grows with its size and not with the square of it. */
import { describe, expect, it } from "vitest";
import { chooseReader } from "../../../calibrate/readers/choose.ts";

const fileOf = (text: string, name = "notes.txt") => {
  const begin = new TextEncoder().encode(text);
  return { name, bytes: begin.length, begin, text };
};
const refusalOf = (text: string, name?: string) => chooseReader(fileOf(text, name)).problem?.got;

describe("a file of no known tool", () => {
  it.each([
    ["# Results\n\nWhat was seen:\n\n| run | colour |\n| --- | --- |\n| 1 | red |\n", /a page whose tables hold no quantity/],
    ["\r\n| run | colour |\r\n| --- | --- |\r\n", /a page whose tables hold no quantity/],
    ["#!/bin/sh\necho hello\n", /source code/],
    ["hello\nimport os\n", /text that begins with "hello"/],
    ['{"text": "\n| a | b |\n"}', /text that begins with "\{/],
    ["a | b\nc | d\n", /text that begins with "a \| b"/],
    ["", /an empty file/],
    ["\u0000\u0001\u0002", /binary data/],
  ])("%j", (text, what) => {
    expect(refusalOf(text)).toMatch(what);
  });

  it("that is as long as a beginning may be is told as any other; looked through again from every line it would take minutes", () => {
    const line = "2026-01-01 12:00:00 worker 3 says nothing that is a measurement\n";
    const text = line.repeat(Math.floor(524_288 / line.length));
    for (let copy = 0; copy < 20; copy++) expect(refusalOf(text)).toMatch(/text that begins with "2026-01-01/);
  });

  it("names the tool that it is most like", () => {
    expect(chooseReader(fileOf("all kinds of words\n", "nccl-tests-notes.txt")).problem?.hint).toMatch(/most like a file of nccl-tests/);
  });
});
