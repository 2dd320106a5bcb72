/** Staging of a prepared scenario by any strategy: the plan's own for the prediction, all of them side by side over nodes for the race. */
import { networkAt } from "../cost/index.ts";
import { stagingTime } from "../io/staging.ts";
import type { StagingRace, StagingReport, StagingStrategy, StagingTime } from "../prediction-input.ts";
import type { Prepared } from "./prepare.ts";

const strategies = ["naive", "exchange", "shards"] as const satisfies readonly StagingStrategy[];

/** Null where nodes have no storage of their own. */
export function stageBy({ scenario, resources }: Prepared, mode: StagingStrategy, devices: number): StagingTime | null {
  const { plan, machine, workload, stack } = scenario;
  const storage = machine.node.localStorage;
  if (!storage) return null;
  const { nodes, fabric_bytes_per_s } = networkAt(resources, devices);
  return stagingTime({
    mode,
    nodes,
    samplesPerNode: plan.staging.samplesPerNode,
    datasetSamples: workload.dataset.samples.value,
    sample_bytes: resources.input.stored_bytes,
    samplesPerFile: resources.input.samplesPerFile,
    home: resources.input.home,
    streams: stack.staging.streams ?? null,
    nodeReceive_bytes_per_s: Math.min(fabric_bytes_per_s, stack.staging.nodeReceive.value),
    localWrite_bytes_per_s: storage.write.value,
    localCapacity_bytes: storage.capacity?.value ?? null,
  });
}

export const stagingAt = (prepared: Prepared, devices: number): StagingTime | null => {
  const { mode } = prepared.scenario.plan.staging;
  return mode === "none" ? null : stageBy(prepared, mode, devices);
};

export function describeStaging({ scenario }: Prepared, time: StagingTime | null): StagingReport | null {
  const { mode } = scenario.plan.staging;
  return time === null || mode === "none" ? null : { mode, binds: bindsStaging(time), ...time };
}

export function bindsStaging({ time_s, read_s, metadata_s, exchange_s }: StagingTime): StagingReport["binds"] {
  if (time_s === read_s) return "read";
  if (time_s === metadata_s) return "metadata";
  return time_s === exchange_s ? "exchange" : "write";
}

/** Every strategy at powers of two of nodes up to the whole machine, with what a node holds; null where nodes have no storage of their own. */
export function stagingRace(prepared: Prepared): StagingRace | null {
  const { machine, plan, workload } = prepared.scenario;
  if (!machine.node.localStorage) return null;
  const perNode = machine.node.devices.value;
  const nodes = [...new Set([...Array.from({ length: Math.floor(Math.log2(machine.nodes.value)) + 1 }, (_, power) => 2 ** power), machine.nodes.value])];
  return {
    chosen: plan.staging.mode,
    dataset_bytes: workload.dataset.samples.value * prepared.resources.input.stored_bytes,
    strategies: strategies.flatMap((strategy) => {
      const points = nodes.flatMap((count) => {
        const time = stageBy(prepared, strategy, count * perNode);
        return time === null ? [] : [{ nodes: count, time_s: time.time_s, binds: bindsStaging(time), held: time.share_bytes > 0 ? time.held_bytes / time.share_bytes : 1 }];
      });
      return points.length === 0 ? [] : [{ strategy, points }];
    }),
  };
}
