/**
 * Energy and money of a transformer's step. The fitted parameters move it through the slopes of the terms, with their covariance; what the time equations leave open moves energy as it moves
 * time; facts of device and machine and the law of power come on top.
 */
import { openSpread } from "./open-spread.ts";
import { parameterIndex as at } from "../../cost/transformer/parameters.ts";
import { stepCost } from "../../economics/step-cost.ts";
import { transformerActivities } from "../../energy/activity-times.ts";
import { makePowerModel, type PowerSources } from "../../energy/power-model.ts";
import { reportEnergy } from "../../energy/report.ts";
import { factVariants, powerSpread } from "../../energy/spread.ts";
import { stepPower, powerAt, widest, type JobSize } from "../../energy/step-power.ts";
import { z95 } from "../../normal.ts";
import type { Layout } from "../../plan/layout.ts";
import type { EnergyReport, MoneyReport } from "../../prediction.ts";
import { toEstimate } from "../../uncertainty/interval.ts";
import type { PreparedTransformer } from "./prepare.ts";

/** The result of a step at the parameters' values, and its change per logarithm of each. */
export interface Slopes {
  readonly base: Float64Array;
  readonly by: readonly Float64Array[];
}

export const powerSourcesOf = ({ device, machine, calibrations, market }: PreparedTransformer["scenario"]): PowerSources => ({ device, machine, calibrations, grid: market?.grid ?? null });

const small = 1e-3;

export function describeEnergy(prepared: PreparedTransformer, layout: Layout, { base, by }: Slopes): { readonly energy: EnergyReport | null; readonly money: MoneyReport } {
  const { hardware, posterior, scenario } = prepared;
  const open = openSpread(prepared, layout);
  const sources = powerSourcesOf(scenario);
  const model = makePowerModel(sources);
  const job: JobSize = { nodes: Math.ceil(layout.devices / hardware.devicesPerNode), boards: layout.devices };
  const memoryShare = posterior.values[at.memoryShare] as number;
  const times = transformerActivities(base, layout.pipeline, memoryShare);
  const pay = (energy_J: number | null) => stepCost(scenario.market?.prices ?? [], { device: scenario.device.id, machine: scenario.machine.id, machineNodes: scenario.machine.nodes.value, devices: layout.devices, nodes: job.nodes, step_s: base[0] as number, energy_J });
  if (model === undefined) return { energy: null, money: pay(null) };
  const variants = factVariants(sources);
  const power = stepPower(model, times, job);
  const moved = by.map((slope, index) => stepPower(model, transformerActivities(base.map((time, term) => time + small * (slope[term] as number)), layout.pipeline, index === at.memoryShare ? memoryShare * Math.exp(small) : memoryShare), job));
  const energy = reportEnergy(model, times, job, layout.globalBatch * layout.sequence, (of) => {
    const value = of(power);
    const spread = powerSpread(of, sources, model, variants, times, job);
    const slopes = moved.map((one) => Math.log(of(one) / value) / small);
    // A step that takes longer as a whole takes its energy longer; its mean power stays.
    const lasts = of({ ...power, step_s: 2 * power.step_s }) / value - 1;
    const squared = z95 ** 2 * (posterior.variance(slopes) + (lasts * open) ** 2);
    return toEstimate(value, { up: spread.up + squared, down: spread.down + squared });
  });
  return { energy, money: pay(powerAt(power, widest(power)) * power.step_s) };
}
