/** A key figure: name with its explanation, number with unit, notes below, a small bar. */
import { h, tipAttribute, type Tip } from "../dom.ts";

export function figureBox(id: string, name: string, number: string, unit: string, notes: Node[], bar: Node | null, tip: Tip): HTMLElement {
  return h("div", { class: "figure", "data-figure": id },
    h("button", { type: "button", class: "figure-name plain", "data-key": `figure:${id}`, "data-tip": tipAttribute(tip) }, name),
    h("p", { class: "figure-value" }, number, unit === "" ? null : h("span", { class: "unit" }, ` ${unit}`)),
    h("p", { class: "figure-notes" }, ...notes), bar ? h("div", { class: "figure-bar" }, bar) : null);
}
