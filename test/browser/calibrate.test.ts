/** The calibration page on the real server: what it shows of made-up calibrations, how it is walked and linked, and a measurement run from it, over shell scripts. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLibrary, withDocument } from "../../cli/host/library.ts";
import { packageRoot } from "../../cli/host/root.ts";
import type { HostCalibration } from "../../model/schema/calibration.ts";
import { shelve } from "../../web/server/api.ts";
import { createCalibrationJobs, type CalibrationJobs } from "../../web/server/calibration-jobs.ts";
import { makeProgram, peakRow, printing, triadRow } from "../cli/measure/fakes.ts";
import { library as scenarios } from "../support/library.ts";
import { expectFits } from "./layout-check.ts";
import { marks, parameter, savedPanel, title } from "./read-page.ts";
import { serveForTests } from "./served-page.ts";

const fixtures = join(packageRoot, "test", "fixtures", "calibrations");
const host = JSON.parse(readFileSync(join(fixtures, "synthetic-a-host.json"), "utf8")) as HostCalibration;
const folder = mkdtempSync(join(tmpdir(), "exatwin-page-"));
const [programs, out] = [join(folder, "programs"), join(folder, "scenarios")];
const suite = [{ id: "fma-peak", part: "cpu", effect: "the peak is assumed", quick_s: 2, full_s: 3 }, { id: "stream", part: "memory", effect: "bandwidth is assumed", quick_s: 2, full_s: 45 }];
/** The programs wait for this file. */
const release = join(folder, "release");
const waiting = `while [ ! -e ${release} ]; do sleep 0.05; done`;

let jobs: CalibrationJobs;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const served = serveForTests(() => {
  cpSync(fixtures, join(out, "calibrations"), { recursive: true, filter: (path) => !path.endsWith(".md") });
  cpSync(join(packageRoot, "scenarios", "sources.json"), join(out, "sources.json"));
  makeProgram(programs, "fma-peak", `${printing(peakRow(1))}\n${waiting}`);
  makeProgram(programs, "stream", printing(triadRow()));
  const shelf = () => {
    const made = readLibrary(out).library.documents.calibration;
    return shelve(Object.entries(made).reduce((all, [id, document]) => withDocument(all, "calibration", id, document), scenarios));
  };
  let shown = shelf();
  jobs = createCalibrationJobs({ command: [process.execPath, "--import", "tsx", join(packageRoot, "cli", "main.ts")], arguments: ["--only", "fma-peak,stream", "--programs", programs, "--out", out], cwd: packageRoot, env: process.env, suite }, () => (shown = shelf()));
  return { library: () => shown, jobs };
});
const closed = serveForTests();
afterAll(() => jobs?.close());
const { onPage } = served;

const view = "?view=calibrate&cal=synthetic-a-host";
const message = "mpi-ping-pong-shared-memory-ranks-2";


