/**
 * Energy, emissions and money of a whole training run, from the time that its devices spend in each activity: a step draws what the prediction says; while checkpoints are written, loaded
 * or data staged, devices wait; while the job is down, and on spare nodes, they idle. Rented hours and the share of an owned machine run all the time.
 */
import { z95 } from "../normal.ts";
import type { EnergyBoundaryName, EnergyReport, Estimate, MoneyReport } from "../prediction.ts";
import { toEstimate } from "../uncertainty/interval.ts";
import type { ActivityTimes } from "./power-law.ts";
import type { PowerModel } from "./power-model.ts";
import { powerAt, stepPower, type JobSize } from "./step-power.ts";

/** As a training run tells them (training-run/activities.ts). */
export interface RunTimes {
  readonly time_s: Readonly<Record<"step" | "checkpoint" | "load" | "idle" | "staging", number>>;
  readonly wall_s: number;
  readonly nodes: number;
  readonly spareNodes: number;
}

export interface TrainingBill {
  /** Null where the device document states no power. */
  readonly energy_J: Estimate | null;
  readonly boundary: EnergyBoundaryName | null;
  /** By what the devices do; adds up to the energy. */
  readonly parts: ReadonlyArray<{ readonly id: "step" | "saving" | "idle" | "spares"; readonly label: string; readonly energy_J: number; readonly power_w: number }>;
  readonly carbon_kg: Estimate | null;
  /** USD: from the cheapest offer to the dearest, at the value of the time. */
  readonly rented: { readonly low: number; readonly middle: number; readonly high: number } | null;
  readonly owned: Estimate | null;
  readonly unknown: readonly string[];
}

export interface BillRequest {
  readonly times: RunTimes;
  readonly devices: number;
  readonly stepTime_s: number;
  /** Standard deviation of the logarithm of the wall time. */
  readonly wallError: number;
  readonly energy: EnergyReport | null;
  readonly money: MoneyReport;
  readonly model: PowerModel | undefined;
}

const still: ActivityTimes = { products_s: 0, products: 0, memory_s: 0, memory: 0, communication_s: 0, waiting_s: 1 };

export function billTraining({ times, devices, stepTime_s, wallError, energy, money, model }: BillRequest): TrainingBill {
  const { time_s, wall_s, nodes, spareNodes } = times;
  const parts: Array<TrainingBill["parts"][number]> = [];
  let energy_J: Estimate | null = null;
  let carbon_kg: Estimate | null = null;
  const add = (id: TrainingBill["parts"][number]["id"], label: string, power_w: number, duration_s: number) => {
    if (duration_s > 0 && power_w > 0) parts.push({ id, label, power_w, energy_J: power_w * duration_s });
  };
  if (energy !== null && model !== undefined) {
    const { boundary } = energy;
    const step = energy.perStep_J[boundary] ?? energy.perStep_J.devices;
    const job: JobSize = { nodes, boards: devices };
    const idleModel: PowerModel = { ...model, device: { ...model.device, law: { ...model.device.law, waiting: 0 } } };
    const idle_w = powerAt(stepPower(idleModel, still, job), boundary);
    add("step", "Steps", step.value / stepTime_s, time_s.step);
    add("saving", "Checkpoints, loads and staging", powerAt(stepPower(model, still, job), boundary), time_s.checkpoint + time_s.load + time_s.staging);
    add("idle", "Standing still", idle_w, time_s.idle);
    add("spares", "Spare nodes", (idle_w / nodes) * spareNodes, wall_s);
    const value = parts.reduce((sum, part) => sum + part.energy_J, 0);
    // The interval of a step's power, and that of the time: what both hold of the step time is counted once, in the time.
    const powerOf = boundary === "devices" ? energy.power_w.device : boundary === "nodes" ? energy.power_w.node : energy.power_w[boundary];
    const up = Math.log((powerOf?.high95 ?? 1) / (powerOf?.value ?? 1));
    const down = Math.log((powerOf?.value ?? 1) / (powerOf?.low95 ?? 1));
    const time = (z95 * wallError) ** 2;
    energy_J = toEstimate(value, { up: up ** 2 + time, down: down ** 2 + time });
    const carbon = energy.carbonPerStep_kg;
    if (carbon !== null && step.value > 0) {
      const intensity = carbon.value / step.value;
      carbon_kg = { value: energy_J.value * intensity, low80: energy_J.low80 * intensity, high80: energy_J.high80 * intensity, low95: energy_J.low95 * intensity, high95: energy_J.high95 * intensity };
    }
  }
  const { rented, owned } = money;
  const all_s = devices * wall_s * (1 + spareNodes / nodes);
  const tariff = owned?.electricityPerStep != null && energy !== null ? owned.electricityPerStep / ((energy.perStep_J[energy.boundary] ?? energy.perStep_J.devices).value) : 0;
  const sum = owned === null ? null : (owned.perNodeHour / 3600) * (nodes + spareNodes) * wall_s + tariff * (energy_J?.value ?? 0);
  return {
    energy_J,
    boundary: energy?.boundary ?? null,
    parts,
    carbon_kg,
    rented: rented === null ? null : { low: (rented.perDeviceHour.low * all_s) / 3600, middle: (rented.perDeviceHour.middle * all_s) / 3600, high: (rented.perDeviceHour.high * all_s) / 3600 },
    owned: owned === null || sum === null ? null : toEstimate(sum, { up: Math.log(owned.perStep.high95 / owned.perStep.value) ** 2 + (z95 * wallError) ** 2, down: Math.log(owned.perStep.value / owned.perStep.low95) ** 2 + (z95 * wallError) ** 2 }),
    unknown: [...(energy?.unknown ?? ["the device document states no power"]), ...money.unknown],
  };
}
