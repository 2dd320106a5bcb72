/**
 * How far the power of a step is known: the covariance of the law's parameters through the slopes of the output, and each fact of device and machine moved alone to both ends of its
 * interval (as in uncertainty/interval.ts). What the step time adds is the caller's: it knows which inputs move it.
 */
import { z95 } from "../normal.ts";
import type { PowerCalibration } from "../schema/calibration.ts";
import { isFact, type Fact } from "../schema/fact.ts";
import { addEffect, noSpread, type Spread } from "../uncertainty/interval.ts";
import type { ActivityTimes } from "./power-law.ts";
import { findPowerLaw, makePowerModel, type PowerModel, type PowerSources } from "./power-model.ts";
import { stepPower, type JobSize, type StepPower } from "./step-power.ts";

/** An output of a step's power, such as that of a node; NaN where it is not known. */
export type Output = (power: StepPower) => number;

/** Adds what the law's parameters leave open. */
export function addLawSpread(spread: Spread, output: Output, model: PowerModel, calibration: PowerCalibration, times: ActivityTimes, job: JobSize): void {
  const names = Object.keys(calibration.parameters);
  const at = (name: string | undefined, factor: number): number => output(stepPower(name === undefined ? model : moved(model, name, factor), times, job));
  const value = at(undefined, 1);
  if (!(value > 0)) return;
  const h = 1e-3;
  const slopes = names.map((name) => (name === "transfer" ? 1 : (Math.log(at(name, Math.exp(h))) - Math.log(value)) / h));
  let variance = 0;
  for (const [i, row] of calibration.covariance.entries()) for (const [j, entry] of row.entries()) variance += (i === j ? 1 : 2) * entry * (slopes[i] ?? 0) * (slopes[j] ?? 0);
  const squared = z95 ** 2 * Math.max(0, variance);
  spread.up += squared;
  spread.down += squared;
}

/** The share of idle power stands in only where the device states none; the model says so by naming it unknown. */
function moved(model: PowerModel, name: string, factor: number): PowerModel {
  const { device } = model;
  if (name !== "idle") return { ...model, device: { ...device, law: { ...device.law, [name]: device.law[name as keyof typeof device.law] * factor } } };
  return model.idleAssumed ? { ...model, device: { ...device, idle_w: device.idle_w * factor } } : model;
}

/** Models with one fact at the low and high end of its interval. */
export function factVariants(sources: PowerSources): Array<{ readonly path: string; readonly low: PowerModel; readonly high: PowerModel }> {
  const found: Array<{ path: string; fact: Fact }> = [];
  const visit = (value: unknown, path: string): void => {
    if (isFact(value)) found.push({ path, fact: value });
    else if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
  };
  visit(sources.device.power, "device.power");
  visit(sources.device.idlePower, "device.idlePower");
  visit(sources.machine.power, "machine.power");
  return found.flatMap(({ path, fact: { low, high } }) => {
    if (low === undefined || high === undefined || !(high > low)) return [];
    const [at, to] = [low, high].map((value) => makePowerModel(replace(sources, path.split("."), value)));
    return at === undefined || to === undefined ? [] : [{ path, low: at, high: to }];
  });
}

function replace<T>(node: T, keys: readonly string[], value: number): T {
  const [key, ...rest] = keys;
  if (key === undefined) return { ...node, value };
  return { ...node, [key]: replace((node as Record<string, unknown>)[key], rest, value) };
}

/** What the power itself leaves open, at given times. */
export function powerSpread(output: Output, sources: PowerSources, model: PowerModel, variants: ReturnType<typeof factVariants>, times: ActivityTimes, job: JobSize): Spread {
  const spread = noSpread();
  const calibration = findPowerLaw(sources.calibrations);
  if (calibration !== undefined) addLawSpread(spread, output, model, calibration, times, job);
  const value = output(stepPower(model, times, job));
  for (const { low, high } of variants) addEffect(spread, output(stepPower(low, times, job)), output(stepPower(high, times, job)), value);
  return spread;
}