describe("a curve", () => {
  it("is shown with all its points, the one kept out crossed, the residuals below it on the same axis", () =>
    onPage(`${view}&fit=${message}`, async (page) => {
      const fit = host.fits.find(({ id }) => id === message);
      expect(await title(page, "fit")).toBe("Two regimes fit 24 of 25 sizes to a median of 0.56 %");
      expect(await marks(page, "fit", "measured").count()).toBe(fit?.points.length);
      expect(await page.locator("#fit .note").textContent()).toContain("59 robust spreads");
      const places = (panel: string, series: string) => marks(page, panel, series).evaluateAll((all) => all.map((mark) => Math.round(mark.querySelector("circle")?.getBoundingClientRect().x ?? 0)));
      expect(await places("residuals", "residuals")).toEqual(await places("fit", "measured"));
      const drawn = await page.locator("#fit svg[data-plot]").evaluate((svg) => {
        const plot = JSON.parse(svg.getAttribute("data-plot") ?? "{}") as { top: number; bottom: number; yDomain: [number, number] };
        const [low, high] = plot.yDomain;
        return [...svg.querySelectorAll('.mark[data-series="measured"] > circle:first-child')].map((mark) => low * (high / low) ** ((plot.bottom - Number(mark.getAttribute("cy"))) / (plot.bottom - plot.top)));
      });
      drawn.forEach((value, at) => expect(value / (fit?.points[at]?.y ?? 1)).toBeCloseTo(1, 1));
      expect(await page.locator("#parameters tbody tr").count()).toBe(5);
      expect(await page.locator("#candidates tbody tr").first().textContent()).toContain("2 regimes");
    }));

  it("is chosen in the list, its axes are switched, its table is its twin, and the address says all of it", () =>
    onPage(view, async (page) => {
      await page.locator('[data-key="curve:stream-triad-threads-1"]').click();
      expect(await title(page, "fit")).toContain("Three levels");
      expect(parameter(page, "fit")).toBe("stream-triad-threads-1");
      await page.keyboard.press("l");
      expect(parameter(page, "y")).toBe("linear");
      expect(await page.locator("#fit svg[data-plot]").getAttribute("data-plot")).toContain('"y":"linear"');
      await page.keyboard.press("]");
      expect(parameter(page, "fit")).toBe("stream-triad-threads-2");
      await page.locator("#fit .tool").filter({ hasText: "Table" }).click();
      expect(await page.locator("#fit tbody tr").count()).toBe(17);
      const link = page.url().slice(served.url.length);
      await onPage(link, async (again) => {
        expect(await again.locator("#fit tbody tr").count()).toBe(17);
        expect(again.url()).toBe(page.url());
      });
    }));

  it("is walked by keys, and each point says what it is", () =>
    onPage(`${view}&fit=${message}`, async (page) => {
      await page.locator("#fit .mark[tabindex='0']").focus();
      await page.keyboard.press("End");
      await page.keyboard.press("Home");
      for (let step = 0; step < 17; step++) await page.keyboard.press("ArrowRight");
      const tip = await page.locator("#tooltip").textContent();
      expect((tip ?? "").replaceAll(/[\u00a0\u202f]/g, " ")).toContain("1 MiB");
      expect(tip).toContain("Kept out: 90");
      await page.keyboard.press("Escape");
      expect(await page.locator("#tooltip").isHidden()).toBe(true);
    }));

  it("is compared with that of another host: dashed beside it, with the ratios of its parameters", () =>
    onPage(`${view}&fit=stream-triad-threads-1`, async (page) => {
      await page.locator('[data-key="with:synthetic-b-host"]').click();
      await page.waitForFunction(() => document.querySelectorAll('#fit .mark[data-series="other"]').length > 0);
      expect(parameter(page, "with")).toBe("synthetic-b-host");
      expect(await marks(page, "fit", "other").count()).toBe(17);
      expect(await title(page, "parameters")).toMatch(/^Level \d of synthetic-b is 0\.\d+ × this one$/);
      expect(await page.locator("#parameters tbody tr").first().locator("td").last().textContent()).toMatch(/^0\.\d+ ×/);
      expect(await page.locator("#curves thead").textContent()).toContain("ratio");
      await page.locator('[data-key="with:synthetic-b-host"]').click();
      await page.waitForFunction(() => document.querySelectorAll('#fit .mark[data-series="other"]').length === 0);
    }));

  it("leaves as a picture with its sources and as the numbers that are drawn", () =>
    onPage(`${view}&fit=${message}`, async (page) => {
      const picture = await savedPanel(page, "fit", "SVG");
      expect(picture.name).toBe("exatwin-synthetic-a-host-fit.svg");
      expect(picture.text).toContain("sha256");
      expect(picture.text).not.toContain("var(--");
      const numbers = await savedPanel(page, "fit", "CSV");
      expect(numbers.text.split("\n").filter((line) => line.startsWith("synthetic-a,")).length).toBe(25);
    }));
});

