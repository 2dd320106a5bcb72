/**
 * Catalogues of published runs -> one document a source, by the address of the source, with series in the order of their ids. Series that nobody read in a source
 * (unverified-memory) are left out and counted in the document of their source.
 */
import { showValue, type Problem } from "../../model/problems.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { PublishedRuns, PublishedSeries } from "../../model/schema/published-runs.ts";
import { isRecord, recordAt, textAt, type JsonRecord } from "../readers/catalogue/record.ts";
import { addressesIn, cleanText, cleanValue } from "./wording.ts";

export interface SplitCatalogues {
  /** By id. */
  readonly documents: readonly PublishedRuns[];
  readonly problems: readonly Problem[];
}

type LeftOut = PublishedRuns["leftOut"][number];

interface Source {
  readonly titles: string[];
  readonly series: PublishedSeries[];
  readonly leftOut: LeftOut[];
}

export function splitCatalogues(catalogues: ReadonlyArray<{ readonly name: string; readonly value: unknown }>): SplitCatalogues {
  const problems: Problem[] = [];
  const sources = new Map<string, Source>();
  const seen = new Map<string, string>();
  for (const { name, value } of catalogues) {
    if (!Array.isArray(value)) {
      problems.push({ code: "wrong-value", path: name, got: showValue(value), expected: "an array of series, each with points" });
      continue;
    }
    value.forEach((one: unknown, at) => {
      const id = isRecord(one) ? textAt(one, "id") : undefined;
      const path = `${name}: ${id ?? `[${at}]`}`;
      if (!isRecord(one) || id === undefined || !Array.isArray(one["points"])) return void problems.push({ code: "wrong-value", path, got: showValue(one), expected: "a series with an id and an array of points" });
      const [first, ...others] = addressesOf(one);
      if (first === undefined) return void problems.push({ code: "wrong-value", path: `${path}: source.url`, got: showValue(recordAt(one, "source")["url"]), expected: "an address that begins with http" });
      if (seen.has(id)) return void problems.push({ code: "duplicate-id", path, got: `a series that ${seen.get(id)} has as well`, expected: "each id once" });
      seen.set(id, name);
      const key = nameOf(first);
      const source = sources.get(key) ?? { titles: [], series: [], leftOut: [] };
      sources.set(key, source);
      const verified = textAt(recordAt(one, "source"), "verified");
      const title = textAt(recordAt(one, "source"), "title") ?? id;
      if (!source.titles.includes(title)) source.titles.push(title);
      if (/unverified/i.test(verified ?? "")) source.leftOut.push({ id, points: one["points"].length, why: `${verified}: recalled, not read in a source` });
      else source.series.push(makeSeries(one, others.length > 0 ? [first, ...others] : first));
    });
  }
  const documents = [...sources].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([id, source]): PublishedRuns[] => {
    const parsed = parseDocument("published-runs", makeDocument(id, source), id);
    problems.push(...parsed.problems);
    return parsed.document === undefined ? [] : [parsed.document];
  });
  return { documents, problems };
}

const byId = <T extends { readonly id: string }>(list: readonly T[]): T[] => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));

function makeDocument(id: string, { titles, series, leftOut }: Source): PublishedRuns {
  const [title = id, ...more] = titles.toSorted();
  return { $schema: "../../schemas/published-runs.schema.json", id, title: more.length === 0 ? title : `${title} (and ${more.length} more of the same place)`, series: byId(series), leftOut: byId(leftOut) };
}

/** The schema puts the keys into order. */
const makeSeries = (series: JsonRecord, url: string | readonly string[]): PublishedSeries => cleanValue({ ...series, source: { ...recordAt(series, "source"), url } }) as PublishedSeries;

function addressesOf(series: JsonRecord): string[] {
  const url = recordAt(series, "source")["url"];
  return (Array.isArray(url) ? url : [url]).flatMap((one) => (typeof one === "string" ? addressesIn(cleanText(one)) : []));
}

const longest = 48;

/** Name of a source from its address: owner and repository, number of a preprint, or host and path as far as they are short. */
export function nameOf(url: string): string {
  const [host = "", ...path] = url.replace(/^https?:\/\/(?:www\.)?/, "").replace(/[?#].*$/, "").split("/").filter(Boolean);
  const preprint = /(\d{4}\.\d{4,5})/.exec(url)?.[1];
  const words = host === "github.com" ? path.slice(0, 2) : host === "arxiv.org" && preprint !== undefined ? ["arxiv", preprint] : host === "doi.org" ? ["doi", ...path] : [host, ...path];
  const name = words.join("-").toLowerCase().replaceAll(/[^a-z0-9.-]+/g, "-");
  return name.length <= longest ? name : name.slice(0, longest).replace(/-[^-]*$/, "");
}
