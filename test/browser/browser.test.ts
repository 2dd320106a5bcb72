/** The browser that the other tests stand on: it starts, lays text out in a real font, and runs a module worker. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser-path.ts";

const files: Record<string, [type: string, text: string]> = {
  "/": ["text/html", `<!doctype html><p style="display:inline-block">999.0 PF/s</p><p style="display:inline-block">.</p>`],
  "/worker.js": ["text/javascript", `import { sum } from "./sum.js"; postMessage({ sum });`],
  "/sum.js": ["text/javascript", `export const sum = 20 + 22;`],
};

let browser: Browser;
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    const [type, text] = files[request.url ?? ""] ?? ["text/plain", ""];
    response.setHeader("content-type", type).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  server.close();
});

async function openPage() {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return page;
}

it("lays out text", async () => {
  const page = await openPage();
  const widths_px = await page.locator("p").evaluateAll((paragraphs) => paragraphs.map((paragraph) => paragraph.getBoundingClientRect().width));
  expect(widths_px[1]).toBeGreaterThan(0);
  expect(widths_px[0]).toBeGreaterThan(3 * (widths_px[1] ?? 0));
});

it("runs a module worker", async () => {
  const page = await openPage();
  const answer = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.addEventListener("message", (event) => resolve(event.data));
        worker.addEventListener("error", (event) => resolve(event.message));
      }),
  );
  expect(answer).toEqual({ sum: 42 });
});
