/**
 * Words of a command line -> what to predict. Each name is that of a document in the library or the path of a file, which then joins the library
 * for this command. Where plan and stack are left out, those of a run that is closest are taken, and the answer says which.
 */
import { basename, dirname, resolve } from "node:path";
import { completeTransformer, familyOf } from "../../model/index.ts";
import { InputError, missingKey, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import { applyChanges } from "../../model/resolve/changes.ts";
import type { Changes, Library, Selection } from "../../model/scenario.ts";
import { documentFolders, storedKinds, type StoredKind } from "../../model/schema/index.ts";
import { idsOf, readLibrary, withDocument } from "./library.ts";
import { documentFile } from "./document-files.ts";
import { readConfigFile } from "./config-file.ts";

export interface Words {
  cwd: string;
  positionals: readonly string[];
  plan?: string | undefined;
  stack?: string | undefined;
  set: readonly string[];
  /** A Hugging Face config.json that stands for the workload. */
  config?: string | undefined;
  /** The largest number of devices asked for. */
  devices?: number | undefined;
}

export interface Chosen {
  library: Library;
  selection: Selection;
  notes: string[];
  /** Where a plan says how many devices it was made for. */
  devices?: number | undefined;
}

export function chooseScenario(given: Library, words: Words): Chosen {
  const problems: Problem[] = [];
  const notes: string[] = [];
  let library = given;
  const name = (kind: StoredKind, word: string): string => {
    if (kind === "workload" && config !== undefined) return word;
    if (!looksLikeFile(word)) {
      if (!Object.hasOwn(library.documents[kind], word)) problems.push(unknownName("the command line", kind, word, idsOf(library, kind)));
      return word;
    }
    const read = documentFile(word, words.cwd, kind);
    problems.push(...read.problems);
    if (read.document) library = withDocument(withNeighbours(library, resolve(words.cwd, word), kind), kind, read.document.id, read.document.value);
    return read.document?.id ?? word;
  };

  const changes = readChanges(words.set, problems);
  const [first = "", named] = words.positionals;
  const config = words.config === undefined ? undefined : readConfigFile(words.config, words.cwd, problems, notes);
  if (config !== undefined && named !== undefined) problems.push({ code: "conflict", path: "--config", got: `--config beside the workload ${named}`, expected: "one of them" });
  if (config?.document) library = withDocument(library, "workload", config.id, config.document);
  const second = named ?? config?.id;
  let selection: Selection;
  let devices: number | undefined;
  if (second === undefined) {
    for (const option of ["plan", "stack"] as const) {
      if (words[option] !== undefined) problems.push({ code: "conflict", path: `--${option}`, got: `--${option} beside the run ${first}, which has its own`, expected: "a run alone, or MACHINE WORKLOAD with --plan and --stack", hint: `--set ${option}.KEY=VALUE changes what the run's ${option} says` });
    }
    selection = { run: name("run", first) };
    if (problems.length > 0 && Object.hasOwn(library.documents.machine, first)) problems.push(missingKey("the command line", `a workload after the machine ${first}: ${idsOf(library, "workload").join(", ")}`));
  } else {
    const machine = name("machine", first);
    const workload = name("workload", second);
    const plan = words.plan === undefined ? undefined : name("plan", words.plan);
    const stack = words.stack === undefined ? undefined : name("stack", words.stack);
    if (problems.length === 0 && familyOf(library, { machine, workload, plan: "", stack: "" }) === "transformer") {
      const completed = completeTransformer(library, { machine, workload, plan, stack, changes }, words.devices);
      if (!completed.library) throw new InputError(completed.problems);
      ({ library, selection } = completed);
      notes.push(...completed.notes);
      devices = completed.devices ?? undefined;
    } else selection = { machine, workload, ...complete(library, { machine, workload, plan, stack }, problems, notes) };
  }
  if (problems.length > 0) throw new InputError([...problems, ...unknownPaths(changes)]);
  return { library, selection: Object.keys(changes).length > 0 ? { ...selection, changes } : selection, notes, devices };
}

/** A file in a folder like that of the scenarios brings along what its folder holds and the library does not: its device, its calibrations, its sources. */
function withNeighbours(library: Library, path: string, kind: StoredKind): Library {
  if (basename(dirname(path)) !== documentFolders[kind]) return library;
  const beside = readLibrary(dirname(dirname(path))).library;
  let joined: Library = { ...library, sources: { ...beside.sources, ...library.sources } };
  for (const other of storedKinds) for (const id of idsOf(beside, other)) if (!Object.hasOwn(library.documents[other], id)) joined = withDocument(joined, other, id, beside.documents[other][id]);
  return joined;
}

export const looksLikeFile = (word: string): boolean => word.includes("/") || word.endsWith(".json");

interface Names {
  machine: string;
  workload: string;
  plan: string | undefined;
  stack: string | undefined;
}

function complete(library: Library, names: Names, problems: Problem[], notes: string[]): { plan: string; stack: string } {
  const { plan, stack } = names;
  if (plan !== undefined && stack !== undefined) return { plan, stack };
  const runs = idsOf(library, "run").map((id) => ({ id, run: library.documents.run[id] as Partial<Record<"machine" | "workload" | "plan" | "stack", unknown>> }));
  const ofWorkload = runs.filter(({ run }) => run.workload === names.workload);
  const like = ofWorkload.find(({ run }) => run.machine === names.machine) ?? ofWorkload[0];
  const result = { plan: plan ?? "", stack: stack ?? "" };
  for (const kind of ["plan", "stack"] as const) {
    if (names[kind] !== undefined) continue;
    const taken = like?.run[kind];
    if (typeof taken === "string") {
      result[kind] = taken;
      notes.push(`${kind} ${taken}, as in the run ${like?.id ?? ""}; --${kind} takes another`);
    } else if (problems.length === 0) problems.push(missingKey(`--${kind}`, `a ${kind}, because no run of the workload ${names.workload} says which: ${idsOf(library, kind).join(", ")}`));
  }
  return result;
}

/** PATH=VALUE words. The model reads the value in the unit of its place; here only the form is checked. */
export function readChanges(words: readonly string[], problems: Problem[]): Changes {
  const changes = new Map<string, string>();
  for (const word of words) {
    const [, path, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (path === undefined || value === undefined || value.trim() === "") problems.push(wrongValue("--set", word, "PATH=VALUE, such as machine.node.injection=\"12 GB/s\""));
    else if (changes.has(path.trim())) problems.push({ code: "given-twice", path: `--set ${path.trim()}`, got: `both ${changes.get(path.trim())} and ${value}`, expected: "each path once" });
    else changes.set(path.trim(), value.trim());
  }
  return Object.fromEntries(changes);
}

/** Paths that no document has: told here where the names of the documents are wrong already, else by the model. */
const unknownPaths = (changes: Changes): Problem[] => applyChanges({ device: {}, machine: {}, workload: {}, plan: {}, stack: {} }, changes).problems;

/** "1,6,24" -> device counts in rising order. */
export function readDevices(text: string | undefined): { devices?: number[]; problems: Problem[] } {
  if (text === undefined) return { problems: [] };
  const problems: Problem[] = [];
  const counts: number[] = [];
  for (const part of text.split(",").map((word) => word.trim())) {
    const count = /^\d{1,10}$/.test(part) ? Number(part) : Number.NaN;
    if (!(count >= 1)) problems.push(wrongValue("--gpus", part, "whole numbers above zero with commas between them, such as 1,6,24"));
    else if (counts.includes(count)) problems.push(wrongValue("--gpus", count, "each number once", `${count} stands there twice`));
    else counts.push(count);
  }
  return problems.length > 0 ? { problems } : { devices: counts.toSorted((a, b) => a - b), problems };
}
