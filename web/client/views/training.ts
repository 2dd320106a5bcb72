/** The view of training runs: what is asked on the left; figures, the two charts, what is lost and what it rests on to the right. */
import type { Library } from "../../../model/scenario.ts";
import type { Estimate } from "../../../model/prediction.ts";
import { intervalBar } from "../charts/interval-bar.ts";
import type { Ruler } from "../charts/kit.ts";
import { sourceTitle } from "../data/scene.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import { inUnit, range, show, showIn, unitOf, type Unit } from "../format.ts";
import type { TrainingPicture } from "../training/protocol.ts";
import type { TrainingState } from "../training/state.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { figureBox } from "./figure.ts";
import { createPanel, type Panel, type PanelActions, type PanelContent } from "./panel.ts";
import { createTrainingControls } from "./training-controls.ts";
import { daysPanel, factsPanel, goodputPanel, noteList, partsPanel, warningList, wordsPanel } from "./training-panels.ts";

export const trainingPanelIds = ["goodput", "days", "parts", "words", "facts"] as const;
type PanelId = (typeof trainingPanelIds)[number];

export interface TrainingView {
  element: HTMLElement;
  panels: ReadonlyMap<string, Panel>;
  draw(state: TrainingState, picture: TrainingPicture | null): void;
}

export function createTrainingView(library: Library, ruler: Ruler, actions: PanelActions & { set(change: Partial<TrainingState>): void }): TrainingView {
  const panels = new Map<PanelId, Panel>(trainingPanelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: PanelId): HTMLElement => (panels.get(id) as Panel).element;
  const controls = createTrainingControls(library, actions);
  const figures = h("div", { class: "figures" });
  const warnings = h("div", { role: "status" });
  const notes = h("div");
  const results = h("div", { class: "network-results" }, figures, warnings, h("div", { class: "pair even" }, at("goodput"), at("days")), h("div", { class: "pair even" }, at("parts"), at("words")), at("facts"), notes);
  const element = h("div", { class: "network transformer training" }, controls.element, results);
  walkMarks(element, "data-x", () => false);
  return {
    element,
    panels,
    draw(state, picture) {
      controls.draw(state, picture);
      results.hidden = picture === null;
      if (picture === null) return;
      const barWidth = Math.max(72, Math.min(132, figures.clientWidth / 7 - 24));
      replaceKeepingFocus(figures, ...keyFigures(picture, barWidth));
      warnings.replaceChildren(...[warningList(picture.run)].filter((list) => list !== null));
      notes.replaceChildren(...[noteList(picture)].filter((list) => list !== null));
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const update = (id: PanelId, make: (width: number) => PanelContent) => panels.get(id)?.update(make(widths.get(id) ?? 280), state.tables.includes(id));
      update("goodput", (width) => goodputPanel(picture, width, ruler));
      update("days", (width) => daysPanel(picture, width, ruler));
      update("parts", (width) => partsPanel(picture, width, ruler));
      update("words", () => wordsPanel(picture));
      update("facts", () => factsPanel(picture, (id) => sourceTitle(library, id)));
      for (const panel of panels.values()) panel.element.querySelector(".mark")?.setAttribute("tabindex", "0");
    },
  };
}

function keyFigures({ run }: TrainingPicture, barWidth: number): HTMLElement[] {
  const { days, effective, uptime, goodput, interruptions, interval, checkpoint } = run;
  const day: Unit = unitOf(days.p50 * 86_400, "time");
  const share: Unit = { unit: "%", scale: 0.01 };
  const ratio = (id: string, name: string, estimate: Estimate, help: string): HTMLElement => figureBox(id, name, inUnit(estimate.value, share), "%", [h("span", {}, range(estimate.low95, estimate.high95, share))], intervalBar({ estimate, baseline: null, published: null, label: `${name}: ${showIn(estimate.value, share)}` }, barWidth), { head: name, rows: [["value", showIn(estimate.value, share)], ["95\u202f%", `${range(estimate.low95, estimate.high95, share)}\u202f%`]], text: help });
  const between = interruptions?.meanBetween_s;
  const hours = between && unitOf(between.value, "time");
  return [
    figureBox("days", "Time to train", inUnit(days.p50 * 86_400, day), day.unit, [h("span", {}, `9 in 10: ${range(days.p05 * 86_400, days.p95 * 86_400, day)}`)], null, { head: "Time to train", rows: [["half within", showIn(days.p50 * 86_400, day)], ["mean", showIn(days.mean * 86_400, day)], ["steps alone", show(run.work_s, "time")]], text: "Of the drawn runs; staging and the last checkpoint are in it." }),
    ratio("effective", "Effective time", effective, "Training that is kept over wall time, staging left out: the effective training time ratio."),
    ratio("uptime", "Uptime", uptime, "Wall time in which processes run, whether or not what they do is kept."),
    ratio("goodput", "Goodput", goodput, "Training that is kept over all time from the first byte staged to the last one saved."),
    between && hours ? figureBox("between", "Interrupted every", inUnit(between.value, hours), hours.unit, [h("span", {}, range(between.low95, between.high95, hours))], intervalBar({ estimate: between, baseline: null, published: null, label: `Interrupted every ${showIn(between.value, hours)}` }, barWidth), { head: "Interrupted every", rows: [["value", showIn(between.value, hours)], ["in the run", show(interruptions.count, "count")], ["down after each", show(interruptions.down_s, "time")]], text: "Mean time between interruptions of the whole job while it runs." }) : figureBox("between", "Interrupted", "never", "", [h("span", {}, "left out or not known")], null, { head: "Interrupted", text: "Interruptions were left out, or nothing is known of them." }),
    interval ? figureBox("interval", "Save every", inUnit(interval.best_s, unitOf(interval.best_s, "time")), unitOf(interval.best_s, "time").unit, [h("span", {}, interval.stated ? `planned ${show(interval.used_s, "time")}` : "taken for the run")], null, { head: "Save every", rows: [["best", show(interval.best_s, "time")], ["Young", show(interval.young_s, "time")], ["Daly", show(interval.daly_s, "time")], ["as good", `${show(interval.flat.low_s, "time")} to ${show(interval.flat.high_s, "time")}`]], text: "The interval between checkpoints that loses least." }) : figureBox("interval", "Save every", "–", "", [h("span", {}, "nothing fails")], null, { head: "Save every", text: "Without interruptions one checkpoint at the end is enough." }),
    figureBox("checkpoint", "Checkpoint", inUnit(checkpoint.bytes, unitOf(checkpoint.bytes, "data")), unitOf(checkpoint.bytes, "data").unit, [h("span", {}, `held ${show(checkpoint.blocked_s, "time")}`), h("span", {}, `load ${show(checkpoint.load_s, "time")}`)], null, { head: "Checkpoint", place: checkpoint.storage, rows: [["write", show(checkpoint.write_s, "time")], ["holds the job", show(checkpoint.blocked_s, "time")], ["load", show(checkpoint.load_s, "time")]], text: checkpoint.words }),
  ];
}
