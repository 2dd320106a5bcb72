/** Reads scenarios/runs/published: the published runs that fits learn from, as catalogues. */
import { createHash } from "node:crypto";
import type { Problem } from "../../model/problems.ts";
import { shelvedFolders } from "../../model/schema/index.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { PublishedRuns, PublishedSeries } from "../../model/schema/published-runs.ts";
import { readShelf } from "./shelf.ts";

export interface Corpus {
  readonly documents: readonly PublishedRuns[];
  readonly series: readonly PublishedSeries[];
  /** What the reader of each kind looks at: some series that describe their network by words are of transformers. */
  readonly transformers: readonly PublishedSeries[];
  readonly layers: readonly PublishedSeries[];
  readonly problems: readonly Problem[];
}

export function readCorpus(scenarios: string): Corpus {
  const shelf = readShelf(scenarios, ["published-runs"]);
  const problems = [...shelf.problems];
  const documents = shelf.documents.flatMap(({ name, value }): PublishedRuns[] => {
    const parsed = parseDocument("published-runs", value, name);
    problems.push(...parsed.problems);
    return parsed.document === undefined ? [] : [parsed.document];
  });
  if (documents.length === 0 && problems.length === 0) problems.push({ code: "unreadable-file", path: shelvedFolders["published-runs"], got: "no document", expected: "published runs; cli/corpus.ts writes them from catalogues" });
  const series = documents.flatMap((document) => document.series);
  return { documents, series, transformers: series, layers: series.filter(({ workload }) => workload !== undefined), problems };
}

/** One number for what was learned from, whatever the layout of the files. */
export const hashOf = (series: readonly unknown[]): string => createHash("sha256").update(JSON.stringify(series)).digest("hex");
