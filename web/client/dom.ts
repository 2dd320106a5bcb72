/** Builders of HTML and SVG elements. Texts go in as text nodes, never as markup, so nothing a document says can become code. */
type Child = Node | string | number | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((event: never) => void);
export type Attributes = Record<string, Value>;

const svgNamespace = "http://www.w3.org/2000/svg";

function fill(element: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS(svgNamespace, tag);
  fill(element, attributes, children);
  return element;
}

/** Replaces the children, and gives the focus back to the element of the same data-key if one of the old children had it. */
export function replaceKeepingFocus(parent: Element, ...children: Child[]): void {
  const active = document.activeElement;
  const key = active && parent.contains(active) ? active.getAttribute("data-key") : null;
  parent.replaceChildren(...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"));
  if (key !== null) (parent.querySelector(`[data-key="${CSS.escape(key)}"]`) as HTMLElement | SVGElement | null)?.focus({ preventScroll: true });
}

/** What a tooltip says: the same for pointer, touch and keyboard. It travels on the element as JSON, so a chart stays a pure function. */
export interface Tip {
  head: string;
  place?: string;
  rows?: Array<readonly [string, string]>;
  text?: string;
  foot?: string;
}

export const tipAttribute = (tip: Tip): string => JSON.stringify(tip);
export const tipText = (tip: Tip): string => [tip.head, tip.place, ...(tip.rows ?? []).map(([name, value]) => `${name} ${value}`), tip.text].filter(Boolean).join("; ");
