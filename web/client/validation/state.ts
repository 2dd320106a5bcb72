/** What a link to the page of validation carries: protocol, filters, the point in the card, tables, theme. Defaults are left out. */
import { unknownKey, unknownName, type Problem } from "../../../model/problems.ts";
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { facets, kinds, type Facet, type Filters, type Kind } from "../data/validation-data.ts";
import type { Theme } from "../theme.ts";

export type ValidationState = Filters & {
  /** Null: the first that the points have, series held out. */
  protocol: string | null;
  /** Null: the largest miss. */
  point: string | null;
  tables: readonly string[];
  theme: Theme;
};

export const noFilters: Filters = { kind: "all", family: null, device: null, machine: null, precision: null, source: null };

export const initialValidationState = (): ValidationState => ({ protocol: null, ...noFilters, point: null, tables: [], theme: "system" });

const themes: readonly Theme[] = ["system", "light", "dark"];
const known = ["view", "v", "protocol", "kind", ...facets, "point", "tables", "theme"];

export function encodeValidationState(state: ValidationState): string {
  const query = new URLSearchParams({ view: "validation" });
  for (const key of ["protocol", ...facets, "point"] as const) if (state[key] !== null) query.set(key, state[key]);
  if (state.kind !== "all") query.set("kind", state.kind);
  if (state.tables.length > 0) query.set("tables", state.tables.join(","));
  if (state.theme !== "system") query.set("theme", state.theme);
  return query.toString();
}

/** Names that the points do not have are told once these are read; `data` is null until then. */
export function decodeValidationState(search: string, data: ParityData | null): { state: ValidationState; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const state = initialValidationState();
  const problems: Problem[] = [];
  const choose = <T extends string>(key: string, options: readonly T[] | undefined, take: (value: T) => void): void => {
    const value = query.get(key);
    if (value === null) return;
    if (options === undefined || options.includes(value as T)) take(value as T);
    else problems.push(unknownName(`address: ${key}`, key, value, options));
  };
  choose("protocol", data?.protocols.map(({ id }): string => id), (value) => (state.protocol = value));
  choose<Kind>("kind", kinds, (value) => (state.kind = value));
  const options: Readonly<Record<Facet, readonly string[] | undefined>> = { family: data?.series.map(({ family }) => family), device: data?.series.map(({ device }) => device), machine: data?.points.machine, precision: data?.points.precision, source: data?.series.map(({ source }) => source.title) };
  for (const facet of facets) choose(facet, options[facet] && [...new Set(options[facet])], (value) => (state[facet] = value));
  choose("point", data?.points.id, (value) => (state.point = value));
  choose<Theme>("theme", themes, (value) => (state.theme = value));
  state.tables = (query.get("tables") ?? "").split(",").filter(Boolean);
  for (const key of query.keys()) if (!known.includes(key)) problems.push(unknownKey(`address: ${key}`, key, known));
  return { state, problems };
}
