/** Checks of whole documents: the schema, then that every name it uses exists. */
import { InputError, unknownName, wrongValue, type Problem } from "../problems.ts";
import type { Library } from "../scenario.ts";
import { isDeviceCalibration } from "../schema/calibration.ts";
import { changedSource, isFact } from "../schema/fact.ts";
import { documentFolders, documentKinds, storedKinds, type DocumentKind, type DocumentOf } from "../schema/index.ts";
import { parseDocument } from "../schema/parse.ts";
import { buildLayers } from "../workload/build-layers.ts";

/** Every problem of one raw document. With a library, names of other documents and of sources are checked as well. */
export function checkDocument(kind: DocumentKind, value: unknown, name: string, library?: Library): Problem[] {
  const parsed = parseDocument(kind, value, name);
  if (parsed.document === undefined) return [...parsed.problems];
  const problems = library ? [...checkSources(parsed.document, name, library), ...checkNames(kind, parsed.document, name, library)] : [];
  return kind === "workload" ? [...problems, ...checkLayers(parsed.document as DocumentOf<"workload">)] : problems;
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
  const named = typeof schema === "string" ? /([a-z]+)\.schema\.json$/.exec(schema)?.[1] : undefined;
  if (named && (documentKinds as string[]).includes(named)) return named as DocumentKind;
  const signs: Array<[DocumentKind, string[]]> = [
    ["device", ["peaks", "tensorCores", "multiprocessors", "memory"]],
    ["machine", ["node", "nodes", "fabric", "fileSystem", "deviceSpread"]],
    ["workload", ["family", "options", "dataset", "inputElementBytes"]],
    ["plan", ["precision", "samplesPerDevice", "gradientLag", "staging"]],
    ["stack", ["kernels", "traffic", "collective", "controlPlane"]],
    ["run", ["points", "scales", "machine", "workload", "plan", "stack"]],
    ["calibration", ["scope", "parameters", "estimates", "method"]],
  ];
  let best: { kind: DocumentKind; share: number } | undefined;
  for (const [kind, keys] of signs) {
    const share = keys.filter((key) => Object.hasOwn(value, key)).length / keys.length;
    if (share >= 0.5 && share > (best?.share ?? 0)) best = { kind, share };
  }
  return best?.kind;
}

function checkLayers(workload: DocumentOf<"workload">): Problem[] {
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
    if (isFact(value)) test(value.source, path);
    else if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${path}[${index}]`));
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

function checkNames(kind: DocumentKind, document: unknown, name: string, library: Library): Problem[] {
  const problems: Problem[] = [];
  const need = (target: keyof Library["documents"], id: string, path: string) => {
    const known = library.documents[target];
    if (!Object.hasOwn(known, id)) problems.push(unknownName(`${name}: ${path}`, target, id, Object.keys(known)));
  };
  if (kind === "machine") need("device", (document as DocumentOf<"machine">).node.device, "node.device");
  if (kind === "device") {
    const like = (document as DocumentOf<"device">).kernelsLike;
    if (like) need("device", like.device, "kernelsLike.device");
  }
  if (kind === "run") problems.push(...checkRun(document as DocumentOf<"run">, name, need));
  if (kind === "calibration") {
    const calibration = document as DocumentOf<"calibration">;
    if (isDeviceCalibration(calibration)) need("device", calibration.scope.device, "scope.device");
    else calibration.estimates.forEach(({ run }, index) => need("run", run, `estimates[${index}].run`));
  }
  return problems;
}

function checkRun(run: DocumentOf<"run">, name: string, need: (target: "machine" | "workload" | "plan" | "stack", id: string, path: string) => void): Problem[] {
  for (const kind of ["machine", "workload", "plan", "stack"] as const) need(kind, run[kind], kind);
  const seen = new Set<string>();
  return run.points.flatMap(({ id }, index) => {
    if (seen.has(id)) return [wrongValue(`${name}: points[${index}].id`, id, "an id that no other point of the run has")];
    seen.add(id);
    return [];
  });
}
