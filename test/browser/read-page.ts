/** What tests read off a page: texts without typographic spaces, titles of panels, the address, tables and what is saved. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

export const plain = (text: string | null): string => (text ?? "").replaceAll(/[\u00a0\u202f]/g, " ").replaceAll("−", "-");
export const title = (page: Page, panel: string): Promise<string> => page.locator(`#${panel}-title`).textContent().then(plain);
export const parameter = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
export const marks = (page: Page, panel: string, series: string) => page.locator(`#${panel} .mark[data-series="${series}"]`);
export const cells = (page: Page, panel: string): Promise<string[][]> => page.locator(`#${panel} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.getAttribute("data-value") ?? cell.textContent ?? "")));

export interface Saved {
  readonly name: string;
  readonly text: string;
}

/** The file that `act` makes the page save. */
export async function saved(page: Page, act: () => Promise<void>): Promise<Saved> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

/** What a button in the head of a panel saves: SVG, CSV. */
export const savedPanel = (page: Page, panel: string, tool: string): Promise<Saved> => saved(page, () => page.locator(`#${panel} .tool`).filter({ hasText: tool }).click());
