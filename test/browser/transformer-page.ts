/** What both test files of the transformer page share: a server, and a way to open the page with its terms drawn. */
import type { Page } from "playwright-core";
import { serveForTests, settle, type ServedPage } from "./served-page.ts";

export function serveTransformerPage(): { readonly served: Omit<ServedPage, "close">; readonly onPage: ServedPage["onPage"] } {
  const served = serveForTests();
  return {
    served,
    onPage: (query, act, options) =>
      served.onPage(query, async (page, opened) => {
        await page.locator("#terms svg").waitFor();
        await settle(page);
        await act(page, opened);
      }, options),
  };
}

export const searched = (page: Page) => page.waitForFunction(() => document.documentElement.dataset["searching"] === "no", undefined, { timeout: 100_000 });
export const selene = "?view=transformer";
