/** What a link to the calibration page carries: which calibration, which curve, what it is compared with, axes, tables, theme. Defaults are left out. */
import { unknownKey, type Problem } from "../../../model/problems.ts";
import { readChoices } from "../read-address.ts";

export type AxisScale = "log" | "linear";

export interface CalibrateState {
  /** Null: the newest. */
  calibration: string | null;
  /** Null: the first curve. */
  fit: string | null;
  other: string | null;
  /** "operation pass" of a table of operations. */
  operation: string | null;
  x: AxisScale;
  y: AxisScale;
  tables: readonly string[];
  theme: "system" | "light" | "dark";
}

export const initialCalibrateState = (): CalibrateState => ({ calibration: null, fit: null, other: null, operation: null, x: "log", y: "log", tables: [], theme: "system" });

const texts = { cal: "calibration", fit: "fit", with: "other", op: "operation" } as const;
const choices = { x: ["log", "linear"], y: ["log", "linear"], theme: ["system", "light", "dark"] } as const;
const known = ["view", "v", ...Object.keys(texts), ...Object.keys(choices), "tables"];

export function encodeCalibrateState(state: CalibrateState): string {
  const query = new URLSearchParams({ view: "calibrate" });
  const initial = initialCalibrateState();
  for (const [key, field] of Object.entries(texts)) {
    const value = state[field];
    if (value !== null) query.set(key, value);
  }
  for (const key of Object.keys(choices) as Array<keyof typeof choices>) if (state[key] !== initial[key]) query.set(key, state[key]);
  if (state.tables.length > 0) query.set("tables", state.tables.join(","));
  return query.toString();
}

export function decodeCalibrateState(search: string): { state: CalibrateState; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const state = initialCalibrateState();
  const problems: Problem[] = [];
  for (const [key, field] of Object.entries(texts)) {
    const value = query.get(key);
    if (value !== null && value !== "") Object.assign(state, { [field]: value });
  }
  Object.assign(state, readChoices(query, choices, problems));
  state.tables = (query.get("tables") ?? "").split(",").filter(Boolean);
  for (const key of query.keys()) if (!known.includes(key)) problems.push(unknownKey(`address: ${key}`, key, known));
  return { state, problems };
}
