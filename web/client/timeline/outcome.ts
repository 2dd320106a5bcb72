/** The answer to one question of the timeline. Pure, so that tests compute it without a worker. */
import { limitsOf } from "../../../model/explain/limits.ts";
import { resolveScenario, simulate } from "../../../model/index.ts";
import type { Problem } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import { chooseDevices } from "../data/devices.ts";
import { upperPrecision } from "../format.ts";
import type { SimulationOutcome, SimulationQuestion } from "./protocol.ts";

export type Simulated = { outcome: Omit<SimulationOutcome, "elapsed_ms">; problems?: undefined } | { outcome?: undefined; problems: readonly Problem[] };

export function simulateOutcome(library: Library, { selection, devices, options }: SimulationQuestion, say: (words: string) => void): Simulated {
  const resolved = resolveScenario(library, selection);
  if (!resolved.scenario) return { problems: resolved.problems };
  const { scenario } = resolved;
  const perNode = scenario.machine.node.devices.value;
  const scales = chooseDevices(scenario.run, perNode, scenario.machine.nodes.value * perNode, devices === null ? [] : [devices]);
  const simulation = simulate(scenario, { devices: devices ?? scales.at(-1) ?? 1, ...options, say });
  return {
    outcome: {
      simulation, scales, limits: limitsOf(scenario, simulation.devices),
      title: scenario.run?.title ?? `${scenario.workload.title} on ${scenario.machine.title}, ${upperPrecision(scenario.plan.precision)}`,
      device: scenario.device.title, stack: scenario.stack.title,
    },
  };
}
