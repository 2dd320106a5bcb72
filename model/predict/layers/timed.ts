/**
 * The step of a prepared layer network at given values of its fitted parameters, as prediction and fit both time it: the values take the place of facts, and what facts
 * become is made as always (resources.ts). Local work is rescaled only where a value that it depends on moved. Left out of the rescaling: memory and power that devices share (memorySharing, productSharing).
 */
import { isDepthwise } from "../../compute/depthwise.ts";
import { convolutionShape, layerOf } from "../../cost/shape.ts";
import { costProductTiled } from "../../cost/tiled.ts";
import { costLocal, type LocalCosts, type Resources } from "../../cost/index.ts";
import { stepTime } from "../../engine/terms.ts";
import { foldProgram } from "../../program/fold.ts";
import { Kind } from "../../program/types.ts";
import { makeResources } from "../../resources.ts";
import type { Scenario } from "../../scenario.ts";
import type { Fact } from "../../schema/fact.ts";
import type { Prepared } from "../prepare.ts";
import { layerParameterNames, readerFact, type LayerParameter } from "./priors.ts";

/** In the order of `layerParameterNames`. */
export type LayerValues = ArrayLike<number>;

const at = Object.fromEntries(layerParameterNames.map((name, index) => [name, index])) as Record<LayerParameter, number>;
const localNames = ["kernelFactor", "convolutionFactor", "depthwiseTraffic", "memoryShare", "trafficFactor", "launchOperation", "launchStep"] as const satisfies readonly LayerParameter[];

/** The scenario with another fact in place of each that a parameter stands for; factors of kernels apart, which are combined with estimates. */
export function replaceLayerFacts({ device, machine, stack, ...rest }: Scenario, put: (fact: Fact, name: LayerParameter) => Fact): Scenario {
  const { node, fabric, deviceSpread } = machine;
  const link = node.deviceLink;
  const { reservedCores } = stack.input;
  const read = put(readerFact({ stack, workload: rest.workload }), "readerRate");
  const { format } = rest.workload.dataset;
  const own = format !== undefined && stack.input.formats?.[format] !== undefined;
  return {
    ...rest,
    device: { ...device, memory: { ...device.memory, efficiency: put(device.memory.efficiency, "memoryShare") } },
    machine: {
      ...machine,
      node: { ...node, ...(link ? { deviceLink: { ...link, bandwidth: put(link.bandwidth, "nodeBandwidth"), latency: put(link.latency, "nodeLatency") } } : {}) },
      fabric: { ...fabric, efficiency: put(fabric.efficiency, "fabricShare"), latency: put(fabric.latency, "fabricLatency") },
      deviceSpread: { ...deviceSpread, sigma: put(deviceSpread.sigma, "spread") },
    },
    stack: {
      ...stack,
      trafficFactor: put(stack.trafficFactor, "trafficFactor"),
      launch: { operation: put(stack.launch.operation, "launchOperation"), step: put(stack.launch.step, "launchStep") },
      synchronisedNormalisation: put(stack.synchronisedNormalisation, "normalisationExchange"),
      input: {
        ...stack.input,
        ...(own ? { formats: { ...stack.input.formats, [format]: read } } : { workerRead: read }),
        ...(reservedCores ? { reservedCores: put(reservedCores, "networkCores") } : {}),
        ...(stack.input.epochStart ? { epochStart: put(stack.input.epochStart, "epochStart") } : {}),
      },
    },
  };
}

/** The scenario with values in place of its facts. */
export const withLayerValues = (scenario: Scenario, values: LayerValues): Scenario => replaceLayerFacts(scenario, (fact, name) => ({ ...fact, value: values[at[name]] as number }));

export function layerResources({ scenario, host, sample_bytes, collectives }: Pick<Prepared, "scenario" | "host" | "sample_bytes" | "collectives">, values: LayerValues): Resources {
  const value = (name: LayerParameter): number => values[at[name]] as number;
  return makeResources(withLayerValues(scenario, values), host, { convolutionFactor: value("kernelFactor") * value("convolutionFactor"), depthwiseTraffic: value("depthwiseTraffic") }, sample_bytes, collectives);
}

/**
 * Local costs at other values from those at `known` ones: kernels of a convolution take in proportion to their factor, point-wise work to the memory's rate, and only depth-wise
 * kernels are timed again. The same as costLocal to rounding (test/model/predict/layers.test.ts), without the search of tiles.
 */
export function rescaleLocal({ program, kernels }: Pick<Prepared, "program" | "kernels">, known: { readonly local: LocalCosts; readonly resources: Resources }, resources: Resources): LocalCosts {
  if (kernels.model.kind !== "tiled") return costLocal(program, resources, kernels.model);
  const { local } = known;
  const factor = resources.convolutionFactor / known.resources.convolutionFactor;
  const dense = resources.denseFactor / known.resources.denseFactor;
  const slower = known.resources.memory_bytes_per_s / resources.memory_bytes_per_s;
  const time_s = local.time_s.slice();
  for (let index = 0; index < program.count; index++) {
    switch (program.kind[index]) {
      case Kind.convolution:
        if (isDepthwise(convolutionShape(program, index))) time_s[index] = costProductTiled(program, index, resources, kernels.model.constants).time_s * resources.timeSharing;
        else time_s[index] = ((local.time_s[index] as number) - (local.memory_s[index] as number)) * (layerOf(program, index).kind === "dense" ? dense : factor) + (local.memory_s[index] as number);
        break;
      case Kind.memory:
      case Kind.accumulate:
      case Kind.compress:
      case Kind.bucketCopy:
      case Kind.optimizer:
      case Kind.dividedUpdate:
        time_s[index] = (local.time_s[index] as number) * slower;
        break;
      case Kind.launch:
        time_s[index] = (resources.launchStep_s + (program.number[index] ?? 0) * resources.launchOperation_s) * resources.timeSharing;
        break;
      default:
    }
  }
  const { program: folded, of } = foldProgram(program);
  const folded_s = new Float64Array(folded.count);
  for (let index = 0; index < time_s.length; index++) folded_s[of[index] as number]! += time_s[index] as number;
  return { ...local, time_s, folded: { ...local.folded, time_s: folded_s } };
}

/** `stepsPerEpoch`: where the figure is an average over an epoch, the steps that share what an epoch costs beside them. */
export function makeLayerTimer(prepared: Prepared, devices: number, stepsPerEpoch: number | undefined): (values: LayerValues) => number {
  let known = "";
  let local: LocalCosts = prepared.local;
  return (values) => {
    const resources = layerResources(prepared, values);
    const key = localNames.map((name) => values[at[name]]).join();
    if (key !== known) {
      local = rescaleLocal(prepared, prepared, resources);
      known = key;
    }
    const step_s = stepTime(prepared.program, resources, devices, local);
    return stepsPerEpoch === undefined ? step_s : step_s + (values[at.epochStart] as number) / stepsPerEpoch;
  };
}