describe("the rest of the page", () => {
  it("shows operations with the course of one, and what was left out with what that costs", () =>
    onPage(view, async (page) => {
      expect(await page.locator("#operations tbody tr").count()).toBe(9);
      await page.locator('[data-key="operation:linear forward"]').click();
      expect(await title(page, "surface")).toContain("Linear, forward");
      expect(parameter(page, "op")).toBe("linear forward");
      expect(await page.locator("#skipped").textContent()).toContain("larger sizes are read from the fitted line");
    }));

  it("is reached from the scenario page and back, and loads only what it needs", () =>
    onPage(view, async (page, { workers }) => {
      expect(workers).toEqual([]);
      const scripts = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js")).map((entry) => (entry as PerformanceResourceTiming).decodedBodySize));
      expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
      await page.getByRole("navigation", { name: "Views" }).getByText("Scenario").click();
      await page.locator(".figure-value").first().waitFor();
      await page.getByRole("navigation", { name: "Views" }).getByText("Calibrate").click();
      await page.locator("#fit svg").first().waitFor();
      expect(await page.locator("nav a[aria-current]").textContent()).toBe("Calibrate");
    }));

  it("says what is wrong with an address, and what a library without a measured machine lacks", async () => {
    await onPage("?view=calibrate&cal=no-such&fti=x", async (page) => {
      const text = await page.locator(".problems").textContent();
      expect(text).toContain("fti");
      expect(text).toContain("no-such");
    });
    const bare = await closed.open("?view=calibrate");
    expect(await bare.page.locator("#measure").textContent()).toContain("does not measure");
    expect(bare.faults).toEqual([]);
    await bare.close();
  });
});

it("no texts overlap and nothing is wider than the window, at every width, in both themes, alone and compared", async () => {
  const { page, faults, close } = await served.open(`${view}&with=synthetic-b-host`, { colorScheme: "light" });
  try {
    for (const fit of [message, "stream-triad-threads-2", "gemm-onednn-fp32-threads-1", "gloo-all-reduce-ring-1-gbit-s-ranks-2", "gloo-overlap-1-gbit-s-compute-ranks-2", "fma-peak-fp32-threads-2-avx512"]) {
      await expectFits(page, { charts: 1, texts: 15 }, [[1440, "light"], [1000, "dark"], [360, "light"]], () => page.locator(`[data-key="curve:${fit}"]`).evaluate((button) => (button as HTMLElement).click()));
    }
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});

describe("a measurement", () => {
  it("is started here, found again after a reload, cancelled; and run to its end it is shown", () =>
    onPage(view, async (page) => {
      await page.locator("#measure-name").fill("made-here");
      await page.locator("#measure-name").press("Tab");
      expect(await page.locator("#measure").textContent()).toContain("2 benchmarks, about 4 s");
      const begin = () => page.locator('[data-key="measure-start"]').click();
      await begin();
      await page.locator("#measure").getByText("fma-peak fp32").waitFor();
      expect(await title(page, "measure")).toMatch(/^Measuring made-here: 1 of 2, fma-peak$/);
      expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toMatch(/^\d+$/);
      await page.reload();
      await page.locator("#measure").getByText("fma-peak fp32").waitFor();
      await page.locator('[data-key="measure-cancel"]').click();
      await page.locator(".measure-last").waitFor();
      expect(await page.locator(".measure-last").textContent()).toContain("1 row stays in the file");
      makeProgram(programs, "fma-peak", printing(peakRow(1)));
      await page.locator("#measure-name").fill("made-here");
      await page.locator("#measure-name").press("Tab");
      await begin();
      await page.waitForFunction(() => document.querySelector('tr.chosen [data-key="calibration:made-here-host"]') !== null, undefined, { timeout: 100_000 });
      expect(parameter(page, "cal")).toBe("made-here-host");
      expect(await page.locator(".measure-last").textContent()).toContain("made-here is measured");
      expect(await page.locator("h1").textContent()).toContain("more points than parameters");
    }));
});
