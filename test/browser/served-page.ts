/** The built page on the real server with the real scenarios, opened in the browser; what must not happen on it is collected. */
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { packageRoot } from "../../cli/host/root.ts";
import { createApp, type AppOptions } from "../../web/server/app.ts";
import { library } from "../support/library.ts";
import { launchBrowser } from "./browser-path.ts";

export interface ServedPage {
  url: string;
  /** Opens the page and waits until its first result is drawn and nothing is awaited. */
  open(query: string, options?: BrowserContextOptions): Promise<Opened>;
  /** Opens, runs, closes, and holds every page to the same: nothing on the console, nothing uncaught, nothing from elsewhere. */
  onPage(query: string, act: (page: Page, opened: Opened) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  close(): Promise<void>;
}

export interface Opened {
  page: Page;
  /** Console messages, uncaught errors, and requests to anywhere but the server. */
  faults: string[];
  workers: string[];
  close(): Promise<void>;
}

/** With its own scenarios or measurements where `options` give them. */
export async function servePage(options: Partial<AppOptions> = {}): Promise<ServedPage> {
  const clientDirectory = join(packageRoot, "dist", "web", "client");
  if (!existsSync(join(clientDirectory, "index.html"))) throw new Error("The page is not bundled: npm test bundles it, or vite build.");
  const server = createServer(createApp({ library, clientDirectory, ...options }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser: Browser = await launchBrowser();
  const served: ServedPage = {
    url,
    async open(query, settings = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...settings });
      const page = await context.newPage();
      const faults: string[] = [];
      const workers: string[] = [];
      page.on("console", (message) => faults.push(`console ${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
      page.on("request", (request) => {
        if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) faults.push(`foreign request: ${request.url()}`);
      });
      page.on("worker", (worker) => workers.push(worker.url()));
      await page.goto(url + query);
      await settle(page);
      return { page, faults, workers, close: () => context.close() };
    },
    async onPage(query, act, settings) {
      const opened = await served.open(query, settings);
      try {
        await act(opened.page, opened);
        expect(opened.faults).toEqual([]);
      } finally {
        await opened.close();
      }
    },
    async close() {
      await browser.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return served;
}

/** The page for the tests of one file: served before the first, closed after the last. `options` are asked for when it is served. */
export function serveForTests(options: () => Partial<AppOptions> = () => ({})): Omit<ServedPage, "close"> {
  let served: ServedPage | undefined;
  beforeAll(async () => {
    served = await servePage(options());
  });
  afterAll(async () => served?.close());
  const now = (): ServedPage => {
    if (!served) throw new Error("The page is served to tests, not while they are collected.");
    return served;
  };
  return {
    get url() {
      return now().url;
    },
    open: (query, settings) => now().open(query, settings),
    onPage: (query, act, settings) => now().onPage(query, act, settings),
  };
}

/** Until a result or its problems are shown, and no newer one is on its way. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".figure-value, .problems, .calibrate, .network, .timeline-results:not([hidden])") !== null && document.documentElement.dataset["busy"] === "no");
}

export const figure = (page: Page, id: string) => page.locator(`[data-figure="${id}"] .figure-value`);

export const number = (text: string | null): number => Number((text ?? "").trim().replaceAll(",", "").replace("−", "-").replace(/[^\d.eE+-].*$/s, ""));
