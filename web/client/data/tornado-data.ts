/** What the tornado draws: the inputs with an interval, by how far that interval moves the step time. */
import type { InputRecord } from "../../../model/prediction.ts";
import { kindNames } from "../charts/marks.ts";
import type { TornadoData } from "../charts/tornado.ts";
import { formatNumber } from "../../../model/units.ts";
import { count, range, show, showIn, unitOf } from "../format.ts";
import { sourceTitle, type Scene } from "./scene.ts";
import type { Table } from "./table.ts";

type Moving = InputRecord & { stepTimeLow_s: number; stepTimeHigh_s: number };

const moves = (input: InputRecord): input is Moving => input.stepTimeLow_s !== undefined && input.stepTimeHigh_s !== undefined;

/** Inputs whose interval moves the step, largest swing first, and the count at which that was computed. */
export function movingInputs(scene: Scene): { inputs: Moving[]; devices: number; stepTime_s: number } {
  const outcome = scene.inputs ?? scene.current;
  const point = outcome.prediction.points.at(-1);
  const stepTime_s = point?.stepTime_s.value ?? 0;
  const swing = (input: Moving) => Math.abs(input.stepTimeHigh_s - input.stepTimeLow_s);
  const inputs = outcome.prediction.inputs.filter(moves).filter((input) => swing(input) > 1e-5 * stepTime_s).toSorted((a, b) => swing(b) - swing(a));
  return { inputs, devices: point?.devices ?? 0, stepTime_s };
}

export function tornadoData(scene: Scene, most = 8): TornadoData {
  const { inputs, devices, stepTime_s } = movingInputs(scene);
  const unit = unitOf(stepTime_s, "time");
  return {
    summary: `Inputs by their effect on step time at ${count(devices)} GPUs: ${inputs.slice(0, 3).map((input) => input.label).join(", ")}`,
    centre_s: stepTime_s, centreText: showIn(stepTime_s, unit), unit,
    rows: inputs.slice(0, most).map((input) => ({
      path: input.path, label: input.label, kind: input.kind, range: rangeText(input), low_s: input.stepTimeLow_s, high_s: input.stepTimeHigh_s,
      tip: {
        head: input.label, place: kindNames[input.kind],
        rows: [["value", valueText(input)], ["95\u202f% range", rangeText(input)], ["step, low end", showIn(input.stepTimeLow_s, unit, 4)], ["step, high end", showIn(input.stepTimeHigh_s, unit, 4)], ["path", input.path], ["source", sourceTitle(scene.library, input.source)]],
        ...(input.note ? { text: input.note } : {}),
      },
    })),
  };
}

export function rangeText(input: InputRecord): string {
  if (input.low === undefined || input.high === undefined) return "exact";
  // A fraction is shown as its document writes it: "65 %", or the plain factor 2.14.
  const unit = isFactor(input) ? { unit: "", scale: 1 } : unitOf(input.high, input.dimension);
  return `${range(input.low, input.high, unit)}${unit.unit === "" ? "" : `${unit.unit === "%" ? "\u202f" : "\u00a0"}${unit.unit}`}`;
}

const isFactor = (input: InputRecord) => input.dimension === "fraction" && !input.text.includes("%");
const valueText = (input: InputRecord) => (isFactor(input) ? formatNumber(input.value) : show(input.value, input.dimension));

export function tornadoTable(scene: Scene): Table {
  const { inputs, devices } = movingInputs(scene);
  return {
    name: "inputs", caption: `Step time at ${count(devices)} GPUs with each input at the ends of its interval`,
    columns: [{ name: "input" }, { name: "path" }, { name: "kind" }, { name: "value" }, { name: "range" }, { name: "step time at low end", unit: "s" }, { name: "step time at high end", unit: "s" }],
    rows: inputs.map((input) => [input.label, input.path, input.kind, valueText(input), rangeText(input), Number(input.stepTimeLow_s.toPrecision(7)), Number(input.stepTimeHigh_s.toPrecision(7))]),
  };
}
