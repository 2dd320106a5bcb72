/** The scenario page on the real server: what it shows, how knobs, address, keys and files behave. */
import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { marks } from "./read-page.ts";
import { figure, number, serveForTests, settle } from "./served-page.ts";
import { predictRun } from "../support/library.ts";

const flagship = "summit-deeplabv3plus-fp16-2018";
const served = serveForTests();
const { onPage } = served;

const knob = (page: Page, path: string) => page.locator(`.rail [data-path="${path}"]`);

describe("the flagship", () => {
  it("is shown with what the model predicts, beside what was published, computed in workers", () =>
    onPage("", async (page, { workers }) => {
      expect(await page.locator("h1").textContent()).toContain("DeepLabv3+ on Summit, FP16");
      const point = predictRun(flagship).points.at(-1);
      expect(number(await figure(page, "sustained").textContent())).toBeCloseTo((point?.rate_flop_per_s.value ?? 0) / 1e15, -1);
      expect(number(await figure(page, "efficiency").textContent())).toBeCloseTo((point?.efficiency.value ?? 0) * 100, 1);
      expect(await page.locator('[data-figure="sustained"]').textContent()).toContain("999.0 published");
      expect(await page.locator("#published").textContent()).toContain("325.8");
      expect(await page.locator(".definitions").textContent()).toContain("90.7 %");
      expect(workers.length).toBe(2);
      expect(workers.every((address) => address.startsWith(served.url))).toBe(true);
    }));

  it("draws each point where its value is on the axis, and the table twin has the same values", () =>
    onPage("", async (page) => {
      const drawn = await page.locator("#scaling svg[data-plot]").evaluate((svg) => {
        const plot = JSON.parse(svg.getAttribute("data-plot") ?? "{}") as { top: number; bottom: number; yDomain: [number, number] };
        const [low, high] = plot.yDomain;
        return [...svg.querySelectorAll('.mark[data-series="current"]')].map((mark) => {
          const y = Number(mark.querySelector("circle")?.getAttribute("cy"));
          return { devices: Number(mark.getAttribute("data-devices")), value: low * (high / low) ** ((plot.bottom - y) / (plot.bottom - plot.top)) };
        });
      });
      await page.locator("#scaling .tool").filter({ hasText: "Table" }).click();
      const rows = await page.locator("#scaling tbody tr").evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.getAttribute("data-value") ?? cell.textContent ?? "")));
      const own = rows.filter((row) => row[0] === "FP16" && row[1] === "predicted");
      expect(own.map((row) => Number(row[2]))).toEqual(drawn.map((point) => point.devices));
      own.forEach((row, index) => expect((drawn[index]?.value ?? 0) / (Number(row[4]) * 1e15)).toBeCloseTo(1, 1));
      expect(new URL(page.url()).searchParams.get("tables")).toBe("scaling");
    }));

  it("prints a step whose rows add up", () =>
    onPage("", async (page) => {
      const printed = await page.locator("#step .mark.row").evaluateAll((rows) => rows.filter((row) => !(row.getAttribute("data-key") ?? "").startsWith("overlap")).map((row) => ({ id: row.getAttribute("data-term"), text: [...row.querySelectorAll("text")][1]?.textContent ?? "" })));
      const total = printed.find(({ id }) => id === "total");
      const sum = printed.filter(({ id }) => id !== "total").reduce((all, { text }) => all + number(text), 0);
      expect(printed.length).toBeGreaterThan(5);
      expect(sum).toBeCloseTo(number(total?.text ?? ""), 6);
    }));
});

