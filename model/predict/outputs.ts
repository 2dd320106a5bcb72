/** The outputs of one prepared scenario at one number of devices, without intervals. */
import { stepTerms, stepTime, type StepTerms } from "../engine/terms.ts";
import type { PowerModel } from "../energy/power-model.ts";
import type { StepPower } from "../energy/step-power.ts";
import type { StagingTime } from "../prediction-input.ts";
import { powerModelOf, powerOfStep } from "./energy.ts";
import type { Prepared } from "./prepare.ts";
import { stagingAt } from "./staging.ts";

export interface Outputs {
  terms: StepTerms;
  /** Step of one device alone in the same configuration. */
  single_s: number;
  staging: StagingTime | null;
  /** Null where no document states the power of the devices. */
  power: StepPower | null;
}

export function outputsAt(prepared: Prepared, devices: number, single_s = singleStep(prepared), model: PowerModel | undefined = powerModelOf(prepared.scenario)): Outputs {
  const { program, resources, local } = prepared;
  const terms = stepTerms(program, resources, devices, local);
  return { terms, single_s, staging: stagingAt(prepared, devices), power: powerOfStep(prepared, model, devices, terms) };
}

export function outputsOver(prepared: Prepared, devices: readonly number[]): Outputs[] {
  const single_s = singleStep(prepared);
  const model = powerModelOf(prepared.scenario);
  return devices.map((count) => outputsAt(prepared, count, single_s, model));
}

/** The same for a variant of a scenario whose outputs are known: a step that nothing changed is not computed again. */
export function outputsOfVariant(changed: Prepared, base: Prepared, devices: readonly number[], known: readonly Outputs[]): Outputs[] {
  if (changed.program !== base.program || changed.resources !== base.resources) return outputsOver(changed, devices);
  const model = powerModelOf(changed.scenario);
  return devices.map((count, index) => {
    const outputs = known[index] as Outputs;
    return { ...outputs, staging: stagingAt(changed, count), power: powerOfStep(changed, model, count, outputs.terms) };
  });
}

const singleStep = ({ program, resources, local }: Prepared) => stepTime(program, resources, 1, local);
