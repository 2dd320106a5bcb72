/** Measures texts in the page's own font, so that labels are laid out by their true width and never by counting letters. */
import type { Ruler } from "./kit.ts";

export function createRuler(): Ruler {
  const context = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.documentElement).getPropertyValue("--font").trim() || "sans-serif";
  const known = new Map<string, number>();
  return (text, size = 11, weight = 400) => {
    if (context === null) return text.length * size * 0.56;
    const font = `${weight} ${size}px ${family}`;
    const key = `${font}|${text}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    if (known.size > 5000) known.clear();
    context.font = font;
    const { width } = context.measureText(text);
    known.set(key, width);
    return width;
  };
}
