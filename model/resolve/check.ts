/** Checks of whole documents: the schema, then that every name it uses exists. */
import { InputError, unknownName, wrongValue, type Problem } from "../problems.ts";
import type { Library } from "../scenario.ts";
import { changedSource } from "../schema/fact.ts";
import { documentFolders, documentKinds, storedKinds, type DocumentKind, type DocumentOf, type StoredKind } from "../schema/index.ts";
import { isDeeperThan, maximumDepth, parseDocument } from "../schema/parse.ts";
import { buildLayers } from "../workload/build-layers.ts";

/** Every problem of one raw document. With a library, names of other documents and of sources are checked as well. */
export function checkDocument(kind: DocumentKind, value: unknown, name: string, library?: Library): Problem[] {
  const parsed = parseDocument(kind, value, name);
  const problems = [...parsed.problems];
  if (library && kind !== "sources" && !isDeeperThan(value, maximumDepth)) problems.push(...checkSources(value, name, library), ...checkNames(kind, value, name, library));
  return parsed.document && kind === "workload" ? [...problems, ...checkLayers(parsed.document as DocumentOf<"workload">)] : problems;
}

export function checkLibrary(library: Library): Problem[] {
  const problems = checkDocument("sources", library.sources, "sources.json");
  for (const kind of storedKinds) {
    for (const [id, value] of Object.entries(library.documents[kind])) problems.push(...checkDocument(kind, value, `${documentFolders[kind]}/${id}`, library));
  }
  return problems;
}

/** Which kind of document this is, by the keys that only that kind has. */
export function guessKind(value: unknown): DocumentKind | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const schema = (value as { $schema?: unknown }).$schema;
  const named = typeof schema === "string" ? /([a-z-]+)\.schema\.json$/.exec(schema)?.[1] : undefined;
  if (named && (documentKinds as string[]).includes(named)) return named as DocumentKind;
  const signs: Array<[DocumentKind, string[]]> = [
    ["device", ["peaks", "tensorCores", "multiprocessors", "memory"]],
    ["machine", ["node", "nodes", "fabric", "fileSystem", "deviceSpread"]],
    ["workload", ["family", "options", "dataset", "inputElementBytes"]],
    ["plan", ["precision", "samplesPerDevice", "gradientLag", "staging"]],
    ["plan", ["microBatch", "globalBatch", "tensor", "pipeline", "recipe"]],
    ["memory", ["weight", "master", "gradient", "logit", "reservedShare"]],
    ["stack", ["kernels", "traffic", "collective", "controlPlane"]],
    ["stack", ["kind", "family", "parameters"]],
    ["run", ["points", "scales", "machine", "workload", "plan", "stack"]],
    ["calibration", ["scope", "parameters", "estimates", "method"]],
    ["convergence", ["workloads", "target", "unit", "points"]],
    ["price", ["offers"]],
    ["price", ["contracts", "electricity", "ownership"]],
    ["grid", ["region", "years"]],
    ["published-facts", ["facts"]],
    ["published-runs", ["series", "leftOut"]],
    ["memory-readings", ["memory", "fitted", "models", "groups"]],
  ];
  let best: { kind: DocumentKind; share: number } | undefined;
  for (const [kind, keys] of signs) {
    const share = keys.filter((key) => Object.hasOwn(value, key)).length / keys.length;
    if (share >= 0.5 && share > (best?.share ?? 0)) best = { kind, share };
  }
  return best?.kind;
}

function checkLayers(workload: DocumentOf<"workload">): Problem[] {
  if (workload.family === "transformer") return [];
  try {
    buildLayers(workload);
    return [];
  } catch (error) {
    if (error instanceof InputError) return [...error.problems];
    throw error;
  }
}

function checkSources(document: unknown, name: string, library: Library): Problem[] {
  const problems: Problem[] = [];
  const known = Object.keys(library.sources);
  const test = (source: string, path: string) => {
    if (source !== changedSource && !Object.hasOwn(library.sources, source)) problems.push(unknownName(`${name}: ${path}`, "source in sources.json", source, known));
  };
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${path}[${index}]`));
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        const at = path === "" ? key : `${path}.${key}`;
        if (key === "source" && typeof inner === "string") test(inner, at);
        else visit(inner, at);
      }
    }
  };
  visit(document, "");
  return problems;
}

type Raw = Readonly<Record<string, unknown>>;
const inside = (value: unknown, key: string): unknown => (typeof value === "object" && value !== null ? (value as Raw)[key] : undefined);

/** On the raw document, so that a name is checked also where something else is wrong. What is no text is the schema's to tell. */
function checkNames(kind: DocumentKind, document: unknown, name: string, library: Library): Problem[] {
  const problems: Problem[] = [];
  const need = (target: StoredKind, id: unknown, path: string) => {
    const known = library.documents[target];
    if (typeof id === "string" && !Object.hasOwn(known, id)) problems.push(unknownName(`${name}: ${path}`, target, id, Object.keys(known)));
  };
  if (kind === "machine") need("device", inside(inside(document, "node"), "device"), "node.device");
  if (kind === "machine") need("device", inside(inside(document, "otherDevices"), "device"), "otherDevices.device");
  if (kind === "machine") need("grid", inside(inside(document, "power"), "grid"), "power.grid");
  if (kind === "machine") need("calibration", inside(inside(document, "reliability"), "law"), "reliability.law");
  if (kind === "price") {
    const each = (list: unknown, visit: (item: unknown, index: number) => void) => (Array.isArray(list) ? list.forEach(visit) : undefined);
    each(inside(document, "offers"), (offer, index) => need("device", inside(offer, "device"), `offers[${index}].device`));
    each(inside(document, "contracts"), (contract, index) => need("machine", inside(contract, "machine"), `contracts[${index}].machine`));
    each(inside(document, "electricity"), (tariff, index) => each(inside(tariff, "machines"), (machine, at) => need("machine", machine, `electricity[${index}].machines[${at}]`)));
  }
  if (kind === "device") need("device", inside(inside(document, "kernelsLike"), "device"), "kernelsLike.device");
  if (kind === "calibration") {
    need("device", inside(inside(document, "scope"), "device"), "scope.device");
    const estimates = inside(document, "estimates");
    if (Array.isArray(estimates)) estimates.forEach((estimate, index) => need("run", inside(estimate, "run"), `estimates[${index}].run`));
  }
  if (kind === "convergence") {
    const workloads = inside(document, "workloads");
    if (Array.isArray(workloads)) workloads.forEach((workload, index) => need("workload", workload, `workloads[${index}]`));
  }
  if (kind === "plan") for (const part of ["workload", "machine", "stack"] as const) need(part, inside(inside(document, "madeFor"), part), `madeFor.${part}`);
  if (kind === "run") {
    for (const part of ["machine", "workload", "plan", "stack"] as const) need(part, inside(document, part), part);
    problems.push(...checkPoints(inside(document, "points"), name));
  }
  return problems;
}

function checkPoints(points: unknown, name: string): Problem[] {
  const seen = new Set<unknown>();
  return (Array.isArray(points) ? points : []).flatMap((point, index) => {
    const id = inside(point, "id");
    if (typeof id === "string" && seen.has(id)) return [wrongValue(`${name}: points[${index}].id`, id, "an id that no other point of the run has")];
    seen.add(id);
    return [];
  });
}
