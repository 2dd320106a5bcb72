/** The view of validation: what is held out and its switch first, then figures, parity with the card of a point, protocols, misses, families and intervals. */
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import type { Ruler } from "../charts/kit.ts";
import { createValidator, facets, kinds, kindWords, type Facet, type Kind, type Validation } from "../data/validation-data.ts";
import { cautions, facetTitle, facetWords, heldOut, inOrder, nameOfProtocol, nothing, type Titles } from "../data/validation-words.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import { noFilters, type ValidationState } from "../validation/state.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { figureBox } from "./figure.ts";
import { createPanel, segments, type Panel, type PanelActions, type PanelContent } from "./panel.ts";
import { pointCard } from "./validation-card.ts";
import { coveragePanel, familiesPanel, figuresOf, missesPanel, parityPanel, protocolsPanel } from "./validation-panels.ts";

export const validationPanelIds = ["parity", "protocols", "misses", "families", "coverage"] as const;
type PanelId = (typeof validationPanelIds)[number];

export interface ValidationView {
  element: HTMLElement;
  panels: ReadonlyMap<string, Panel>;
  draw(state: ValidationState): Validation;
}

export function createValidationView(data: ParityData, titles: Titles, ruler: Ruler, actions: PanelActions & { set(change: Partial<ValidationState>): void }): ValidationView {
  const panels = new Map<PanelId, Panel>(validationPanelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: PanelId): HTMLElement => (panels.get(id) as Panel).element;
  const validate = createValidator(data, titles.device);
  const held = h("p", { class: "held", role: "status" });
  const controls = h("div", { class: "validation-controls" });
  const figures = h("div", { class: "figures" });
  const cardBody = h("div", {});
  const card = h("section", { class: "panel", id: "card", "aria-label": "One point" }, cardBody);
  const notes = h("div", { class: "transformer-notes" }, h("ul", { class: "remarks" }, ...cautions.map((words) => h("li", {}, words))));
  const element = h("div", { class: "validation" }, held, controls, figures, h("div", { class: "with-card" }, at("parity"), card), at("protocols"), at("misses"), h("div", { class: "halves" }, at("families"), at("coverage")), notes);
  const choose = (point: string): void => actions.set({ point });
  const chooseMark = (mark: Element): boolean => {
    const id = mark.getAttribute("data-x");
    if (id === null || !["points", "errors"].includes(mark.getAttribute("data-series") ?? "")) return false;
    choose(id);
    return true;
  };
  walkMarks(element, "data-x", chooseMark);
  element.addEventListener("click", (event) => {
    const mark = (event.target as Element).closest("#parity .mark");
    if (mark) chooseMark(mark);
  });
  return {
    element,
    panels,
    draw(state) {
      const found = validate(state);
      held.textContent = heldOut(found);
      replaceKeepingFocus(controls, ...controlsOf(data, state, found, titles, actions.set));
      replaceKeepingFocus(figures, ...keyFigures(found));
      cardBody.replaceChildren(found.chosen ? pointCard(found.chosen, { inSample: found.view.inSample, wanted: found.chosen.id === state.point }) : h("p", { class: "state-note" }, nothing));
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const update = (id: PanelId, make: (width: number) => PanelContent) => panels.get(id)?.update(make(widths.get(id) ?? 280), state.tables.includes(id));
      update("parity", (width) => parityPanel(found, width, ruler));
      update("protocols", () => protocolsPanel(found, (protocol) => actions.set({ protocol })));
      update("misses", () => missesPanel(found, choose));
      update("families", (width) => familiesPanel(found, width, ruler));
      update("coverage", (width) => coveragePanel(found, width, ruler));
      for (const panel of panels.values()) panel.element.querySelector(".mark")?.setAttribute("tabindex", "0");
      return found;
    },
  };
}

function controlsOf(data: ParityData, state: ValidationState, { view: { protocol }, choices }: Validation, titles: Titles, set: (change: Partial<ValidationState>) => void): HTMLElement[] {
  const menu = (facet: Facet): HTMLElement => {
    const { name, every } = facetWords[facet];
    const select: HTMLSelectElement = h("select", { class: "field small", "data-key": facet, "aria-label": name, title: name, onchange: () => set({ [facet]: select.value === "" ? null : select.value }) }, h("option", { value: "", selected: state[facet] === null }, every), ...choices[facet].map((value) => h("option", { value, selected: state[facet] === value }, facetTitle(facet, value, titles))));
    if (state[facet] !== null) select.classList.add("chosen");
    return select;
  };
  const switchOf = segments("Protocol", inOrder(data.protocols).map(({ id }): [string, string] => [id, nameOfProtocol(id)]), protocol, (id) => set({ protocol: id }));
  switchOf.classList.add("wrap");
  const kindsOf = segments("Networks", kinds.map((kind): [Kind, string] => [kind, kindWords[kind]]), state.kind, (kind) => set({ kind }));
  kindsOf.classList.add("wrap");
  const filtered = state.kind !== "all" || facets.some((facet) => state[facet] !== null);
  return [switchOf, kindsOf, h("div", { class: "validation-filters" }, ...facets.map(menu),
    ...(filtered ? [h("button", { type: "button", class: "link", "data-key": "no-filter", onclick: () => set(noFilters) }, "all points")] : []))];
}

const explained = [
  ["points", "Points", "", "Rows of sources that state all that a prediction needs, without those that a rule keeps out."], ["mape", "Mean error", "%", "Mean size of predicted over measured less one: MAPE."], ["median", "Median error", "%", "Half of the points are nearer."],
  ["p90", "9 in 10 within", "%", "The size of error that nine points in ten stay below."], ["bias", "Bias", "%", "Mean error with its sign: below zero, predictions are too fast."], ["worst", "Worst", "%", "The largest error, with its sign."],
  ["coverage80", "80\u202f% intervals hold", "%", "Share of points whose 80\u202f% interval holds the measured step."], ["coverage95", "95\u202f% intervals hold", "%", "Share of points whose 95\u202f% interval holds the measured step."],
] as const;

function keyFigures({ view: { all } }: Validation): HTMLElement[] {
  const [points = "0", series = "0", ...rest] = figuresOf(all);
  return explained.map(([id, name, unit, text], at) => {
    const number = at === 0 ? points : (rest[at - 1] ?? "–");
    return figureBox(id, name, number, number === "–" ? "" : unit, at === 0 ? [h("span", {}, `of ${series} series`)] : [], null, { head: name, text });
  });
}
