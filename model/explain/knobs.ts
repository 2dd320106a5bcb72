/** The inputs that a reader of a page turns: each with its range, the value it has and how it is known. The page and `show` list the same ones. */
import type { Scenario } from "../scenario.ts";
import { isFact, type Fact, type FactKind } from "../schema/fact.ts";
import { optimizers, stagingModes } from "../schema/plan.ts";
import type { Dimension } from "../units.ts";

export type KnobControl = { type: "number"; min: number; max: number; step?: number; log?: boolean; dimension: Dimension } | { type: "choice"; options: string[] };

export interface Knob {
  path: string;
  label: string;
  group: "Plan" | "Network" | "Device" | "Data" | "Software";
  control: KnobControl;
  /** SI value of a number, the word of a choice. */
  value: number | string;
  text: string;
  kind: FactKind;
  low?: number;
  high?: number;
  help: string;
}

type Row = Pick<Knob, "path" | "label" | "group" | "help"> & { control: KnobControl };

const quantity = (dimension: Dimension, min: number, max: number): KnobControl => ({ type: "number", min, max, log: true, dimension });
const whole = (min: number, max: number, log = false): KnobControl => ({ type: "number", min, max, step: 1, log, dimension: "count" });
const choice = (options: readonly string[]): KnobControl => ({ type: "choice", options: [...options] });

const rows: readonly Row[] = [
  { path: "plan.samplesPerDevice", label: "Samples per GPU", group: "Plan", control: whole(1, 64, true), help: "Local batch of one device in one step" },
  { path: "plan.precision", label: "Precision", group: "Plan", control: choice(["fp32", "fp16"]), help: "Of convolutions and activations; FP16 uses tensor cores where the device has them" },
  { path: "plan.gradientLag", label: "Gradient lag", group: "Plan", control: whole(0, 8), help: "1 applies the gradients of the step before, so that their sum hides behind a whole step; what that may cost in samples to the target is told beside the prediction" },
  { path: "plan.fusion", label: "Fusion buffer", group: "Plan", control: quantity("data", 2 ** 20, 2 ** 30), help: "Gradients are summed in buffers of at most this size" },
  { path: "plan.optimizer", label: "Optimizer", group: "Plan", control: choice(optimizers), help: "Decides the memory traffic of the update; steps to accuracy are not modelled" },
  { path: "machine.node.injection", label: "Injection per node", group: "Network", control: quantity("bandwidth", 1e9, 400e9), help: "All network interfaces of a node together, one direction" },
  { path: "machine.fabric.efficiency", label: "Reached share of injection", group: "Network", control: { type: "number", min: 0.1, max: 1, dimension: "fraction" }, help: "What a large reduction reaches of the injection bandwidth" },
  { path: "machine.node.deviceLink.bandwidth", label: "Link inside the node", group: "Network", control: quantity("bandwidth", 5e9, 1000e9), help: "Per device and direction, as a collective reaches it" },
  { path: "stack.collective.algorithm", label: "All-reduce", group: "Network", control: choice(["hierarchical", "ring", "tree"]), help: "How gradients are summed over all devices" },
  { path: "stack.collective.leaders", label: "MPI leaders per node", group: "Network", control: whole(1, 8), help: "Ranks of a node that talk to other nodes at the same time" },
  { path: "stack.controlPlane.kind", label: "Control plane", group: "Network", control: choice(["none", "flat", "tree"]), help: "How ranks agree which gradients are ready: flat, all tell rank 0; tree, through a radix-r tree" },
  { path: "stack.controlPlane.radix", label: "Radix of the tree", group: "Network", control: whole(2, 64, true), help: "Children of a rank in the control plane's tree" },
  { path: "device.memory.bandwidth", label: "Memory bandwidth", group: "Device", control: quantity("bandwidth", 200e9, 8000e9), help: "Data sheet bandwidth of device memory" },
  { path: "machine.deviceSpread.sigma", label: "Spread of devices, σ", group: "Device", control: { type: "number", min: 0, max: 0.05, dimension: "fraction" }, help: "Relative standard deviation of speed between devices that do equal work" },
  { path: "workload.options.channels", label: "Input channels", group: "Data", control: whole(1, 64), help: "Variables in a sample; changes FLOP of the first layers and bytes of the input" },
  { path: "plan.staging.mode", label: "Staging", group: "Data", control: choice(stagingModes), help: "none: read the file system in training; naive: every node copies its share; exchange: each file is read once and sent on" },
  { path: "machine.node.localStorage.read", label: "Local storage read", group: "Data", control: quantity("bandwidth", 0.1e9, 100e9), help: "What one node reads from its own storage" },
  { path: "machine.fileSystem.read", label: "File system read", group: "Data", control: quantity("bandwidth", 10e9, 10e12), help: "All nodes together" },
  { path: "stack.kernels.winograd", label: "Winograd", group: "Software", control: choice(["off", "on"]), help: "Whether the library may multiply less in 3 x 3 convolutions of FP32, workspace permitting" },
  { path: "stack.kernels.dilation", label: "Dilated layers", group: "Software", control: choice(["native", "space-to-batch"]), help: "Space-to-batch copies a dilated layer's input to phases, as TensorFlow of 2018 did" },
];

export function knobs(scenario: Scenario): Knob[] {
  return rows.flatMap((row): Knob[] => {
    const found = valueAt(scenario, row.path);
    if (found === undefined) return [];
    if (isFact(found)) return [{ ...row, ...describeFact(found) }];
    const value = typeof found === "number" ? found : String(found);
    return [{ ...row, control: withOption(row.control, String(value)), value, text: String(found), kind: "published" }];
  });
}

/** What the document says can be chosen again: "auto", where a library chooses. */
const withOption = (control: KnobControl, value: string): KnobControl => (control.type === "choice" && !control.options.includes(value) ? { ...control, options: [...control.options, value] } : control);

function describeFact(fact: Fact): Pick<Knob, "value" | "text" | "kind" | "low" | "high"> {
  const { value, text, kind, low, high } = fact;
  return { value, text, kind, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

function valueAt(scenario: Scenario, path: string): unknown {
  let node: unknown = scenario;
  for (const key of path.split(".")) node = typeof node === "object" && node !== null ? (node as Record<string, unknown>)[key] : undefined;
  return node;
}
