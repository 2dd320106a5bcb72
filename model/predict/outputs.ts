/** The outputs of one prepared scenario at one number of devices, without intervals. */
import { networkAt } from "../cost.ts";
import { stepTerms, stepTime, type StepTerms } from "../engine/terms.ts";
import { stagingTime, type StagingTime } from "../io/staging.ts";
import type { Prepared } from "./prepare.ts";

export interface Outputs {
  terms: StepTerms;
  /** Step of one device alone in the same configuration. */
  single_s: number;
  staging: StagingTime | null;
}

export function outputsAt(prepared: Prepared, devices: number): Outputs {
  const { program, resources, local } = prepared;
  return { terms: stepTerms(program, resources, devices, local), single_s: stepTime(program, resources, 1, local), staging: stagingAt(prepared, devices) };
}

export function stagingAt({ scenario, resources, sample_bytes }: Prepared, devices: number): StagingTime | null {
  const { plan, machine, workload, stack } = scenario;
  const storage = machine.node.localStorage;
  if (plan.staging.mode === "none" || !storage) return null;
  const { nodes, fabric_bytes_per_s } = networkAt(resources, devices);
  return stagingTime({
    mode: plan.staging.mode,
    nodes,
    samplesPerNode: plan.staging.samplesPerNode,
    datasetSamples: workload.dataset.samples.value,
    sample_bytes,
    fileSystemRead_bytes_per_s: machine.fileSystem.read.value,
    fileSystemNodeRead_bytes_per_s: machine.fileSystem.nodeRead.value,
    nodeReceive_bytes_per_s: Math.min(fabric_bytes_per_s, stack.staging.nodeReceive.value),
    localWrite_bytes_per_s: storage.write.value,
  });
}
