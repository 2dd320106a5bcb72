/** Reads the documents of scenarios/series: published times that fits begin from. All of a folder count as one. */
import { join } from "node:path";
import type { Problem } from "../../model/problems.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { SeriesDocument } from "../../model/schema/series.ts";
import { jsonFiles } from "./library.ts";
import { readJsonFile } from "./read-json.ts";

export type AllSeries = Pick<SeriesDocument, "collectives" | "scales" | "messages">;

export function readSeries(scenarios: string): { readonly published: AllSeries; readonly problems: readonly Problem[] } {
  const folder = join(scenarios, "series");
  const problems: Problem[] = [];
  const documents = jsonFiles(folder).flatMap((file): SeriesDocument[] => {
    const name = `series/${file.slice(0, -".json".length)}`;
    const read = readJsonFile(join(folder, file), name);
    const parsed = read.problems.length > 0 ? read : parseDocument("series", read.value, name);
    problems.push(...parsed.problems);
    return "document" in parsed && parsed.document ? [parsed.document] : [];
  });
  return { published: { collectives: documents.flatMap(({ collectives }) => collectives), scales: documents.flatMap(({ scales }) => scales), messages: documents.flatMap(({ messages }) => messages) }, problems };
}
