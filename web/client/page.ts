/** The frame of the page, built once: bar, scenario bar, rail, view, dock of the narrow page, status bar. */
import { h } from "./dom.ts";
import { createAppBar } from "./widgets/app-bar.ts";

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
  const bar = createAppBar("scenario", h("button", { type: "button", class: "search", onclick: actions.pick }, h("span", {}, "Choose a scenario"), h("kbd", {}, "/")), actions);
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
