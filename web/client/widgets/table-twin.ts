/** The table twin of a chart: the same numbers, sortable by its heads. */
import { h } from "../dom.ts";
import { formatNumber } from "../../../model/units.ts";
import { count } from "../format.ts";
import type { Cell, Column, Table } from "../data/table.ts";

export function tableTwin(table: Table): HTMLElement {
  let order: { column: number; falling: boolean } | null = null;
  const body = h("tbody");
  const heads = table.columns.map((column, index) => {
    const button = h("button", { type: "button", class: "plain", onclick: () => sort(index) }, column.name, column.unit ? h("span", { class: "unit" }, ` ${column.unit}`) : null);
    return h("th", { scope: "col", class: isNumeric(index) ? "number" : "" }, button);
  });
  function isNumeric(index: number): boolean {
    return table.rows.some((row) => typeof row[index] === "number");
  }
  const fill = () => {
    const rows = order === null ? table.rows : table.rows.toSorted((a, b) => compare(a[order?.column ?? 0] ?? null, b[order?.column ?? 0] ?? null) * (order?.falling ? -1 : 1));
    body.replaceChildren(...rows.map((row) => h("tr", {}, ...row.map((cell, index) => h("td", { class: isNumeric(index) ? "number" : "", ...(typeof cell === "number" ? { "data-value": cell } : {}) }, show(cell, table.columns[index]))))));
  };
  function sort(column: number): void {
    order = { column, falling: order?.column === column ? !order.falling : false };
    heads.forEach((head, index) => (index === column ? head.setAttribute("aria-sort", order?.falling ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
    fill();
  }
  fill();
  return h("div", { class: "twin", tabindex: 0, role: "region", "aria-label": `Table: ${table.caption}` }, h("table", { class: "data" }, h("caption", { class: "visually-hidden" }, table.caption), h("thead", {}, h("tr", {}, ...heads)), body));
}

const show = (cell: Cell, column: Column | undefined): string => (cell === null ? "–" : typeof cell === "number" ? Number.isInteger(cell) && (column?.whole || /GPUs|nodes|draw|rank|number|operations/.test(column?.name ?? "")) ? count(cell) : formatNumber(cell, 4) : cell);

function compare(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), "en");
}
