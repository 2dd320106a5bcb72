/** What must hold of every page at every width: no two texts of a chart overlap, none leaves its frame, nothing is wider than the window. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

export type Windows = ReadonlyArray<readonly [width_px: number, colorScheme: "light" | "dark"]>;
/** Wide, middle and narrow, light and dark. */
export const windows: Windows = [[1440, "light"], [1000, "dark"], [800, "light"], [360, "dark"]];

/** At each width, once the charts have taken it: no texts overlap, nothing is wider, the theme is shown. `before` brings the page into place there. */
export async function expectFits(page: Page, least: { readonly charts: number; readonly texts: number }, at: Windows = windows, before: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  for (const [width, colorScheme] of at) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await before();
    await page.waitForFunction(() => [...document.querySelectorAll(".panel:not([hidden]) > .panel-body > svg")].every((chart) => Math.abs(chart.getBoundingClientRect().width - (chart.parentElement?.clientWidth ?? 0)) < 2));
    const { charts, texts, paper, ...wrong } = await page.evaluate(checkTexts);
    expect(charts).toBeGreaterThanOrEqual(least.charts);
    expect(texts).toBeGreaterThan(least.texts);
    expect(paper).toBe(colorScheme === "dark" ? "rgb(20, 22, 26)" : "rgb(253, 253, 252)");
    expect({ width, colorScheme, ...wrong }).toEqual({ width, colorScheme, overlapping: [], outside: [], tooWide_px: 0 });
  }
}

/** Runs in the page: every text of every chart against every other and against the frame of its chart. */
export function checkTexts() {
  const overlapping: string[] = [];
  const outside: string[] = [];
  let texts = 0;
  const charts = [...document.querySelectorAll(".panel-body > svg")];
  for (const chart of charts) {
    const place = chart.closest(".panel")?.id;
    const frame = chart.getBoundingClientRect();
    const boxes = [...chart.querySelectorAll("text")].filter((text) => text.textContent !== "").map((text) => ({ words: text.textContent ?? "", box: text.getBoundingClientRect() }));
    texts += boxes.length;
    boxes.forEach(({ words, box }, index) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2) outside.push(`${place}: "${words}"`);
      for (const other of boxes.slice(index + 1)) {
        // A line box is taller than its letters: two pixels of it above and below are empty.
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) - 4;
        if (across > 0.5 && down > 0.5) overlapping.push(`${place}: "${words}" and "${other.words}"`);
      }
    });
  }
  for (const figure of document.querySelectorAll<HTMLElement>(".figure, .data td, .data th, .knob, .panel-title")) {
    const { right } = figure.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(figure);
    if (range.getBoundingClientRect().right > right + 1) outside.push(`${figure.className || figure.tagName}: "${figure.textContent}"`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  return { overlapping, outside, texts, charts: charts.length, tooWide_px: Math.max(0, scrollWidth - clientWidth), paper: getComputedStyle(document.body).backgroundColor };
}
