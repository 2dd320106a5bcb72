/** What both test files of the transformer page share: a server, a way to open the page and what to read off it. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { servePage, settle, type Opened, type ServedPage } from "./served-page.ts";

export interface TransformerPages {
  served: ServedPage;
  onPage(query: string, act: (page: Page, opened: Opened) => Promise<void>, options?: Parameters<ServedPage["open"]>[1]): Promise<void>;
}

/** Each page must end without a message on its console and without a request to elsewhere. */
export async function openTransformerPages(): Promise<TransformerPages> {
  const served = await servePage();
  return {
    served,
    async onPage(query, act, options = {}) {
      const opened = await served.open(query, options);
      try {
        await opened.page.locator("#terms svg").waitFor();
        await settle(opened.page);
        await act(opened.page, opened);
        expect(opened.faults).toEqual([]);
      } finally {
        await opened.close();
      }
    },
  };
}

export const plain = (text: string | null): string => (text ?? "").replaceAll(/[\u00a0\u202f]/g, " ").replaceAll("−", "-");
export const parameter = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
export const title = (page: Page, panel: string): Promise<string> => page.locator(`#${panel}-title`).textContent().then(plain);
export const cells = (page: Page, panel: string): Promise<string[][]> => page.locator(`#${panel} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.getAttribute("data-value") ?? cell.textContent ?? "")));
export const searched = (page: Page) => page.waitForFunction(() => document.documentElement.dataset["searching"] === "no", undefined, { timeout: 100_000 });
export const selene = "?view=transformer";
