/** Selection + library -> scenario, or every problem on the way: unknown names, bad changes, documents that do not parse. */
import { unknownName, wrongValue, type Problem } from "../problems.ts";
import type { Changes, Library, Market, Scenario, Selection, TransformerScenario } from "../scenario.ts";
import { documentFolders, type DocumentOf, type StoredKind } from "../schema/index.ts";
import { parseDocument } from "../schema/parse.ts";
import { applyChanges, type RawDocuments } from "./changes.ts";

export type Resolved = { readonly scenario: Scenario; readonly problems: readonly [] } | { readonly scenario?: undefined; readonly problems: readonly Problem[] };

/** Documents of a selection, each parsed; what a network needs of plan and stack depends on its family. */
interface Documents {
  readonly device: DocumentOf<"device">;
  readonly otherDevice: DocumentOf<"device"> | undefined;
  readonly machine: DocumentOf<"machine">;
  readonly workload: DocumentOf<"workload">;
  readonly plan: DocumentOf<"plan">;
  readonly stack: DocumentOf<"stack">;
  readonly calibrations: DocumentOf<"calibration">[];
  readonly market: Market;
  readonly convergence: DocumentOf<"convergence">[];
  readonly run: DocumentOf<"run"> | null;
  readonly changes: Changes;
  readonly names: Readonly<Record<"machine" | "workload" | "plan" | "stack", string>>;
}

/** Whether a selection is of a transformer; undefined where its workload is not known or does not say. */
export function familyOf(library: Library, selection: Selection): string | undefined {
  const run = "run" in selection ? (library.documents.run[selection.run] as { workload?: unknown } | undefined) : undefined;
  const name = run ? run.workload : (selection as { workload?: unknown }).workload;
  const workload = typeof name === "string" ? (library.documents.workload[name] as { family?: unknown } | undefined) : undefined;
  return typeof workload?.family === "string" ? workload.family : undefined;
}

export function resolveScenario(library: Library, selection: Selection): Resolved {
  const { documents, problems } = resolveDocuments(library, selection);
  if (!documents) return { problems };
  const { device, otherDevice, machine, workload, plan, stack, calibrations, market, convergence, run, changes, names } = documents;
  const other = otherDevice === undefined ? {} : { otherDevice };
  if (workload.family === "transformer") return { problems: [wrongValue(`workloads/${names.workload}: family`, workload.family, "a network that is a list of layers")] };
  const wrong: Problem[] = [];
  if (plan.kind !== "data-parallel") wrong.push(wrongValue(`plans/${names.plan}: kind`, plan.kind, `"data-parallel", for a network that is a list of layers`));
  if (stack.kind !== "layers") wrong.push(wrongValue(`stacks/${names.stack}: kind`, stack.kind, `"layers", for a network that is a list of layers`));
  if (plan.kind !== "data-parallel" || stack.kind !== "layers") return { problems: wrong };
  return { scenario: { device, ...other, machine, workload, plan, stack, calibrations, convergence, market, run, changes }, problems: [] };
}

export type ResolvedTransformer = { readonly scenario: TransformerScenario; readonly problems: readonly [] } | { readonly scenario?: undefined; readonly problems: readonly Problem[] };

export function resolveTransformer(library: Library, selection: Selection): ResolvedTransformer {
  const { documents, problems } = resolveDocuments(library, selection);
  if (!documents) return { problems };
  const { device, otherDevice, machine, workload, plan, stack, calibrations, market, convergence, run, changes, names } = documents;
  const other = otherDevice === undefined ? {} : { otherDevice };
  if (workload.family !== "transformer") return { problems: [wrongValue(`workloads/${names.workload}: family`, workload.family, `"transformer"`)] };
  const wrong: Problem[] = [];
  if (plan.kind !== "layout") wrong.push(wrongValue(`plans/${names.plan}: kind`, plan.kind, `"layout", for a transformer`, `plans of that kind: ${idsOfKind(library, "plan", "layout")}`));
  if (stack.kind !== "transformer") wrong.push(wrongValue(`stacks/${names.stack}: kind`, stack.kind, `"transformer"`, `stacks of that kind: ${idsOfKind(library, "stack", "transformer")}`));
  if (plan.kind !== "layout" || stack.kind !== "transformer") return { problems: wrong };
  const missing: Problem[] = [];
  const memory = stack.memory === undefined ? null : lookUp(library, "memory", stack.memory, `stacks/${names.stack}: memory`, missing);
  if (memory === undefined) return { problems: missing };
  return { scenario: { device, ...other, machine, workload, plan, stack, memory, calibrations, convergence, market, run, changes }, problems: [] };
}

const idsOfKind = (library: Library, kind: "plan" | "stack", wanted: string): string => Object.entries(library.documents[kind]).filter(([, document]) => (document as { kind?: unknown }).kind === wanted).map(([id]) => id).join(", ") || "none";

function resolveDocuments(library: Library, selection: Selection): { documents: Documents; problems: readonly [] } | { documents?: undefined; problems: readonly Problem[] } {
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
  const prices = Object.entries(library.documents.price).map(([id, value]) => parse("price", value, id, problems));
  const convergence = Object.entries(library.documents.convergence).map(([id, value]) => parse("convergence", value, id, problems));
  const gridName = machine?.power?.grid;
  const grid = gridName === undefined ? undefined : lookUp(library, "grid", gridName, `machines/${names.machine}: power.grid`, problems);
  const otherDevice = machine?.otherDevices === undefined ? undefined : lookUp(library, "device", machine.otherDevices.device, "machine.otherDevices.device", problems);
  if (problems.length > 0 || !device || !machine || !workload || !plan || !stack) return { problems };
  return { documents: { device, otherDevice, machine, workload, plan, stack, calibrations: calibrations.filter((document) => document !== undefined), convergence: convergence.filter((document) => document !== undefined && document.workloads.includes(names.workload)) as DocumentOf<"convergence">[], market: { grid: grid ?? null, prices: prices.filter((document) => document !== undefined) }, run, changes, names }, problems: [] };
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
