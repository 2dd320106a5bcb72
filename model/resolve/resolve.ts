/** Selection + library -> scenario, or every problem on the way: unknown names, bad changes, documents that do not parse. */
import { unknownName, wrongValue, type Problem } from "../problems.ts";
import type { Library, Scenario, Selection } from "../scenario.ts";
import { documentFolders, type DocumentOf, type StoredKind } from "../schema/index.ts";
import { parseDocument } from "../schema/parse.ts";
import { applyChanges, type RawDocuments } from "./changes.ts";

export type Resolved = { readonly scenario: Scenario; readonly problems: readonly [] } | { readonly scenario?: undefined; readonly problems: readonly Problem[] };

export function resolveScenario(library: Library, selection: Selection): Resolved {
  // 1. Names of documents.
  const problems: Problem[] = [];
  const run = "run" in selection ? lookUp(library, "run", selection.run, "run", problems) : null;
  if (run === undefined) return { problems };
  const names = run ?? (selection as Exclude<Selection, { run: string }>);
  const raw: Partial<RawDocuments> = {};
  for (const kind of ["machine", "workload", "plan", "stack"] as const) raw[kind] = find(library, kind, names[kind], kind, problems);
  if (problems.length > 0) return { problems };

  // 2. Changes, on the raw documents. The device is named by the machine, so a changed machine may name another one.
  const changes = selection.changes ?? {};
  const deviceName = String(changes["machine.node.device"] ?? deviceOf(raw.machine));
  raw.device = find(library, "device", deviceName, "machine.node.device", problems);
  const changed = applyChanges(raw as RawDocuments, changes);
  problems.push(...changed.problems);

  // 3. Parse; everything that is wrong is told at once.
  const device = raw.device === undefined ? undefined : parse("device", changed.documents.device, deviceName, problems);
  const machine = parse("machine", changed.documents.machine, names.machine, problems);
  const workload = parse("workload", changed.documents.workload, names.workload, problems);
  const plan = parse("plan", changed.documents.plan, names.plan, problems);
  const stack = parse("stack", changed.documents.stack, names.stack, problems);
  const calibrations = Object.entries(library.documents.calibration).map(([id, value]) => parse("calibration", value, id, problems));
  if (plan !== undefined && plan.kind !== "data-parallel") problems.push(wrongValue(`plans/${names.plan}: kind`, plan.kind, `"data-parallel", for a network that is a list of layers`));
  if (stack !== undefined && stack.kind !== "layers") problems.push(wrongValue(`stacks/${names.stack}: kind`, stack.kind, `"layers", for a network that is a list of layers`));
  if (workload?.family === "transformer") problems.push(wrongValue(`workloads/${names.workload}: family`, workload.family, "a network that is a list of layers"));
  if (problems.length > 0 || !device || !machine || !workload || workload.family === "transformer" || plan?.kind !== "data-parallel" || stack?.kind !== "layers") return { problems };
  return { scenario: { device, machine, workload, plan, stack, calibrations: calibrations.filter((document) => document !== undefined), run, changes }, problems: [] };
}

function deviceOf(machine: unknown): unknown {
  return (machine as { node?: { device?: unknown } } | undefined)?.node?.device ?? "";
}

function find(library: Library, kind: StoredKind, id: string, path: string, problems: Problem[]): unknown {
  const documents = library.documents[kind];
  if (Object.hasOwn(documents, id)) return documents[id];
  problems.push(unknownName(path, kind, id, Object.keys(documents)));
  return undefined;
}

function lookUp<K extends StoredKind>(library: Library, kind: K, id: string, path: string, problems: Problem[]): DocumentOf<K> | undefined {
  const raw = find(library, kind, id, path, problems);
  return raw === undefined ? undefined : parse(kind, raw, id, problems);
}

const parsedDocuments = new WeakMap<object, unknown>();

/** Parses a document once per raw object; a slider changes one document and leaves the others as they were. */
function parse<K extends StoredKind>(kind: K, raw: unknown, id: string, problems: Problem[]): DocumentOf<K> | undefined {
  if (typeof raw === "object" && raw !== null) {
    const known = parsedDocuments.get(raw);
    if (known !== undefined) return known as DocumentOf<K>;
  }
  const result = parseDocument(kind, raw, `${documentFolders[kind]}/${id}`);
  if (result.document === undefined) {
    problems.push(...result.problems);
    return undefined;
  }
  if (typeof raw === "object" && raw !== null) parsedDocuments.set(raw, result.document);
  return result.document;
}
