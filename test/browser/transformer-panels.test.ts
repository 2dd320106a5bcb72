/** Panels of the transformer page on the real server: plans are searched and taken, passes zoomed and walked, runs compared; charts leave as files and hold at every width. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../cli/host/root.ts";
import { expectFits } from "./layout-check.ts";
import { parameter, plain, savedPanel, title } from "./read-page.ts";
import { figure, number, settle } from "./served-page.ts";
import { searched, selene, serveTransformerPage } from "./transformer-page.ts";

const { served, onPage } = serveTransformerPage();

describe("the search", () => {
  it("runs in the worker with progress; a plan of its table is loaded into the editor with its step", () =>
    onPage(selene, async (page, { workers }) => {
      const before = number(await figure(page, "step").textContent());
      await page.keyboard.press("g");
      await searched(page);
      expect(workers).toHaveLength(1);
      expect(await title(page, "search")).toMatch(/^Best: [\d.]+ s/);
      const steps = await page.locator("#search tbody tr td:nth-child(3)").evaluateAll((all) => all.map((cell) => Number.parseFloat(cell.textContent ?? "")));
      expect(steps).toEqual(steps.toSorted((a, b) => a - b));
      expect(steps[0]).toBeLessThanOrEqual(before);
      await page.locator('[data-key="take:1"]').click();
      await settle(page);
      expect(number(await figure(page, "step").textContent()) / (steps[1] ?? 0)).toBeCloseTo(1, 2);
      expect(await page.locator(".chip").count()).toBeGreaterThan(0);
      const front = page.locator("#search svg .mark").first();
      await front.focus();
      const told = plain(await front.getAttribute("aria-label"));
      await page.keyboard.press("Enter");
      await settle(page);
      expect(told).toContain(plain(await figure(page, "step").textContent()).trim());
      await page.locator('[data-key="objective:memory"]').click();
      await searched(page);
      expect(parameter(page, "objective")).toBe("memory");
    }));

  it("of a trillion parameters shows how far it is, and can be stopped with the best so far", () =>
    onPage("?view=transformer&workload=gpt-1t", async (page) => {
      await page.evaluate(() => {
        const seen: string[] = [];
        Object.assign(window, { seen });
        new MutationObserver(() => seen.push(`${document.querySelector("#search-title")?.textContent ?? ""} ${document.querySelector("#search [role=progressbar]")?.getAttribute("aria-valuenow") ?? ""}`)).observe(document.querySelector("#search") as Element, { childList: true, subtree: true, characterData: true });
      });
      await page.keyboard.press("g");
      await page.keyboard.press("x");
      await searched(page);
      const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
      expect(seen.some((words) => /^Searching: [\d,]+ valid plans so far \d+$/.test(words))).toBe(true);
      expect(await title(page, "search")).toMatch(/^Best( so far)?: |No valid plan/);
    }));
});

describe("the pipeline", () => {
  it("is zoomed by key, wheel and drag, and the part in view is in the link", () =>
    onPage(selene, async (page) => {
      const part = () => page.locator("#pipeline svg[data-plot]").evaluate((svg) => JSON.parse(svg.getAttribute("data-plot") ?? "{}") as { from: number; to: number; step: number; left: number; right: number; top: number });
      const whole = await part();
      await page.keyboard.press("w");
      await page.waitForFunction(() => location.search.includes("window="));
      await settle(page);
      const zoomed = await part();
      expect(zoomed.to - zoomed.from).toBeLessThan(0.7 * (whole.to - whole.from));
      await onPage(new URL(page.url()).search, async (again) => {
        const same = await again.locator("#pipeline svg[data-plot]").evaluate((svg) => JSON.parse(svg.getAttribute("data-plot") ?? "{}") as { from: number; to: number });
        expect([same.from, same.to].map((time_s) => time_s.toPrecision(5))).toEqual([zoomed.from, zoomed.to].map((time_s) => time_s.toPrecision(5)));
      });
      await page.keyboard.press("0");
      await page.waitForFunction(() => !location.search.includes("window="));
      const box = await page.locator("#pipeline svg[data-plot]").boundingBox();
      if (!box) throw new Error("no chart");
      await page.mouse.move(box.x + 300, box.y + whole.top + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + 360, box.y + whole.top + 20, { steps: 4 });
      await page.mouse.up();
      await page.waitForFunction(() => location.search.includes("window="));
      const dragged = await part();
      expect(dragged.to - dragged.from).toBeLessThan(0.1 * whole.step);
    }));

  it("is walked by arrows, each pass read out", () =>
    onPage("?view=transformer&window=0,0.4", async (page) => {
      await page.locator("#pipeline .mark[tabindex='0']").focus();
      await page.keyboard.press("ArrowRight");
      const label = await page.locator("#pipeline .mark:focus").getAttribute("aria-label");
      expect(label).toMatch(/^Stage \d+: (forward|backward)/);
      expect(await page.locator("#tooltip").textContent()).toContain("micro-batch");
      await page.keyboard.press("ArrowDown");
      expect(await page.locator("#pipeline .mark:focus").getAttribute("data-series")).not.toBe("stage 0");
    }));
});

it("scaling: Enter on a number of GPUs shows it, and the batch may grow with them", () =>
  onPage(selene, async (page) => {
    const mark = page.locator('#devices .mark[data-devices="256"]');
    await mark.focus();
    await page.keyboard.press("Enter");
    await settle(page);
    expect(parameter(page, "gpus")).toBe("256");
    expect(await page.locator("h1").textContent()).toContain("on 256 GPUs");
    await page.locator('[data-key="scaling:weak"]').click();
    await settle(page);
    expect(parameter(page, "scaling")).toBe("weak");
  }));

describe("published runs", () => {
  it("are shown held out first, with the figures of the accuracy page", () =>
    onPage(selene, async (page) => {
      await page.locator("#parity svg").first().waitFor();
      const row = readFileSync(join(packageRoot, "docs", "accuracy-transformers.md"), "utf8").split("\n").find((line) => line.startsWith("| leave-one-series-out |"))?.split("|").map((cell) => cell.trim()) ?? [];
      expect(await title(page, "parity")).toBe(`Held out: half of ${row[2]} published steps are within ${row[5]} %`);
      const words = plain(await page.locator("#parity .panel-subtitle").textContent());
      expect(words).toMatch(/^leave-one-series-out: nothing of the run's own series was learned from/);
      expect(words).toContain(`All: mean error ${row[4]} %`);
      expect(await page.locator('#parity .mark[data-series="points"]').count()).toBe(await page.locator('#parity .mark[data-series="errors"]').count());
      expect(await page.locator("#parity .parity-misses tbody tr").count()).toBe(6);
      await page.locator('[data-key="protocol"]').selectOption("in-sample");
      await page.waitForFunction(() => document.querySelector("#parity-title")?.textContent?.startsWith("Learned from"));
      expect(parameter(page, "protocol")).toBe("in-sample");
    }));

  it("without their file the page says so and works", async () => {
    const opened = await served.open("?view=calibrate");
    try {
      await opened.page.route("**/transformer-accuracy.json", (route) => route.abort());
      await opened.page.goto(`${served.url}?view=transformer`);
      await opened.page.locator("#parity .state-note").waitFor();
      expect(await opened.page.locator("#parity .state-note").textContent()).toContain("are not beside this page");
    } finally {
      await opened.close();
    }
  });
});

