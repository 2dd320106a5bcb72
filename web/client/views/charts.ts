/** The four charts of the scenario view as panels. */
import { efficiencyChart } from "../charts/efficiency.ts";
import type { Ruler } from "../charts/kit.ts";
import { scalingChart } from "../charts/scaling.ts";
import { tornado } from "../charts/tornado.ts";
import { waterfall } from "../charts/waterfall.ts";
import { efficiencyData, efficiencyTable } from "../data/efficiency-data.ts";
import { efficiencyFinding, inputsFinding, scalingFinding, stepFinding } from "../data/findings.ts";
import { scalingData, scalingTable } from "../data/scaling-data.ts";
import { activePoint, measureOf, metricOf, pointAt, type Scene } from "../data/scene.ts";
import { movingInputs, tornadoData, tornadoTable } from "../data/tornado-data.ts";
import { waterfallData, waterfallTable } from "../data/waterfall-data.ts";
import { h } from "../dom.ts";
import { count, unitOf, upperPrecision } from "../format.ts";
import type { State } from "../state.ts";
import { encodeTimelineState, initialTimelineState } from "../timeline/state.ts";
import { segments, type PanelContent } from "./panel.ts";

export interface ChartActions {
  set(change: Partial<State>): void;
}

const conventionNames = { algorithmic: "algorithmic FLOP", "graph-s2b-2018": "counted as in 2018", "profiler-executed": "counted by a profiler" };

export function scalingPanel(scene: Scene, width: number, height: number, ruler: Ruler, actions: ChartActions): PanelContent {
  const data = scalingData(scene);
  const metric = metricOf(scene);
  const measure = measureOf(scene);
  const what = metric === "flops" ? `Sustained ${upperPrecision(scene.current.prediction.scenario.precision)}, ${conventionNames[scene.current.prediction.convention]}` : "Samples a second";
  const axes = scene.state.x === scene.state.y ? `both ${scene.state.x}` : `y ${scene.state.y}, x ${scene.state.x}`;
  return {
    title: scalingFinding(scene),
    subtitle: [`${what}; ${axes}. 95, 80\u202f% shaded.`],
    controls: segments("Measure", [["flops", "FLOP/s"], ["samples", "samples/s"]], metric, (chosen) => actions.set({ metric: chosen })),
    chart: scalingChart(data, { width, height, ruler }),
    table: { ...scalingTable(data), name: `scaling-${measure.published}` },
  };
}

export function efficiencyPanel(scene: Scene, width: number, height: number, ruler: Ruler): PanelContent {
  const data = efficiencyData(scene);
  return {
    title: efficiencyFinding(activePoint(scene), pointAt(scene.current, 1)),
    subtitle: ["Rate per GPU against one GPU alone, linear. Above the line: lost, by term. 95\u202f% shaded."],
    chart: efficiencyChart(data, { width, height, ruler }),
    table: efficiencyTable(data),
  };
}

export function stepPanel(scene: Scene, width: number, ruler: Ruler): PanelContent {
  const data = waterfallData(scene);
  const point = activePoint(scene);
  return {
    title: stepFinding(point, scene.baseline ? pointAt(scene.baseline, point.devices) : undefined, unitOf(point.stepTime_s.value, "time")),
    subtitle: [`Step time at ${count(point.devices)} GPUs, from datasheet peak. Hatched: overlapped, adds nothing.`],
    chart: waterfall(data, { width, ruler }),
    table: waterfallTable(data),
    after: h("p", { class: "note" }, h("a", { "data-key": "timeline", href: `/?${encodeTimelineState({ ...initialTimelineState(), scenario: { ...scene.state, devices: point.devices, tables: [] } })}` }, "This step as a timeline"), ", simulated by events: who waits for what."),
  };
}

export function inputsPanel(scene: Scene, width: number, ruler: Ruler, openInputs: () => void): PanelContent {
  const { inputs, devices, stepTime_s } = movingInputs(scene);
  const data = tornadoData(scene);
  const unused = scene.current.prediction.inputs.filter((input) => !input.used);
  const more = inputs.length - data.rows.length;
  const rest = [more > 0 ? `${more} more move it less.` : "", unused.length > 0 ? `${unused.length} inputs move nothing here, among them ${unused.filter((input) => input.kind === "assumed" || input.kind === "calibrated").concat(unused).slice(0, 2).map((input) => input.label.charAt(0).toLowerCase() + input.label.slice(1)).join(" and ")}.` : ""].filter(Boolean);
  return {
    title: inputsFinding(inputs.map((input) => ({ path: input.path, low: input.stepTimeLow_s - stepTime_s, high: input.stepTimeHigh_s - stepTime_s }))),
    subtitle: [`Step time at ${count(devices)} GPUs over each input\u2019s interval, ${data.unit.unit}.`],
    chart: inputs.length > 0 ? tornado(data, { width, ruler }) : h("p", { class: "state-note" }, "No input of this scenario has a range that moves the step time, so this step has no interval."),
    table: tornadoTable(scene),
    after: h("p", { class: "note" }, ...rest.map((sentence) => `${sentence} `), h("button", { type: "button", class: "link", "data-key": "open-inputs", onclick: openInputs }, "All inputs")),
  };
}
