/** CosmicTagger on Polaris and Sunspot, Aurora's node and collectives, beside what documents and stacks say of them; nothing of these has informed a parameter of the stack that predicts them. */
import { predict } from "../../model/predict/predict.ts";
import type { ScalePoint } from "../../model/prediction.ts";
import { resolveScenario } from "../../model/resolve/resolve.ts";
import type { Changes, Scenario } from "../../model/scenario.ts";
import { productSharingAt } from "../../model/cost/index.ts";
import { collectiveTime } from "../../model/network/library/index.ts";
import { prepare } from "../../model/predict/prepare.ts";
import { families } from "../../model/workload/index.ts";
import { countParameters } from "../../model/workload/totals.ts";
import { against, figure, type Check, type CheckInput, type CheckRoom } from "./types.ts";

interface Asked {
  readonly machine: string;
  readonly workload: string;
  readonly plan: string;
  readonly stack: string;
  readonly changes?: Changes;
}

function resolve({ library }: CheckInput, asked: Asked): Scenario {
  const { scenario, problems } = resolveScenario(library, asked);
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  return scenario;
}

const oneTile: Asked = { machine: "sunspot", workload: "cosmictagger-a21", plan: "cosmictagger-12-tf32", stack: "pytorch-oneccl-2024" };
const onPolaris: Asked = { machine: "polaris", workload: "cosmictagger-uresnet", plan: "cosmictagger-1-tf32", stack: "pytorch-eager-2022" };
const preset = "preset, precision and batch are not stated: the default preset, TF32, one image";

const polarisDevices = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 1700] as const;

function collectPolaris(input: CheckInput): Check[] {
  const { facts } = input;
  const { points } = predict(resolve(input, onPolaris), { devices: [...polarisDevices] });
  const at = (devices: number): ScalePoint => {
    const found = points.find((point) => point.devices === devices);
    if (found === undefined) throw new Error(`no prediction at ${devices}`);
    return found;
  };
  const first = at(4);
  const rate = (of: ScalePoint) => of.throughput_samples_per_s;
  const node = figure(facts, "cosmictagger-polaris-4").value;
  const { value, low95, high95 } = rate(first);
  return [
    against(facts, "cosmictagger-polaris-4", { value, low95, high95 }, "out", `${preset}; its points are left out of the fit of layer runs for that`),
    // Of the others how throughput grows, so that the error of one node is told once.
    ...polarisDevices.slice(1).map((devices): Check => {
      const scaled = node * (rate(at(devices)).value / value);
      return against(facts, `cosmictagger-polaris-${devices}`, { value: scaled }, "out", devices === 128 ? "growth from one node, whose figure is taken; 128 ranks lie 17 % below the line through 64 and 256" : "growth from one node, whose figure is taken");
    }),
  ];
}

function collectSunspot(input: CheckInput): Check[] {
  const tile = (precision: "fp32" | "tf32") => {
    const { points } = predict(resolve(input, { ...oneTile, changes: { "plan.precision": precision } }), { devices: [1] });
    const rate = points[0]?.throughput_samples_per_s;
    if (rate === undefined) throw new Error("no prediction of one tile");
    return { value: rate.value, low95: rate.low95, high95: rate.high95 };
  };
  const plain = against(input.facts, "cosmictagger-sunspot-mean", tile("fp32"), "out", "FP32 as the notebook names its tensors; V100 kernel constants and PyTorch's traffic stand in for oneDNN and TensorFlow");
  return [plain, { ...against(input.facts, "cosmictagger-sunspot-mean", tile("tf32"), "out", "the same on the TF32 engines"), id: "cosmictagger-sunspot-mean-tf32" }];
}

function collectNode(input: CheckInput): Check[] {
  const { facts } = input;
  const products = (["bf16", "tf32", "fp32"] as const).map((precision) => {
    const { resources, scenario } = prepare(resolve(input, { ...oneTile, machine: "aurora", changes: { "plan.precision": precision } }), "leave-one-series-out");
    const peak = scenario.device.peaks[precision]?.value ?? Number.NaN;
    return against(facts, `aurora-node-${precision}`, { value: (12 * peak) / productSharingAt(resources, 12) / 1e12 }, "arithmetic", "twelve times one tile over the factor of a full node, which is from the same table");
  });
  const { resources } = prepare(resolve(input, { ...oneTile, machine: "aurora" }), "leave-one-series-out");
  const { hostLink_bytes_per_s, nodeHostLink_bytes_per_s } = resources.input;
  const host = Math.min(hostLink_bytes_per_s, (nodeHostLink_bytes_per_s ?? Number.POSITIVE_INFINITY) / 12);
  const latency_s = collectiveTime(resources.collectives, "all-reduce", 4, 24, 12);
  return [
    ...products,
    against(facts, "aurora-tile-host", { value: host / 1e9 }, "arithmetic", "54 GB/s of one tile alone, 318 GB/s of the node: the same table"),
    against(facts, "aurora-oneccl-2-nodes", { value: latency_s * 1000 }, "out", "an all-reduce of 4 bytes: the least that any takes"),
  ];
}

function collectAeris(input: CheckInput): Check[] {
  const { resources, scenario } = prepare(resolve(input, { ...oneTile, machine: "aurora", changes: { "plan.precision": "bf16" } }), "leave-one-series-out");
  const { device } = scenario;
  const reached = device.products?.ceiling.bf16;
  const full = (device.peaks.bf16?.value ?? Number.NaN) / productSharingAt(resources, 12) / 1e12;
  if (reached === undefined) throw new Error("no ceiling of products");
  return [against(input.facts, "aeris-per-tile", { value: full * reached.value, low95: full * (reached.low ?? reached.value), high95: full * (reached.high ?? reached.value) }, "out", "a ceiling and no prediction: what large products reach with all tiles at work, no communication, norms or attention; the run should lie below it")];
}

const collectUno = ({ facts }: CheckInput): Check[] => [against(facts, "uno-parameters", { value: countParameters(families.uno.build()) }, "out", "summed over the layers")];

export const auroraChecks: CheckRoom = {
  title: "Aurora, Sunspot, Polaris",
  about: "Scale-up by oneDNN and scale-out by oneCCL. No convolution table of oneDNN on Aurora's devices and no table of oneCCL's all-reduce against nodes could be read, so both rest on wide priors. Flood-filling networks on Theta, Uno and FastCaloSim have no published throughput with its settings, and AERIS no architecture in the text that could be read: they are not here.",
  collect: (input) => [...collectPolaris(input), ...collectSunspot(input), ...collectNode(input), ...collectAeris(input), ...collectUno(input)],
};
