/** The four charts of the scenario view as panels. */
import { efficiencyChart } from "../charts/efficiency.ts";
import type { Ruler } from "../charts/kit.ts";
import { scalingChart } from "../charts/scaling.ts";
import { tornado } from "../charts/tornado.ts";
import { waterfall } from "../charts/waterfall.ts";
import { efficiencyData, efficiencyTable } from "../data/efficiency-data.ts";
import { efficiencyFinding, inputsFinding, scalingFinding, stepFinding } from "../data/findings.ts";
import { scalingData, scalingTable } from "../data/scaling-data.ts";
import { activePoint, measures, pointAt, type Scene } from "../data/scene.ts";
import { movingInputs, tornadoData, tornadoTable } from "../data/tornado-data.ts";
import { waterfallData, waterfallTable } from "../data/waterfall-data.ts";
import { h } from "../dom.ts";
import { count, unitOf, upperPrecision } from "../format.ts";
import type { State } from "../state.ts";
import { segments, type PanelContent } from "./panel.ts";

export interface ChartActions {
  set(change: Partial<State>): void;
}

const conventionNames = { algorithmic: "algorithmic FLOP", "graph-s2b-2018": "FLOP as the 2018 program counts them", "profiler-executed": "FLOP as a profiler counts them" };

export function scalingPanel(scene: Scene, width: number, height: number, ruler: Ruler, actions: ChartActions): PanelContent {
  const data = scalingData(scene);
  const measure = measures[scene.state.metric];
  const what = scene.state.metric === "flops" ? `Sustained ${upperPrecision(scene.current.prediction.scenario.precision)}, ${conventionNames[scene.current.prediction.convention]}` : "Samples a second";
  const axes = scene.state.x === scene.state.y ? `both ${scene.state.x}` : `y ${scene.state.y}, x ${scene.state.x}`;
  return {
    title: scalingFinding(scene),
    subtitle: [`${what}, against GPUs, ${axes}. Shaded: 95 and 80\u202f% intervals.`],
    controls: segments("Measure", [["flops", "FLOP/s"], ["samples", "samples/s"]], scene.state.metric, (metric) => actions.set({ metric })),
    chart: scalingChart(data, { width, height, ruler }),
    table: { ...scalingTable(data), name: `scaling-${measure.published}` },
  };
}

export function efficiencyPanel(scene: Scene, width: number, height: number, ruler: Ruler): PanelContent {
  const data = efficiencyData(scene);
  return {
    title: efficiencyFinding(activePoint(scene), pointAt(scene.current, 1)),
    subtitle: ["Rate per GPU against one GPU alone, same configuration; linear. Above the line: what each term loses."],
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
  };
}

export function inputsPanel(scene: Scene, width: number, ruler: Ruler, openInputs: () => void): PanelContent {
  const { inputs, devices, stepTime_s } = movingInputs(scene);
  const data = tornadoData(scene);
  const unused = scene.current.prediction.inputs.filter((input) => !input.used);
  const more = inputs.length - data.rows.length;
  const rest = [more > 0 ? `${more} more move it less.` : "", unused.length > 0 ? `Not used here: ${unused.slice(0, 5).map((input) => input.label.charAt(0).toLowerCase() + input.label.slice(1)).join(", ")}${unused.length > 5 ? ` and ${unused.length - 5} more` : ""}.` : ""].filter(Boolean);
  return {
    title: inputsFinding(inputs.map((input) => ({ path: input.path, low: input.stepTimeLow_s - stepTime_s, high: input.stepTimeHigh_s - stepTime_s }))),
    subtitle: [`Change of step time at ${count(devices)} GPUs, ${data.unit.unit}, from the low to the high end of each input's interval.`],
    chart: inputs.length > 0 ? tornado(data, { width, ruler }) : h("p", { class: "state-note" }, "No input of this scenario has a range that moves the step time, so this step has no interval."),
    table: tornadoTable(scene),
    after: h("p", { class: "note" }, ...rest.map((sentence) => `${sentence} `), h("button", { type: "button", class: "link", "data-key": "open-inputs", onclick: openInputs }, "All inputs")),
  };
}
