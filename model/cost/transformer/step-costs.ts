/**
 * Hardware and parameters that steps are timed with, and the rates that follow. Costs never change once they are made, so what was timed with them stays true as long as
 * they are the same object.
 */
import type { Layout } from "../../plan/layout.ts";
import { transformerParameterNames, type TransformerHardware, type TransformerValues } from "./parameters.ts";
import { makeRates, ratesOf, type Rates } from "./rates.ts";

export interface StepCosts {
  readonly hardware: TransformerHardware;
  readonly values: TransformerValues;
  /** Of the number formats and overlaps that were asked for last. */
  readonly rates: Rates;
  wideBytes: number;
  narrowBytes: number;
  tensor: boolean;
  expert: boolean;
}

export const makeStepCosts = (hardware: TransformerHardware, values: TransformerValues): StepCosts => ({ hardware: { ...hardware }, values: values.slice(), rates: makeRates(), wideBytes: 0, narrowBytes: 0, tensor: false, expert: false });

/** The same object for every call. */
export function ratesFor(costs: StepCosts, layout: Layout, wideBytes: number, narrowBytes: number): Rates {
  const { tensor, expert } = layout.overlap;
  if (costs.wideBytes === wideBytes && costs.narrowBytes === narrowBytes && costs.tensor === tensor && costs.expert === expert) return costs.rates;
  costs.wideBytes = wideBytes;
  costs.narrowBytes = narrowBytes;
  costs.tensor = tensor;
  costs.expert = expert;
  return ratesOf(costs.hardware, costs.values, layout, wideBytes, narrowBytes, costs.rates);
}

let last: StepCosts | null = null;

/** Those of the call before where all numbers are the same; the objects need not be. */
export function costsOf(hardware: TransformerHardware, values: TransformerValues): StepCosts {
  if (last !== null && haveSameHardware(last.hardware, hardware) && haveSameValues(last.values, values)) return last;
  last = makeStepCosts(hardware, values);
  return last;
}

function haveSameHardware(a: TransformerHardware, b: TransformerHardware): boolean {
  return (
    a.peak_flop_per_s === b.peak_flop_per_s && a.productSharing === b.productSharing && a.peak16_flop_per_s === b.peak16_flop_per_s && a.exponentials_per_s === b.exponentials_per_s && a.multiprocessors === b.multiprocessors && a.memory_bytes_per_s === b.memory_bytes_per_s &&
    a.devicesPerNode === b.devicesPerNode && a.domain === b.domain && a.injection_bytes_per_s === b.injection_bytes_per_s && a.hostLink_bytes_per_s === b.hostLink_bytes_per_s
  );
}

function haveSameValues(a: TransformerValues, b: TransformerValues): boolean {
  for (let at = 0; at < transformerParameterNames.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