describe("a knob", () => {
  it("moves the figures, the chart, the address, and can be taken back", () =>
    onPage("", async (page) => {
      const before = await figure(page, "step").textContent();
      const place = await marks(page, "scaling", "current").last().locator("path").getAttribute("d");
      await knob(page, "plan.gradientLag").locator("input[type=range]").focus();
      await page.keyboard.press("ArrowLeft");
      await page.waitForFunction(() => document.querySelector(".chip") !== null);
      await settle(page);
      expect(new URL(page.url()).searchParams.get("set.plan.gradientLag")).toBe("0");
      expect(number(await figure(page, "step").textContent())).toBeGreaterThan(number(before));
      expect(await marks(page, "scaling", "current").last().locator("path").getAttribute("d")).not.toBe(place);
      expect(await knob(page, "plan.gradientLag").textContent()).toContain("was 1");
      expect(await page.locator('[data-figure="step"] .difference').textContent()).toMatch(/^\+/);
      expect(await page.locator("#step").textContent()).toContain("vs. base");

      await page.reload();
      await settle(page);
      expect(await page.locator(".chip").textContent()).toContain("gradient lag 1 → 0");

      await page.locator(".chip").focus();
      await page.keyboard.press("Backspace");
      await page.waitForFunction(() => document.querySelector(".chip") === null);
      await settle(page);
      expect(await figure(page, "step").textContent()).toBe(before);
      expect(new URL(page.url()).search).toBe("");
    }));

  it("takes typed quantities with their unit, and says what is wrong with others", () =>
    onPage("", async (page) => {
      const field = knob(page, "machine.node.injection").locator(".knob-value");
      await field.fill("1.9 us");
      await field.press("Enter");
      expect(await knob(page, "machine.node.injection").locator(".knob-problem").textContent()).toContain("A bandwidth");
      expect(new URL(page.url()).search).toBe("");
      await field.fill("12 GB/s");
      await field.press("Enter");
      await page.waitForFunction(() => location.search.includes("set.machine.node.injection"));
      await settle(page);
      expect(new URL(page.url()).searchParams.get("set.machine.node.injection")).toBe("12 GB/s");
      expect(await knob(page, "machine.node.injection").locator(".knob-problem").isVisible()).toBe(false);
    }));

  it("that moves nothing here says so", () =>
    onPage("", async (page) => {
      expect(await knob(page, "machine.fileSystem.read").textContent()).toContain("not used");
    }));
});

describe("the active count", () => {
  it("moves by key, click and drag, and everything speaks of it", () =>
    onPage("", async (page) => {
      await page.keyboard.press("[");
      await page.waitForFunction(() => location.search.includes("gpus="));
      await settle(page);
      const first = Number(new URL(page.url()).searchParams.get("gpus"));
      expect(await page.locator(".subtitle").textContent()).toContain(first.toLocaleString("en"));

      await marks(page, "efficiency", "efficiency").nth(2).click();
      await settle(page);
      const devices = await marks(page, "efficiency", "efficiency").nth(2).getAttribute("data-devices");
      expect(new URL(page.url()).searchParams.get("gpus")).toBe(devices);
      expect(await page.locator("#step .panel-subtitle").textContent()).toContain(`at ${Number(devices).toLocaleString("en")} GPUs`);
      expect(await page.locator("#inputs .panel-subtitle").textContent()).toContain(`at ${Number(devices).toLocaleString("en")} GPUs`);

      const box = await page.locator("#scaling svg[data-plot]").boundingBox();
      if (!box) throw new Error("no chart");
      await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.75);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.75, { steps: 4 });
      await page.mouse.up();
      await settle(page);
      expect(Number(new URL(page.url()).searchParams.get("gpus"))).toBeGreaterThan(Number(devices));
    }));

  it("more than the machine has is refused with what it has, and the page goes on", () =>
    onPage("?v=1&gpus=99999", async (page) => {
      expect(await page.locator(".problems").textContent()).toMatch(/99999 devices.*27648/s);
      await page.getByText("Take all changes back").click();
      await page.waitForFunction(() => document.querySelector(".figure-value") !== null);
      expect(await page.locator(".problems").count()).toBe(0);
    }));
});

