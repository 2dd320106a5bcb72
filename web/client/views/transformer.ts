/** The transformer view: what is asked on the left; on the right key figures, where the step goes, memory, the pipeline, scaling, parameters and the search. */
import type { Library } from "../../../model/scenario.ts";
import type { Ruler } from "../charts/kit.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import type { TransformerPicture } from "../transformer/protocol.ts";
import type { TransformerState } from "../transformer/state.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { createPanel, type Panel, type PanelActions, type PanelContent } from "./panel.ts";
import { createTransformerControls, type TransformerControlActions } from "./transformer-controls.ts";
import { transformerFigures } from "./transformer-figures.ts";
import { memoryPanel, parametersPanel, pipelinePanel, scalingPanel, stepPanel, type TransformerPanelActions } from "./transformer-panels.ts";
import { planOf, searchPanel, type SearchActions, type SearchState } from "./transformer-search.ts";

export const transformerPanelIds = ["terms", "memory", "pipeline", "devices", "parameters", "search"] as const;
type PanelId = (typeof transformerPanelIds)[number];

export interface TransformerViewActions extends PanelActions, TransformerPanelActions, TransformerControlActions {
  readonly search: SearchActions;
}

export interface TransformerView {
  element: HTMLElement;
  panels: ReadonlyMap<string, Panel>;
  draw(state: TransformerState, picture: TransformerPicture | null, search: SearchState): void;
}

export function createTransformerView(library: Library, ruler: Ruler, actions: TransformerViewActions): TransformerView {
  const panels = new Map<PanelId, Panel>(transformerPanelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: PanelId): HTMLElement => (panels.get(id) as Panel).element;
  const controls = createTransformerControls(library, actions);
  const figures = h("div", { class: "figures", role: "group", "aria-label": "Key figures" });
  const notes = h("ul", { class: "timeline-notes transformer-notes" });
  const results = h("div", { class: "network-results transformer-results" }, figures, h("div", { class: "pair wide-left" }, at("terms"), at("memory")), at("pipeline"), h("div", { class: "pair even" }, at("devices"), at("parameters")), at("search"), notes);
  const element = h("div", { class: "network transformer" }, controls.element, results);
  let searched: SearchState = { kind: "idle" };
  walkMarks(element, "data-x", act);
  element.addEventListener("click", (event) => {
    const mark = (event.target as Element).closest<SVGElement>(".mark");
    if (mark) act(mark);
  });
  return {
    element,
    panels,
    draw(state, picture, search) {
      searched = search;
      controls.draw(state, picture);
      results.hidden = picture === null;
      if (picture === null) return;
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const show = (id: PanelId, make: (width: number) => PanelContent) => panels.get(id)?.update(make(widths.get(id) ?? 280), state.tables.includes(id));
      replaceKeepingFocus(figures, ...transformerFigures(picture, Math.floor(figures.clientWidth / 7) - 22));
      show("terms", (width) => stepPanel(picture, width, ruler));
      show("memory", (width) => memoryPanel(picture, width, ruler, actions));
      show("pipeline", (width) => pipelinePanel(picture, state.window, width, ruler, actions));
      show("devices", (width) => scalingPanel(picture, width, ruler, actions));
      show("parameters", (width) => parametersPanel(picture, width, ruler));
      show("search", (width) => searchPanel(search, picture, state.objective, width, ruler, actions.search));
      const unused = picture.point.unused.map(({ label, path, reason }) => `Without effect: ${label} (${path}): ${reason}.`);
      notes.replaceChildren(...[...picture.notes, ...unused, ...picture.point.notes, ...picture.prediction.notes].map((note) => h("li", {}, `${note.charAt(0).toUpperCase()}${note.slice(1)}`)));
      for (const panel of panels.values()) (panel.element.querySelector(".mark:focus") ?? panel.element.querySelector(".mark"))?.setAttribute("tabindex", "0");
    },
  };

  function act(mark: Element): boolean {
    const devices = mark.getAttribute("data-devices");
    if (devices !== null) {
      actions.set({ devices: Number(devices) });
      return true;
    }
    const plan = planOf(searched, mark.getAttribute("data-plan") ?? "");
    if (plan === null) return false;
    actions.search.take(plan);
    return true;
  }
}
