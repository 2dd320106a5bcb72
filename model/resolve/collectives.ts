/**
 * Fitted parameters of a machine's collectives with one library, for groups in one node and over several apart. Which calibrations speak, the first that exist:
 * 1. those of this library on this machine; 2. those of this library over the same generation of node links (and, over several nodes, of fabric);
 * 3. all of this library, or else all there are: a prior, whose rate is what the machine document says a collective reaches.
 * Values are means of logarithms. Over several nodes a rate is carried as a share of the ports' line rate. Where parameters come from another machine (2, 3)
 * their error includes the scatter of all calibrations of such groups. Left out: correlation of the parameters of one fit.
 */
import { timedByProtocol, tuningAcross, type CollectiveTiming, type ProtocolLibraryId, type ProtocolTiming, type StackParameters } from "../network/library/index.ts";
import { InputError, wrongValue } from "../problems.ts";
import { isCollectiveCalibration, type Calibration, type CollectiveCalibration } from "../schema/calibration.ts";
import type { Fact } from "../schema/fact.ts";
import type { Machine } from "../schema/machine.ts";
import type { CollectiveLibraryId } from "../schema/stack-collective.ts";
import type { Dimension } from "../units.ts";

export type CollectiveExtent = "inside" | "across";
export type CollectiveParameterName = keyof StackParameters | "rateShare";

export interface CollectiveParameter {
  readonly extent: CollectiveExtent;
  readonly name: CollectiveParameterName;
  readonly value: number;
  /** Of the natural logarithm. */
  readonly standardError: number;
  /** Titles of the calibrations it is from. */
  readonly source: string;
  readonly note: string;
}

export interface FoundCollectives {
  readonly library: ProtocolLibraryId;
  readonly parameters: readonly CollectiveParameter[];
  readonly switched: boolean;
  readonly ringFrom_nodes: number;
}

export const collectiveDimensions: Readonly<Record<CollectiveParameterName, Dimension>> = {
  start_s: "time", hop_s: "time", channelHop_s: "time", channelFill_bytes: "data", simpleHop_s: "time", lowLatencyShare: "fraction", chunk_bytes: "data", rate_bytes_per_s: "bandwidth", ringStep_s: "time", rateShare: "fraction",
};

const common = ["start_s", "hop_s", "channelHop_s", "channelFill_bytes", "simpleHop_s", "lowLatencyShare", "chunk_bytes"] as const;

interface Chosen {
  readonly documents: readonly CollectiveCalibration[];
  readonly all: readonly CollectiveCalibration[];
  readonly step: 1 | 2 | 3;
}

/** Null where the library is timed by closed forms. */
export function findCollectives(machine: Machine, calibrations: readonly Calibration[], library: CollectiveLibraryId | undefined): FoundCollectives | null {
  if (library === undefined || !timedByProtocol(library)) return null;
  const inside = choose("inside", machine, calibrations, library);
  const across = choose("across", machine, calibrations, library);
  const problems = [inside, across].flatMap(({ all }, index) =>
    all.length > 0 ? [] : [wrongValue("stack.collective.library", library, `calibrations of scope "collective" of groups ${index === 0 ? "in one node" : "over several nodes"}`, "exatwin list calibrations shows those there are")]);
  if (problems.length > 0) throw new InputError(problems);
  const parameters = [
    ...common.map((name) => combine("inside", name, inside, read(name))),
    ...(inside.step === 3 ? [] : [combine("inside", "rate_bytes_per_s", inside, read("rate_bytes_per_s"))]),
    ...common.map((name) => combine("across", name, across, read(name))),
    combine("across", "ringStep_s", across, read("ringStep_s")),
    ...(across.step === 3 ? [] : [combine("across", "rateShare", across, readShare)]),
  ];
  const lent = across.step === 3 ? undefined : across.documents[0];
  const twoNodes = lent?.points.filter(({ nodes }) => nodes === 2) ?? [];
  return {
    library,
    parameters,
    switched: lent?.scope.switched ?? machine.interconnect?.node?.kind === "switch",
    ringFrom_nodes: twoNodes.length > 0 && twoNodes.every(({ form }) => form === "tree") ? 3 : 2,
  };
}

function choose(extent: CollectiveExtent, machine: Machine, calibrations: readonly Calibration[], library: ProtocolLibraryId): Chosen {
  const all = calibrations.filter(isCollectiveCalibration).filter(({ scope: { operation, shapes, line_bytes_per_s } }) =>
    operation === "all-reduce" && shapes.every(({ nodes }) => nodes > 1 === (extent === "across")) && (extent === "inside" || line_bytes_per_s !== undefined));
  const own = all.filter(({ scope }) => scope.library === library);
  const same = own.filter(({ scope }) => scope.machine === machine.id);
  if (same.length > 0) return { documents: same, all, step: 1 };
  const nodeLink = machine.node.deviceLink?.technology;
  const fabric = machine.fabric.technology;
  const alike = own.filter(({ scope }) => scope.nodeLink !== undefined && scope.nodeLink === nodeLink && (extent === "inside" || (scope.fabric !== undefined && scope.fabric === fabric)));
  if (alike.length > 0) return { documents: alike, all, step: 2 };
  return { documents: own.length > 0 ? own : all, all, step: 3 };
}

