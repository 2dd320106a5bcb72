/**
 * Every knob of every run moves some output somewhere in its range, or the prediction says that it was not used. A knob that does nothing and says
 * nothing misleads whoever turns it.
 */
import { describe, expect, it } from "vitest";
import { knobs, type Knob } from "../../model/explain/knobs.ts";
import { outputsAt } from "../../model/predict/outputs.ts";
import { prepare } from "../../model/predict/prepare.ts";
import { predict } from "../../model/predict/predict.ts";
import type { Prediction } from "../../model/prediction.ts";
import { InputError } from "../../model/problems.ts";
import type { Scenario } from "../../model/scenario.ts";
import { dimensions } from "../../model/units.ts";
import { runNames, scenarioOf } from "../support/library.ts";

/** Everything a prediction shows of the first and the last scale, without its intervals. */
function outputs(scenario: Scenario): string {
  const prepared = prepare(scenario, "leave-one-series-out");
  const scales = scenario.run?.scales ?? [];
  return JSON.stringify([prepared.sample_bytes, ...[scales[0] ?? 1, scales.at(-1) ?? 1].map((devices) => outputsAt(prepared, devices))], (_key, value: unknown) => (typeof value === "number" ? value.toPrecision(10) : value));
}

function valuesOf({ control, value }: Knob): (string | number)[] {
  if (control.type === "choice") return control.options.filter((option) => option !== value);
  const { min, max, dimension } = control;
  const plain = dimension === "count" || dimension === "fraction";
  return [min, max].map((end) => (plain ? end : `${end} ${dimensions[dimension].symbol}`));
}

function moves(run: string, knob: Knob, before: string): boolean {
  return valuesOf(knob).some((value) => {
    try {
      return outputs(scenarioOf(run, { [knob.path]: value })) !== before;
    } catch (error) {
      // A value that the scenario cannot take, such as a precision without kernel table, is told: that is an answer too.
      if (error instanceof InputError) return true;
      throw error;
    }
  });
}

const says = ({ inputs, unusedChoices }: Prediction, path: string): boolean => inputs.some((input) => input.path === path && !input.used) || unusedChoices.some((choice) => choice.path === path);

describe.each(runNames)("the knobs of %s", (run) => {
  const scenario = scenarioOf(run);
  const before = outputs(scenario);
  const prediction = predict(scenario, { devices: scenario.run?.scales.slice(-1) ?? [1] });

  it("move an output, or the prediction says that they do not", () => {
    const idle = knobs(scenario).filter((knob) => !moves(run, knob, before)).map(({ path }) => path);
    expect(idle.filter((path) => !says(prediction, path))).toEqual([]);
  });

  it("are not said to be unused where a tenth more of them moves the step", () => {
    for (const { path, value, control } of knobs(scenario)) {
      const record = prediction.inputs.find((input) => input.path === path);
      if (!record || record.used || control.type === "choice" || typeof value !== "number") continue;
      const changed = scenarioOf(run, { [path]: `${value * 1.1} ${dimensions[record.dimension].symbol.replace(/^1$/, "")}` });
      const step = (of: Scenario) => outputsAt(prepare(of, "leave-one-series-out"), scenario.run?.scales.at(-1) ?? 1).terms.step_s;
      expect(Math.abs(step(changed) / step(scenario) - 1), path).toBeLessThan(1e-10);
    }
  });
});
