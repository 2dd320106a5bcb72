/** A button that opens a short list of actions. */
import { h } from "../dom.ts";

export type MenuItem = readonly [name: string, key: string, act: () => void];

export function createMenu(name: string, items: () => readonly MenuItem[]): HTMLElement & { say(message: string): void } {
  const list = h("div", { class: "menu-list", role: "menu", "aria-label": name, hidden: true });
  const note = h("span", { class: "menu-note" });
  const button = h("button", { type: "button", class: "button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => open(list.hasAttribute("hidden")) }, name, h("span", { class: "caret", "aria-hidden": "true" }, "▾"));
  const element = h("div", { class: "menu" }, note, button, list);
  const open = (show: boolean) => {
    if (show) {
      list.replaceChildren(...items().map(([label, key, act]) => h("button", { type: "button", role: "menuitem", onclick: () => {
        open(false);
        button.focus();
        act();
      } }, label, key === "" ? null : h("kbd", {}, key))));
    }
    list.hidden = !show;
    button.setAttribute("aria-expanded", String(show));
    if (show) list.querySelector("button")?.focus();
  };
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const direction = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (direction !== undefined) {
      event.preventDefault();
      buttons[(buttons.indexOf(document.activeElement as HTMLButtonElement) + direction + buttons.length) % buttons.length]?.focus();
    } else if (event.key === "Escape") {
      open(false);
      button.focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!element.contains(event.target as Node)) open(false);
  });
  let clearing: ReturnType<typeof setTimeout> | undefined;
  return Object.assign(element, {
    say(message: string) {
      note.textContent = message;
      clearTimeout(clearing);
      clearing = setTimeout(() => (note.textContent = ""), 4000);
    },
  });
}
