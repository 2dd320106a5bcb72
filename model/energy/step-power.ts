/**
 * Mean power over one step, from the devices outward: node = (devices + parts) (1 + fans) / conversion; system = nodes with their share of switches and file system; site = system x PUE.
 * Boards of a node that the job does not use idle. Without a word on the rest of a node, or on what the site adds, the power there is null; smaller parts that no document states
 * are left out of the sum and named in the model's `unknown`.
 */
import { deviceEnergy_J, type ActivityTimes } from "./power-law.ts";
import type { PowerModel } from "./power-model.ts";

export interface StepPower {
  readonly step_s: number;
  /** Mean of one device at work; all of them. */
  readonly device_w: number;
  readonly devices_w: number;
  /** Mean node; all nodes; with what they share; with what the site adds. */
  readonly node_w: number | null;
  readonly nodes_w: number | null;
  readonly system_w: number | null;
  readonly site_w: number | null;
}

export interface JobSize {
  readonly nodes: number;
  /** Devices at work in all nodes. */
  readonly boards: number;
}

export const stepOf = ({ products_s, memory_s, communication_s, waiting_s }: ActivityTimes): number => products_s + memory_s + communication_s + waiting_s;

export const partsOfNode_w = ({ node }: PowerModel): number => (node === null ? 0 : node.processors_w + node.memory_w + node.networkPorts_w + node.deviceSwitches_w + node.localStorage_w + node.other_w);

export function nodePower_w(model: PowerModel, device_w: number, boards: number): number {
  const { device, devicesPerNode, fans, conversion } = model;
  return ((device_w * boards + device.idle_w * Math.max(0, devicesPerNode - boards) + partsOfNode_w(model)) * (1 + fans)) / conversion;
}

export function stepPower(model: PowerModel, times: ActivityTimes, { nodes, boards }: JobSize): StepPower {
  const step_s = stepOf(times);
  const device_w = step_s > 0 ? deviceEnergy_J(model.device, times) / step_s : model.device.idle_w;
  const node_w = model.node === null ? null : nodePower_w(model, device_w, boards / nodes);
  const nodes_w = node_w === null ? null : node_w * nodes;
  const system_w = nodes_w === null ? null : nodes_w + nodes * ((model.switches_w ?? 0) + (model.fileSystem_w ?? 0));
  return { step_s, device_w, devices_w: device_w * boards, node_w, nodes_w, system_w, site_w: system_w === null || model.pue === null ? null : system_w * model.pue };
}

export const energyBoundaries = ["site", "system", "nodes", "devices"] as const;
export type EnergyBoundary = (typeof energyBoundaries)[number];

/** The widest boundary that is known. */
export const widest = (power: StepPower): EnergyBoundary => energyBoundaries.find((boundary) => power[`${boundary}_w`] !== null) ?? "devices";

export const powerAt = (power: StepPower, boundary: EnergyBoundary): number => power[`${boundary}_w`] ?? Number.NaN;
