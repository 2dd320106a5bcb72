/**
 * Measures texts as the page draws them, so that labels are laid out by their true width and never by counting letters. A canvas cannot set
 * tabular numerals, so a hidden SVG text does it; as all digits are equally wide then, one measurement serves every number of that form.
 */
import { s } from "../dom.ts";
import type { Ruler } from "./kit.ts";

export function createRuler(): Ruler {
  const text = s("text");
  document.body.append(s("svg", { class: "visually-hidden", width: 1, height: 1, "aria-hidden": "true" }, text));
  const known = new Map<string, number>();
  return (raw, size = 11, weight = 400) => {
    const form = raw.replaceAll(/\d/g, "0");
    const key = `${weight} ${size} ${form}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    if (known.size > 5000) known.clear();
    text.setAttribute("font-size", String(size));
    text.setAttribute("font-weight", String(weight));
    text.textContent = form;
    const width = text.getComputedTextLength();
    known.set(key, width);
    return width;
  };
}