it("leaves as pictures and numbers with command and address", () =>
  onPage("?view=transformer&set.plan.recompute=full", async (page) => {
    for (const panel of ["terms", "memory", "pipeline", "devices", "parameters", "parity"]) {
      const { name, text } = await savedPanel(page, panel, "SVG");
      expect(name).toMatch(new RegExp(`^exatwin-gpt3-175b-selene-${panel}-[0-9a-f]{7}\\.svg$`));
      expect(text).not.toMatch(/var\(--|data-|class=/);
      expect(text).toContain("exatwin predict selene gpt3-175b");
      expect(text.length).toBeLessThan(600_000);
    }
    const { text } = await savedPanel(page, "memory", "CSV");
    expect(text).toContain("# Address: ?view=transformer&amp;set.plan.recompute=full".replace("&amp;", "&"));
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toHaveLength(9);
  }));

it.each([["", true], ["&workload=gpt-1t&set.plan.recompute=none", true], ["&machine=eos&workload=mixtral-8x7b&gpus=32", false], ["&machine=h800-deepseek&workload=deepseek-v3", false]] as const)("selection '%s': no texts overlap and nothing is wider than the window, at every width, in both themes, with plans found: %s", async (selection, searches) => {
  const { page, faults, close } = await served.open(`?view=transformer${selection}`, { colorScheme: "light" });
  try {
    await page.locator("#parity svg").first().waitFor();
    if (searches) {
      await page.keyboard.press("g");
      await searched(page);
    }
    await expectFits(page, { charts: 5, texts: 80 });
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});
