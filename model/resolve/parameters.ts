/**
 * Values of fitted stack parameters. A stack document gives a prior; calibration documents give estimates, each from one run point. They are combined
 * on the logarithm, weighted by inverse variance. An estimate carried to another workload or device has the transfer error added, so that one from the
 * same configuration outweighs the others. The rule of what is left out is the same for every run: a point that is compared with a prediction never informs it.
 */
import { z80, z95 } from "../normal.ts";
import type { CalibrationLink } from "../prediction.ts";
import type { Scenario } from "../scenario.ts";
import { isStackCalibration, type StackCalibration } from "../schema/calibration.ts";
import { changedSource, type Fact } from "../schema/fact.ts";

export const protocols = ["leave-one-series-out", "cold", "in-sample"] as const;
export type Protocol = (typeof protocols)[number];

export { z80, z95 };

export interface Parameter {
  value: number;
  /** Of the natural logarithm. */
  standardError: number;
  link: CalibrationLink;
}

/** Standard error of the log that a fact's 95 % interval stands for; 0 where it states none. */
export function logError(fact: Fact): number {
  if (fact.low === undefined || fact.high === undefined || fact.low <= 0) return 0;
  return Math.log(fact.high / fact.low) / (2 * z95);
}

/** `extraError`: error of the log that the prior has on top, such as that of the device's kernel model; estimates from the same configuration include it. */
export function combineParameter(scenario: Scenario, protocol: Protocol, parameter: string, label: string, prior: Fact, extraError: number): Parameter {
  const changed = prior.source === changedSource;
  const parts: CalibrationLink["parts"] = [];
  const evidence: Array<{ log: number; variance: number; part: CalibrationLink["parts"][number] }> = [];
  const priorError = Math.hypot(logError(prior), changed ? 0 : extraError);
  const priorPart = { what: changed ? "your value" : prior.kind === "measured" ? "fit of published runs" : "prior of the stack", value: prior.value, weight: 0 };
  parts.push(priorPart);
  evidence.push({ log: Math.log(prior.value), variance: priorError ** 2, part: priorPart });

  for (const calibration of scenario.calibrations) {
    if (!isStackCalibration(calibration) || calibration.scope.family !== scenario.stack.family || calibration.scope.parameter !== parameter) continue;
    for (const estimate of calibration.estimates) {
      const part: CalibrationLink["parts"][number] = { what: calibration.title, value: estimate.value, weight: 0, run: estimate.run, point: estimate.point };
      parts.push(part);
      const reason = changed ? "you set this value" : leftOut(scenario, protocol, estimate.run, estimate.point);
      if (reason) part.leftOut = reason;
      else evidence.push({ log: Math.log(estimate.value), variance: estimateVariance(scenario, calibration, estimate), part });
    }
  }

  const exact = evidence.find(({ variance }) => variance === 0);
  const used = exact ? [exact] : evidence;
  const total = used.reduce((sum, { variance }) => sum + 1 / (variance || 1), 0);
  let log = 0;
  for (const item of used) {
    item.part.weight = 1 / (item.variance || 1) / total;
    log += item.part.weight * item.log;
  }
  const standardError = exact ? 0 : Math.sqrt(1 / total);
  const value = Math.exp(log);
  return { value, standardError, link: { parameter, label, value, low95: value * Math.exp(-z95 * standardError), high95: value * Math.exp(z95 * standardError), parts } };
}

function leftOut(scenario: Scenario, protocol: Protocol, run: string, point: string): string | undefined {
  if (protocol === "cold") return "protocol cold: no training run informs the prediction";
  if (protocol === "in-sample" || scenario.run?.id !== run) return undefined;
  const own = scenario.run.points.find(({ id }) => id === point);
  return own?.use === "calibration" ? undefined : "it is a figure this prediction is compared with";
}

function estimateVariance(scenario: Scenario, calibration: StackCalibration, estimate: StackCalibration["estimates"][number]): number {
  const same = estimate.workload === scenario.workload.id && estimate.device === scenario.device.id;
  return estimate.standardError ** 2 + (same ? 0 : calibration.transferError ** 2);
}
