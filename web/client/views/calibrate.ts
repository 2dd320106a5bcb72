/** The calibration view: on the left what to choose from, on the right the chosen curve with residuals, parameters and candidates, what was left out, and tables of operations. */
import type { CurveFit, HostCalibration, OperationsCalibration } from "../../../model/schema/calibration.ts";
import type { CalibrationHead } from "../../shared/calibration-api.ts";
import type { CalibrateState } from "../calibrate/state.ts";
import type { Ruler } from "../charts/kit.ts";
import { sameFit } from "../data/fit-curve.ts";
import { isOneValue, type Shown } from "../data/fit-data.ts";
import { h } from "../dom.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { calibrationsPanel, curvesPanel, skippedPanel } from "./calibration-list.ts";
import { candidatesPanel, fitPanel, parametersPanel, residualPanel } from "./fit-panels.ts";
import { chosenSurface, operationsPanel, surfacePanel } from "./operations.ts";
import { createPanel, type Panel, type PanelActions, type PanelContent } from "./panel.ts";

export interface CalibrateScene {
  state: CalibrateState;
  heads: readonly CalibrationHead[];
  /** Of a calibration of operations alone there is no host. */
  host: HostCalibration | null;
  other: HostCalibration | null;
  operations: readonly OperationsCalibration[];
}

export interface CalibrateActions extends PanelActions {
  set(change: Partial<CalibrateState>): void;
}

export const panelIds = ["calibrations", "curves", "fit", "residuals", "parameters", "candidates", "operations", "surface", "skipped"] as const;
type PanelId = (typeof panelIds)[number];

export const chosenFit = ({ host, state }: Pick<CalibrateScene, "host" | "state">): CurveFit | undefined => host?.fits.find(({ id }) => id === state.fit) ?? host?.fits.toSorted((a, b) => b.points.length - a.points.length)[0];

/** Two calibrations of one machine are told apart by their day. */
export function namesOf({ host, other }: Pick<CalibrateScene, "host" | "other">): { own: string; other: string } {
  const own = host?.scope.machine ?? "";
  const there = other?.scope.machine ?? "";
  return own !== there ? { own, other: there } : { own: host?.date.slice(0, 10) ?? own, other: host?.date.slice(0, 10) === other?.date.slice(0, 10) ? (other?.id ?? there) : (other?.date.slice(0, 10) ?? there) };
}

export function createCalibrateView(ruler: Ruler, measure: HTMLElement, actions: CalibrateActions): { element: HTMLElement; panels: ReadonlyMap<string, Panel>; draw(scene: CalibrateScene): void } {
  const panels = new Map<PanelId, Panel>(panelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: PanelId): HTMLElement => (panels.get(id) as Panel).element;
  const element = h("div", { class: "calibrate" },
    h("div", { class: "choose" }, at("calibrations"), measure, at("curves")),
    h("div", { class: "chosen-curve" }, at("fit"), at("residuals"), h("div", { class: "pair" }, at("parameters"), at("candidates")), at("skipped"), h("div", { class: "pair even" }, at("operations"), at("surface"))));
  walkMarks(element, "data-x", () => false);

  return {
    element, panels,
    draw(scene) {
      const { state, heads, host, other, operations } = scene;
      const fit = chosenFit(scene);
      const [table] = operations;
      const surface = table && chosenSurface(table, state);
      const there = fit && other ? sameFit(fit, other.fits) : undefined;
      const names = namesOf(scene);
      const own: Shown | null = fit ? { fit, name: names.own } : null;
      const compared: Shown | null = there ? { fit: there, name: names.other } : null;
      const hidden: Record<PanelId, boolean> = {
        calibrations: false, curves: host === null, fit: own === null, residuals: own === null || isOneValue(own.fit), parameters: own === null, candidates: own === null || own.fit.candidates.length < 2, operations: table === undefined, surface: surface === undefined, skipped: host === null,
      };
      for (const [id, panel] of panels) panel.element.hidden = hidden[id];
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const show = (id: PanelId, make: (width: number) => PanelContent) => hidden[id] || panels.get(id)?.update(make(widths.get(id) ?? 280), state.tables.includes(id));
      show("calibrations", () => calibrationsPanel(heads, host?.id ?? table?.id ?? null, other?.id ?? null, actions.set));
      if (host) {
        show("curves", () => curvesPanel(host, fit, other, actions.set));
        show("skipped", () => skippedPanel(host));
      }
      if (own) {
        show("fit", (width) => withoutTwin(fitPanel(own, compared, state, width, ruler, actions), scene, own));
        show("residuals", (width) => residualPanel(own, compared, state, width, ruler));
        show("parameters", () => parametersPanel(own, compared));
        show("candidates", () => candidatesPanel(own.fit));
      }
      if (table) show("operations", () => operationsPanel(table, state, (operation) => actions.set({ operation })));
      if (surface) show("surface", (width) => surfacePanel(surface, width, ruler));
      for (const panel of panels.values()) makeReachable(panel.element);
    },
  };
}

/** A comparison that lacks this curve says so beside it. */
function withoutTwin(content: PanelContent, { other }: CalibrateScene, { fit }: Shown): PanelContent {
  return other === null || sameFit(fit, other.fits) ? content : { ...content, subtitle: [...content.subtitle, ` ${other.scope.machine} has no such curve.`] };
}

function makeReachable(element: Element): void {
  (element.querySelector(".mark:focus") ?? element.querySelector(".mark"))?.setAttribute("tabindex", "0");
}
