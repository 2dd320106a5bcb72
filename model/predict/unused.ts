/** Choices of a scenario that cannot move its prediction, with the reason. Facts are found by moving them; a choice has no small step, so its reason is structural. */
import { allReduceOf } from "../network/library/index.ts";
import type { UnusedChoice } from "../prediction.ts";
import type { Prepared } from "./prepare.ts";
import { findClassifier } from "../plan/classifier.ts";

export function unusedChoices({ scenario, resources, layers }: Prepared): UnusedChoice[] {
  const { plan, stack, machine, workload } = scenario;
  const unused: UnusedChoice[] = [];
  const add = (path: string, label: string, reason: string) => unused.push({ path, label, reason });
  if (stack.controlPlane.kind !== "tree") add("stack.controlPlane.radix", "The radix of the control plane", stack.controlPlane.kind === "none" ? "this stack negotiates nothing" : "the control plane is flat");
  const { algorithm, library } = stack.collective;
  if (machine.interconnect) add("machine.interconnect", "The interconnect link by link", resources.collectives.protocols ? "the time of a protocol rests on the machine's figures as a whole, and on whether devices meet in a switch; simulate reads the links" : "closed forms rest on the machine's figures as a whole; simulate reads the links");
  unused.push(...unusedInStep(plan, machine));
  if (library !== undefined && algorithm !== "auto" && !resources.collectives.protocols) add("stack.collective.library", "The communication library", `the ${algorithm} all-reduce is asked for by name`);
  const runs = allReduceOf(resources.collectives, 2 ** 26, 2 * resources.devicesPerNode, resources.devicesPerNode);
  if (runs !== "hierarchical") add("stack.collective.leaders", "The number of leaders per node", resources.collectives.protocols ? `${library} has none` : `the ${runs} all-reduce has none`);
  else if (stack.collective.leaderBandwidthShare.value >= 1) add("stack.collective.leaders", "The number of leaders per node", "one leader reaches all of the node's injection");
  if (resources.convolution.tensorCores) add("stack.kernels.winograd", "Winograd's algorithm", "tensor cores run the convolutions");
  else if (!layers.some(({ kind, kernel, stride, groups }) => kind !== "dense" && stride === 1 && groups === 1 && kernel.length === 2 && kernel.every((taps) => taps === 3))) {
    add("stack.kernels.winograd", "Winograd's algorithm", "no layer is a 3 x 3 convolution of stride 1");
  }
  if (!layers.some(({ dilation, groups }) => dilation > 1 && groups === 1)) add("stack.kernels.dilation", "The way dilated layers run", "no full convolution is dilated");
  const home = plan.input.tier === "burst-buffer" ? machine.burstBuffer : machine.fileSystem;
  if (stack.staging.streams !== undefined && (plan.staging.mode === "none" || (!home?.streamRead && !home?.perFile))) add("stack.staging.streams", "Files copied at a time", plan.staging.mode === "none" ? "nothing is staged" : `${home?.name ?? "the storage"} states neither the rate of one process nor the time to open a file`);
  if (plan.staging.mode === "shards") add("plan.staging.samplesPerNode", "Samples of a node", "with shards a node holds its part of the data set");
  if (plan.input.shuffle === "within-node" && (plan.staging.mode !== "none" || !machine.node.pageCache)) add("plan.input.shuffle", "Shuffling within a node", plan.staging.mode === "none" ? "the machine document states no page cache, so all samples are read again" : "nodes read what was staged on them");
  if (stack.input.place === "workers" && (plan.input.prefetch ?? stack.input.prefetch) !== undefined && !variesInput(scenario)) add(plan.input.prefetch === undefined ? "stack.input.prefetch" : "plan.input.prefetch", "The depth of the input buffer", "no document states that reads or decodes vary");
  if (stack.input.place !== "workers" && plan.input.prefetch !== undefined) add("plan.input.prefetch", "The depth of the input buffer", `samples are ${stack.input.place === "memory" ? "in memory" : "read in the training process"}`);
  if (workload.dataset.format !== undefined && stack.input.formats !== undefined && stack.input.formats[workload.dataset.format] === undefined) add("workload.dataset.format", "The file format", `${stack.title} states no rate for it`);
  if (!machine.node.localStorage) add("plan.staging.mode", `Staging "${plan.staging.mode}"`, `nodes of ${machine.title} have no local storage in this document, so samples are read from ${machine.fileSystem.name}`);
  if (plan.classifier !== undefined && findClassifier(layers) < 0) add("plan.classifier", "How the classifier is held", "no dense layer of this network stands before a loss");
  unused.push(...unusedAsynchrony(scenario));
  return unused;
}

