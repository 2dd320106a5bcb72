/** What every page of panels stands in: the bar of views, a heading with its menu, notices, the foot, the list of keys. */
import type { View } from "../page-list.ts";
import { h } from "../dom.ts";
import { createAppBar } from "./app-bar.ts";
import { openKeyList, type KeyList } from "./dialogs.ts";
import { createMenu, type MenuItem } from "./menu.ts";
import { createTooltip, type Tooltip } from "./tooltip.ts";

export interface PageFrameOptions {
  readonly view: View;
  readonly heading: string;
  /** What is said until there is something to show. */
  readonly subtitle: string;
  readonly takeAway: () => readonly MenuItem[];
  readonly keys: KeyList;
  readonly theme: () => void;
  /** Class of what holds the panels, and what the way past the bar is called. */
  readonly content: string;
  readonly skip: string;
  /** In the bar, beside the heading, below it, and after all else. */
  readonly search?: HTMLElement;
  readonly beside?: readonly HTMLElement[];
  readonly below?: readonly HTMLElement[];
  readonly last?: readonly HTMLElement[];
}

export interface PageFrame {
  readonly title: HTMLElement;
  readonly subtitle: HTMLElement;
  readonly notices: HTMLElement;
  readonly main: HTMLElement;
  readonly status: HTMLElement;
  /** For those who hear the page. */
  readonly live: HTMLElement;
  readonly tooltip: Tooltip;
  openKeys(): void;
  /** Beside the menu and to those who hear the page. */
  say(message: string): void;
  /** Into the clipboard, or told where there is none. */
  copy(text: string, what: string): void;
}

export function createPageFrame({ view, heading, subtitle: words, takeAway, keys, theme, content, skip, search, beside = [], below = [], last = [] }: PageFrameOptions): PageFrame {
  const title = h("h1", {}, heading);
  const subtitle = h("p", { class: "subtitle" }, words);
  const menu = createMenu("Take away", takeAway);
  const header = h("header", { class: "scenario-bar" }, h("div", { class: "scenario-words" }, title, subtitle), h("div", { class: "scenario-side" }, ...beside, menu));
  const tooltip = createTooltip();
  const notices = h("div", { class: "notices" });
  const live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  const status = h("footer", { class: "status-bar" });
  const main = h("main", { id: "main", tabindex: -1 });
  const openKeys = () => openKeyList(keys);
  const say = (message: string) => {
    live.textContent = message;
    menu.say(message);
  };
  document.body.prepend(h("a", { class: "skip", href: "#main" }, skip), createAppBar(view, search ?? null, { keys: openKeys, theme }), header, ...below, h("div", { class: `content ${content}` }, notices, main), status, live, tooltip.element, ...last);
  document.documentElement.dataset["busy"] = "yes";
  return { title, subtitle, notices, main, status, live, tooltip, openKeys, say, copy: (text, what) => copyText(text, what, say) };
}

export function copyText(text: string, what: string, say: (message: string) => void): void {
  navigator.clipboard.writeText(text).then(() => say(`${what} is in the clipboard`), () => say(text));
}

/** The keys in the foot of a page. */
export const keyHints = (...keys: KeyList): HTMLElement => h("span", { class: "status-keys" }, ...keys.map(([key, does]) => h("span", {}, h("b", {}, key), ` ${does}`)));
