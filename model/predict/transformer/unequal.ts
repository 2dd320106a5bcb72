/**
 * What unequal devices add to a transformer's step. The stack's fitted jitter is the spread of equal nodes; slow devices, slow nodes and devices of another kind of the
 * machine document stretch what devices compute, and everybody waits for the slowest (variability/spread.ts). The stage of a slow device sets the pace of its pipeline,
 * so one slow device among all ranks is enough. Left out: a layout that gives a slow device fewer layers, and exchanges that begin late.
 */
import { makeTransformerHardware } from "../../cost/transformer/hardware.ts";
import { Result, resultLength } from "../../engine/pipeline/terms.ts";
import { timeStep } from "../../engine/pipeline/time-step.ts";
import type { Layout } from "../../plan/layout.ts";
import { InputError } from "../../problems.ts";
import { spreadOf } from "../../resources.ts";
import { equalDevices, slowestOf, type DeviceSpread } from "../../variability/spread.ts";
import type { PreparedTransformer } from "./prepare.ts";

const computed = [Result.ideal, Result.inefficiency, Result.memory, Result.launch, Result.head, Result.optimizer] as const;
const computeTime = (result: Float64Array): number => computed.reduce((sum, at) => sum + (result[at] as number), 0);

/** The machine's unequal devices, or null where its document names none. */
export function unequalDevices(prepared: PreparedTransformer, layout: Layout): DeviceSpread | null {
  const { architecture, hardware, posterior, scenario: { machine, otherDevice, plan } } = prepared;
  if (!machine.slowDevices && !machine.slowNodes && !machine.otherDevices) return null;
  let otherTime = 1;
  if (otherDevice) {
    const made = makeTransformerHardware(otherDevice, machine, plan.recipe, hardware.domain);
    if (made.hardware === undefined) throw new InputError([...made.problems]);
    const time = (of: typeof hardware) => computeTime(timeStep(architecture, layout, of, posterior.values, new Float64Array(resultLength)));
    otherTime = time(made.hardware) / time(hardware);
  }
  return { ...spreadOf(machine, otherTime), sigma: equalDevices.sigma, tail: equalDevices.tail, jitter: 0 };
}

/** Adds the wait for the slowest to a result of `timeStep`. */
export function addUnequal(result: Float64Array, spread: DeviceSpread | null, { devices }: Layout): Float64Array {
  if (spread === null) return result;
  const step = result[Result.step] as number;
  const jitter = result[Result.jitter] as number;
  const nodes = devices / spread.devicesPerNode;
  const perReach = nodes > 1 ? jitter / (step - jitter) / Math.sqrt(2 * Math.log(nodes)) : 0;
  const equal = (count: number) => 1 + (count > spread.devicesPerNode ? perReach * Math.sqrt(2 * Math.log(count / spread.devicesPerNode)) : 0);
  const added = computeTime(result) * (slowestOf(spread, devices, 1, equal) - equal(devices));
  result[Result.jitter] = jitter + added;
  result[Result.step] = step + added;
  return result;
}

/** A step with its unequal devices. */
export function timeFleet({ architecture, hardware }: PreparedTransformer, layout: Layout, values: Float64Array, spread: DeviceSpread | null): Float64Array {
  return addUnequal(timeStep(architecture, layout, hardware, values, new Float64Array(resultLength)), spread, layout);
}
