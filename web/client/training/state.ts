/** What a link to the page of training runs carries: subject, how much to train, what is changed, tables, theme. Defaults are left out. */
import { unknownKey, wrongValue, type Problem } from "../../../model/problems.ts";
import { chooseOne } from "../read-address.ts";
import type { Theme } from "../theme.ts";
import { trainingUnits, type TrainingWish } from "./protocol.ts";

export interface TrainingState extends TrainingWish {
  tables: readonly string[];
  theme: Theme;
}

export const initialTrainingState = (): TrainingState => ({ run: null, machine: "meta-24k-h100", workload: "llama3-405b", plan: null, stack: null, devices: null, unit: "tokens", count: 15.6e12, failures: null, changes: {}, tables: [], theme: "system" });

const themes: readonly Theme[] = ["system", "light", "dark"];
const known = ["view", "v", "run", "machine", "workload", "plan", "stack", "gpus", "unit", "count", "failures", "tables", "theme"];

export const wishOf = ({ run, machine, workload, plan, stack, devices, unit, count, failures, changes }: TrainingState): TrainingWish => ({ run, machine, workload, plan, stack, devices, unit, count, failures, changes });

export function encodeTrainingState(state: TrainingState): string {
  const query = new URLSearchParams({ view: "training" });
  const initial = initialTrainingState();
  const put = (key: string, value: string | number | null, initially: string | number | null): void => {
    if (value !== initially && value !== null) query.set(key, String(value));
  };
  put("run", state.run, null);
  if (state.run === null) {
    put("machine", state.machine, initial.machine);
    put("workload", state.workload, initial.workload);
    put("plan", state.plan, null);
    put("stack", state.stack, null);
  }
  put("gpus", state.devices, null);
  put("unit", state.unit, initial.unit);
  put("count", state.count, initial.count);
  put("failures", state.failures, null);
  for (const [path, value] of Object.entries(state.changes)) query.set(`set.${path}`, String(value));
  if (state.tables.length > 0) query.set("tables", state.tables.join(","));
  put("theme", state.theme, initial.theme);
  return query.toString();
}

export function decodeTrainingState(search: string): { state: TrainingState; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const state = initialTrainingState();
  const problems: Problem[] = [];
  state.run = query.get("run") || null;
  state.machine = query.get("machine") || state.machine;
  state.workload = query.get("workload") || state.workload;
  for (const key of ["plan", "stack", "failures"] as const) state[key] = query.get(key) || null;
  const whole = query.get("gpus");
  if (whole !== null && /^\d{1,9}$/.test(whole) && Number(whole) >= 1) state.devices = Number(whole);
  else if (whole !== null) problems.push(wrongValue("address: gpus", whole, "a whole number, 1 or more"));
  const count = query.get("count");
  if (count !== null && Number(count) > 0 && Number(count) <= 1e18) state.count = Number(count);
  else if (count !== null) problems.push(wrongValue("address: count", count, "a number above zero"));
  const choose = <T extends string>(key: string, options: readonly T[], take: (value: T) => void): void => chooseOne(query, problems, { key, kind: key, options }, take);
  choose("unit", trainingUnits, (value) => (state.unit = value));
  choose<Theme>("theme", themes, (value) => (state.theme = value));
  state.tables = (query.get("tables") ?? "").split(",").filter(Boolean);
  for (const [key, value] of query) {
    if (key.startsWith("set.")) state.changes = { ...state.changes, [key.slice(4)]: value };
    else if (!known.includes(key)) problems.push(unknownKey(`address: ${key}`, key, known));
  }
  return { state, problems };
}
