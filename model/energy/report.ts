/** The energy of a step as a prediction tells it: power by boundary with intervals, parts that add up, activities with what binds them. */
import type { ActivityPower, EnergyPart, EnergyReport, Estimate } from "../prediction.ts";
import { activities, demand_w, power_w, type Activity, type ActivityTimes } from "./power-law.ts";
import type { PowerModel } from "./power-model.ts";
import { nodePower_w, partsOfNode_w, powerAt, stepPower, widest, type JobSize, type StepPower } from "./step-power.ts";

export const activityLabels: Readonly<Record<Activity, string>> = {
  products: "Matrix products",
  memory: "Memory traffic",
  communication: "Messages, exposed",
  waiting: "Waiting",
};
const activityGroups = { products: "compute", memory: "memory", communication: "comm", waiting: "wait" } as const;

/** Interval of an output of the step's power; the caller joins what it knows of the step's time. */
export type Estimator = (of: (power: StepPower) => number) => Estimate;

export function reportEnergy(model: PowerModel, times: ActivityTimes, job: JobSize, samplesPerStep: number, estimate: Estimator): EnergyReport {
  const power = stepPower(model, times, job);
  const boundary = widest(power);
  const known = (of: (power: StepPower) => number | null): Estimate | null => (of(power) === null ? null : estimate((one) => of(one) ?? Number.NaN));
  const at = (one: StepPower): number => powerAt(one, boundary);
  const { intensity_kg_per_J: intensity } = model;
  return {
    power_w: { device: estimate(({ device_w }) => device_w), node: known(({ node_w }) => node_w), system: known(({ system_w }) => system_w), site: known(({ site_w }) => site_w) },
    perStep_J: {
      devices: estimate(({ devices_w, step_s }) => devices_w * step_s),
      nodes: known(({ nodes_w, step_s }) => (nodes_w === null ? null : nodes_w * step_s)),
      system: known(({ system_w, step_s }) => (system_w === null ? null : system_w * step_s)),
      site: known(({ site_w, step_s }) => (site_w === null ? null : site_w * step_s)),
    },
    boundary,
    perSample_J: estimate((one) => (at(one) * one.step_s) / samplesPerStep),
    carbonPerStep_kg: intensity === null ? null : estimate((one) => at(one) * one.step_s * intensity),
    grid: model.grid,
    parts: listParts(model, times, job, power),
    activities: activities.map((activity) => describeActivity(model, times, activity)).filter(({ time_s }) => time_s > 0),
    unknown: [...model.unknown],
  };
}

function describeActivity({ device }: PowerModel, times: ActivityTimes, activity: Activity): ActivityPower {
  const share = activity === "products" || activity === "memory" ? times[activity] : null;
  const asked = demand_w(device, activity, share ?? 0);
  return { activity, label: activityLabels[activity], time_s: times[`${activity}_s`], share, power_w: power_w(device, activity, share ?? 0), demand_w: asked, limited: asked > device.board_w };
}

/** Parts of the energy of a step at the widest known boundary. */
function listParts(model: PowerModel, times: ActivityTimes, { nodes, boards }: JobSize, power: StepPower): EnergyPart[] {
  const { step_s } = power;
  const parts: EnergyPart[] = [];
  const add = (id: string, label: string, group: EnergyPart["group"], perStep_J: number) => {
    if (perStep_J > 0) parts.push({ id, label, group, perStep_J });
  };
  for (const activity of activities) {
    const share = activity === "products" || activity === "memory" ? times[activity] : 0;
    add(`devices-${activity}`, `Devices: ${activityLabels[activity].toLowerCase()}`, activityGroups[activity], boards * times[`${activity}_s`] * power_w(model.device, activity, share));
  }
  const { node } = model;
  if (node === null) return parts;
  const all_s = nodes * step_s;
  const idle = Math.max(0, model.devicesPerNode - boards / nodes);
  add("devices-unused", "Devices of the nodes that are not used", "other", all_s * idle * model.device.idle_w);
  add("processors", "Host processors", "host", all_s * node.processors_w);
  add("memory", "Host memory", "host", all_s * node.memory_w);
  add("ports", "Network ports", "comm", all_s * node.networkPorts_w);
  add("device-switches", "Switches between devices", "comm", all_s * node.deviceSwitches_w);
  add("local-storage", "Local storage", "storage", all_s * node.localStorage_w);
  add("other", "Boards, regulators, management", "other", all_s * node.other_w);
  const before_w = power.device_w * (boards / nodes) + model.device.idle_w * idle + partsOfNode_w(model);
  add("fans", "Fans", "other", all_s * before_w * model.fans);
  add("conversion", "Power supplies", "other", all_s * (nodePower_w(model, power.device_w, boards / nodes) - before_w * (1 + model.fans)));
  add("switches", "Switches of the fabric", "comm", all_s * (model.switches_w ?? 0));
  add("file-system", "File system", "storage", all_s * (model.fileSystem_w ?? 0));
  if (power.site_w !== null && power.system_w !== null) add("site", "Cooling and supply of the site", "other", (power.site_w - power.system_w) * step_s);
  return parts;
}
