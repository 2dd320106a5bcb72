/** The import page on the real server: files are recognised in the browser, shown with their problems and marks, refused with a reason, and kept only when asked. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { openStore, query } from "../../cli/store/index.ts";
import { createImports } from "../../web/server/imports.ts";
import { fixtureFolder, namesIn } from "../support/log-files.ts";
import { checkTexts } from "./layout-check.ts";
import { saved, savedPanel, title } from "./read-page.ts";
import { serveForTests, type ServedPage } from "./served-page.ts";

const folder = mkdtempSync(join(tmpdir(), "exatwin-import-page-"));
const store = join(folder, "kept.duckdb");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const served = serveForTests(() => ({ imports: createImports(store) }));
const closed = serveForTests();

const pathOf = (reader: string): string => join(fixtureFolder, namesIn(fixtureFolder).find((name) => name.startsWith(`${reader}/`)) ?? "");
const file = (name: string, buffer: Buffer) => ({ name, mimeType: "text/plain", buffer });
const allReduce = ["# ./all_reduce_perf -b 1K", "#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong",
  ...Array.from({ length: 16 }, (_, at) => {
    const bytes = 1024 * 4 ** at;
    const time_us = 30 + bytes / 1e4;
    return `${bytes} ${bytes / 4} float sum -1 ${time_us.toFixed(2)} 1.00 1.00 0 ${time_us.toFixed(2)} 1.00 1.00 0`;
  }), ""].join("\n");

const onPage = (act: Parameters<ServedPage["onPage"]>[1], options: Parameters<ServedPage["onPage"]>[2] = {}, server: Pick<ServedPage, "onPage"> = served): Promise<void> => server.onPage("?view=import", act, options);

async function give(page: Page, files: Parameters<Page["setInputFiles"]>[1]): Promise<void> {
  const before = await page.locator(".import-files tbody tr").count();
  await page.setInputFiles('input[type="file"]', files);
  await page.waitForFunction((count) => document.querySelectorAll(".import-files tbody tr").length > count && document.documentElement.dataset["busy"] === "no", before);
}

const choose = (page: Page, name: string) => page.locator(`[data-file="${name}"] .row-link`).click();
const row = (page: Page, name: string) => page.locator(`[data-file="${name}"]`).innerText();

describe("files", () => {
  it("are recognised by their content, in the browser, gzip too, and shown before anything is saved", () =>
    onPage(async (page, { workers }) => {
      await give(page, [file("a", Buffer.from(allReduce)), file("b.gz", gzipSync(readFileSync(pathOf("megatron")))), file("c", readFileSync(pathOf("onnx")))]);
      expect(workers.length).toBe(1);
      expect(await row(page, "a")).toMatch(/nccl-tests, rccl-tests, 16 in place\s+32\s+0/);
      expect(await row(page, "b.gz")).toContain("Megatron-LM");
      expect(await row(page, "c")).toContain("ONNX model");
      expect(await page.locator("h1").textContent()).toBe("3 files read");
      expect(await title(page, "about")).toBe("nccl-tests, rccl-tests: 32 rows");
      expect(await page.locator("#about").innerText()).toMatch(/What it does not say[\s\S]*nodes/);
      const kept = await fetch(`${served.url}api/imports`).then((answer) => answer.json() as Promise<{ allowed: boolean }>);
      expect(kept.allowed).toBe(true);
    }));

  it("have a picture with a fit; marked rows are hollow", () =>
    onPage(async (page) => {
      await give(page, file("a", Buffer.from(allReduce)));
      expect(await title(page, "picture")).toMatch(/^One latency and one bandwidth fit all 16 sizes/);
      expect((await page.locator("#picture .panel-subtitle").textContent())?.replaceAll("\u00a0", " ")).toContain("latency 30.0 µs, bandwidth 10.0 GB/s");
      expect(await page.locator("#picture .mark").count()).toBe(32);
      await page.locator("#picture .mark").first().focus();
      expect(await page.locator(".tooltip").innerText()).toContain("in-place");
    }));

  it("show their rows, sortable by each heading, and the same as CSV", () =>
    onPage(async (page) => {
      await give(page, file("a", Buffer.from(allReduce)));
      const heads = await page.locator("#rows thead button").allTextContents();
      const time = heads.findIndex((name) => name.startsWith("time_s"));
      await page.locator("#rows thead button").nth(time).click();
      await page.locator("#rows thead button").nth(time).click();
      const times = (await page.locator(`#rows tbody td:nth-child(${time + 1})`).evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-value")))));
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect((await savedPanel(page, "rows", "CSV")).text).toContain("\n3,all-reduce,1024,float,sum,");
    }));

  it("tell problems by line", () =>
    onPage(async (page) => {
      await give(page, file("a", Buffer.from(`${allReduce}4096 1024 float sum -1 10.00 1.00 1.00 7 11.00 1.00 1.00 0\n`)));
      expect(await title(page, "problems")).toBe("1 problem");
      expect(await page.locator("#problems tbody tr").innerText()).toMatch(/19\s+7 wrong results/);
    }));

  it("that no reader knows say what they are and what they are most like", () =>
    onPage(async (page) => {
      await give(page, [file("osu_latency.out", Buffer.from("Size Latency\n1 2\n")), file("sheet.xlsx", Buffer.from([0x50, 0x4b, 3, 4, 0])), file("empty", Buffer.alloc(0))]);
      expect(await page.locator("h1").textContent()).toBe("0 files read, 3 files refused");
      expect(await page.locator("#refusal").innerText()).toMatch(/most like a file of osu .* expects a title line of the OSU micro-benchmarks/);
      expect(await row(page, "sheet.xlsx")).toContain("a zip archive or a spreadsheet");
      expect(await row(page, "empty")).toContain("an empty file");
    }));

  it("may be dropped", () =>
    onPage(async (page) => {
      const data = await page.evaluateHandle((text) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], "one"));
        transfer.items.add(new File([`${text}\n`], "two"));
        return transfer;
      }, allReduce);
      await page.dispatchEvent("#drop", "drop", { dataTransfer: data });
      await page.waitForFunction(() => document.querySelectorAll(".import-files tbody tr").length === 2 && document.documentElement.dataset["busy"] === "no");
      expect(await page.locator("h1").textContent()).toBe("2 files read");
      await page.locator('[data-file="two"] .link').click();
      expect(await page.locator("h1").textContent()).toBe("1 file read");
    }));
});

describe("keeping", () => {
  it("puts the files into the store under the name of the machine, once", () =>
    onPage(async (page) => {
      await give(page, [file("kept.txt", Buffer.from(allReduce)), file("other.txt", readFileSync(pathOf("stream")))]);
      await page.fill("#import-label", "my-cluster");
      await page.locator("#import-label").blur();
      await page.click('[data-key="save"]');
      await page.waitForFunction(() => document.querySelector('[data-key="save"]')?.textContent === "All saved");
      expect(await row(page, "kept.txt")).toContain("saved");
      const open = await openStore(store, { readOnly: true });
      expect((await query(open, "select name, reader, label from files order by name")).rows).toEqual([{ name: "kept.txt", reader: "nccl-tests", label: "my-cluster" }, { name: "other.txt", reader: "stream", label: "my-cluster" }]);
      open.close();
    }));

  it("without a store gives JSON of all rows, and says how to get a store", () =>
    onPage(async (page) => {
      await give(page, file("a", Buffer.from(allReduce)));
      expect(await page.locator("#keep").innerText()).toContain("exatwin serve --store FILE");
      const { file: about, rows } = JSON.parse((await saved(page, () => page.click('[data-key="download"]'))).text) as { file: { reader: string; sha256: string }; rows: unknown[] };
      expect([about.reader, about.sha256.length, rows.length]).toEqual(["nccl-tests", 64, 32]);
    }, {}, closed));
});

describe.each([["light", 1440], ["dark", 1440], ["light", 800], ["dark", 360]] as const)("%s, %i px wide", (colorScheme, width) => {
  it("no texts overlap or leave their frame", () =>
    onPage(async (page) => {
      await give(page, [file("a", Buffer.from(allReduce)), ...["megatron", "stream", "kineto", "mllog", "hf-config"].map((id) => file(id, readFileSync(pathOf(id)))), file("words", Buffer.from("dear diary\n"))]);
      for (const name of ["a", "megatron", "stream", "kineto", "mllog", "hf-config", "words"]) {
        await choose(page, name);
        const { overlapping, outside, tooWide_px } = await page.evaluate(checkTexts);
        expect([name, overlapping, outside, tooWide_px]).toEqual([name, [], [], 0]);
      }
    }, { viewport: { width, height: 900 }, colorScheme }));
});
