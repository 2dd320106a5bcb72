/** The list behind "N facts, M assumed": every input with value, range, kind, source, and whether this prediction uses it. */
import type { InputRecord } from "../../../model/prediction.ts";
import { kindHelp, kindIcon, kindNames, type Kind } from "../charts/marks.ts";
import { sourceTitle, type Scene } from "../data/scene.ts";
import { rangeText } from "../data/tornado-data.ts";
import { h, tipAttribute } from "../dom.ts";
import { openDialog } from "../widgets/dialogs.ts";

const order: Kind[] = ["assumed", "calibrated", "measured", "published", "datasheet"];

export function openInputs(scene: Scene, only: Kind | null): void {
  let shown: Kind | null = only;
  const { inputs } = scene.current.prediction;
  const body = h("tbody");
  const bar = h("div", { class: "segments wrap", role: "group", "aria-label": "Kind" });
  const search = h("input", { type: "search", class: "field", placeholder: "name, path or source", "aria-label": "Search inputs" });
  const fill = () => {
    const words = search.value.toLowerCase();
    const rows = inputs.filter((input) => (shown === null || input.kind === shown) && `${input.label} ${input.path} ${sourceTitle(scene.library, input.source)}`.toLowerCase().includes(words)).toSorted((a, b) => Number(b.used) - Number(a.used) || order.indexOf(a.kind) - order.indexOf(b.kind));
    body.replaceChildren(...(rows.length > 0 ? rows.map((input) => row(scene, input)) : [h("tr", {}, h("td", { colspan: 5 }, "No input has these words."))]));
    bar.replaceChildren(...([null, ...order] as const).map((kind) => h("button", { type: "button", class: "segment", "aria-pressed": String(kind === shown), onclick: () => choose(kind) }, kind === null ? `all ${inputs.length}` : `${kindNames[kind]} ${inputs.filter((input) => input.kind === kind && input.used).length}`)));
  };
  const choose = (kind: Kind | null) => {
    shown = kind;
    fill();
  };
  search.addEventListener("input", fill);
  fill();
  const head = h("tr", {}, ...["Input", "Value", "Range, 95\u202f%", "How we know", "Source"].map((name, index) => h("th", { scope: "col", class: index === 1 || index === 2 ? "number" : "" }, name)));
  openDialog(`${inputs.length} inputs, ${inputs.filter((input) => input.used).length} of them used here`, "inputs", h("div", { class: "inputs-tools" }, bar, search), h("div", { class: "dialog-scroll", tabindex: 0, role: "region", "aria-label": "Inputs" }, h("table", { class: "data" }, h("thead", {}, head), body)));
}

function row(scene: Scene, input: InputRecord): HTMLElement {
  const source = scene.library.sources[input.source];
  const where = source ? `${source.where}${source.verified === "unverified" ? "; recalled, not verified" : ""}` : "";
  return h("tr", { class: input.used ? "" : "idle", "data-path": input.path },
    h("td", {}, h("strong", {}, input.label), input.used ? null : h("span", { class: "why" }, "not used here"), h("code", {}, input.path), input.note ? h("span", { class: "why" }, input.note) : null),
    h("td", { class: "number" }, input.text.replace(/^(\S+) %$/, "$1\u202f%").replace(" us", "\u00a0µs")), h("td", { class: "number" }, rangeText(input)),
    h("td", {}, h("button", { type: "button", class: "plain", "data-tip": tipAttribute({ head: kindNames[input.kind], text: kindHelp[input.kind] }) }, kindIcon(input.kind), ` ${kindNames[input.kind]}`)),
    h("td", {}, source?.url ? h("a", { href: source.url, rel: "noreferrer", target: "_blank" }, sourceTitle(scene.library, input.source)) : sourceTitle(scene.library, input.source), where ? h("span", { class: "why" }, where) : null));
}
