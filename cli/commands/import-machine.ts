/** The part of exatwin import that makes a machine of what was measured (--as NAME): asks answered by --tell, documents written, the command that predicts with them. */
import { basename, join, relative, resolve } from "node:path";
import { benchmarksOfMachines, makeCluster, type Cluster, type ClusterQuestion, type ImportedFile } from "../../calibrate/import/index.ts";
import type { ImportedRow } from "../../calibrate/readers/index.ts";
import { completeTransformer, predictSafely } from "../../model/index.ts";
import { InputError, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import type { Library, Selection } from "../../model/scenario.ts";
import { precisions } from "../../model/schema/common.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { Call } from "../command.ts";
import { idsOf, withDocument } from "../host/library.ts";
import { scenariosFolder } from "../host/root.ts";
import type { ImportResult } from "../import/import-files.ts";
import { writeDocuments, type Document } from "../measure/write-documents.ts";
import { openStore, readFiles, saveDocuments } from "../store/index.ts";

export interface MachineAnswer {
  readonly id: string;
  /** Absent where no machine can be made of the files; problems say why. */
  readonly cluster?: Cluster;
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly written: readonly string[];
  /** A command line that predicts with it. */
  readonly next?: string;
}

const made = "Written by exatwin import";
const counts = ["nodes", "ranks", "devicesPerNode", "machineNodes"] as const;
const keys = [...counts, "device", "precision", "like"] as const;

/** Answers to what files do not say. */
export function readTold(words: readonly string[]): ClusterQuestion["told"] {
  const problems: Problem[] = [];
  const told: Record<string, string | number> = {};
  for (const word of words) {
    const [, key = word, value = ""] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    if (!(keys as readonly string[]).includes(key)) problems.push(unknownName("--tell", "question", key, keys));
    else if ((counts as readonly string[]).includes(key)) {
      if (/^[1-9]\d{0,6}$/.test(value)) told[key] = Number(value);
      else problems.push(wrongValue(`--tell ${key}`, value, "a whole number above zero"));
    } else if (key === "precision" && !(precisions as readonly string[]).includes(value)) problems.push(unknownName("--tell precision", "precision", value, precisions));
    else if (value === "") problems.push(wrongValue(`--tell ${key}`, value, "a name"));
    else told[key] = value;
  }
  if (problems.length > 0) throw new InputError(problems);
  return told as ClusterQuestion["told"];
}

export interface Place {
  readonly id: string;
  readonly folder: string;
  readonly isScenarios: boolean;
  readonly library: Library;
}

/** Where the machine goes. A document that somebody else wrote is not replaced. */
export function placeMachine(call: Call, id: string): Place {
  if (!/^[a-z0-9][a-z0-9.-]{0,60}$/.test(id)) throw new InputError([wrongValue("--as", id, "a name of lower-case letters, digits, dots and dashes, such as my-cluster")]);
  const { library } = call.load();
  const scenarios = scenariosFolder(call.io.cwd, call.value("scenarios"), call.io.env);
  const into = call.value("into");
  const folder = into === undefined ? scenarios : resolve(call.io.cwd, into);
  const there = library.documents.machine[id] as { note?: unknown } | undefined;
  if (there && !String(there.note ?? "").startsWith(made)) throw new InputError([{ code: "conflict", path: "--as", got: `${id}, a machine that is there already and was not made by import`, expected: "another name" }]);
  return { id, folder, isScenarios: resolve(folder) === resolve(scenarios), library };
}

/** `rows`: of the files read just now, by name. What the store holds under the same name counts as well. */
export async function makeMachine(call: Call, place: Place, { files }: ImportResult, rows: ReadonlyMap<string, readonly ImportedRow[]>, store: string | null): Promise<MachineAnswer> {
  const given: ImportedFile[] = files.map(({ file, sha256, reader, facts }) => ({ name: basename(file), sha256, reader, facts, rows: rows.get(file) ?? [] }));
  const all = [...given, ...(store === null ? [] : (await storedUnder(store, place.id)).filter(({ sha256 }) => !given.some((file) => file.sha256 === sha256)))];
  const { library, id } = place;
  const answer = makeCluster({ id, files: unique(all), told: readTold(call.values("tell")), devices: parsed(library, "device"), machines: parsed(library, "machine").filter((machine) => machine.id !== id) });
  if (answer.cluster === undefined) return { id, problems: answer.problems, files: all.length, written: [] };
  const { machine, calibrations } = answer.cluster;
  const documents: Document[] = [...calibrations.map((value) => ({ kind: "calibration" as const, id: value.id, value })), { kind: "machine", id, value: machine }];
  const written = call.flag("dry-run") ? [] : writeDocuments(place.folder, documents).map((path) => (relative(call.io.cwd, path).startsWith("..") ? path : relative(call.io.cwd, path)));
  if (store !== null) await keepDocuments(store, documents);
  const next = nextCommand(documents.reduce((joined, { kind, id: name, value }) => withDocument(joined, kind, name, value), library), answer.cluster, place, call.io.cwd);
  return { id, cluster: answer.cluster, problems: [], files: all.length, written, ...(next === undefined ? {} : { next }) };
}

async function keepDocuments(path: string, documents: readonly Document[]): Promise<void> {
  const store = await openStore(path);
  try {
    await saveDocuments(store, documents, new Date().toISOString().replace("Z", ""));
  } finally {
    store.close();
  }
}

async function storedUnder(path: string, label: string): Promise<ImportedFile[]> {
  const store = await openStore(path);
  try {
    return await readFiles(store, { label, like: benchmarksOfMachines });
  } finally {
    store.close();
  }
}

const unique = (files: readonly ImportedFile[]): ImportedFile[] => [...new Map(files.map((file) => [file.sha256, file])).values()];

/** Documents that are wrong lend nothing; exatwin check names them. */
function parsed<K extends "device" | "machine">(library: Library, kind: K) {
  return idsOf(library, kind).flatMap((id) => parseDocument(kind, library.documents[kind][id], id).document ?? []);
}

/** Models that most machines have room for: for devices without kernel constants of convolutions. */
const transformers = ["llama3-8b", "llama2-7b", "gpt-256"] as const;

/** The first plan, stack and workload of a run that this machine can be predicted with, those of the same device first. */
function nextCommand(library: Library, { device }: Cluster, { id, folder, isScenarios }: Place, cwd: string): string | undefined {
  const runs = idsOf(library, "run").map((name) => library.documents.run[name] as Record<"machine" | "workload" | "plan" | "stack", string>);
  const deviceOf = (machine: string): unknown => (library.documents.machine[machine] as { node?: { device?: unknown } } | undefined)?.node?.device;
  const name = isScenarios ? id : relative(cwd, join(folder, "machines", `${id}.json`));
  for (const { workload, plan, stack } of runs.toSorted((a, b) => Number(deviceOf(b.machine) === device) - Number(deviceOf(a.machine) === device))) {
    const selection: Selection = { machine: id, workload, plan, stack };
    if (predictSafely(library, selection, { devices: [1] }).prediction === undefined) continue;
    return `exatwin predict ${name} ${workload} --plan ${plan} --stack ${stack}`;
  }
  const transformer = transformers.find((workload) => completeTransformer(library, { machine: id, workload, plan: undefined, stack: undefined, changes: {} }, undefined).library !== undefined);
  return transformer && `exatwin predict ${name} ${transformer}`;
}
