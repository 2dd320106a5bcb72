/** The timeline view: options, lanes, and below them where the time goes, the chosen operation, the difference between the interpreters, draws and sums. */
import type { Ruler } from "../charts/kit.ts";
import { h } from "../dom.ts";
import type { Span } from "../timeline/state.ts";
import { walkLanes } from "../widgets/walk-lanes.ts";
import { operationPanel } from "./operation-sheet.ts";
import { createPanel, type Panel, type PanelActions, type PanelContent } from "./panel.ts";
import { causesPanel, drawsPanel, lanesPanel, pathPanel, sumsPanel, windowOf, type TimelineScene } from "./timeline-panels.ts";

export interface TimelineActions extends PanelActions {
  show(window: Span | null): void;
  zoom(factor: number): void;
  measure(range: Span | null): void;
  choose(key: string): void;
  togglePath(): void;
  saveTrace(): void;
}

export const panelIds = ["lanes", "path", "operation", "causes", "draws", "sums"] as const;

export interface TimelineView {
  element: HTMLElement;
  panels: ReadonlyMap<string, Panel>;
  draw(scene: TimelineScene): void;
  /** Everything is drawn anew next time: texts have other widths. */
  forget(): void;
}

export function createTimelineView(ruler: Ruler, options: HTMLElement, actions: TimelineActions): TimelineView {
  const panels = new Map<string, Panel>(panelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: (typeof panelIds)[number]) => (panels.get(id) as Panel).element;
  const results = h("div", { class: "timeline-results" }, at("lanes"), h("div", { class: "timeline-three" }, at("path"), at("operation"), at("sums")), h("div", { class: "timeline-two" }, at("causes"), at("draws")));
  results.hidden = true;
  const element = h("div", { class: "timeline" }, options, results);
  walkLanes(at("lanes"), actions.choose);
  for (const id of ["causes", "draws"] as const) walkLanes(at(id), () => undefined);

  // A zoom changes the lanes alone: what is drawn from the same things as before stays.
  const drawn = new Map<string, readonly unknown[]>();
  return {
    element, panels,
    draw(scene) {
      results.hidden = false;
      const { state, outcome } = scene;
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const show = (id: (typeof panelIds)[number], depends: readonly unknown[], make: (width: number) => PanelContent) => {
        const width = widths.get(id) ?? 280;
        const asTable = state.scenario.tables.includes(id);
        const from = [outcome, width, asTable, ...depends];
        const before = drawn.get(id);
        if (before && from.every((one, index) => one === before[index])) return;
        drawn.set(id, from);
        const panel = panels.get(id) as Panel;
        panel.update(make(width), asTable);
        (panel.element.querySelector(".mark:focus") ?? panel.element.querySelector(".mark"))?.setAttribute("tabindex", "0");
      };
      show("lanes", [state.window, state.range, state.operation, state.path], (width) => lanesPanel(scene, width, ruler, zoomTools(scene, actions)));
      show("path", [state.range], () => pathPanel(scene, () => actions.measure(null)));
      show("operation", [state.operation], () => operationPanel(scene, actions.choose));
      show("causes", [], (width) => causesPanel(scene, width, ruler));
      show("draws", [], (width) => drawsPanel(scene, width, ruler));
      show("sums", [], () => sumsPanel(scene));
    },
    forget: () => drawn.clear(),
  };
}

/** What wheel and keys do, as buttons, for fingers and for those who do not know the keys. */
function zoomTools(scene: TimelineScene, actions: TimelineActions): HTMLElement {
  const { range, path } = scene.state;
  const [from, to] = windowOf(scene);
  const whole = to - from >= scene.timeline.step_s * (1 - 1e-9);
  const button = (key: string, label: string, text: string, act: () => void, more: Record<string, string | boolean> = {}) => h("button", { type: "button", class: "button", "data-key": `tool:${key}`, "aria-label": label, onclick: act, ...more }, text);
  return h("div", { class: "timeline-tools" },
    button("path", "Critical path (c)", "critical path", actions.togglePath, { class: "chip-toggle", "aria-pressed": String(path) }),
    range ? button("fit", "Zoom to the measured part (f)", "Zoom to part", () => actions.show(range)) : null,
    button("out", "Zoom out (minus)", "−", () => actions.zoom(2), { class: "button square", disabled: whole }), button("in", "Zoom in (plus)", "+", () => actions.zoom(0.5), { class: "button square" }), button("whole", "The whole step (0)", "Whole step", () => actions.show(null), { disabled: whole }),
    button("trace", "Chrome trace, which Perfetto opens (o)", "Chrome trace", actions.saveTrace));
}
