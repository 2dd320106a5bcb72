/** The timeline page on the real server: it draws the model's times, its path is the step, it is zoomed, measured, walked and linked, stopped in the middle, and leaves as a trace. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { ChromeTrace } from "../../model/simulate/chrome-trace.ts";
import { simulate } from "../../model/simulate/simulate.ts";
import { scenarioOf } from "../support/library.ts";
import { expectFits } from "./layout-check.ts";
import { parameter, saved } from "./read-page.ts";
import { serveForTests, settle } from "./served-page.ts";

const served = serveForTests();
const { onPage } = served;

const view = "?view=timeline&v=1&gpus=96&draws=5&seed=7&set.plan.gradientLag=0";
const model = simulate(scenarioOf("summit-deeplabv3plus-fp16-2018", { "plan.gradientLag": "0" }), { devices: 96, draws: 5, seed: 7 });

const shownPart = (page: Page) => page.locator("#lanes svg[data-plot]").evaluate((svg) => {
  const { from, to, step, left, right, top, strip } = JSON.parse(svg.getAttribute("data-plot") ?? "{}") as { from: number; to: number; step: number; left: number; right: number; top: number; strip: { top: number } };
  const box = svg.getBoundingClientRect();
  return { from, to, step, left: box.left + left, right: box.left + right, top: box.top + top, strip: box.top + strip.top };
});
const nextFrame = (page: Page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))));

describe("the lanes", () => {
  it("hold the model's operations at the model's times, in the right places", () =>
    onPage(view, async (page) => {
      const plot = await shownPart(page);
      expect(plot.step).toBe(model.recorded.step_s);
      const marks = await page.locator('#lanes .mark[data-count="1"]').evaluateAll((all) => all.map((mark) => {
        const colour = mark.querySelector("rect:not([fill^='url'])");
        return { key: mark.getAttribute("data-key") ?? "", start: Number(mark.getAttribute("data-start")), end: Number(mark.getAttribute("data-end")), left: colour?.getBoundingClientRect().left ?? 0, right: colour?.getBoundingClientRect().right ?? 0 };
      }));
      expect(marks.length).toBeGreaterThan(60);
      const x = (time_s: number) => plot.left + (time_s / plot.step) * (plot.right - plot.left);
      for (const { key, start, end, left, right } of marks) {
        const [rank, place] = key.split(".").map(Number);
        const operation = model.records.find((record) => record.rank === rank)?.operations[place ?? -1];
        expect([start, end]).toEqual([operation?.start_s, operation?.end_s]);
        expect(Math.abs(left - x(operation?.begin_s ?? 0))).toBeLessThan(1.5);
        expect(Math.abs(right - x(end))).toBeLessThan(2.5);
      }
    }));

  it("are zoomed by wheel, keys and buttons, moved, undone; the address says where", () =>
    onPage(view, async (page) => {
      const whole = await shownPart(page);
      await page.mouse.move((whole.left + whole.right) / 2, whole.top + 60);
      await page.mouse.wheel(0, -400);
      await nextFrame(page);
      const closer = await shownPart(page);
      expect(closer.to - closer.from).toBeLessThan(0.7 * whole.step);
      expect((closer.from + closer.to) / 2 / whole.step).toBeCloseTo(0.5, 2);
      expect(parameter(page, "window")?.split("_").map(Number)[0]).toBeCloseTo(closer.from, 5);
      await page.keyboard.press("d");
      await nextFrame(page);
      expect((await shownPart(page)).from).toBeGreaterThan(closer.from);
      await page.keyboard.press("w");
      await nextFrame(page);
      const nearest = await shownPart(page);
      expect(nearest.to - nearest.from).toBeCloseTo(0.7 * (closer.to - closer.from), 6);
      await page.keyboard.press("Backspace");
      await nextFrame(page);
      expect((await shownPart(page)).to - (await shownPart(page)).from).toBeCloseTo(closer.to - closer.from, 6);
      await page.keyboard.press("0");
      await nextFrame(page);
      expect(parameter(page, "window")).toBeNull();
      await page.locator('[data-key="tool:in"]').click();
      await nextFrame(page);
      expect((await shownPart(page)).to - (await shownPart(page)).from).toBeCloseTo(0.5 * whole.step, 6);
      await page.mouse.move((whole.left + whole.right) / 2, whole.top + 60);
      await page.mouse.dblclick((whole.left + whole.right) / 2, whole.top + 60);
      await nextFrame(page);
      expect(parameter(page, "window")).toBeNull();
      // With the whole step in view the wheel scrolls the page on.
      await page.mouse.wheel(0, 300);
      await page.waitForFunction(() => window.scrollY > 0);
    }));

  it("are measured by a drag, whose path adds up to it; the strip chooses the view", () =>
    onPage(view, async (page) => {
      const { left, right, top, strip, step } = await shownPart(page);
      const x = (share: number) => left + share * (right - left);
      await page.mouse.move(x(0.8), top + 30);
      await page.mouse.down();
      await page.mouse.move(x(0.9), top + 40, { steps: 4 });
      await page.mouse.move(x(1), top + 40, { steps: 4 });
      await page.mouse.up();
      await nextFrame(page);
      const [from, to] = (parameter(page, "range") ?? "").split("_").map(Number) as [number, number];
      expect(to - from).toBeCloseTo(0.2 * step, 2);
      const onPath = await page.locator("#path [data-path]").evaluateAll((rows) => rows.reduce((sum, row) => sum + Number(row.getAttribute("data-path")), 0));
      expect(onPath).toBeCloseTo(to - from, 5);
      await page.keyboard.press("f");
      await nextFrame(page);
      expect((await shownPart(page)).from).toBeLessThan(from);
      expect((await shownPart(page)).from).toBeGreaterThan(0.6 * step);
      await page.mouse.move(x(0.1), strip + 10);
      await page.mouse.down();
      await page.mouse.move(x(0.3), strip + 10, { steps: 5 });
      await page.mouse.up();
      await nextFrame(page);
      expect((await shownPart(page)).to).toBeCloseTo(0.3 * step, 2);
      await page.keyboard.press("Escape");
      await nextFrame(page);
      expect(parameter(page, "range")).toBeNull();
    }));

  it("are walked by arrows and along the critical path; an operation says what it is", () =>
    onPage(view, async (page) => {
      await page.locator("#lanes .mark[tabindex='0']").focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      const first = await page.evaluate(() => document.activeElement?.getAttribute("data-series"));
      expect(first).toMatch(/:network$/);
      expect(await page.locator("#tooltip").textContent()).toContain("all-reduce");
      await page.keyboard.press("Enter");
      await nextFrame(page);
      expect(await page.locator("#operation-title").textContent()).toBe("all-reduce 1 of 3");
      const sheet = await page.locator("#operation dl").textContent();
      for (const words of ["starts", "takes", "binds", "vector", "MiB", "slack", "fullest link"]) expect(sheet).toContain(words);
      // Along the path from its end: the sum that nothing hides comes before the optimizer.
      const last = model.path.at(-1);
      await onPage(`${view}&op=${last?.rank}.${last?.operation}`, async (again) => {
        expect(await again.locator("#operation-title").textContent()).toBe("optimizer");
        await again.keyboard.press("[");
        await nextFrame(again);
        expect(await again.locator("#operation-title").textContent()).toBe("all-reduce 3 of 3");
        expect(await again.locator("#operation dl").textContent()).toContain("none, on the critical path");
        await again.locator("#operation .link").first().click();
        expect(await again.locator("#operation-title").textContent()).toMatch(/^answer/);
      });
    }));
});

describe("the critical path", () => {
  it("is the step: its kinds add up to it, its line goes from the begin to the end, and c takes it away", () =>
    onPage(view, async (page) => {
      const rows = await page.locator("#path [data-path]").evaluateAll((all) => all.map((row) => Number(row.getAttribute("data-path"))));
      expect(rows.reduce((sum, row) => sum + row, 0)).toBeCloseTo(model.recorded.step_s, 9);
      expect(await page.locator("#path .sum").textContent()).toContain("sum checked");
      const { left, right } = await shownPart(page);
      const line = await page.locator("#lanes .critical-path").evaluate((path) => [path.getBoundingClientRect().left, path.getBoundingClientRect().right]);
      expect(Math.abs((line[0] ?? 0) - left)).toBeLessThan(3);
      expect(Math.abs((line[1] ?? 0) - right)).toBeLessThan(3);
      await page.keyboard.press("c");
      await nextFrame(page);
      expect(await page.locator("#lanes .critical-path").count()).toBe(0);
      expect(parameter(page, "path")).toBe("off");
    }));

  it("stands beside the analytic step: the causes' bars add up to the difference", () =>
    onPage(`${view}&slow=1.3`, async (page) => {
      const values = await page.locator('#causes .mark[data-series="causes"]').evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("data-value"))));
      const slowed = simulate(scenarioOf("summit-deeplabv3plus-fp16-2018", { "plan.gradientLag": "0" }), { devices: 96, draws: 5, seed: 7, slowNode: 1.3 });
      expect(values.length).toBe(3);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(slowed.step_s.mean - slowed.analytic_s, 12);
      expect(await page.locator("#causes-title").textContent()).toContain("mostly the slow node");
      const draws = await page.locator('#draws .mark[data-series="draws"]').evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("data-value"))));
      expect(draws.toSorted((a, b) => a - b)).toEqual(slowed.draws_s.toSorted((a, b) => a - b));
    }));
});

describe("what leaves the page", () => {
  it("is a Chrome trace with the events that are drawn", () =>
    onPage(view, async (page) => {
      const { name, text } = await saved(page, () => page.keyboard.press("o"));
      expect(name).toMatch(/^exatwin-timeline-96-.*\.trace\.json$/);
      const trace = JSON.parse(text) as ChromeTrace;
      const events = trace.traceEvents.filter(({ ph }) => ph === "X");
      expect(events.length).toBe(model.records.reduce((sum, { operations }) => sum + operations.length, 0));
      for (const { rank, operations } of model.records) {
        const own = events.filter(({ pid }) => pid === rank);
        operations.forEach(({ name: operation, start_s, end_s }, index) => {
          expect(own[index]?.name).toBe(operation);
          expect(own[index]?.ts).toBeCloseTo(start_s * 1e6, 6);
          expect(own[index]?.dur).toBeCloseTo((end_s - start_s) * 1e6, 6);
        });
      }
      const sums = await page.locator('#lanes .mark[data-series$=":network"][data-count="1"]').evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("data-end"))));
      for (const end of sums) expect(events.some(({ cat, ts = 0, dur = 0 }) => cat === "allReduce" && Math.abs((ts + dur) / 1e6 - end) < 1e-9)).toBe(true);
    }));

  it("is a picture without loose ends and the numbers that are drawn", () =>
    onPage(view, async (page) => {
      const picture = await saved(page, () => page.keyboard.press("e"));
      expect(picture.text).toContain("exatwin simulate");
      expect(picture.text).not.toContain("var(--");
      const numbers = await saved(page, () => page.keyboard.press("E"));
      expect(numbers.text.split("\n").filter((line) => /^\d+,(compute|network|control|read|decode|copy),/.test(line)).length).toBe(model.records.reduce((sum, { operations }) => sum + operations.length, 0));
      await page.locator("#causes .tool").filter({ hasText: "Table" }).click();
      await nextFrame(page);
      expect(await page.locator("#causes tbody tr").count()).toBe(4);
      expect(parameter(page, "tables")).toBe("causes");
    }));
});

describe("the simulation", () => {
  it("answers its options, tells a wrong one beside them, and keeps all in the address", () =>
    onPage(view, async (page) => {
      const field = page.locator('[data-option="Draws"]');
      await field.fill("0");
      await field.press("Tab");
      expect(await page.locator(".option-problem").textContent()).toContain("a whole number from 1 to 1000");
      await field.fill("8");
      await field.press("Tab");
      await settle(page);
      expect(parameter(page, "draws")).toBe("8");
      expect(await page.locator('#draws .mark[data-series="draws"]').count()).toBe(8);
      await page.locator('[data-key="Placement:random"]').click();
      await settle(page);
      expect(parameter(page, "placement")).toBe("random");
      expect(await page.locator(".subtitle").first().textContent()).toContain("random");
      const link = page.url().slice(served.url.length);
      await onPage(link, async (again) => expect(await again.locator("#lanes-title").textContent()).toBe(await page.locator("#lanes-title").textContent()));
    }));

  it("is cancelled in the middle, leaves what was shown, and begins again", () =>
    onPage(view, async (page) => {
      const title = await page.locator("#draws-title").textContent();
      await page.locator('[data-option="GPUs"]').fill("27360");
      await page.locator('[data-option="GPUs"]').press("Tab");
      await page.locator('[data-key="cancel"]').click();
      await settle(page);
      expect(await page.locator('[data-key="cancel"]').isVisible()).toBe(false);
      expect(await page.locator("#draws-title").textContent()).toBe(title);
      expect(await page.locator(".timeline").getAttribute("class")).not.toContain("stale");
      await page.locator('[data-option="GPUs"]').fill("48");
      await page.locator('[data-option="GPUs"]').press("Tab");
      await settle(page);
      expect(await page.locator(".subtitle").first().textContent()).toContain("48 ×");
    }));

  it("says what is wrong with an address and with a scale that the machine does not have", async () => {
    await onPage(`${view}&placement=paked&windw=1`, async (page) => {
      const text = await page.locator(".problems").textContent();
      expect(text).toContain('did you mean "packed"?');
      expect(text).toContain('did you mean "window"?');
    });
    await onPage("?view=timeline&v=1&gpus=900000", async (page) => {
      expect(await page.locator(".problems").textContent()).toContain("900000");
      expect(await page.locator("h1").textContent()).toBe("This step cannot be simulated");
    });
  });

  it("shows one rank where sums slow the core that computes, and says that nothing has slack there", () =>
    onPage("?view=timeline&v=1&run=cascadelake-vm-2c-gpt-256&draws=3", async (page) => {
      expect(await page.locator("#lanes .critical-path").count()).toBe(1);
      expect(await page.locator("#lanes svg text").filter({ hasText: "Slowest rank" }).count()).toBe(1);
      expect(await page.locator("#operation dl").textContent()).not.toContain("slack");
    }));
});

it("goes with its scenario to the scenario page and back", () =>
  onPage(view, async (page) => {
    await page.getByRole("navigation", { name: "Views" }).getByText("Scenario").click();
    await page.locator(".figure-value").first().waitFor();
    expect(parameter(page, "gpus")).toBe("96");
    expect(parameter(page, "set.plan.gradientLag")).toBe("0");
    await page.getByRole("navigation", { name: "Views" }).getByText("Timeline").click();
    await page.locator("#lanes svg[data-plot]").waitFor();
    expect(parameter(page, "gpus")).toBe("96");
    expect(await page.locator("nav a[aria-current]").textContent()).toBe("Timeline");
  }));

const queries = [["as it is", view], ["zoomed, a part measured", `${view}&window=0.6_0.74&range=0.66_0.7`], ["another machine, many draws", "?view=timeline&v=1&run=piz-daint-tiramisu-2018&gpus=64&draws=150"], ["a slow node", `${view}&slow=1.5&placement=random`]] as const;

it.each(queries)("no texts overlap and nothing is wider than the window: %s", async (_name, query) => {
  const { page, faults, close } = await served.open(query, { colorScheme: "light" });
  try {
    await expectFits(page, { charts: 3, texts: 40 }, [[1440, "light"], [1000, "dark"], [800, "light"], [360, "light"], [360, "dark"]]);
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});
