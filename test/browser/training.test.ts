/** The page of training runs on the real server: its numbers are the model's, its knobs move them, it fits narrow and dark pages, and what is wrong is told. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { showTraining } from "../../web/client/data/training-model.ts";
import { goodputTitle, partsTitle } from "../../web/client/data/training-words.ts";
import { decodeTrainingState, wishOf } from "../../web/client/training/state.ts";
import { library } from "../support/library.ts";
import { checkTexts } from "./layout-check.ts";
import { plain, title } from "./read-page.ts";
import { serveForTests, settle } from "./served-page.ts";

const { onPage } = serveForTests();

const bloom = "?view=training&machine=jean-zay-a100&workload=bloom-176b&count=366000000000";
const pictureOf = (query: string) => showTraining(library, wishOf(decodeTrainingState(query).state));

async function fits(page: Page): Promise<void> {
  const { charts, overlapping, outside, tooWide_px } = await page.evaluate(checkTexts);
  expect(charts).toBe(3);
  expect({ overlapping, outside, tooWide_px }).toEqual({ overlapping: [], outside: [], tooWide_px: 0 });
}

describe("a training run", () => {
  it("is drawn as the model says it", () =>
    onPage(bloom, async (page) => {
      const { run } = pictureOf(bloom);
      expect(await title(page, "goodput")).toBe(plain(goodputTitle(run)));
      expect(await title(page, "parts")).toBe(plain(partsTitle(run)));
      const marks = await page.locator('#goodput .mark[data-series="intervals"]').evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("data-value"))));
      expect(marks).toHaveLength(run.curve.length);
      // Exponentials of the browser and of this process may differ in the last digit.
      marks.forEach((value, at) => expect(value).toBeCloseTo(run.curve[at]?.effective ?? 0, 9));
      const bars = await page.locator('#days .mark[data-series="days"]').evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("data-value"))));
      expect(bars.reduce((sum, runs) => sum + runs, 0)).toBe(run.drawn_s.length);
      const flat = (await page.locator("#goodput [data-flat]").getAttribute("data-flat"))?.split(",").map(Number) ?? [];
      expect(flat[0]).toBeCloseTo(run.interval?.flat.low_s ?? 0, 3);
      expect(flat[1]).toBeCloseTo(run.interval?.flat.high_s ?? 0, 3);
      await fits(page);
    }));

  it("follows its knobs, and the address carries them", () =>
    onPage(bloom, async (page) => {
      await page.getByLabel("Every", { exact: true }).fill("12 h");
      await page.keyboard.press("Enter");
      await settle(page);
      const query = new URL(page.url()).search;
      expect(new URL(page.url()).searchParams.get("set.plan.checkpoint.interval")).toBe("12 h");
      expect(await title(page, "goodput")).toBe(plain(goodputTitle(pictureOf(query).run)));
      await page.getByRole("button", { name: "asynchronous" }).first().waitFor();
      await page.locator('[data-key="failures"]').selectOption("none");
      await settle(page);
      expect(await title(page, "goodput")).toContain("Nothing fails");
    }));

  it("shows its tables, walks by key, and takes the same numbers away", () =>
    onPage(bloom, async (page) => {
      await page.locator("#goodput .mark[tabindex='0']").focus();
      await page.keyboard.press("ArrowRight");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-series"))).toBe("intervals");
      await page.keyboard.press("t");
      await settle(page);
      expect(await page.locator("#goodput tbody tr").count()).toBe(pictureOf(bloom).run.curve.length);
    }));

  it("keeps to a narrow and a dark page", async () => {
    for (const options of [{ viewport: { width: 360, height: 800 } }, { colorScheme: "dark" as const }]) {
      await onPage(bloom, async (page) => {
        await fits(page);
      }, options);
    }
  });

  it("says what is wrong with an interval that never ends, and leads out of it", () =>
    onPage(`${bloom}&set.plan.checkpoint.interval=300+d`, async (page) => {
      expect(plain(await page.locator(".problems").textContent())).toContain("does not come to its end");
      await page.getByRole("button", { name: "Show Llama 3 405B" }).click();
      await settle(page);
      expect(plain(await page.locator("h1").textContent())).toContain("Llama 3 405B");
    }));
});
