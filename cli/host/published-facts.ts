/** Reads scenarios/facts: published figures that predictions are compared with, by id over all files. */
import { join } from "node:path";
import { unknownName, type Problem } from "../../model/problems.ts";
import type { PublishedFact } from "../../model/schema/published-facts.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { Sources } from "../../model/schema/sources.ts";
import { jsonFiles } from "./library.ts";
import { readJsonFile } from "./read-json.ts";

export function readPublishedFacts(scenarios: string, sources: Sources): { readonly facts: Readonly<Record<string, PublishedFact>>; readonly problems: readonly Problem[] } {
  const facts: Record<string, PublishedFact> = {};
  const problems: Problem[] = [];
  for (const file of jsonFiles(join(scenarios, "facts"))) {
    const name = `facts/${file.slice(0, -".json".length)}`;
    const read = readJsonFile(join(scenarios, "facts", file), name);
    const parsed = read.problems.length > 0 ? read : parseDocument("published-facts", read.value, name);
    problems.push(...parsed.problems);
    if (!("document" in parsed) || parsed.document === undefined) continue;
    for (const [id, fact] of Object.entries(parsed.document.facts)) {
      if (Object.hasOwn(facts, id)) problems.push({ code: "given-twice", path: `${name}: facts.${id}`, got: "a figure of that id stands in two files", expected: "each id once" });
      if (!Object.hasOwn(sources, fact.source)) problems.push(unknownName(`${name}: facts.${id}.source`, "source in sources.json", fact.source, Object.keys(sources)));
      facts[id] = fact;
    }
  }
  return { facts, problems };
}
