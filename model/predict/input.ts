/** What input needs and what storage, workers and links supply, stage by stage and tier by tier; and in words what follows where something does not fit. */
import { inputAt, inputQueueAt, networkAt } from "../cost/index.ts";
import { expectedMaximum } from "../variability/slowest.ts";
import { queueWait } from "../io/queue.ts";
import { allClientsRead, nodeRead } from "../io/tiers.ts";
import type { ScalePoint } from "../prediction.ts";
import type { InputReport, InputTier } from "../prediction-input.ts";
import { formatCount, formatNumber, showQuantity } from "../units.ts";
import type { Outputs } from "./outputs.ts";
import type { Prepared } from "./prepare.ts";

export function describeInput({ resources, scenario }: Prepared, devices: number, { terms }: Outputs): InputReport {
  const { input } = resources;
  const { devicesPerNode, nodes } = networkAt(resources, devices);
  const times = inputAt(resources, devices);
  const queue = inputQueueAt(resources, devices);
  const without_s = terms.step_s - terms.added_s.input;
  const samples = input.samplesPerDevice;
  const tiers: InputTier[] = [];
  const needNode = (input.stored_bytes * samples * devicesPerNode) / terms.step_s;
  const wantedNode = (input.stored_bytes * samples * devicesPerNode) / without_s;
  const add = (id: InputTier["id"], name: string, share: number, supply: number) => share > 0 && tiers.push({ id, name, share, need_bytes_per_s: needNode * share, wanted_bytes_per_s: wantedNode * share, supply_bytes_per_s: supply });
  add("page-cache", "host memory", times.shares.cache, input.pageCache?.read_bytes_per_s ?? 0);
  add("local", scenario.machine.node.localStorage?.kind === "dram" ? "node memory" : "node NVMe", times.shares.local, input.staged?.read_bytes_per_s ?? 0);
  add("shared", input.home.name, times.shares.shared, nodeRead(input.home, nodes, times.workersPerDevice * devicesPerNode));
  const stages = ([["read", times.read_s, times.readSpread], ["decode", times.decode_s, times.decodeSpread], ["copy", times.copy_s, 0]] as const).map(([id, time_s, spread]) => ({ id, time_s, spread, supply_samples_per_s: time_s > 0 ? samples / time_s : null }));
  const variability_s = queue === null ? 0 : queueWait(queue, without_s, devices, expectedMaximum);
  const slowest = stages.reduce((a, b) => (b.time_s > a.time_s ? b : a));
  return {
    place: scenario.stack.input.place,
    demand_samples_per_s: samples / without_s,
    stages: scenario.stack.input.place === "memory" ? [] : stages,
    slowest: slowest.id,
    tiers: scenario.stack.input.place === "memory" ? [] : tiers,
    sharedSupply_bytes_per_s: allClientsRead(input.home),
    workers: { asked: input.workersPerDevice, running: times.workersPerDevice, cores: input.workerCores },
    prefetch: input.prefetch,
    wait_s: terms.added_s.input,
    variability_s,
    firstEpochStep_s: times.firstRead_s > times.read_s ? Math.max(without_s, times.firstRead_s, times.decode_s, times.copy_s) : null,
    dataset_bytes: input.datasetSamples * input.stored_bytes,
  };
}

/** Where something does not fit: what, and what follows from it, with numbers of the largest scale. */
export function inputNotes({ scenario, resources }: Prepared, points: readonly ScalePoint[]): string[] {
  const notes: string[] = [];
  const { machine, plan } = scenario;
  const last = points.at(-1);
  if (last === undefined || last.input.place === "memory") return notes;
  const { staging, input } = last;
  if (staging && staging.held_bytes < staging.share_bytes) {
    const left = last.input.tiers.find(({ id }) => id === "shared");
    notes.push(`The staged share of ${showQuantity(staging.share_bytes, "data")} does not fit the node's storage of ${showQuantity(staging.held_bytes, "data")}: ${showQuantity(1 - staging.held_bytes / staging.share_bytes, "fraction", 2)} of it is read from ${resources.input.home.name} in every epoch${left ? `, ${showQuantity(left.need_bytes_per_s, "bandwidth")} a node of ${showQuantity(left.supply_bytes_per_s, "bandwidth")} that it gets` : ""}. What would fit: more nodes with staging "shards", or fewer samples per node.`);
  }
  const capacity = machine[plan.input.tier === "burst-buffer" ? "burstBuffer" : "fileSystem"]?.capacity?.value;
  if (capacity !== undefined && input.dataset_bytes > capacity) notes.push(`The data set of ${showQuantity(input.dataset_bytes, "data")} does not fit ${resources.input.home.name} (${showQuantity(capacity, "data")}): times are as if it did.`);
  if (input.workers.running < input.workers.asked) {
    notes.push(`${formatCount(input.workers.asked * scenario.machine.node.devices.value)} workers a node share ${formatCount(input.workers.cores ?? 0)} cores: a device's ${input.workers.asked} decode as fast as ${formatNumber(input.workers.running)} with a core each${input.wait_s > 0 && input.slowest === "decode" ? `, and the step waits ${showQuantity(input.wait_s, "time")} for them` : ""}.`);
  }
  if (input.wait_s > 0 && input.slowest === "read" && plan.staging.mode === "none" && machine.node.localStorage) notes.push(`Reading in place keeps the step waiting ${showQuantity(input.wait_s, "time")}: staging to the node's own storage is not used.`);
  if (staging?.mode === "shards" || (plan.input.shuffle === "within-node" && plan.staging.mode === "none")) notes.push("Every node trains on its own part of the data set in every epoch: what that costs in steps to accuracy is not modelled.");
  return notes;
}

/** What decides the wait of a step for its input, with numbers. */
export function inputWords(prepared: Prepared, devices: number, outputs: Outputs): string {
  const { stages, slowest, demand_samples_per_s, variability_s, tiers, workers } = describeInput(prepared, devices, outputs);
  const stage = stages.find(({ id }) => id === slowest);
  const supply = stage?.supply_samples_per_s ?? null;
  const by = slowest === "decode" ? `${formatNumber(workers.running)} workers` : slowest === "read" ? tiers.map(({ name }) => name).join(" and ") : "the host link";
  const rate = supply === null ? "" : `${by} give ${showQuantity(supply, "samples")} of ${showQuantity(demand_samples_per_s, "samples")} that a device takes`;
  return variability_s > 0 ? `${rate}; ${showQuantity(variability_s, "time")} because batches vary` : rate;
}
