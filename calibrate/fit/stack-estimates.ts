/**
 * Estimates of stack parameters from training runs: for each row, the value of one parameter with which the model gives the row's figure back exactly,
 * found by bisection on the logarithm. A row says which figure it is and how well it is known; nothing else about a run enters.
 * The error of an estimate is that of the figure over the elasticity of the figure to the parameter.
 */
import { outputsAt } from "../../model/predict/outputs.ts";
import { prepare, variant, type Prepared } from "../../model/predict/prepare.ts";
import { InputError } from "../../model/problems.ts";
import { resolveScenario } from "../../model/resolve/resolve.ts";
import { parameterPath, type ParameterName } from "../../model/resources.ts";
import type { Library, Scenario } from "../../model/scenario.ts";
import { metrics } from "../../model/schema/run.ts";
import { parseQuantity } from "../../model/units.ts";
import { countFlop } from "../../model/workload/flop.ts";

/** The figure of a run that a row takes, as a time of one step. */
export type Figure =
  /** Step of one device alone: the sustained rate over the stated parallel efficiency. */
  | { kind: "single-step"; sustained: string; efficiency: string }
  /** Best step: what the devices compute when nothing is waited for. */
  | { kind: "best-step"; peak: string }
  /** Step at the point's own scale. */
  | { kind: "step"; point: string };

export interface EstimateRow {
  family: string;
  name: ParameterName;
  run: string;
  figure: Figure;
  /** Standard error of the log of the figure, with the reason. */
  figureError: number;
  reason: string;
}

export const estimateRows: readonly EstimateRow[] = [
  { family: "tensorflow-2018", name: "convolutionFactor", run: "summit-deeplabv3plus-fp32-2018", figure: { kind: "single-step", sustained: "sustained", efficiency: "efficiency" }, figureError: 0.03, reason: "stated efficiency; its baseline may differ in clock or configuration" },
  { family: "tensorflow-2018", name: "convolutionFactor", run: "piz-daint-tiramisu-2018", figure: { kind: "single-step", sustained: "sustained", efficiency: "efficiency" }, figureError: 0.03, reason: "stated efficiency; its baseline may differ in clock or configuration" },
  { family: "tensorflow-2018", name: "convolutionFactor", run: "summit-deeplabv3plus-fp16-2018", figure: { kind: "best-step", peak: "peak" }, figureError: 0.03, reason: "best of many steps at one rank, which may be a device faster than the mean" },
  { family: "tensorflow-2018", name: "convolutionFactor", run: "summit-tiramisu-fp16-2018", figure: { kind: "step", point: "single-gpu" }, figureError: 0.05, reason: "read in a text that quotes the paper" },
  { family: "pytorch-2022", name: "depthwiseTraffic", run: "selene-deepcam-2022", figure: { kind: "step", point: "b8-16" }, figureError: 0.08, reason: "epoch time with its fixed part; kernel constants of another device" },
];

export interface MadeEstimate {
  family: string;
  parameter: string;
  value: number;
  standardError: number;
  run: string;
  point: string;
  workload: string;
  device: string;
  note: string;
}

export function makeEstimate(library: Library, row: EstimateRow): MadeEstimate {
  const scenario = scenarioOf(library, row);
  const prepared = prepare(scenario, "cold");
  const target_s = targetStep(scenario, prepared, row.figure);
  const at = (log: number) => Math.log(stepOf(withValue(prepared, row.name, Math.exp(log)), scenario, row.figure) / target_s);
  let low = Math.log(0.05);
  let high = Math.log(100);
  if (at(low) > 0 || at(high) < 0) throw new Error(`no value of ${row.name} gives the figure of ${row.run}`);
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (at(middle) > 0) high = middle;
    else low = middle;
  }
  const log = (low + high) / 2;
  const elasticity = (at(log + 0.01) - at(log - 0.01)) / 0.02;
  const point = row.figure.kind === "single-step" ? row.figure.sustained : row.figure.kind === "best-step" ? row.figure.peak : row.figure.point;
  return {
    family: row.family,
    parameter: parameterPath(row.name, scenario).replace(/^stack\./, ""),
    value: Math.exp(log),
    standardError: row.figureError / elasticity,
    run: row.run,
    point,
    workload: scenario.workload.id,
    device: scenario.device.id,
    note: row.reason,
  };
}

function withValue(prepared: Prepared, name: ParameterName, value: number): Prepared {
  return variant(prepared, { kind: "parameter", path: "", name, parameter: prepared.parameters[name] }, value);
}

function scenarioOf(library: Library, row: EstimateRow): Scenario {
  const first = resolveScenario(library, { run: row.run });
  if (!first.scenario) throw new InputError(first.problems);
  const figure = row.figure;
  const point = figure.kind === "step" ? first.scenario.run?.points.find(({ id }) => id === figure.point) : undefined;
  if (!point?.overrides) return first.scenario;
  const changed = resolveScenario(library, { run: row.run, changes: point.overrides });
  if (!changed.scenario) throw new InputError(changed.problems);
  return changed.scenario;
}

function pointOf(scenario: Scenario, id: string): { devices: number; value: number; metric: string } {
  const point = scenario.run?.points.find((candidate) => candidate.id === id);
  if (!point) throw new Error(`run ${scenario.run?.id} has no point ${id}`);
  const parsed = parseQuantity(point.value, metrics[point.metric]);
  if (!parsed.ok) throw new Error(`point ${id} of ${scenario.run?.id} has no value`);
  return { devices: point.devices, value: parsed.value, metric: point.metric };
}

/** Step time that a rate or throughput of the run stands for. */
function stepFromPoint(scenario: Scenario, prepared: Prepared, id: string): number {
  const { devices, value, metric } = pointOf(scenario, id);
  const samples = scenario.plan.samplesPerDevice * scenario.plan.accumulation * devices;
  if (metric === "throughput") return samples / value;
  if (metric === "step-time") return value;
  return (samples * countFlop(prepared.layers, scenario.plan.flopConvention)) / value;
}

function targetStep(scenario: Scenario, prepared: Prepared, figure: Figure): number {
  if (figure.kind === "best-step") return stepFromPoint(scenario, prepared, figure.peak);
  if (figure.kind === "step") return stepFromPoint(scenario, prepared, figure.point);
  return stepFromPoint(scenario, prepared, figure.sustained) * pointOf(scenario, figure.efficiency).value;
}

function stepOf(prepared: Prepared, scenario: Scenario, figure: Figure): number {
  if (figure.kind === "single-step") return outputsAt(prepared, 1).single_s;
  const id = figure.kind === "best-step" ? figure.peak : figure.point;
  const { terms } = outputsAt(prepared, pointOf(scenario, id).devices);
  return figure.kind === "best-step" ? terms.alone_s : terms.step_s;
}
