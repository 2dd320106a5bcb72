/** No two texts of a chart overlap and nothing is wider than the window, at three widths, in both themes, as run and changed. */
import { expect, it } from "vitest";
import { checkTexts, expectFits } from "./layout-check.ts";
import { serveForTests } from "./served-page.ts";

const served = serveForTests();

const queries = [
  ["the flagship", ""],
  ["a what-if", "?v=1&set.plan.gradientLag=0&set.stack.collective.leaders=2&set.machine.node.injection=6+GB%2Fs"],
  ["1,536 GPUs in samples a second, linear", "?v=1&gpus=1536&metric=samples&y=linear"],
  ["Tiramisu on Piz Daint", "?v=1&run=piz-daint-tiramisu-2018"],
  ["FP32 with FP16 beside it", "?v=1&run=summit-deeplabv3plus-fp32-2018&gpus=6"],
] as const;
const windows = [[1440, "light"], [1440, "dark"], [800, "light"], [360, "light"], [360, "dark"]] as const;

it.each(queries)("%s", async (_name, query) => {
  const { page, faults, close } = await served.open(query, { colorScheme: "light" });
  try {
    await expectFits(page, { charts: 6, texts: 80 }, windows);
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});

it("the check of overlaps sees one that was planted", async () => {
  const { page, close } = await served.open("");
  try {
    await page.evaluate(() => {
      const text = document.querySelector("#scaling svg text");
      const copy = text?.cloneNode(true) as Element;
      copy.textContent = "planted";
      text?.parentElement?.append(copy);
    });
    const { overlapping } = await page.evaluate(checkTexts);
    expect(overlapping.length).toBe(1);
    expect(overlapping[0]).toContain("planted");
  } finally {
    await close();
  }
});

it("on a narrow page the knobs are in a sheet, targets are 24 pixels, and the device count stays in reach", async () => {
  const { page, close } = await served.open("", { viewport: { width: 360, height: 780 }, hasTouch: true });
  try {
    expect(await page.locator(".dock input[type=range]").isVisible()).toBe(true);
    expect(await page.locator(".rail [data-path='plan.gradientLag']").isVisible()).toBe(false);
    await page.getByText("all knobs").click();
    await page.locator(".rail [data-path='plan.gradientLag']").waitFor({ state: "visible" });
    const heights = await page.locator(".rail .slider input, .rail .segment, .dock .link").evaluateAll((targets) => targets.map((target) => target.getBoundingClientRect().height).filter((height) => height > 0));
    expect(heights.length).toBeGreaterThan(10);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);
    await page.keyboard.press("Escape");
    await page.locator(".rail [data-path='plan.gradientLag']").waitFor({ state: "hidden" });
    await page.locator("[data-figure=efficiency] .figure-name").tap();
    expect(await page.locator("#tooltip").textContent()).toContain("Rate per GPU over the rate of one GPU alone");
  } finally {
    await close();
  }
});
