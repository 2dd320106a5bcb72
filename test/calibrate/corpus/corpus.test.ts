/** Published runs as documents: a catalogue comes back from them case by case, in whatever order it was given; what nobody read is left out and counted; the committed ones are readable. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameOf, splitCatalogues } from "../../../calibrate/corpus/split-catalogues.ts";
import { addressesIn, cleanText, cleanValue } from "../../../calibrate/corpus/wording.ts";
import { writePublishedRuns } from "../../../calibrate/corpus/write-document.ts";
import { compareCases } from "../../../cli/host/compare-cases.ts";
import { jsonFiles } from "../../../cli/host/library.ts";
import { readCorpus } from "../../../cli/host/published-runs.ts";
import { showProblem } from "../../../model/problems.ts";
import type { PublishedRuns } from "../../../model/schema/published-runs.ts";
import { scenariosFolder } from "../../support/library.ts";

type Series = Record<string, unknown> & { id: string; points: Array<Record<string, unknown>> };
const fixture = (name: string): Series[] => JSON.parse(readFileSync(new URL(`../../fixtures/catalogue/${name}.json`, import.meta.url), "utf8")) as Series[];
/** A source that can be looked up, which made-up runs have not. */
const sourced = (series: Series): Series => ({ ...series, source: { verified: "in-source", ...(series["source"] as object), url: `https://example.org/${series.id.slice(0, 6)}` } });
const catalogues = ["unseen", "unseen-layers"].map((name) => ({ name, value: fixture(name).map(sourced) }));

describe("a catalogue as documents", () => {
  const { documents, problems } = splitCatalogues(catalogues);

  it("gives the same cases", () => {
    expect(problems.map(showProblem)).toEqual([]);
    const { cases, problems: differences } = compareCases(scenariosFolder, catalogues.map(({ value }) => value), documents);
    expect(differences.map(showProblem)).toEqual([]);
    expect(cases).toBeGreaterThanOrEqual(4);
  });

  it("would not pass with another figure, or without a point", () => {
    const changed = structuredClone(documents) as PublishedRuns[];
    const points = changed.flatMap(({ series }) => series).find(({ id }) => id === "made-up-resnet-dgx-a100")!.points;
    points[0]!.value = 2 * (points[0]!.value ?? 0);
    expect(compareCases(scenariosFolder, catalogues.map(({ value }) => value), changed).problems.map(({ path }) => path)).toEqual(["layers made-up-resnet-dgx-a100#1"]);
  });

  it("does not depend on the order of series, is read as it is written, and keeps a point on a line", () => {
    const series = catalogues.flatMap(({ value }) => value);
    fc.assert(fc.property(fc.shuffledSubarray(series, { minLength: series.length }), (shuffled) => {
      expect(splitCatalogues([{ name: "all", value: shuffled }]).documents).toEqual(documents);
    }), { numRuns: 10 });
    for (const document of documents) {
      const text = writePublishedRuns(document);
      expect({ leftOut: [], ...(JSON.parse(text) as object) }).toEqual(document);
      expect(text.split("\n").filter((line) => line.startsWith("        {"))).toHaveLength(document.series.flatMap(({ points }) => points).length);
    }
  });

  it("leaves out and counts what was recalled", () => {
    const [first] = fixture("unseen");
    const recalled = { ...first, id: "recalled", source: { ...(first!["source"] as object), verified: "unverified-memory" } };
    const split = splitCatalogues([{ name: "all", value: [first, recalled] }]);
    expect(split.documents).toHaveLength(1);
    expect(split.documents[0]?.series.map(({ id }) => id)).toEqual([first?.id]);
    expect(split.documents[0]?.leftOut).toEqual([{ id: "recalled", points: first?.points.length, why: expect.stringContaining("recalled") }]);
  });

  it("tells every series that is none, and ids that come twice", () => {
    const [first] = fixture("unseen");
    const told = splitCatalogues([{ name: "a", value: [first, 3, { ...first, id: "b", source: { title: "x", url: "a book" } }] }, { name: "b", value: [first] }, { name: "c", value: "none" }]).problems;
    expect(told.map(({ code, path }) => [code, path])).toEqual([["wrong-value", "a: [1]"], ["wrong-value", "a: b: source.url"], ["duplicate-id", `b: ${first?.id}`], ["wrong-value", "c"]]);
  });
});

describe("names and words", () => {
  it.each([
    ["https://github.com/owner/Some_Repo/blob/main/README.md", "owner-some-repo"],
    ["https://arxiv.org/html/2404.14712v5", "arxiv-2404.14712"],
    ["https://arxiv.org/abs/2404.14712", "arxiv-2404.14712"],
    ["https://www.example.org/a/b?c=1", "example.org-a-b"],
  ])("%s is %s", (url, name) => expect(nameOf(url)).toBe(name));

  it("drop how a text was come by and what is not stated", () => {
    expect(cleanText("Table 3 (string search 238.3K); batch from memory; abstract (stored copy)")).toBe("Table 3; batch recalled; abstract (copy)");
    expect(addressesIn("https://example.org/x (page 3), https://example.org/y")).toEqual(["https://example.org/x", "https://example.org/y"]);
    expect(cleanValue({ a: null, b: "", c: [1, null], d: { e: null, f: 0 } })).toEqual({ c: [1, null], d: { f: 0 } });
  });
});

describe("the committed published runs", () => {
  const corpus = readCorpus(scenariosFolder);

  it("are read without a problem, each series once", () => {
    expect(corpus.problems.map(showProblem)).toEqual([]);
    const ids = corpus.series.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(corpus.documents.reduce((sum, { series }) => sum + series.length, 0));
    expect(ids.length).toBeGreaterThan(400);
  });

  it("stand in their files as the script writes them, and tell of no machine's paths", () => {
    for (const file of jsonFiles(join(scenariosFolder, "runs/published"))) {
      const text = readFileSync(join(scenariosFolder, "runs/published", file), "utf8");
      const document = corpus.documents.find(({ id }) => `${id}.json` === file)!;
      expect(text, file).toBe(writePublishedRuns(document));
      expect(text).not.toMatch(/unverified-memory"[^,]*"|\bstored (?:text|copy|public)|"\/(?:home|work|tmp)\//);
    }
  });
});
