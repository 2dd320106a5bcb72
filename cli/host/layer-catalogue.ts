/** Reads what a catalogue of layer networks needs from disk: its rules, documents of devices, machines, stacks and workloads, and the calibrations of kernels. */
import { join } from "node:path";
import type { LayerDocuments } from "../../calibrate/fit/layers/runs.ts";
import type { ReadLayerCatalogue } from "../../calibrate/readers/catalogue-hpc/case.ts";
import { readLayerCatalogue } from "../../calibrate/readers/catalogue-hpc/read-layer-catalogue.ts";
import type { Problem } from "../../model/problems.ts";
import { corpusOf, type Calibration, type CorpusCalibration } from "../../model/schema/calibration.ts";
import type { Device } from "../../model/schema/device.ts";
import type { DocumentOf, StoredKind } from "../../model/schema/index.ts";
import type { LayerCatalogueRules } from "../../model/schema/layer-catalogue-rules.ts";
import type { Machine } from "../../model/schema/machine.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { AnyStack, Stack } from "../../model/schema/stack.ts";
import type { LayerWorkload, Workload } from "../../model/schema/workload.ts";
import { buildLayers } from "../../model/workload/build-layers.ts";
import type { Layer } from "../../model/workload/layer.ts";
import { readLibrary } from "./library.ts";
import { readJsonFile } from "./read-json.ts";

export interface LayerCatalogueHost {
  readonly documents: LayerDocuments;
  /** The stored fit of such runs. */
  readonly corpus: CorpusCalibration | undefined;
  readonly rules: LayerCatalogueRules | undefined;
  readonly problems: readonly Problem[];
  /** Cases of a catalogue by the rules. */
  readonly read: (catalogue: unknown) => ReadLayerCatalogue;
}

export function readLayerHost(scenarios: string, rulesFile = join(scenarios, "catalogues", "layer-runs.json")): LayerCatalogueHost {
  const { library, problems: unread } = readLibrary(scenarios);
  const problems = [...unread];
  const parse = <K extends StoredKind>(kind: K): Array<[string, DocumentOf<K>]> =>
    Object.entries(library.documents[kind]).flatMap(([id, value]): Array<[string, DocumentOf<K>]> => {
      const parsed = parseDocument(kind, value, `${kind}s/${id}`);
      problems.push(...parsed.problems);
      return parsed.document === undefined ? [] : [[id, parsed.document]];
    });
  const stacks = (parse("stack") as Array<[string, AnyStack]>).filter((entry): entry is [string, Stack] => entry[1].kind === "layers");
  const workloads = (parse("workload") as Array<[string, Workload]>).filter((entry): entry is [string, LayerWorkload] => entry[1].family !== "transformer");
  const calibrations = parse("calibration").map(([, document]) => document as Calibration);
  const documents: LayerDocuments = {
    devices: Object.fromEntries(parse("device") as Array<[string, Device]>),
    machines: Object.fromEntries(parse("machine") as Array<[string, Machine]>),
    stacks: Object.fromEntries(stacks),
    workloads: Object.fromEntries(workloads),
    calibrations,
  };
  const file = readJsonFile(rulesFile, "catalogue rules");
  const rules = file.problems.length > 0 ? undefined : parseDocument("layer-catalogue-rules", file.value, "catalogue rules");
  problems.push(...file.problems, ...(rules?.problems ?? []));
  const built = new Map<string, readonly Layer[] | undefined>();
  const layersOf = (id: string): readonly Layer[] | undefined => {
    if (!built.has(id)) built.set(id, documents.workloads[id] === undefined ? undefined : buildLayers(documents.workloads[id]));
    return built.get(id);
  };
  const empty: ReadLayerCatalogue = { cases: [], skipped: [], problems: [], meanings: {}, series: 0, points: 0 };
  return { documents, corpus: corpusOf(calibrations, "layers"), rules: rules?.document, problems, read: (catalogue) => (rules?.document === undefined ? empty : readLayerCatalogue(catalogue, rules.document, layersOf)) };
}
