/** Power of a step of a network of layers, from the terms that the engine gives. */
import { networkAt } from "../cost/index.ts";
import type { StepTerms } from "../engine/terms.ts";
import { layerActivities } from "../energy/activity-times.ts";
import { makePowerModel, type PowerModel } from "../energy/power-model.ts";
import type { ActivityTimes } from "../energy/power-law.ts";
import { stepPower, type JobSize, type StepPower } from "../energy/step-power.ts";
import type { Scenario } from "../scenario.ts";
import type { Prepared } from "./prepare.ts";

export const powerModelOf = ({ device, machine, calibrations, market }: Scenario): PowerModel | undefined => makePowerModel({ device, machine, calibrations, grid: market?.grid ?? null });

export const activitiesOf = ({ scenario }: Prepared, terms: StepTerms): ActivityTimes => layerActivities(terms, scenario.device.memory.efficiency.value);

/** Ranks that take turns on a board are one board. */
export function jobSize({ resources, scenario }: Prepared, devices: number): JobSize {
  return { nodes: networkAt(resources, devices).nodes, boards: Math.max(1, devices / scenario.machine.node.timeSharing) };
}

export const powerOfStep = (prepared: Prepared, model: PowerModel | undefined, devices: number, terms: StepTerms): StepPower | null => (model === undefined ? null : stepPower(model, activitiesOf(prepared, terms), jobSize(prepared, devices)));
