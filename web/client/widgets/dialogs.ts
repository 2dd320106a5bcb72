/** Dialogs: keys, and the frame that the picker and the list of inputs share. Native ones, so that focus and Esc are the browser's. */
import { h } from "../dom.ts";

export function openDialog(title: string, className: string, ...content: Node[]): HTMLDialogElement {
  document.querySelector("dialog[open]")?.remove();
  const close = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Close");
  const dialog = h("dialog", { class: `dialog ${className}`, "aria-label": title }, h("div", { class: "dialog-head" }, h("h2", {}, title), close), ...content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export type KeyList = ReadonlyArray<readonly [key: string, does: string]>;

const keys: KeyList = [
  ["/", "choose or compose a scenario"],
  ["?", "this list"],
  ["i", "list of inputs with value, kind and source"],
  ["t", "tables instead of charts; in a panel, of that panel"],
  ["l, Shift L", "y, x axis: log or linear"],
  ["m", "FLOP/s or samples/s"],
  ["Left, Right, Home, End", "in a chart: walk the points of a series"],
  ["Up, Down", "in a chart: walk the series"],
  ["Enter", "on a point: make its count the active one"],
  ["[ and ]", "next smaller, next larger count"],
  ["c", "copy as command"],
  ["e", "save the chart in focus (or scaling) as SVG; Shift E as CSV"],
  ["Backspace", "on a change: take it back"],
  ["r", "take all changes back"],
  ["Shift D", "light, dark, as the system"],
  ["Esc", "close what is open"],
];

/** Each key of "a, b" and "[ and ]" by itself. */
export function openKeyList(list: KeyList): void {
  openDialog("Keys", "keys", h("dl", { class: "key-list" }, ...list.flatMap(([key, does]) => [h("dt", {}, ...key.split(/(, | and )/).map((part) => (/^(, | and )$/.test(part) ? part : h("kbd", {}, part)))), h("dd", {}, does)])));
}

export const openKeyHelp = (): void => openKeyList(keys);