describe("what is wrong", () => {
  it("in the address is told with path and hint, all at once, and there is no blank page", () =>
    onPage("?v=1&set.plan.gradientlag=0&set.machine.node.injection=12+GB&thema=dark", async (page) => {
      const text = (await page.locator(".problems").textContent()) ?? "";
      for (const part of ["gradientlag", 'did you mean "gradientLag"?', "node.injection", "a bandwidth", 'did you mean "theme"?']) expect(text).toContain(part);
      expect(await page.locator("main").textContent()).toContain("There is no result to show");
    }));

  it("with an unknown run is told with the nearest name", () =>
    onPage("?v=1&run=summit-deeplabv3plus-fp16-2019", async (page) => {
      expect(await page.locator(".problems").textContent()).toContain(flagship);
    }));
});

describe("the picker", () => {
  it("finds a run by words and by keys alone", () =>
    onPage("", async (page) => {
      await page.keyboard.press("/");
      await page.keyboard.type("daint");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Piz Daint") === true);
      await settle(page);
      expect(new URL(page.url()).searchParams.get("run")).toBe("piz-daint-tiramisu-2018");
      expect(await page.locator('[data-figure="efficiency"]').textContent()).toContain("79.0 published");
    }));

  it("composes what nobody ran", () =>
    onPage("", async (page) => {
      await page.locator(".search").click();
      await page.locator("#compose-machine").selectOption("piz-daint");
      await page.locator("#compose-plan").selectOption("climate-2018-summit-fp32");
      await page.getByRole("button", { name: "Compose" }).click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("Piz Daint") === true);
      await settle(page);
      expect(new URL(page.url()).searchParams.get("machine")).toBe("piz-daint");
      expect(await page.locator("#published").textContent()).toContain("Nothing is published for this scenario");
    }));
});

describe("by keyboard alone", () => {
  it("a point is reached, read and made the active one", () =>
    onPage("", async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the charts");
      await page.keyboard.press("Enter");
      for (let presses = 0; presses < 40 && !(await page.evaluate(() => document.activeElement?.closest("#scaling .mark") !== null)); presses++) await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowLeft");
      const focused = page.locator("#scaling .mark:focus");
      const devices = await focused.getAttribute("data-devices");
      expect(await focused.getAttribute("aria-label")).toMatch(/GPUs, FP16; predicted; sustained .*95/);
      expect(await page.locator("#tooltip").textContent()).toContain("Enter makes this the active count");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => location.search.includes("gpus="));
      await settle(page);
      expect(new URL(page.url()).searchParams.get("gpus")).toBe(devices);
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-devices"))).toBe(devices);
      await page.keyboard.press("Escape");
      expect(await page.locator("#tooltip").isVisible()).toBe(false);
    }));

  it("axes, measure, tables, theme and the list of keys are one key each", () =>
    onPage("", async (page) => {
      for (const [key, name, value] of [["l", "y", "linear"], ["L", "x", "linear"], ["m", "metric", "samples"], ["D", "theme", "dark"]] as const) {
        await page.keyboard.press(key);
        expect(new URL(page.url()).searchParams.get(name)).toBe(value);
      }
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(20, 22, 26)");
      await page.keyboard.press("t");
      expect(await page.locator(".twin").count()).toBe(10);
      await page.keyboard.press("?");
      expect(await page.locator("dialog").textContent()).toContain("copy as command");
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
    }));
});

it("the list of inputs has value, kind and source of each, and the assumed ones apart", () =>
  onPage("", async (page) => {
    const { inputs, assumed } = predictRun(flagship);
    expect(await page.locator(".subtitle").textContent()).toContain(`${inputs.length} facts`);
    expect(number(await page.locator(".link.assumed").textContent())).toBe(assumed);
    await page.locator(".link.assumed").click();
    const rows = page.locator("dialog tbody tr");
    const kinds = await rows.evaluateAll((all) => all.map((row) => row.querySelectorAll("td")[3]?.textContent?.trim()));
    expect(new Set(kinds)).toEqual(new Set(["assumed"]));
    expect(kinds.length).toBe(inputs.filter((input) => input.kind === "assumed").length);
    await page.locator("dialog .segment").first().click();
    expect(await rows.count()).toBe(inputs.length);
  }));
