/** The frame of the page, built once: bar, scenario bar, rail, view, dock of the narrow page, status bar. */
import { h, s, tipAttribute } from "./dom.ts";
import { diamond, disc } from "./charts/marks.ts";

export interface Frame {
  main: HTMLElement;
  rail: HTMLElement;
  dock: HTMLElement;
  notices: HTMLElement;
  progress: HTMLElement;
  status: HTMLElement;
  live: HTMLElement;
  openRail(open: boolean): void;
}

export interface FrameActions {
  pick(): void;
  keys(): void;
  theme(): void;
  resetAll(): void;
}

export function createFrame(scenarioBar: HTMLElement, tooltip: HTMLElement, actions: FrameActions): Frame {
  const button = (label: string, key: string, act: () => void, ...content: Array<Node | string>) => h("button", { type: "button", class: "button square", "aria-label": label, "data-tip": tipAttribute({ head: label, text: `Key ${key}` }), onclick: act }, ...content);
  const half = s("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, s("circle", { cx: 8, cy: 8, r: 6, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }), s("path", { d: "M8,2A6,6 0 0 1 8,14Z", fill: "currentColor" }));
  const mark = s("svg", { width: 22, height: 14, viewBox: "0 0 22 14", "aria-hidden": "true" }, disc(6, 7, 4.6), diamond(15.5, 7, 4.8, "var(--ink)"));
  const bar = h("div", { class: "app-bar" }, h("a", { class: "brand", href: "/" }, mark, "exatwin"), h("nav", { "aria-label": "Views" }, h("a", { href: "/", "aria-current": "page" }, "Scenario")),
    h("div", { class: "app-tools" }, h("button", { type: "button", class: "search", onclick: actions.pick }, h("span", {}, "Choose a scenario"), h("kbd", {}, "/")), button("Keys", "?", actions.keys, "?"), button("Light or dark", "Shift D", actions.theme, half)));
  const rail = h("div", { class: "rail-scroll" });
  const close = h("button", { type: "button", class: "button", onclick: () => openRail(false) }, "Close");
  const aside = h("aside", { class: "rail", id: "knobs", "aria-label": "Knobs" }, h("div", { class: "sheet-head" }, h("strong", {}, "Knobs"), h("span", {}, h("button", { type: "button", class: "link", onclick: actions.resetAll }, "all back"), close)), rail);
  const dock = h("div", { class: "dock", role: "region", "aria-label": "GPUs" });
  const notices = h("div", { class: "notices" });
  const progress = h("div", { class: "progress", hidden: true });
  const main = h("main", { id: "main", tabindex: -1 });
  const status = h("footer", { class: "status-bar" });
  const live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  const openRail = (open: boolean) => {
    aside.classList.toggle("open", open);
    document.documentElement.classList.toggle("sheet-open", open);
    if (open) close.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && aside.classList.contains("open")) openRail(false);
  });
  document.body.prepend(h("a", { class: "skip", href: "#main" }, "Skip to the charts"), bar, scenarioBar, progress, h("div", { class: "columns" }, aside, h("div", { class: "content" }, notices, main)), dock, status, live, tooltip);
  return { main, rail, dock, notices, progress, status, live, openRail };
}
