/** The staging and input models on machines of the library, with the ends of their facts: what the rows of io.ts share. */
import { stagingTime, type StagingRequest } from "../../model/io/staging.ts";
import type { SharedTier } from "../../model/io/tiers.ts";
import { makeTier } from "../../model/resolve/input.ts";
import type { Library } from "../../model/scenario.ts";
import type { Fact } from "../../model/schema/fact.ts";
import type { Machine } from "../../model/schema/machine.ts";
import { parseDocument } from "../../model/schema/parse.ts";

export interface Range {
  readonly value: number;
  readonly low95?: number;
  readonly high95?: number;
}

export function machineOf(library: Library, id: string): Machine {
  const parsed = parseDocument("machine", library.documents.machine[id], id);
  if (parsed.document === undefined) throw new Error(`machine ${id} does not parse`);
  return parsed.document;
}

/** A prediction and its 95 % interval: the effects of the ends of each fact on its logarithm, in quadrature. */
export function rangeOf<Name extends string>(facts: Readonly<Record<Name, Fact>>, predict: (values: Readonly<Record<Name, number>>) => number): Range {
  const names = Object.keys(facts) as Name[];
  const base = Object.fromEntries(names.map((name) => [name, facts[name].value])) as Record<Name, number>;
  const value = predict(base);
  let [up, down] = [0, 0];
  for (const name of names) {
    const { low, high } = facts[name];
    if (low === undefined || high === undefined) continue;
    const changes = [low, high].map((end) => Math.log(predict({ ...base, [name]: end }) / value));
    up += Math.max(0, ...changes) ** 2;
    down += Math.min(0, ...changes) ** 2;
  }
  return { value, low95: value * Math.exp(-Math.sqrt(down)), high95: value * Math.exp(Math.sqrt(up)) };
}

export interface Staged {
  readonly mode: StagingRequest["mode"];
  /** Nodes of one training and how many trainings stage at the same time. */
  readonly nodes: number;
  readonly trainings: number;
  readonly samples: number;
  readonly sample_bytes: number;
  readonly samplesPerNode?: number;
  readonly nodeReceive_bytes_per_s?: number;
}

const endless = Number.POSITIVE_INFINITY;

/** What each of several trainings stages: its nodes hold the data set together, and each training reads it anew. */
export function stage({ mode, nodes, trainings, samples, sample_bytes, samplesPerNode, nodeReceive_bytes_per_s = endless }: Staged, home: SharedTier, localWrite_bytes_per_s: number): number {
  const share = Math.ceil(samples / nodes);
  const common = { samplesPerFile: 1, home, streams: null, nodeReceive_bytes_per_s, localWrite_bytes_per_s, localCapacity_bytes: null, sample_bytes, datasetSamples: samples };
  return trainings === 1 ? stagingTime({ ...common, mode, nodes, samplesPerNode: samplesPerNode ?? share }).time_s : stagingTime({ ...common, mode: "naive", nodes: nodes * trainings, samplesPerNode: share }).time_s;
}

/** The same on a machine of the library, with the ranges of its facts. */
export function stageOn(machine: Machine, staged: Staged): Range {
  const home = makeTier(machine.fileSystem);
  const write = machine.node.localStorage?.write;
  const { read, nodeRead, replicatedRead } = machine.fileSystem;
  const facts = { read, nodeRead, ...(write ? { write } : {}), ...(replicatedRead ? { replicatedRead } : {}) };
  return rangeOf<"read" | "nodeRead" | "write" | "replicatedRead">(facts as Record<"read" | "nodeRead" | "write" | "replicatedRead", Fact>, (values) =>
    stage(staged, { ...home, read_bytes_per_s: values.read, nodeRead_bytes_per_s: values.nodeRead, replicatedRead_bytes_per_s: values.replicatedRead ?? null }, values.write ?? endless),
  );
}
