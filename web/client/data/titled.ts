/** Documents of a library by their titles, for lists to choose from. */
import type { Library } from "../../../model/scenario.ts";

type Kind = keyof Library["documents"];

export interface Titled<Raw> {
  raw(kind: Kind, id: string): Raw;
  titleOf(kind: Kind, id: string): string;
  /** Ids in the order of their titles, those that `keeps` keeps. */
  list(kind: Kind, keeps?: (document: Raw) => boolean): string[];
}

export function titled<Raw extends { readonly title?: unknown }>(library: Library): Titled<Raw> {
  const raw = (kind: Kind, id: string): Raw => (library.documents[kind][id] ?? {}) as Raw;
  const titleOf = (kind: Kind, id: string): string => {
    const { title } = raw(kind, id);
    return typeof title === "string" ? title : id;
  };
  return {
    raw,
    titleOf,
    list: (kind, keeps = () => true) => Object.keys(library.documents[kind]).filter((id) => keeps(raw(kind, id))).toSorted((a, b) => titleOf(kind, a).localeCompare(titleOf(kind, b), "en", { numeric: true })),
  };
}
