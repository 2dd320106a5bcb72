/** The transformer page on the real server: its numbers are those of `exatwin predict`, its editor refuses with a reason, its links hold all that is shown. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { TransformerPrediction } from "../../model/prediction-transformer.ts";
import { run, runJson, words } from "../cli/harness.ts";
import { cells, parameter, plain, title } from "./read-page.ts";
import { figure, number, settle } from "./served-page.ts";
import { serveTransformerPage, selene } from "./transformer-page.ts";

const { served, onPage } = serveTransformerPage();

async function commandOf(page: Page): Promise<string[]> {
  await page.keyboard.press("c");
  await page.waitForFunction(() => document.querySelector(".menu-note")?.textContent !== "");
  return words(await page.evaluate(() => navigator.clipboard.readText())).slice(1);
}

describe("every number", () => {
  it.each(["?view=transformer&gpus=128&set.plan.recompute=full", "?view=transformer&machine=eos&workload=llama3-70b&gpus=64"])("of %s is what the command prints that the page copies", (query) =>
    onPage(query, async (page) => {
      const command = await commandOf(page);
      const { points: [point], totals } = await runJson<TransformerPrediction>(command);
      if (!point) throw new Error("no point");
      const shown = async (id: string, value: number) => expect(number(await figure(page, id).textContent()) / value).toBeCloseTo(1, 2);
      await shown("step", point.stepTime_s.value);
      await shown("tokens-device", point.throughputPerDevice_tokens_per_s.value);
      await shown("rate", point.ratePerDevice_flop_per_s.value / 1e12);
      await shown("mfu", point.utilisation.value * 100);
      await shown("memory", (point.memory?.fullest.device.bytes ?? 0) / 2 ** 30);
      await shown("parameters", totals.parameters / 1e9);
      const bubble = point.terms.find(({ id }) => id === "pipeline-bubble")?.time_s ?? 0;
      await shown("bubble", (100 * bubble) / point.stepTime_s.value);
      // The same words as in the table that people read.
      const printed = plain((await run(command)).stdout);
      const row = printed.split("\n").find((line) => line.trimStart().startsWith(`${point.devices} `)) ?? "";
      for (const id of ["step", "mfu", "memory"]) expect(row).toContain((plain(await figure(page, id).textContent()).split(" ")[0] ?? "?"));
      expect(row).toContain(plain(await page.locator('[data-figure="step"] .figure-notes span').first().textContent()).replace(/^95 %: /, ""));

      await page.keyboard.press("t");
      const terms = await cells(page, "terms");
      for (const { label, time_s } of point.terms) {
        const found = terms.find(([name]) => name === label);
        if (found) expect(Number(found[1])).toBeCloseTo(time_s, 3);
        else expect(time_s).toBeLessThan(5e-3);
      }
      const memory = await cells(page, "memory");
      expect(memory.map((line) => Number(line.at(-3)))).toEqual(point.memory?.stages.map(({ device }) => Number((device.bytes / 2 ** 30).toPrecision(6))));
    }, { permissions: ["clipboard-read", "clipboard-write"] }));

  it("of the waterfall adds up as printed", () =>
    onPage(selene, async (page) => {
      const printed = await page.locator("#terms .mark.row").evaluateAll((rows) => rows.map((row) => ({ id: row.getAttribute("data-term"), text: [...row.querySelectorAll("text")][1]?.textContent ?? "" })));
      const total = printed.find(({ id }) => id === "total");
      expect(printed.length).toBeGreaterThan(8);
      expect(printed.filter(({ id }) => id !== "total").reduce((sum, { text }) => sum + number(text), 0)).toBeCloseTo(number(total?.text ?? ""), 6);
    }));
});

describe("the layout editor", () => {
  it("takes a valid choice, says what it changes, keeps it in the address, and takes it back", () =>
    onPage(selene, async (page) => {
      const before = await figure(page, "step").textContent();
      await page.locator('[data-key="plan.recompute"]').selectOption("full");
      await settle(page);
      expect(parameter(page, "set.plan.recompute")).toBe("full");
      expect(number(await figure(page, "step").textContent())).toBeGreaterThan(number(before));
      expect(await page.locator('[data-figure="step"] .difference').textContent()).toMatch(/^\+/);
      expect(plain(await page.locator(".chip").textContent())).toContain("Recompute → full");
      await page.reload();
      await page.locator("#terms svg").waitFor();
      await settle(page);
      expect(await page.locator('[data-key="plan.recompute"]').inputValue()).toBe("full");
      await page.keyboard.press("Backspace");
      await settle(page);
      expect(await figure(page, "step").textContent()).toBe(before);
      expect(new URL(page.url()).search).toBe("?view=transformer");
    }));

  it("says why a choice is not valid, names the nearest, and changes nothing", () =>
    onPage(selene, async (page) => {
      const before = await figure(page, "step").textContent();
      const tensor = page.locator('[data-key="plan.tensor"]');
      await tensor.selectOption("16");
      const told = page.locator(".transformer-controls .knob-problem");
      expect(plain(await told.textContent())).toMatch(/^16 is not valid here: .*must be|needs/);
      expect(await tensor.inputValue()).toBe("8");
      expect(await figure(page, "step").textContent()).toBe(before);
      expect(plain(await told.textContent())).toContain("8, as it is, is the nearest that is valid");
    }));

  it("takes the nearest valid value where another one is", () =>
    onPage("?view=transformer&gpus=512&set.plan.globalBatch=256", async (page) => {
      await page.locator('[data-key="plan.globalBatch"]').selectOption("32");
      expect(parameter(page, "set.plan.globalBatch")).toBe("256");
      await page.locator('[data-key="nearest:globalBatch"]').click();
      await settle(page);
      expect(parameter(page, "set.plan.globalBatch")).toBeNull();
      expect(await page.locator('[data-key="plan.globalBatch"]').inputValue()).toBe("64");
      expect(await page.locator(".transformer-controls .knob-problem").count()).toBe(0);
    }));

  it("refuses a number of GPUs beside the result that stays, with the nearest that the layout divides", () =>
    onPage(selene, async (page) => {
      const field = page.locator('[data-key="devices"]');
      await field.fill("70");
      await field.press("Enter");
      await page.locator(".problems").waitFor();
      expect(plain(await page.locator(".problems").textContent())).toContain("a multiple of tensor x context x pipeline");
      expect(await page.locator("#terms svg").count()).toBe(1);
      await page.locator(".problems .link").click();
      await settle(page);
      expect(parameter(page, "gpus")).toBe("64");
      expect(await page.locator(".problems").count()).toBe(0);
    }));

  it("tells what makes a plan fit that does not, and one click makes it", () =>
    onPage("?view=transformer&set.plan.recompute=none&set.plan.microBatch=8&set.plan.virtualStages=1&set.plan.schedule=1f1b", async (page) => {
      expect(await page.locator('[data-figure="memory"] .fit').textContent()).toBe("does not fit");
      expect(await title(page, "memory")).toContain("It does not fit");
      await page.locator(".remedies .link").first().click();
      await settle(page);
      expect(await page.locator('[data-figure="memory"] .fit').textContent()).not.toBe("does not fit");
    }));

  it("takes a config.json, which travels in the link", () =>
    onPage("?view=transformer&machine=eos", async (page) => {
      const config = { model_type: "llama", hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 128256, max_position_embeddings: 8192, tie_word_embeddings: false };
      await page.locator('input[type="file"]').setInputFiles({ name: "config.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(config)) });
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Your model") === true);
      await settle(page);
      expect(number(await figure(page, "parameters").textContent())).toBeCloseTo(8.03, 2);
      const heading = await page.locator("h1").textContent();
      await onPage(new URL(page.url()).search, async (again) => expect(await again.locator("h1").textContent()).toBe(heading));
    }));
});

describe("what is wrong with an address", () => {
  it("is told at once with the nearest names and a way on", () =>
    (async () => {
      const { page, faults, close } = await served.open("?view=transformer&machine=selen&gpu=4&objective=tme");
      try {
        const text = plain(await page.locator(".problems").textContent());
        for (const told of ['did you mean "gpus"?', 'did you mean "time"?', 'did you mean "selene"?']) expect(text).toContain(told);
        await page.locator(".problems .link").click();
        await page.locator("#terms svg").waitFor();
        expect(faults).toEqual([]);
      } finally {
        await close();
      }
    })());
});

it("is in the bar of pages, by keys alone too, and loads only its own scripts", () =>
  onPage(selene, async (page) => {
    expect(await page.locator("nav a[aria-current]").textContent()).toBe("Transformer");
    await page.keyboard.press("?");
    expect(await page.locator("dialog").textContent()).toContain("copy the command");
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    for (const [key, name, value] of [["D", "theme", "dark"], ["t", "tables", "devices,energy,memory,parameters,parity,pipeline,search,terms"], ["]", "gpus", "128"]] as const) {
      await page.keyboard.press(key);
      await page.waitForFunction(([name, value]) => new URLSearchParams(location.search).get(name ?? "") === value, [name, value] as const);
      await settle(page);
    }
    const scripts = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js") && !name.includes("worker")).map((entry) => (entry as PerformanceResourceTiming).decodedBodySize));
    expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(240_000);
  }));

