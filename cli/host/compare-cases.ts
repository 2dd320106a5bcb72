/**
 * Whether documents of published runs give the cases of the catalogues that they were made from, both read by the stored rules and in the order of documents: which of two
 * figures of one run counts may depend on it.
 */
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { readCatalogue } from "../../calibrate/readers/catalogue/read-catalogue.ts";
import type { Problem } from "../../model/problems.ts";
import type { PublishedRuns } from "../../model/schema/published-runs.ts";
import { readCatalogueRules, readFitDocuments } from "./catalogue.ts";
import { readLayerHost } from "./layer-catalogue.ts";

interface Case {
  readonly id: string;
}

export function compareCases(scenarios: string, catalogues: readonly unknown[], documents: readonly PublishedRuns[]): { readonly cases: number; readonly problems: readonly Problem[] } {
  const { rules, launches, problems: unread } = readCatalogueRules(join(scenarios, "catalogues", "transformer-runs.json"));
  const layers = readLayerHost(scenarios);
  const { architectureOf, problems: broken } = readFitDocuments(scenarios);
  if (unread.length + broken.length + layers.problems.length > 0) return { cases: 0, problems: [...unread, ...broken, ...layers.problems] };
  const casesOf = (series: readonly unknown[]): Map<string, unknown> => {
    const named = (kind: string, cases: readonly Case[]) => cases.map((one): [string, unknown] => [`${kind} ${one.id}`, one]);
    return new Map([...named("transformer", readCatalogue(series, rules!, launches, architectureOf).cases), ...named("layers", layers.read(series).cases)]);
  };
  const written = documents.flatMap(({ series }) => series);
  const place = new Map(written.map(({ id }, at) => [id, at]));
  const placeOf = (series: unknown): number => place.get(String((series as { id?: unknown } | null)?.id)) ?? written.length;
  const before = casesOf(catalogues.flat().toSorted((a, b) => placeOf(a) - placeOf(b)));
  const after = casesOf(written);
  const problems = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): Problem[] => {
    const [one, other] = [before.get(id), after.get(id)];
    if (isDeepStrictEqual(one, other)) return [];
    return [{ code: "not-the-same", path: id, got: other === undefined ? "no case" : JSON.stringify(other), expected: one === undefined ? "no case" : JSON.stringify(one) }];
  });
  return { cases: after.size, problems };
}
