/** What all pages do with their panels: charts or tables, and the picture or the numbers of one as a file. */
import { toCsv } from "../data/table.ts";
import type { Panel } from "../views/panel.ts";
import { saveFile, svgFile } from "./export.ts";
import type { MenuItem } from "./menu.ts";

/** The panel that the focus is in. */
export const focusedPanel = (): string | null => document.activeElement?.closest(".panel")?.id ?? null;

/** The panels shown as tables after one was switched, or, without one, after all of them were. */
export function switchTables(shown: readonly string[], id: string | null, all: readonly string[]): string[] {
  const next = id === null ? (shown.length > 0 ? [] : [...all]) : shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id];
  return next.toSorted();
}

/** An entry of the menu for each panel. */
export const csvItems = (ids: readonly string[], save: (id: string) => void): MenuItem[] => ids.map((id) => [`${id.charAt(0).toUpperCase()}${id.slice(1)} as CSV`, "", () => save(id)]);

/** `foot`: what the file says of itself. */
export function savePanelSvg(panel: Panel | undefined, name: string, subtitle: string, foot: readonly string[]): void {
  const chart = panel?.svg() ?? panel?.element.querySelector<SVGSVGElement>(".panel-body svg[role=group]");
  if (panel?.content && chart) saveFile(`${name}.svg`, "image/svg+xml", svgFile(chart, { title: panel.content.title, subtitle, foot: [...foot] }));
}

export function savePanelCsv(panel: Panel | undefined, name: string, head: readonly string[]): void {
  const table = panel?.content?.table;
  if (table) saveFile(`${name}.csv`, "text/csv", toCsv(table, [...head]));
}
