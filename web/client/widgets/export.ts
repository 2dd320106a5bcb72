/** Charts as files. SVG: text as text, colours resolved, with title, version, date and sources in the picture. CSV and JSON: what is drawn. */
import { s } from "../dom.ts";
import { label } from "../charts/kit.ts";

export interface About {
  title: string;
  subtitle: string;
  /** Version, date, scenario; then sources. */
  foot: string[];
}

const exportFont = "Inter, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

export function svgFile(chart: SVGSVGElement, about: About): string {
  const width = Number(chart.getAttribute("width"));
  const height = Number(chart.getAttribute("height"));
  const margin = 16;
  const head = 56;
  const foot = about.foot.length * 14 + 14;
  const inner = chart.cloneNode(true) as SVGSVGElement;
  inner.setAttribute("x", String(margin));
  inner.setAttribute("y", String(head));
  const picture = s("svg", { xmlns: "http://www.w3.org/2000/svg", width: width + 2 * margin, height: height + head + foot, viewBox: `0 0 ${width + 2 * margin} ${height + head + foot}`, "font-family": exportFont },
    s("title", {}, about.title), s("rect", { width: "100%", height: "100%", fill: "var(--paper)" }),
    label(margin, 24, about.title, { size: 15, weight: 600, fill: "var(--ink)" }), label(margin, 42, about.subtitle, { size: 12 }), inner,
    ...about.foot.map((line, index) => label(margin, height + head + 16 + index * 14, line, { size: 10.5 })));
  const styles = getComputedStyle(document.documentElement);
  for (const element of [picture, ...picture.querySelectorAll("*")]) {
    for (const { name, value } of Array.from(element.attributes)) {
      if (name.startsWith("data-") || name.startsWith("aria-") || name === "tabindex" || name === "class" || name === "role") element.removeAttribute(name);
      else if (name === "font-family" && element !== picture) element.removeAttribute(name);
      else if (value.includes("var(")) element.setAttribute(name, value.replaceAll(/var\((--[\w-]+)\)/g, (_, token: string) => styles.getPropertyValue(token).trim()));
    }
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`;
}

export const saveFile = (name: string, type: string, content: string): void => saveBlob(name, new Blob([content], { type }));

export function saveBlob(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** FNV-1a of a text, seven hexadecimal digits: enough to see that two pictures are of the same scenario. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0").slice(0, 7);
}
