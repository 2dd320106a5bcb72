/** Steps of a transformer on drawn fleets: which devices are slow is drawn with a seed, the step of each fleet is simulated pass by pass, and stands beside the expectation. */
import { simulateTransformerFleet } from "../engine/pipeline/events/simulate-fleet.ts";
import { Result } from "../engine/pipeline/terms.ts";
import type { Layout } from "../plan/layout.ts";
import type { PreparedTransformer } from "../predict/transformer/prepare.ts";
import { timeFleet, unequalDevices } from "../predict/transformer/unequal.ts";
import { equalDevices } from "../variability/spread.ts";
import { drawFleets } from "./fleets.ts";

export interface TransformerFleetSteps {
  readonly analytic_s: number;
  /** Mean over the fleets. */
  readonly step_s: number;
  readonly draws_s: readonly number[];
}

export function simulateTransformerFleets(prepared: PreparedTransformer, layout: Layout, options: { readonly draws?: number; readonly seed?: number } = {}): TransformerFleetSteps {
  const { architecture, hardware, posterior, scenario } = prepared;
  const spread = unequalDevices(prepared, layout);
  const analytic_s = timeFleet(prepared, layout, posterior.values, spread)[Result.step] as number;
  const draw = drawFleets({ devices: layout.devices, seed: options.seed ?? 1, spread: spread ?? { ...equalDevices, devicesPerNode: scenario.machine.node.devices.value }, jitter: 0, slowNode: 1 });
  const stepOf = simulateTransformerFleet(architecture, layout, hardware, posterior.values);
  const draws_s = Array.from({ length: options.draws ?? 20 }, () => stepOf(draw().all));
  return { analytic_s, step_s: draws_s.reduce((sum, one) => sum + one, 0) / draws_s.length, draws_s };
}
