/** The transformer view: what is asked on the left; on the right key figures, where the step goes, memory, the pipeline, scaling, parameters and the search. */
import type { Library } from "../../../model/scenario.ts";
import type { Ruler } from "../charts/kit.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import type { TransformerPicture } from "../transformer/protocol.ts";
import type { TransformerState } from "../transformer/state.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { energyPanel } from "./energy-panel.ts";
import { createPanel, type Panel, type PanelActions, type PanelContent } from "./panel.ts";
import { createTransformerControls, type TransformerControlActions } from "./transformer-controls.ts";
import { transformerFigures } from "./transformer-figures.ts";
import { memoryPanel, parametersPanel, pipelinePanel, scalingPanel, stepPanel, type TransformerPanelActions } from "./transformer-panels.ts";
import { parityPanel, type ParityState } from "./transformer-parity.ts";
import { planOf, searchPanel, type SearchActions, type SearchState } from "./transformer-search.ts";

export const transformerPanelIds = ["terms", "memory", "pipeline", "devices", "parameters", "energy", "search", "parity"] as const;
/** What the menu calls them. */
export const panelNames: Readonly<Record<PanelId, string>> = { terms: "Terms of the step", memory: "Memory by stage", pipeline: "Passes of the pipeline", devices: "Scaling", parameters: "Parameters", energy: "Energy and cost", search: "Plans found", parity: "Published runs" };
type PanelId = (typeof transformerPanelIds)[number];

/** What the model says for a command line: the page has its own ways to choose. */
const withoutFlags = (note: string): string => note.replace(/; --.*$/, "");

export interface TransformerViewActions extends PanelActions, TransformerPanelActions, TransformerControlActions {
  readonly search: SearchActions;
}

export interface TransformerView {
  element: HTMLElement;
  panels: ReadonlyMap<string, Panel>;
  draw(state: TransformerState, picture: TransformerPicture | null, search: SearchState, parity: ParityState): void;
}

export function createTransformerView(library: Library, ruler: Ruler, actions: TransformerViewActions): TransformerView {
  const panels = new Map<PanelId, Panel>(transformerPanelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: PanelId): HTMLElement => (panels.get(id) as Panel).element;
  const controls = createTransformerControls(library, actions);
  const figures = h("div", { class: "figures", role: "group", "aria-label": "Key figures" });
  const notes = h("ul", { class: "timeline-notes transformer-notes" });
  const results = h("div", { class: "network-results transformer-results" }, figures, h("div", { class: "pair wide-left" }, at("terms"), at("memory")), at("pipeline"), h("div", { class: "pair even" }, at("devices"), at("parameters")), at("energy"), at("search"), at("parity"), notes);
  const titleOf = (id: string) => String((library.documents.device[id] as { title?: unknown } | undefined)?.title ?? id);
  const drawn = new Map<PanelId, readonly unknown[]>();
  let told: { picture: TransformerPicture; width: number } | null = null;
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
    draw(state, picture, search, parity) {
      searched = search;
      controls.draw(state, picture);
      results.hidden = picture === null;
      if (picture === null) return;
      // All are measured before any is drawn, and only those are drawn of which something changed: a search tells of itself many times a second.
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const show = (id: PanelId, of: readonly unknown[], make: (width: number) => PanelContent) => {
        const width = widths.get(id) ?? 280;
        const asTable = state.tables.includes(id);
        const now = [width, asTable, ...of];
        const before = drawn.get(id);
        if (before?.length === now.length && before.every((one, at) => one === now[at])) return;
        drawn.set(id, now);
        panels.get(id)?.update(make(width), asTable);
      };
      const { device } = picture.prediction.scenario;
      show("terms", [picture], (width) => stepPanel(picture, width, ruler));
      show("memory", [picture], (width) => memoryPanel(picture, width, ruler, actions));
      show("pipeline", [picture, state.window], (width) => pipelinePanel(picture, state.window, width, ruler, actions));
      show("devices", [picture], (width) => scalingPanel(picture, width, ruler, actions));
      show("parameters", [picture], (width) => parametersPanel(picture, width, ruler));
      show("energy", [picture], (width) => energyPanel(picture.point, width, ruler));
      show("search", [picture, search, state.objective], (width) => searchPanel(search, picture, state.objective, width, ruler, actions.search));
      show("parity", [parity, state.protocol, device.id], (width) => parityPanel(parity, state.protocol, device, width, ruler, titleOf, (protocol) => actions.set({ protocol: protocol as TransformerState["protocol"] })));
      for (const panel of panels.values()) (panel.element.querySelector(".mark:focus") ?? panel.element.querySelector(".mark"))?.setAttribute("tabindex", "0");
      const width = figures.clientWidth;
      if (picture === told?.picture && width === told.width) return;
      told = { picture, width };
      replaceKeepingFocus(figures, ...transformerFigures(picture, Math.floor(width / 8) - 22));
      const unused = picture.point.unused.map(({ label, path, reason }) => `Without effect: ${label} (${path}): ${reason}.`);
      notes.replaceChildren(...[...picture.notes.map(withoutFlags), ...unused, ...picture.point.notes, ...picture.prediction.notes].map((note) => h("li", {}, `${note.charAt(0).toUpperCase()}${note.slice(1)}`)));
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
