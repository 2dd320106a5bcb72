/** The page of validation on the real server: it says what is held out, its figures are those of the accuracy page under every protocol, filters and the card follow, it fits every width. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { checkTexts } from "./layout-check.ts";
import { plain } from "./read-page.ts";
import { figure, serveForTests } from "./served-page.ts";

const { onPage } = serveForTests();

const accuracy = readFileSync(new URL("../../docs/accuracy.md", import.meta.url), "utf8").split("\n");
/** Kinds of networks as the page names them, and as docs/accuracy.md does. */
const kinds = [["vision and science", "layers", "layer networks"], ["mixture of experts", "experts", "mixture of experts"], ["dense", "dense", "dense transformers"]] as const;
const rowOf = (protocol: string, network: string): string[] => {
  const from = accuracy.findIndex((line) => line.startsWith(`| ${protocol} |`));
  return from < 0 ? [] : (accuracy.slice(from).find((line) => line.split("|")[2]?.trim() === network)?.split("|").map((cell) => cell.trim()).slice(3, -2) ?? []);
};
const sum = (protocol: string): number => kinds.reduce((all, [, , network]) => all + Number(rowOf(protocol, network)[0] ?? 0), 0);
const shown = async (page: Page): Promise<string[]> => {
  const texts: string[] = [];
  for (const id of ["points", "mape", "median", "p90", "bias", "worst", "coverage80", "coverage95"]) texts.push(plain(await figure(page, id).textContent()).replace(/ %$/, "").replace(/^\+0\.0$/, "0.0"));
  return texts;
};
const protocols = ["leave-one-series-out", "leave-one-machine-out", "leave-twins-out", "extrapolate", "cold", "in-sample"];

describe("validation", () => {
  it("says first what is held out, and its switch shows the figures of the accuracy page", () =>
    onPage("?view=validation", async (page) => {
      expect(await page.locator("main .held").textContent()).toMatch(/^Held out: each run's own series: nothing of the run's own series was learned from/);
      const buttons = page.locator('.segments[aria-label="Protocol"] .segment');
      expect(await buttons.count()).toBe(protocols.length);
      const seen = new Set<string>();
      for (const [at, protocol] of protocols.entries()) {
        await buttons.nth(at).click();
        expect(await page.locator("[data-protocol][aria-current]").getAttribute("data-protocol")).toBe(protocol);
        const figures = await shown(page);
        if (protocol !== "leave-twins-out") expect(Number(figures[0]), protocol).toBe(sum(protocol));
        expect(await page.locator('#parity .mark[data-series="points"]').count()).toBeGreaterThanOrEqual(Number(figures[0]));
        seen.add(figures.join());
      }
      expect(seen.size).toBe(protocols.length);
      expect(await page.locator("main .held").textContent()).toMatch(/^Nothing is held out/);
      expect(new URL(page.url()).searchParams.get("protocol")).toBe("in-sample");
    }));

  it.each(kinds)("%s: figures are those of the accuracy page under every protocol that it has", (button, kind, network) =>
    onPage(`?view=validation&kind=${kind}`, async (page) => {
      expect(await page.getByRole("button", { name: button, exact: true }).getAttribute("aria-pressed")).toBe("true");
      for (const [at, protocol] of protocols.entries()) {
        const row = rowOf(protocol, network);
        if (row.length < 5 || row[0] === "0") continue;
        await page.locator('.segments[aria-label="Protocol"] .segment').nth(at).click();
        const figures = await shown(page);
        const [points, , ...stated] = row;
        expect(figures[0], protocol).toBe(points);
        // Points are kept with five digits, so that a figure may round the other way: one unit of its last place.
        stated.forEach((text, column) => expect(Math.abs(Number(figures[column + 1]) - Number(text)), `${protocol}, column ${column}`).toBeLessThan(column < 5 ? 0.11 : 1.01));
        expect(figures.slice(1).filter((text, column) => text !== stated[column]).length, protocol).toBeLessThan(2);
      }
    }));

  it("filters, and the filters are in the address; menus offer what is left", () =>
    onPage("?view=validation&protocol=cold", async (page) => {
      await page.getByRole("button", { name: "mixture of experts" }).click();
      expect((await shown(page))[0]).toBe(rowOf("cold", "mixture of experts")[0]);
      await page.locator('[data-key="device"]').selectOption("gb200");
      await page.locator('[data-key="family"]').selectOption("megatron-bridge");
      await page.locator('[data-key="precision"]').selectOption({ index: 1 });
      const { searchParams } = new URL(page.url());
      expect(["kind", "device", "family"].map((key) => searchParams.get(key))).toEqual(["experts", "gb200", "megatron-bridge"]);
      expect(Number((await shown(page))[0])).toBeGreaterThan(0);
      expect(await page.locator('[data-key="source"] option').count()).toBe(2);
      await page.getByRole("button", { name: "all points" }).click();
      expect(Number((await shown(page))[0])).toBe(sum("cold"));
    }));

  it("opens a point in the card from a chart, by key and by name", () =>
    onPage("?view=validation", async (page) => {
      const worst = page.locator("#misses tbody tr").nth(2);
      const id = await worst.getAttribute("data-run");
      await worst.getByRole("button").click();
      expect(await page.locator(".point-card").getAttribute("data-point")).toBe(id);
      for (const word of ["run", "layout", "measured", "predicted", "source", "suspected cause"]) expect(await page.locator(".point-facts dt").allTextContents()).toContain(word);
      expect(await page.locator(".point-facts a").getAttribute("href")).toMatch(/^https?:/);
      await page.locator("#parity .mark[tabindex='0']").focus();
      await page.keyboard.press("ArrowRight");
      const next = await page.evaluate(() => document.activeElement?.getAttribute("data-x"));
      await page.keyboard.press("Enter");
      expect(await page.locator(".point-card").getAttribute("data-point")).toBe(next);
      expect(new URL(page.url()).searchParams.get("point")).toBe(next);
    }));

  it("gives its points away as a table", () =>
    onPage("?view=validation", async (page) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Points as CSV" }).click()]);
      const lines = readFileSync(await download.path(), "utf8").trim().split("\n").filter((line) => !line.startsWith("#"));
      expect(lines[0]).toContain("measured [s],predicted [s]");
      expect(lines.length - 1).toBe(await page.locator('#parity .mark[data-series="points"]').count());
    }));

  it.each([1440, 800, 360])("keeps to %i px, light and dark", async (width) => {
    const papers: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await onPage("?view=validation", async (page) => {
        const { charts, overlapping, outside, tooWide_px, paper } = await page.evaluate(checkTexts);
        expect(charts).toBe(3);
        expect({ overlapping, outside, tooWide_px }).toEqual({ overlapping: [], outside: [], tooWide_px: 0 });
        papers.push(paper);
      }, { viewport: { width, height: 900 }, colorScheme });
    }
    expect(papers[0]).not.toBe(papers[1]);
  });

  it("says what the address names wrong, and where filters leave nothing", async () => {
    await onPage("?view=validation&protocol=colder", async (page) => expect(plain(await page.locator(".problems").textContent())).toContain("cold"));
    await onPage("?view=validation&protocol=extrapolate&kind=experts", async (page) => {
      expect((await shown(page)).slice(0, 2)).toEqual(["0", "–"]);
      expect(await page.locator("#parity .state-note").count()).toBe(1);
    });
  });
});
