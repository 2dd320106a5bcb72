/**
 * Documents -> numbers of the power of a machine: its devices, what else is in a node, what nodes share, what the site adds. What a document leaves out is null here and named, so that
 * a result ends at the widest boundary that is known. Source of the law's parameters: the calibration document of the scope "power".
 */
import type { Calibration, PowerCalibration } from "../schema/calibration.ts";
import { isPowerCalibration } from "../schema/calibration.ts";
import type { Device } from "../schema/device.ts";
import type { Grid } from "../schema/grid.ts";
import type { Machine } from "../schema/machine.ts";
import { powerParameters, type DevicePower, type PowerLaw } from "./power-law.ts";

/** Watt of one node besides its devices, by part. */
export interface NodeParts {
  readonly processors_w: number;
  readonly memory_w: number;
  readonly networkPorts_w: number;
  readonly deviceSwitches_w: number;
  readonly localStorage_w: number;
  readonly other_w: number;
}

export interface PowerModel {
  readonly device: DevicePower;
  /** No document states the idle power: it is a share of the board's. */
  readonly idleAssumed: boolean;
  /** Boards of a node; ranks that take turns on one are counted once. */
  readonly devicesPerNode: number;
  readonly node: NodeParts | null;
  readonly fans: number;
  readonly conversion: number;
  /** Per node of the machine. */
  readonly switches_w: number | null;
  readonly fileSystem_w: number | null;
  readonly pue: number | null;
  readonly intensity_kg_per_J: number | null;
  /** Where that is from; null where it is not known. */
  readonly grid: { readonly region: string; readonly year: number; readonly source: string } | null;
  /** What the documents do not say, in words. */
  readonly unknown: readonly string[];
}

export interface PowerSources {
  readonly device: Device;
  readonly machine: Machine;
  readonly calibrations: readonly Calibration[];
  readonly grid: Grid | null;
}

export const findPowerLaw = (calibrations: readonly Calibration[]): PowerCalibration | undefined => calibrations.find(isPowerCalibration);

export function lawOf(calibration: PowerCalibration): PowerLaw {
  return Object.fromEntries(powerParameters.map((name) => [name, calibration.parameters[name]?.value ?? Number.NaN])) as unknown as PowerLaw;
}

/** Undefined where the device document states no power, or no calibration holds the law. */
export function makePowerModel({ device, machine, calibrations, grid }: PowerSources): PowerModel | undefined {
  const calibration = findPowerLaw(calibrations);
  if (device.power === undefined || calibration === undefined) return undefined;
  const { power } = machine;
  const unknown: string[] = [];
  const tell = <T>(value: T | undefined, words: string): T | null => {
    if (value === undefined) unknown.push(words);
    return value ?? null;
  };
  const devicesPerNode = Math.max(1, machine.node.devices.value / machine.node.timeSharing);
  const processors = tell(power?.processors, "host processors");
  const processors_w = processors === null ? 0 : processors.count.value * (processors.idle.value + (processors.full.value - processors.idle.value) * processors.load.value);
  const parts: NodeParts | null = power === undefined || processors === null ? null : {
    processors_w,
    memory_w: tell(power.memory?.value, "host memory") ?? 0,
    networkPorts_w: power.networkPorts === undefined ? 0 : power.networkPorts.count.value * power.networkPorts.each.value,
    deviceSwitches_w: power.deviceSwitches?.value ?? 0,
    localStorage_w: power.localStorage?.value ?? 0,
    other_w: power.other?.value ?? 0,
  };
  const idleShare = calibration.parameters["idle"]?.value ?? 0;
  const rated_w = device.power.value;
  // One budget for the device and its processor: the processor takes its part first.
  const board_w = power?.moduleCap === undefined ? rated_w : Math.min(rated_w, Math.max(1, power.moduleCap.value - processors_w / devicesPerNode));
  if (device.idlePower === undefined) unknown.push(`idle power of the ${device.title} (taken as ${Math.round(idleShare * 100)} % of its board power)`);
  const { nodes } = machine;
  const newest = grid?.years.toSorted((a, b) => b.year - a.year)[0];
  return {
    device: { board_w, idle_w: Math.min(board_w, device.idlePower?.value ?? idleShare * rated_w), law: lawOf(calibration) },
    idleAssumed: device.idlePower === undefined,
    devicesPerNode,
    node: parts,
    fans: tell(power?.fans?.value, "fans") ?? 0,
    conversion: tell(power?.conversion?.value, "losses of power supplies") ?? 1,
    switches_w: tell(power?.switches === undefined ? undefined : (power.switches.count.value * power.switches.each.value) / nodes.value, "switches of the fabric"),
    fileSystem_w: tell(power?.fileSystem === undefined ? undefined : power.fileSystem.value / nodes.value, "the file system"),
    pue: tell(power?.pue?.value, "what the site adds (PUE)"),
    intensity_kg_per_J: tell(newest?.intensity.value, "what its electricity emits"),
    grid: grid === null || newest === undefined ? null : { region: grid.region, year: newest.year, source: newest.intensity.source },
    unknown,
  };
}
