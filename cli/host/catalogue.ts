/** Reads what a fit of a catalogue needs from disk: the rules, and all documents of devices, machines and transformer stacks. */
import type { FitDocuments } from "../../calibrate/fit/transformer/runs.ts";
import type { Problem } from "../../model/problems.ts";
import type { CatalogueRules } from "../../model/schema/catalogue-rules.ts";
import type { Device } from "../../model/schema/device.ts";
import type { Machine } from "../../model/schema/machine.ts";
import type { AnyStack } from "../../model/schema/stack.ts";
import type { TransformerStack } from "../../model/schema/stack-transformer.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import { readLibrary } from "./library.ts";
import { readJsonFile } from "./read-json.ts";

export function readCatalogueRules(file: string): { readonly rules?: CatalogueRules; readonly problems: readonly Problem[] } {
  const read = readJsonFile(file, "catalogue rules");
  if (read.problems.length > 0) return { problems: read.problems };
  const { document, problems } = parseDocument("catalogue-rules", read.value, "catalogue rules");
  return document === undefined ? { problems } : { rules: document, problems };
}

export function readFitDocuments(scenarios: string): { readonly documents: FitDocuments; readonly problems: readonly Problem[] } {
  const { library, problems: unread } = readLibrary(scenarios);
  const problems = [...unread];
  const parse = <T>(kind: "device" | "machine" | "stack"): Array<[string, T]> =>
    Object.entries(library.documents[kind]).flatMap(([id, value]): Array<[string, T]> => {
      const parsed = parseDocument(kind, value, `${kind}s/${id}`);
      problems.push(...parsed.problems);
      return parsed.document === undefined ? [] : [[id, parsed.document as T]];
    });
  const stacks = parse<AnyStack>("stack").filter((entry): entry is [string, TransformerStack] => entry[1].kind === "transformer");
  return { documents: { devices: Object.fromEntries(parse<Device>("device")), machines: Object.fromEntries(parse<Machine>("machine")), stacks: Object.fromEntries(stacks) }, problems };
}
