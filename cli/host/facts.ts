/** A parsed document as rows, one per fact and one per plain value, with the sources that its facts name. */
import { changedSource } from "../../model/schema/fact.ts";
import { isFact, type FactKind } from "../../model/schema/fact.ts";
import type { Sources } from "../../model/schema/sources.ts";
import type { Dimension } from "../../model/units.ts";

export interface FactRow {
  path: string;
  /** As the file writes it. */
  text: string;
  /** SI; null where the value is not a quantity. */
  value: number | string | boolean | null;
  dimension: Dimension | null;
  low: number | null;
  high: number | null;
  kind: FactKind | null;
  source: string;
  note: string;
}

export function factRows(document: object): FactRow[] {
  const rows: FactRow[] = [];
  const plain = { dimension: null, low: null, high: null, kind: null, source: "", note: "" };
  const visit = (value: unknown, path: string): void => {
    if (isFact(value)) {
      rows.push({ path, text: value.text, value: value.value, dimension: value.dimension, low: value.low ?? null, high: value.high ?? null, kind: value.kind, source: value.source, note: value.note ?? "" });
    } else if (Array.isArray(value) && value.every((item) => typeof item !== "object")) rows.push({ ...plain, path, text: value.join(", "), value: value.join(", ") });
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`);
    } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") rows.push({ ...plain, path, text: String(value), value });
  };
  visit(document, "");
  return rows;
}

export interface SourceLine {
  id: string;
  title: string;
  where: string;
  verified: string;
  url: string;
}

/** The sources named, in the order in which they are first named. */
export function sourcesNamed(ids: readonly string[], sources: Sources): SourceLine[] {
  return [...new Set(ids)].filter((id) => id !== "" && id !== changedSource).map((id) => {
    const source = Object.hasOwn(sources, id) ? sources[id] : undefined;
    return { id, title: source?.title ?? "(not in sources.json)", where: source?.where ?? "", verified: source?.verified ?? "unverified", url: source?.url ?? "" };
  });
}
