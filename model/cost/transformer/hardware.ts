/** What a transformer's costs take from a device and a machine document, in SI; what a document lacks is a problem. */
import { missingKey, type Problem } from "../../problems.ts";
import type { Layout } from "../../plan/layout.ts";
import type { Device } from "../../schema/device.ts";
import type { Machine } from "../../schema/machine.ts";
import type { TransformerHardware } from "./parameters.ts";

type Recipe = Layout["recipe"];
type PeakName = keyof Device["peaks"];

/** Formats whose rate a recipe's products have, the first that the device has. */
export const recipePeaks: Readonly<Record<Recipe, readonly PeakName[]>> = {
  fp32: ["fp32"],
  tf32: ["tf32"],
  fp16: ["fp16", "bf16"],
  bf16: ["bf16", "fp16"],
  fp8: ["fp8"],
  "fp8-block": ["fp8"],
  mxfp8: ["fp8"],
  nvfp4: ["fp4"],
  mxfp4: ["fp4"],
};

const peakNameOf = (device: Device, recipe: Recipe): PeakName | undefined => recipePeaks[recipe].find((name) => device.peaks[name] !== undefined);

function peakOf(device: Device, recipe: Recipe): number | undefined {
  const name = peakNameOf(device, recipe);
  return name === undefined ? undefined : device.peaks[name]?.value;
}

/** `domain`: devices that the fast link joins where a run says so, such as the chips of a slice. */
export function makeTransformerHardware(device: Device, machine: Machine, recipe: Recipe, domain?: number): { readonly hardware?: TransformerHardware; readonly problems: readonly Problem[] } {
  const peak_flop_per_s = peakOf(device, recipe);
  const peak16_flop_per_s = peakOf(device, "bf16");
  if (peak_flop_per_s === undefined || peak16_flop_per_s === undefined) {
    const wanted = peak_flop_per_s === undefined ? recipePeaks[recipe] : recipePeaks.bf16;
    return { problems: [missingKey(`devices/${device.id}: peaks.${wanted[0]}`, `the dense peak of ${wanted.join(" or ")}, which ${recipe} runs with; the device has ${Object.keys(device.peaks).join(", ")}`)] };
  }
  const { node } = machine;
  const name = peakNameOf(device, recipe);
  const sharing = name === undefined ? undefined : node.productSharing?.[name]?.value;
  const hardware: TransformerHardware = {
    peak_flop_per_s,
    ...(sharing === undefined ? {} : { productSharing: sharing }),
    peak16_flop_per_s,
    ...(device.exponentials === undefined ? {} : { exponentials_per_s: device.exponentials.value }),
    multiprocessors: device.multiprocessors.value,
    memory_bytes_per_s: device.memory.bandwidth.value,
    memory_bytes: (device.memory.visible ?? device.memory.capacity).value,
    devicesPerNode: node.devices.value,
    domain: domain ?? node.deviceLink?.domain ?? node.devices.value,
    injection_bytes_per_s: node.injection.value,
    hostLink_bytes_per_s: Math.min(node.hostLink.bandwidth.value, (node.hostLink.node?.value ?? Number.POSITIVE_INFINITY) / node.devices.value),
  };
  return { hardware, problems: [] };
}
