/** The bar of every view: the name, the switch between views, and the tools of all of them. */
import { diamond, disc } from "../charts/marks.ts";
import { h, s, tipAttribute } from "../dom.ts";
import { pages, type View } from "../page-list.ts";

export interface AppBarActions {
  keys(): void;
  theme(): void;
}

/** `search`: what stands before the tools, such as the way to another scenario. */
export function createAppBar(view: View, search: HTMLElement | null, actions: AppBarActions): HTMLElement {
  const button = (label: string, key: string, act: () => void, ...content: Array<Node | string>) => h("button", { type: "button", class: "button square", "aria-label": label, "data-tip": tipAttribute({ head: label, text: `Key ${key}` }), onclick: act }, ...content);
  const half = s("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, s("circle", { cx: 8, cy: 8, r: 6, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }), s("path", { d: "M8,2A6,6 0 0 1 8,14Z", fill: "currentColor" }));
  const mark = s("svg", { width: 22, height: 14, viewBox: "0 0 22 14", "aria-hidden": "true" }, disc(6, 7, 4.6), diamond(15.5, 7, 4.8, "var(--ink)"));
  const views = h("nav", { "aria-label": "Views" }, ...pages.map(({ id, name, href }) => h("a", { href, "data-view": id, ...(id === view ? { "aria-current": "page" } : {}) }, name)));
  // On a narrow page the bar slides: the view that is shown is in sight.
  requestAnimationFrame(() => {
    const current = views.querySelector<HTMLElement>("[aria-current]");
    if (current && views.scrollWidth > views.clientWidth) views.scrollLeft = current.offsetLeft - views.offsetLeft - (views.clientWidth - current.offsetWidth) / 2;
  });
  return h("div", { class: "app-bar" }, h("a", { class: "brand", href: "/", "aria-label": "exatwin" }, mark, h("span", {}, "exatwin")),
    views, h("div", { class: "app-tools" }, search, button("Keys", "?", actions.keys, "?"), button("Light or dark", "Shift D", actions.theme, half)));
}

/** Pages that show a scenario link to one another with what is chosen: `query` is the address of the scenario page. */
export function carryScenario(query: string): void {
  for (const { id, href } of pages) {
    if (id !== "scenario" && id !== "timeline") continue;
    const own = new URLSearchParams(href.split("?")[1] ?? "");
    new URLSearchParams(query).forEach((value, key) => own.append(key, value));
    const text = own.toString();
    document.querySelector(`.app-bar nav a[data-view="${id}"]`)?.setAttribute("href", text === "" ? "/" : `/?${text}`);
  }
}
