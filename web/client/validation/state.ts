/** What a link to the page of validation carries: protocol, filters, the point in the card, tables, theme. Defaults are left out. */
import { unknownKey, unknownName, type Problem } from "../../../model/problems.ts";
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { kinds, type Filters, type Kind } from "../data/validation-data.ts";
import type { Theme } from "../theme.ts";

export interface ValidationState extends Filters {
  /** Null: the first that the points have, series held out. */
  protocol: string | null;
  /** Null: the largest miss. */
  point: string | null;
  tables: readonly string[];
  theme: Theme;
}

export const initialValidationState = (): ValidationState => ({ protocol: null, kind: "all", device: null, family: null, point: null, tables: [], theme: "system" });

const themes: readonly Theme[] = ["system", "light", "dark"];
const known = ["view", "v", "protocol", "kind", "device", "family", "point", "tables", "theme"];

export function encodeValidationState(state: ValidationState): string {
  const query = new URLSearchParams({ view: "validation" });
  for (const key of ["protocol", "device", "family", "point"] as const) if (state[key] !== null) query.set(key, state[key]);
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
  choose("device", data?.series.map(({ device }) => device), (value) => (state.device = value));
  choose("family", data?.series.map(({ family }) => family), (value) => (state.family = value));
  choose("point", data?.points.id, (value) => (state.point = value));
  choose<Theme>("theme", themes, (value) => (state.theme = value));
  state.tables = (query.get("tables") ?? "").split(",").filter(Boolean);
  for (const key of query.keys()) if (!known.includes(key)) problems.push(unknownKey(`address: ${key}`, key, known));
  return { state, problems };
}
