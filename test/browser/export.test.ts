/** What is taken away is what is drawn: CSV values, an SVG that stands alone, the command. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedPanel } from "./read-page.ts";
import { serveForTests, type Opened } from "./served-page.ts";

const served = serveForTests();
let opened: Opened;
beforeAll(async () => {
  opened = await served.open("?v=1&set.plan.gradientLag=0");
});
afterAll(async () => opened?.close());

const readCsv = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) => (match[1] ?? "").replace(/^"|"$/g, "").replaceAll('""', '"')).slice(0, -1));

describe("CSV", () => {
  it.each([["scaling", "current", 4, 1e15], ["efficiency", "efficiency", 3, 0.01]] as const)("of %s holds the values drawn", async (panel, series, column, scale) => {
    const { name, text } = await savedPanel(opened.page, panel, "CSV");
    expect(name).toMatch(/^exatwin-summit-deeplabv3plus-fp16-2018-[0-9a-f]{7}-\w+\.csv$/);
    expect(text).toMatch(/^# DeepLabv3\+ on Summit.*\n# exatwin \d+\.\d+\.\d+, \d{4}-\d\d-\d\d, scenario [0-9a-f]{7}: exatwin predict/);
    const drawn = await opened.page.locator(`#${panel} .mark[data-series="${series}"]`).evaluateAll((marks) => marks.map((mark) => Number(mark.getAttribute("data-value"))));
    const [, ...rows] = readCsv(text);
    expect(drawn.length).toBeGreaterThan(5);
    drawn.forEach((value, index) => expect((Number(rows[index]?.[column]) * scale) / value).toBeCloseTo(1, 4));
  });

  it("of the step holds each term, and what was printed adds up", async () => {
    const { text } = await savedPanel(opened.page, "step", "CSV");
    const [, ...rows] = readCsv(text);
    const terms = rows.slice(0, -1);
    expect(terms.length).toBeGreaterThan(5);
    expect(terms.reduce((sum, row) => sum + Number(row[2]), 0)).toBeCloseTo(Number(rows.at(-1)?.[2]), 6);
  });
});

describe("SVG", () => {
  it.each(["scaling", "efficiency", "step", "inputs", "input", "staging"])("of %s is well-formed, stands alone and says where it is from", async (panel) => {
    const { text } = await savedPanel(opened.page, panel, "SVG");
    const problem = await opened.page.evaluate((source) => new DOMParser().parseFromString(source, "image/svg+xml").querySelector("parsererror")?.textContent ?? null, text);
    expect(problem).toBeNull();
    expect(text).not.toMatch(/var\(--|data-|class=|<style|<script|href=/);
    expect(text).toMatch(/<text[^>]*>exatwin \d+\.\d+\.\d+, \d{4}-\d\d-\d\d, scenario/);
    expect(text).toContain("Published: ");
    expect(text.length).toBeLessThan(300_000);
    const texts = await opened.page.evaluate((source) => new DOMParser().parseFromString(source, "image/svg+xml").querySelectorAll("text").length, text);
    expect(texts).toBeGreaterThan(12);
  });
});

it("the command that repeats the page is copied by one key", async () => {
  const { page, close } = await served.open("?v=1&set.plan.gradientLag=0", { permissions: ["clipboard-read", "clipboard-write"] });
  try {
    await page.keyboard.press("c");
    await page.waitForFunction(() => document.querySelector(".menu-note")?.textContent !== "");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("exatwin predict summit-deeplabv3plus-fp16-2018 --gpus 27360 --set plan.gradientLag=0");
  } finally {
    await close();
  }
});
