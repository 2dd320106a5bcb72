/**
 * What a run's own choices were worth: the same scenario with one of them taken back, at one number of devices, without intervals. Only choices that the scenario makes
 * are asked about; every alternative is a change of documents that anyone can type. Left out: what two changes do together, and steps to accuracy.
 */
import { outputsAt, type Outputs } from "../predict/outputs.ts";
import { prepare, type Prepared } from "../predict/prepare.ts";
import { resolveScenario } from "../resolve/resolve.ts";
import type { Protocol } from "../resolve/parameters.ts";
import type { Changes, Library, Scenario, Selection } from "../scenario.ts";

export interface Alternative {
  readonly label: string;
  readonly changes: Changes;
  readonly step_s: number;
  /** Share by which a step gets longer; negative where it gets shorter. */
  readonly longer: number;
  /** Sums of gradients and agreement on them that hide behind other work. */
  readonly hidden_s: number;
  /** Null where nothing is staged. */
  readonly staging_s: number | null;
}

export interface Alternatives {
  readonly devices: number;
  readonly step_s: number;
  readonly hidden_s: number;
  readonly staging_s: number | null;
  readonly others: readonly Alternative[];
}

interface Question {
  readonly label: string;
  readonly changes: Changes;
  readonly asked: boolean;
}

function questionsOf({ workload, plan, stack }: Scenario): Question[] {
  const channels = "options" in workload && "channels" in workload.options && typeof workload.options.channels === "number" ? workload.options.channels : 0;
  const leaders = stack.collective.leaders ?? 1;
  return [
    { label: `3 input channels instead of ${channels}`, changes: { "workload.options.channels": 3 }, asked: channels > 3 },
    { label: "naive staging", changes: { "plan.staging.mode": "naive" }, asked: plan.staging.mode === "exchange" },
    { label: "no gradient lag", changes: { "plan.gradientLag": 0 }, asked: plan.gradientLag > 0 },
    { label: "a flat control plane", changes: { "stack.controlPlane.kind": "flat" }, asked: stack.controlPlane.kind === "tree" },
    { label: `one leader per node instead of ${leaders}`, changes: { "stack.collective.leaders": 1 }, asked: leaders > 1 && stack.collective.algorithm === "hierarchical" },
    { label: "1 % of the GPUs a tenth slower", changes: { "machine.slowDevices.share": "1 %", "machine.slowDevices.slowdown": 1.1 }, asked: true },
  ].filter(({ asked }) => asked);
}

/** The scenario of `selection` must resolve. An alternative that does not (a document without that key) is left out. */
export function alternativesOf(library: Library, selection: Selection, scenario: Scenario, devices: number, protocol: Protocol = "leave-one-series-out"): Alternatives {
  const own = outputsOf(prepare(scenario, protocol), devices);
  const others = questionsOf(scenario).flatMap(({ label, changes }): Alternative[] => {
    const changed = resolveScenario(library, { ...selection, changes: { ...selection.changes, ...changes } });
    if (!changed.scenario) return [];
    const outputs = outputsOf(prepare(changed.scenario, protocol), devices);
    return [{ label, changes, step_s: outputs.step_s, longer: outputs.step_s / own.step_s - 1, hidden_s: outputs.hidden_s, staging_s: outputs.staging_s }];
  });
  return { devices, ...own, others };
}

function outputsOf(prepared: Prepared, devices: number): { step_s: number; hidden_s: number; staging_s: number | null } {
  const { terms, staging }: Outputs = outputsAt(prepared, devices);
  const { communication = 0, "control-plane": agreement = 0 } = terms.overlapped_s;
  return { step_s: terms.step_s, hidden_s: communication + agreement, staging_s: staging?.time_s ?? null };
}
