/** The panels of the transformer page from one picture: step, memory, pipeline, scaling, parameters. */
import type { Layout } from "../../../model/plan/layout.ts";
import { memoryStack } from "../charts/memory-stack.ts";
import { pipelineChart } from "../charts/pipeline.ts";
import { tornado } from "../charts/tornado.ts";
import { transformerScaling } from "../charts/transformer-scaling.ts";
import { waterfall } from "../charts/waterfall.ts";
import type { Ruler } from "../charts/kit.ts";
import { memoryStackData } from "../data/memory-stack-data.ts";
import { memoryFinding, parametersFinding, pipelineFinding, scalingFinding, stepFinding } from "../data/transformer-findings.ts";
import { memoryTable, parameterTable, parameterTornado, scalingTable, scheduleTable, transformerWaterfall } from "../data/transformer-tables.ts";
import type { Table } from "../data/table.ts";
import { waterfallTable } from "../data/waterfall-data.ts";
import { h } from "../dom.ts";
import { count, show, signedPercent } from "../format.ts";
import type { Span } from "../timeline/state.ts";
import type { Schedule, TransformerPicture } from "../transformer/protocol.ts";
import type { TransformerState } from "../transformer/state.ts";
import { segments, type PanelContent } from "./panel.ts";

export interface TransformerPanelActions {
  set(change: Partial<TransformerState>): void;
  setPlan(sets: Readonly<Record<string, string | number | boolean>>): void;
  zoom(factor: number): void;
}

export function stepPanel(picture: TransformerPicture, width: number, ruler: Ruler): PanelContent {
  const data = transformerWaterfall(picture.point, picture.baseline);
  return { title: stepFinding(picture), subtitle: [`${count(picture.point.devices)} GPUs; interval 95\u202f%. Terms are those of the slowest stage; what it waits for the others is the bubble.`], chart: waterfall(data, { width, ruler }), table: waterfallTable(data) };
}

export function memoryPanel(picture: TransformerPicture, width: number, ruler: Ruler, actions: TransformerPanelActions): PanelContent {
  const { point } = picture;
  const data = memoryStackData(point);
  const chart = data === null ? h("p", { class: "state-note" }, "The stack names no memory document, so memory is not predicted. Another software has one.") : memoryStack(data, { width, ruler });
  const { remedies, memory, stepTime_s } = point;
  const after = memory === null || memory.answer === "fits" ? null : h("div", { class: "remedies" }, h("p", { class: "note" }, remedies.length === 0 ? "No single change of the layout makes it fit: more devices, or several changes together." : "What makes it fit, by its step time:"),
    h("ul", {}, ...remedies.slice(0, 6).map(({ label, change, stepTime_s: step_s, saves_bytes, answer }) => {
      const sets = setsOf(change);
      const words = `${show(step_s, "time")} (${signedPercent(step_s / stepTime_s.value - 1)}), ${show(saves_bytes, "data")} less${answer === "tight" ? ", then tight" : ""}`;
      return h("li", {}, sets === null ? label : h("button", { type: "button", class: "link", "data-key": `remedy:${label}`, onclick: () => actions.setPlan(sets) }, label), h("span", {}, ` ${words}`));
    })));
  return { title: memoryFinding(picture), subtitle: ["At the fullest moment of a step. Named: the fullest stage, GiB. Whisker: 95\u202f%. Hatched: what the allocator keeps."], chart, table: memoryTable(point), after };
}

/** A remedy as keys of the plan, or null where a list is among them. */
function setsOf(change: Readonly<Partial<Layout>>): Record<string, string | number | boolean> | null {
  const sets: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(change)) {
    if (Array.isArray(value)) {
      if (value.length > 0) return null;
    } else if (typeof value === "object") for (const [inner, share] of Object.entries(value)) sets[`${key}.${inner}`] = share as number;
    else if (!(key === "recomputedLayers" && value === 0)) sets[key] = value;
  }
  return sets;
}

/** The part in view, inside the step. */
export function pipelineWindow(window: Span | null, schedule: Schedule): Span {
  const { makespan_s } = schedule;
  if (window === null || window[0] >= makespan_s) return [0, makespan_s];
  return [window[0], Math.min(window[1], makespan_s)];
}

export function pipelinePanel(picture: TransformerPicture, window: Span | null, width: number, ruler: Ruler, actions: TransformerPanelActions): PanelContent {
  const { schedule, point, unscheduled } = picture;
  const empty: Table = { name: "pipeline", caption: "No schedule", columns: [{ name: "stage" }], rows: [] };
  if (schedule === null) return { title: pipelineFinding(picture), subtitle: [], chart: h("p", { class: "state-note" }, unscheduled), table: empty };
  const button = (key: string, name: string, act: () => void) => h("button", { type: "button", class: "button", "data-key": `pipeline:${key}`, onclick: act }, name);
  const controls = h("div", { class: "timeline-tools" }, button("in", "Zoom in", () => actions.zoom(0.5)), button("out", "out", () => actions.zoom(2)), button("all", "whole step", () => actions.set({ window: null })));
  const words = `Every pass of every micro-batch by events: ${show(schedule.makespan_s, "time")} of passes, ${show(schedule.step_s, "time")} with what a step has once; in closed form ${show(point.stepTime_s.value, "time")} (${signedPercent(point.stepTime_s.value / schedule.step_s - 1)}).`;
  return { title: pipelineFinding(picture), subtitle: [words], controls, chart: pipelineChart(schedule, pipelineWindow(window, schedule), { width, ruler }), table: scheduleTable(schedule) };
}

export function scalingPanel(picture: TransformerPicture, width: number, ruler: Ruler, actions: TransformerPanelActions): PanelContent {
  const { scaling, point, wish } = picture;
  const controls = segments("scaling", [["strong", "same batch"], ["weak", "batch grows"]] as const, wish.scaling, (value) => actions.set({ scaling: value }));
  const refused = scaling.filter(({ answer }) => answer === "does not fit");
  return {
    title: scalingFinding(picture),
    subtitle: [`Same layout, more data ranks. Line: each GPU as on ${count(scaling[0]?.devices ?? point.devices)}. Bands: 80 and 95\u202f%.${refused.length > 0 ? ` Crossed: does not fit on ${refused.map(({ devices }) => count(devices)).join(", ")}.` : ""}`],
    controls, chart: transformerScaling(scaling, point.devices, { width, ruler }), table: scalingTable(scaling),
  };
}

export function parametersPanel(picture: TransformerPicture, width: number, ruler: Ruler): PanelContent {
  const data = parameterTornado(picture);
  const assumed = picture.prediction.parameters.filter(({ used, kind }) => used && kind === "assumed").length;
  return {
    title: parametersFinding(picture),
    subtitle: [h("span", { class: "assumed-words" }, `${count(assumed)} of ${count(picture.prediction.parameters.filter(({ used }) => used).length)} are assumed: no run tells them. `), "Step time with each at the ends of its 95\u202f% range."],
    chart: tornado(data, { width, ruler }), table: parameterTable(picture),
  };
}