/** Keys of a scheme that another scheme reads. */
function unusedAsynchrony({ plan: { asynchrony, compression }, stack: { tensors, collective }, machine }: Prepared["scenario"]): UnusedChoice[] {
  const found: Array<[string, string, boolean, string]> = [];
  if (asynchrony) {
    const { scheme, groups } = asynchrony;
    const serves = scheme === "parameter-server" || scheme === "elastic-averaging";
    const no = `scheme "${scheme}" has none`;
    found.push(["plan.asynchrony.servers", "The number of servers", !serves && asynchrony.servers !== 1, no]);
    found.push(["plan.asynchrony.period", "Steps between two exchanges", scheme === "independent" && asynchrony.period !== 1, "independent trainings exchange nothing"]);
    found.push(["plan.asynchrony.overlap", "Exchanges beside the next step", scheme === "independent" && asynchrony.overlap, "independent trainings exchange nothing"]);
    found.push(["plan.asynchrony.trials", "Trainings that wait to be done", asynchrony.trials !== undefined && (scheme !== "independent" || asynchrony.stepsPerTrial === undefined), scheme === "independent" ? "stepsPerTrial is missing beside it" : `only scheme "independent" has them`]);
    found.push(["plan.asynchrony.stepsPerTrial", "Steps of one training", asynchrony.stepsPerTrial !== undefined && (scheme !== "independent" || asynchrony.trials === undefined), scheme === "independent" ? "trials is missing beside it" : `only scheme "independent" has them`]);
    found.push(["plan.compression", "Compression of gradients", compression !== undefined && scheme === "independent" && groups === undefined, "nothing is sent"]);
    found.push(["stack.collective.bucketing", "The way gradients are put into buffers", groups === undefined, "every rank is a group of its own, which sums nothing"]);
  }
  found.push(["stack.tensors.deviceMessages", "Messages that leave from device memory", tensors !== undefined && tensors.kind !== "device" && tensors.deviceMessages, `tensors of kind "${tensors?.kind}" pass through the host in any case`]);
  found.push(["stack.collective.broadcast", "Weights sent from one rank to all", collective.broadcast && asynchrony?.scheme === "parameter-server", "servers send them"]);
  found.push(["machine.otherDevices.balance", "The balance between kinds of devices", machine.otherDevices?.share.value === 0, "no device is of the other kind"]);
  return found.filter(([, , unused]) => unused).map(([path, label, , reason]) => ({ path, label, reason }));
}

/** What only a whole training run reads. */
export function unusedInStep(plan: { readonly checkpoint?: unknown }, machine: { readonly reliability?: unknown }): UnusedChoice[] {
  return [
    ...(plan.checkpoint === undefined ? [] : [{ path: "plan.checkpoint", label: "The way the run is saved", reason: "a step has no checkpoint; exatwin train reads it" }]),
    ...(machine.reliability === undefined ? [] : [{ path: "machine.reliability", label: "How often jobs are interrupted", reason: "a step is not; exatwin train reads it" }]),
  ];
}

const variesInput = ({ machine, workload, stack }: Prepared["scenario"]): boolean => [machine.fileSystem.readSpread, machine.burstBuffer?.readSpread, workload.dataset.sizeSpread, stack.input.decodeSpread].some((spread) => spread !== undefined && spread.value > 0);
