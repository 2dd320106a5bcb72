/**
 * What is expected of every parameter of a layer network's step before any run is seen, by nested levels as for transformers (cost/transformer/priors.ts): the kernels of a
 * device and precision, the habits of a framework's release, of its family and of the library below it, the links and the fabric of a machine. No parameter belongs to a run, a network or a scale.
 */
import { levelsOf, type Level, type Shares } from "../../cost/transformer/priors.ts";
import { z95 } from "../../resolve/parameters.ts";
import { kernelPrecision } from "../../resources.ts";
import type { Scenario } from "../../scenario.ts";
import type { Fact } from "../../schema/fact.ts";
import type { Prepared } from "../prepare.ts";

export const layerParameterNames = [
  "kernelFactor", "convolutionFactor", "depthwiseTraffic", "memoryShare", "trafficFactor", "launchOperation", "launchStep", "normalisationExchange",
  "readerRate", "networkCores", "nodeBandwidth", "nodeLatency", "fabricShare", "fabricLatency", "spread", "epochStart",
] as const;
export type LayerParameter = (typeof layerParameterNames)[number];

/**
 * Deviation of the effects that runs show over that of the documents' intervals, where these were drawn too wide: chosen in steps of a tenth by the evidence of the fit
 * (Laplace's approximation of the marginal likelihood), one number for all values of a kind.
 */
const shown: Partial<Record<LayerParameter, number>> = { convolutionFactor: 0.7, trafficFactor: 0.7, readerRate: 0.6, networkCores: 0.6 };

export interface LayerPrior {
  readonly name: LayerParameter;
  /** The documents' value. */
  readonly value: number;
  /** None: the value is exact, or nothing depends on it. */
  readonly levels: readonly Level[];
}

/** What one reader decodes of the format that the data set has. */
export const readerFact = ({ stack, workload }: Pick<Scenario, "stack" | "workload">): Fact => (workload.dataset.format === undefined ? undefined : stack.input.formats?.[workload.dataset.format]) ?? stack.input.workerRead;

export function layerPriors({ scenario, kernels }: Pick<Prepared, "scenario" | "kernels">): LayerPrior[] {
  const { device, machine, stack } = scenario;
  const { dataset } = scenario.workload;
  const format = readerFact(scenario);
  const precision = kernelPrecision(scenario);
  // Stacks on one library share its kernels and its ways with a device; what a stack on another says of them is nothing.
  const { library } = stack.kernels;
  const family: Shares = [[library === undefined ? "" : `library ${library}`, 0.3], [`family ${stack.family}`, 0.3], [`stack ${stack.id}`, 0.4]];
  const perPrecision: Shares = [[library === undefined ? precision : `library ${library} ${precision}`, 0.3], [`family ${stack.family} ${precision}`, 0.3], [`stack ${stack.id} ${precision}`, 0.4]];
  const ofDevice: Shares = [["", 0.3], [`device ${device.id}`, 0.7]];
  const ofFabric: Shares = [["", 0.2], [`fabric ${machine.fabric.technology ?? machine.id}`, 0.3], [`machine ${machine.id}`, 0.5]];
  const link = machine.node.deviceLink;
  const ofLink: Shares = [[`link ${link?.technology ?? machine.id}`, 0.5], [`machine ${machine.id}`, 0.5]];
  const prior = (name: LayerParameter, fact: Fact | undefined, shares: Shares, otherwise = 1): LayerPrior => ({ name, value: fact?.value ?? otherwise, levels: fact === undefined ? [] : levelsOf(name, fact, shares).map(({ key, sd }) => ({ key, sd: sd * (shown[name] ?? 1) })) });
  const kernel = { value: 1, low: Math.exp(-z95 * kernels.standardError), high: Math.exp(z95 * kernels.standardError) } as Fact;
  const made: Record<LayerParameter, LayerPrior> = {
    kernelFactor: prior("kernelFactor", kernels.standardError > 0 ? kernel : undefined, [[`device ${device.id}`, 0.5], [`device ${device.id} ${precision}`, 0.5]]),
    convolutionFactor: prior("convolutionFactor", stack.kernels.convolutionFactor[precision], perPrecision),
    depthwiseTraffic: prior("depthwiseTraffic", stack.kernels.depthwiseTraffic, family),
    memoryShare: prior("memoryShare", device.memory.efficiency, ofDevice),
    trafficFactor: prior("trafficFactor", stack.trafficFactor, family),
    launchOperation: prior("launchOperation", stack.launch.operation, family),
    launchStep: prior("launchStep", stack.launch.step, family),
    normalisationExchange: prior("normalisationExchange", stack.synchronisedNormalisation, family),
    readerRate: prior("readerRate", stack.input.place === "memory" ? undefined : format, [[`stack ${stack.id} ${dataset.format ?? "unnamed"}`, 0.6], [`machine ${machine.id}`, 0.4]]),
    networkCores: prior("networkCores", stack.input.place === "memory" ? undefined : stack.input.reservedCores, [["", 0.6], [`machine ${machine.id}`, 0.4]], 0),
    nodeBandwidth: prior("nodeBandwidth", link?.bandwidth, ofLink),
    nodeLatency: prior("nodeLatency", link?.latency, ofLink, 0),
    fabricShare: prior("fabricShare", machine.fabric.efficiency, ofFabric),
    fabricLatency: prior("fabricLatency", machine.fabric.latency, ofFabric),
    spread: prior("spread", machine.deviceSpread.sigma, [["", 0.3], [`machine ${machine.id}`, 0.7]]),
    epochStart: prior("epochStart", stack.input.epochStart, family, 0),
  };
  return layerParameterNames.map((name) => made[name]);
}
