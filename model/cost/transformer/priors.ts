/**
 * What is expected of every parameter of a transformer's step before any run is seen: a log-normal law from the value and the 95 % interval of a fact. A parameter belongs
 * to nested levels (all, a family, one member): runs of one stack tell something of its sister releases, and runs on one format of a device of its others. The levels
 * share the variance of the prior, so that a member nobody has run still has the whole interval of its document.
 */
import { missingKey, type Problem } from "../../problems.ts";
import type { Layout } from "../../plan/layout.ts";
import type { Device } from "../../schema/device.ts";
import type { Fact } from "../../schema/fact.ts";
import type { Machine } from "../../schema/machine.ts";
import type { TransformerStack } from "../../schema/stack-transformer.ts";
import { stackParameterNames, type StackParameterName } from "../../schema/stack-parameters.ts";
import { recipePeaks } from "./hardware.ts";
import { transformerParameterNames, type TransformerParameter } from "./parameters.ts";

export interface Level {
  /** Names the parameter and what shares it, such as "elementwise stack megatron-2021". */
  readonly key: string;
  /** Standard deviation of the logarithm that this level adds. */
  readonly sd: number;
}

export interface TransformerPrior {
  readonly name: TransformerParameter;
  /** The document's value. */
  readonly value: number;
  /** None: the value is exact. */
  readonly levels: readonly Level[];
}

export type Shares = readonly (readonly [level: string, share: number])[];

/** Stack parameters that differ little between frameworks: runs do not tell their values apart. */
const common: ReadonlySet<StackParameterName> = new Set(["optimizer", "pipelineExposed", "headShare", "attentionTraffic", "fixed", "misalignedHeads", "shardExposed", "overlapSlowdown"]);
/** Work of the host, which changes with a framework more than with its releases. */
const ofFramework: ReadonlySet<StackParameterName> = new Set(["layerLaunch", "tensorLaunch", "expertLaunch", "groupLaunch"]);
const widest = 3.92;

export function transformerPriors(device: Device, machine: Machine, stack: TransformerStack, recipe: Layout["recipe"]): { readonly priors: readonly TransformerPrior[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const expect = (fact: Fact | undefined, path: string, what: string): Fact | undefined => {
    if (fact === undefined) problems.push(missingKey(path, what));
    return fact;
  };
  const link = machine.node.deviceLink;
  const { fabric } = machine;
  const inDevice = `devices/${device.id}: products`;
  const inMachine = `machines/${machine.id}`;
  const format = recipePeaks[recipe][0] === "fp4" ? "fp4" : recipePeaks[recipe][0] === "fp8" ? "fp8" : recipe === "fp32" ? "fp32" : "bf16";
  const ofDevice: Shares = [["", 0.3], [`device ${device.id}`, 0.7]];
  const ofLink: Shares = [[`link ${link?.technology ?? machine.id}`, 1]];
  const ofFabric: Shares = [["", 0.3], [`fabric ${fabric.technology ?? machine.id}`, 0.7]];
  const priors = new Map<TransformerParameter, TransformerPrior>();
  const put = (name: TransformerParameter, fact: Fact | undefined, shares: Shares): void => {
    if (fact !== undefined) priors.set(name, { name, value: fact.value, levels: levelsOf(name, fact, shares) });
  };
  put("gemmCeiling", expect(device.products?.ceiling[format], `${inDevice}.ceiling.${format}`, "share of the peak that large products reach"), [[`device ${device.id}`, 0.5], [`device ${device.id} ${recipe}`, 0.5]]);
  put("memoryShare", device.memory.efficiency, ofDevice);
  put("innerRamp", expect(device.products?.innerRamp, `${inDevice}.innerRamp`, "inner extent at which a product takes twice its time"), ofDevice);
  put("outerRamp", expect(device.products?.outerRamp, `${inDevice}.outerRamp`, "outer extent at which a product takes twice its time"), ofDevice);
  put("nodeBandwidth", link?.bandwidth ?? machine.node.injection, ofLink);
  put("nodeHalfSize", expect(link?.halfSize, `${inMachine}: node.deviceLink.halfSize`, "bytes at which a collective reaches half of the bandwidth"), ofLink);
  put("nodeLatency", link?.latency ?? fabric.latency, ofLink);
  put("fabricShare", fabric.efficiency, ofFabric);
  put("fabricLatency", fabric.collectiveLatency ?? fabric.latency, ofFabric);
  if (fabric.sliceContention) put("sliceContention", fabric.sliceContention, ofFabric);
  else priors.set("sliceContention", { name: "sliceContention", value: 0, levels: [] });
  for (const name of stackParameterNames) {
    const shares: Shares = common.has(name) ? [["", 0.8], [`stack ${stack.id}`, 0.2]] : ofFramework.has(name) ? [["", 0.1], [`family ${stack.family}`, 0.7], [`stack ${stack.id}`, 0.2]] : [["", 0.1], [`family ${stack.family}`, 0.4], [`stack ${stack.id}`, 0.5]];
    put(name, stack.parameters[name], shares);
  }
  return { priors: problems.length > 0 ? [] : transformerParameterNames.map((name) => priors.get(name)!), problems };
}

export function levelsOf(name: string, { value, low, high }: Fact, shares: Shares): Level[] {
  if (low === undefined || high === undefined || !(high > low) || !(value > 0)) return [];
  const sd = (low > 0 ? Math.log(high / low) : 2 * Math.log(high / value)) / widest;
  return shares.map(([level, share]) => ({ key: level === "" ? name : `${name} ${level}`, sd: sd * Math.sqrt(share) }));
}
