/** Host links of machines whose processor is Grace: copies go over NVLink-C2C, which NVIDIA's documents say has 450 GB/s a direction for each processor. */
import { expect, it } from "vitest";
import { makeTransformerHardware } from "../../../../model/cost/transformer/hardware.ts";
import type { Device } from "../../../../model/schema/device.ts";
import type { Machine } from "../../../../model/schema/machine.ts";
import { parseDocument } from "../../../../model/schema/parse.ts";
import { library } from "../../../support/library.ts";

const machineOf = (id: string) => parseDocument("machine", library.documents.machine[id], id).document as unknown as Machine;
function linkOf(machine: Machine): number {
  const device = parseDocument("device", library.documents.device[machine.node.device], machine.node.device).document as unknown as Device;
  const { hardware } = makeTransformerHardware(device, machine, "bf16");
  return hardware?.hostLink_bytes_per_s ?? Number.NaN;
}

const oneDirection = 450e9;

it.each([
  ["gh200-cluster", 4],
  ["gb200-nvl72", 2],
  ["gb200-nvl72-20-racks", 2],
  ["gb300-nvl72", 2],
])("%s: its %d processors a node carry less than their data sheet, and more than any PCIe would", (id, processors) => {
  const machine = machineOf(id);
  const perProcessor = (linkOf(machine) * machine.node.devices.value) / processors;
  expect(perProcessor).toBeLessThan(oneDirection);
  expect(perProcessor).toBeGreaterThan(0.6 * oneDirection);
  expect(linkOf(machine)).toBeGreaterThan(2 * linkOf(machineOf("dgx-b200")));
  expect(machine.node.hostLink.bandwidth.high).toBe(oneDirection);
});