interface Reading {
  readonly log: number;
  readonly standardError: number;
}
type Reader = (document: CollectiveCalibration) => Reading;

const read = (name: keyof StackParameters): Reader => ({ id, parameters }) => {
  const found = parameters[name];
  if (typeof found?.value !== "number" || !(found.value > 0)) throw new InputError([wrongValue(`calibrations/${id}: parameters.${name}.value`, found?.value, "a number above zero")]);
  return { log: Math.log(found.value), standardError: found.standardError ?? 0 };
};

/** Of the ports' line rate, which documents of several nodes name. */
const readShare: Reader = (document) => {
  const rate = read("rate_bytes_per_s")(document);
  return { ...rate, log: rate.log - Math.log(document.scope.line_bytes_per_s ?? Number.NaN) };
};

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

const notes = {
  1: "fitted on this machine",
  2: "fitted over the same generation of links; the scatter of all fits is in its error",
  3: "no fit over links of this generation: mean of all fits, with their scatter",
} as const;

function combine(extent: CollectiveExtent, name: CollectiveParameterName, { documents, all, step }: Chosen, reader: Reader): CollectiveParameter {
  const readings = documents.map(reader);
  const own = Math.sqrt(mean(readings.map(({ standardError }) => standardError ** 2)));
  const logs = all.map((document) => reader(document).log);
  const centre = mean(logs);
  const scatter = step === 1 || logs.length < 2 ? 0 : Math.sqrt(logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / (logs.length - 1));
  return { extent, name, value: Math.exp(mean(readings.map(({ log }) => log))), standardError: Math.hypot(own, scatter), source: documents.map(({ title }) => title).join("; "), note: notes[step] };
}

export const collectivePath = ({ extent, name }: Pick<CollectiveParameter, "extent" | "name">): string => `collectives.${extent}.${name}`;

/** The same with one value replaced. */
export const withCollective = (found: FoundCollectives, path: string, value: number): FoundCollectives => ({
  ...found,
  parameters: found.parameters.map((parameter) => (collectivePath(parameter) === path ? { ...parameter, value } : parameter)),
});

/** Plain numbers for costs. Rates that no fit gives are those of the machine document. */
function makeProtocolTiming({ library, parameters, switched, ringFrom_nodes }: FoundCollectives, { node, fabric }: Machine): ProtocolTiming {
  const values = (extent: CollectiveExtent) => Object.fromEntries(parameters.filter((one) => one.extent === extent).map(({ name, value }) => [name, value])) as Partial<Record<CollectiveParameterName, number>>;
  const [inside, across] = [values("inside"), values("across")];
  const reached = node.deviceLink?.bandwidth.value ?? Number.POSITIVE_INFINITY;
  const fill = (given: Partial<Record<CollectiveParameterName, number>>, rate_bytes_per_s: number): StackParameters =>
    ({ ...Object.fromEntries([...common, "ringStep_s" as const].map((name) => [name, given[name] ?? 0])), rate_bytes_per_s }) as unknown as StackParameters;
  return {
    inside: fill(inside, inside.rate_bytes_per_s ?? reached),
    across: fill(across, across.rateShare === undefined ? Math.min(reached, node.injection.value * fabric.efficiency.value) : across.rateShare * node.injection.value),
    tuning: tuningAcross(library, switched),
    ringFrom_nodes,
  };
}

/** What a stack document says of its collectives; a stack without leaders lets all devices speak for themselves. */
export interface StackCollectives {
  readonly library?: CollectiveLibraryId | undefined;
  readonly algorithm: CollectiveTiming["algorithm"];
  readonly leaders?: number;
  readonly leaderBandwidthShare?: Fact;
}

/** Everything that `collectiveTime` needs of a machine and a stack. */
export function makeCollectiveTiming(machine: Machine, { library, algorithm, leaders, leaderBandwidthShare }: StackCollectives, found: FoundCollectives | null): CollectiveTiming {
  const { node, fabric } = machine;
  const devices = node.devices.value;
  return {
    library: library ?? null,
    algorithm,
    protocols: found && makeProtocolTiming(found, machine),
    network: {
      nodeLink_bytes_per_s: node.deviceLink?.bandwidth.value ?? Number.POSITIVE_INFINITY,
      nodeLinkLatency_s: node.deviceLink?.latency.value ?? 0,
      fabric_bytes_per_s: node.injection.value * fabric.efficiency.value,
      fabricLatency_s: fabric.latency.value,
      ...(leaders === undefined ? {} : { leaders }),
      leaderShare: Math.min(1, Math.min(leaders ?? devices, devices) * (leaderBandwidthShare?.value ?? 1)),
    },
    devicesPerNode: devices,
  };
}
