/**
 * Energy of a step for a search: exact for a layout whose result is known, and a bound that no layout with at least this step time and these products falls below. In the bound every
 * second draws as little as waiting or messages do, and the products run at their peak: a device that works slower draws longer.
 */
import type { ActivityTimes } from "./power-law.ts";
import { transformerActivities } from "./activity-times.ts";
import type { PowerModel } from "./power-model.ts";
import { powerAt, stepPower, widest, type JobSize } from "./step-power.ts";

export interface EnergyBound {
  /** Watt of the whole job that each second of the step draws at least. */
  readonly floor_w: number;
  /** What a second of products at their peak adds to that. */
  readonly products_w: number;
}

export const jobOf = (model: PowerModel, devices: number): JobSize => ({ nodes: Math.ceil(devices / model.devicesPerNode), boards: devices });

export function energyBound(model: PowerModel, devices: number): EnergyBound {
  const job = jobOf(model, devices);
  const during = (times: Partial<ActivityTimes>): number => wattsOf(model, { products_s: 0, products: 0, memory_s: 0, memory: 0, communication_s: 0, waiting_s: 0, ...times }, job);
  const floor_w = Math.min(during({ waiting_s: 1 }), during({ communication_s: 1 }));
  return { floor_w, products_w: Math.max(0, during({ products_s: 1, products: 1 }) - floor_w) };
}

function wattsOf(model: PowerModel, times: ActivityTimes, job: JobSize): number {
  const power = stepPower(model, times, job);
  return powerAt(power, widest(power));
}

const times: ActivityTimes = { products_s: 0, products: 0, memory_s: 0, memory: 0, communication_s: 0, waiting_s: 0 };

/** Joule of a step with this result. */
export function energyOfStep(model: PowerModel, result: Float64Array, pipeline: number, memoryShare: number, devices: number): number {
  transformerActivities(result, pipeline, memoryShare, times);
  const power = stepPower(model, times, jobOf(model, devices));
  return powerAt(power, widest(power)) * power.step_s;
}
