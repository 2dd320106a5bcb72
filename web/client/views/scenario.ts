/** The scenario view: key figures, scaling beside efficiency, the step, its inputs, and what the prediction rests on. Draws a scene; keeps no data. */
import type { Ruler } from "../charts/kit.ts";
import { activePoint, type Scene } from "../data/scene.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import type { State } from "../state.ts";
import { efficiencyPanel, inputsPanel, scalingPanel, stepPanel } from "./charts.ts";
import { calibrationPanel, comparisonPanel } from "./evidence.ts";
import { stagingPanel, supplyPanel } from "./input-panels.ts";
import { energyPanel } from "./energy-panel.ts";
import { keyFigures } from "./key-figures.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { alternativesPanel } from "./alternatives-panel.ts";
import { createPanel, type Panel, type PanelActions } from "./panel.ts";

export interface ScenarioActions extends PanelActions {
  set(change: Partial<State>): void;
  setDevices(devices: number): void;
  openInputs(): void;
}

export interface ScenarioView {
  element: HTMLElement;
  panels: ReadonlyMap<string, Panel>;
  draw(scene: Scene): void;
}

export const panelIds = ["scaling", "efficiency", "step", "inputs", "choices", "input", "staging", "energy", "published", "calibration"] as const;

export function createScenarioView(ruler: Ruler, actions: ScenarioActions): ScenarioView {
  const figures = h("div", { class: "figures", role: "group", "aria-label": "Key figures" });
  const panels = new Map<string, Panel>(panelIds.map((id) => [id, createPanel(id, actions)]));
  const notes = h("ul", { class: "notes" });
  const element = h("div", { class: "scenario" }, figures, ...[...panels.values()].map((panel) => panel.element), notes);
  for (const id of ["scaling", "efficiency"]) {
    const panel = panels.get(id);
    if (panel) pointAtCounts(panel, actions.setDevices);
  }
  walkMarks(element, "data-devices", (mark) => {
    const devices = mark.getAttribute("data-devices");
    if (devices !== null) actions.setDevices(Number(devices));
    return devices !== null;
  });

  return {
    element, panels,
    draw(scene) {
      // All widths are read before anything is written: each read after a write would lay the page out again.
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const figureWidth = figures.clientWidth / 7 - 36;
      replaceKeepingFocus(figures, ...keyFigures(scene, figureWidth));
      const show = (id: (typeof panelIds)[number], make: (width: number) => ReturnType<typeof stepPanel>) => panels.get(id)?.update(make(widths.get(id) ?? 280), scene.state.tables.includes(id));
      const tall = (width: number) => Math.round(Math.min(352, Math.max(288, width * 0.62)));
      show("scaling", (width) => scalingPanel(scene, width, tall(width), ruler, actions));
      show("efficiency", (width) => efficiencyPanel(scene, width, tall(widths.get("scaling") ?? width), ruler));
      show("step", (width) => stepPanel(scene, width, ruler));
      show("inputs", (width) => inputsPanel(scene, width, ruler, actions.openInputs));
      show("choices", (width) => alternativesPanel(scene.alternatives, width, ruler));
      show("input", (width) => supplyPanel(scene, width, ruler));
      show("staging", (width) => stagingPanel(scene, width, 260, ruler));
      show("energy", (width) => energyPanel(activePoint(scene), width, ruler));
      show("published", () => comparisonPanel(scene));
      show("calibration", () => calibrationPanel(scene));
      notes.replaceChildren(...scene.current.prediction.notes.map((note) => h("li", {}, note)));
      for (const panel of panels.values()) makeReachable(panel.element, scene.active);
    },
  };
}

/** One mark of each chart is in the tab order: the active count where there is one. Arrows go on from there. */
function makeReachable(element: Element, active: number): void {
  if (element.querySelector(".mark:focus")) (element.querySelector(".mark:focus") as SVGElement).setAttribute("tabindex", "0");
  else (element.querySelector(`.mark[data-devices="${active}"]:not([data-series="secondary"], [data-series^="published"])`) ?? element.querySelector(".mark"))?.setAttribute("tabindex", "0");
}

interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: "log" | "linear";
  xDomain: [number, number];
}

/** A click or a drag across the plot moves the active count; a mark under the pointer gives its own. */
function pointAtCounts(panel: Panel, setDevices: (devices: number) => void): void {
  const countAt = (event: PointerEvent): number | null => {
    const svg = panel.svg();
    const text = svg?.getAttribute("data-plot");
    if (!svg || !text || !(event.target instanceof Element) || !panel.element.contains(event.target)) return null;
    const plot = JSON.parse(text) as Plot;
    const box = svg.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (x < plot.left - 8 || x > plot.right + 12 || y < plot.top || y > plot.bottom + 36) return null;
    const share = Math.min(1, Math.max(0, (x - plot.left) / (plot.right - plot.left || 1)));
    const [low, high] = plot.xDomain;
    return plot.x === "log" ? low * (high / low) ** share : Math.max(1, share * high);
  };
  let dragging = false;
  panel.element.addEventListener("pointerdown", (event) => {
    const mark = (event.target as Element).closest(".mark[data-devices]");
    if (event.button !== 0 || (event.target as Element).closest("button, a, input, .twin")) return;
    if (mark) return setDevices(Number(mark.getAttribute("data-devices")));
    const devices = countAt(event);
    if (devices === null) return;
    setDevices(devices);
    if (event.pointerType !== "mouse") return;
    dragging = true;
    panel.element.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  panel.element.addEventListener("pointermove", (event) => {
    const devices = dragging ? countAt(event) : null;
    if (devices !== null) setDevices(devices);
  });
  for (const name of ["pointerup", "pointercancel"] as const) panel.element.addEventListener(name, () => void (dragging = false));
}
