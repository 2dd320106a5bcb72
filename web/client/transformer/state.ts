/** What a link to the transformer page carries: subject, changes, what is in view, tables, theme. A model of the user's own travels whole. Defaults are left out. */
import { unknownKey, unknownName, wrongValue, type Problem } from "../../../model/problems.ts";
import type { Changes } from "../../../model/scenario.ts";
import type { TransformerDocument } from "../../../model/schema/transformer.ts";
import { objectives, type Objective } from "../../../model/search/problem.ts";
import type { Theme } from "../theme.ts";
import type { Span } from "../timeline/state.ts";
import type { TransformerPicture, TransformerWish } from "./protocol.ts";

/** Those of the fit, held-out ones first. */
export const protocols = ["leave-one-series-out", "leave-twins-out", "leave-one-machine-out", "extrapolate", "cold", "in-sample"] as const;
export type Protocol = (typeof protocols)[number];

export interface TransformerState extends TransformerWish {
  /** Part of the pipeline in view; null is the whole step. */
  window: Span | null;
  objective: Objective;
  /** What may be known of the published runs that are shown. */
  protocol: Protocol;
  tables: readonly string[];
  theme: Theme;
}

export const initialTransformerState = (): TransformerState => ({ machine: "selene", workload: "gpt3-175b", model: null, stack: null, plan: null, devices: null, changes: {}, scaling: "strong", window: null, objective: "time", protocol: protocols[0], tables: [], theme: "system" });

const known = ["view", "v", "machine", "workload", "model", "stack", "plan", "gpus", "scaling", "window", "objective", "protocol", "tables", "theme"];
const themes: readonly Theme[] = ["system", "light", "dark"];

export const wishOf = ({ machine, workload, model, stack, plan, devices, changes, scaling }: TransformerState): TransformerWish => ({ machine, workload, model, stack, plan, devices, changes, scaling });

export function encodeTransformerState(state: TransformerState): string {
  const query = new URLSearchParams({ view: "transformer" });
  const initial = initialTransformerState();
  const put = (key: string, value: string, initially: string) => value !== initially && query.set(key, value);
  put("machine", state.machine, initial.machine);
  put("workload", state.workload, initial.workload);
  if (state.model !== null) query.set("model", JSON.stringify(state.model));
  if (state.stack !== null) query.set("stack", state.stack);
  if (state.plan !== null) query.set("plan", state.plan);
  if (state.devices !== null) query.set("gpus", String(state.devices));
  for (const [path, value] of Object.entries(state.changes)) query.set(`set.${path}`, String(value));
  put("scaling", state.scaling, initial.scaling);
  if (state.window !== null) query.set("window", state.window.map((time_s) => Number(time_s.toPrecision(6))).join(","));
  put("objective", state.objective, initial.objective);
  put("protocol", state.protocol, initial.protocol);
  if (state.tables.length > 0) query.set("tables", state.tables.join(","));
  put("theme", state.theme, initial.theme);
  return query.toString();
}

/** A changed value as its place takes it. */
export const readChange = (text: string): string | number | boolean => (text === "true" ? true : text === "false" ? false : text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

export function decodeTransformerState(search: string): { state: TransformerState; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const state = initialTransformerState();
  const problems: Problem[] = [];
  state.machine = query.get("machine") || state.machine;
  state.workload = query.get("workload") || state.workload;
  state.stack = query.get("stack") || null;
  state.plan = query.get("plan") || null;
  const model = query.get("model");
  if (model !== null) state.model = readModel(model, problems);
  const gpus = query.get("gpus");
  if (gpus !== null && /^\d{1,9}$/.test(gpus) && Number(gpus) >= 1) state.devices = Number(gpus);
  else if (gpus !== null) problems.push(wrongValue("address: gpus", gpus, "a whole number, 1 or more"));
  const choose = <T extends string>(key: string, options: readonly T[], take: (value: T) => void): void => {
    const value = query.get(key);
    const found = options.find((option) => option === value);
    if (found !== undefined) take(found);
    else if (value !== null) problems.push(unknownName(`address: ${key}`, key, value, options));
  };
  choose("theme", themes, (value) => (state.theme = value));
  choose("scaling", ["strong", "weak"] as const, (value) => (state.scaling = value));
  choose("objective", objectives, (value) => (state.objective = value));
  choose("protocol", protocols, (value) => (state.protocol = value));
  const window = query.get("window")?.split(",").map(Number);
  if (window !== undefined) {
    const [from = Number.NaN, to = Number.NaN] = window;
    if (window.length === 2 && from >= 0 && to > from) state.window = [from, to];
    else problems.push(wrongValue("address: window", query.get("window"), "two times in seconds, the first before the second"));
  }
  state.tables = (query.get("tables") ?? "").split(",").filter(Boolean);
  const changes: Changes = {};
  for (const [key, value] of query) {
    if (key.startsWith("set.")) changes[key.slice(4)] = readChange(value);
    else if (!known.includes(key)) problems.push(unknownKey(`address: ${key}`, key, [...known, "set.plan.tensor"]));
  }
  state.changes = changes;
  return { state, problems };
}

function readModel(text: string, problems: Problem[]): TransformerDocument | null {
  try {
    // What is inside is read by the worker, with all else.
    const value = JSON.parse(text) as Partial<TransformerDocument> | null;
    if (typeof value?.id === "string" && typeof value.title === "string") return value as TransformerDocument;
  } catch {
    // Told below.
  }
  problems.push(wrongValue("address: model", text, "a workload document as JSON, with id and title"));
  return null;
}

/** The command that prints the same. A model of the user's own is a file there; a plan that was found is set out, as the command might find another one. */
export function transformerCommand({ model, changes }: TransformerState, { selection, found, point: { devices } }: Pick<TransformerPicture, "selection" | "found" | "point">): string {
  const quoted = (word: string) => (/^[\w.,:/=%+-]+$/.test(word) ? word : JSON.stringify(word));
  const nouns = model === null ? `${selection.machine} ${selection.workload}` : `${selection.machine} --config config.json`;
  const plan = found === null ? ` --plan ${selection.plan}` : "";
  const sets = { ...Object.fromEntries(Object.entries(found ?? {}).map(([key, value]) => [`plan.${key}`, value])), ...changes };
  return `exatwin predict ${nouns}${plan} --stack ${selection.stack} --gpus ${devices}${Object.entries(sets).map(([path, value]) => ` --set ${quoted(`${path}=${String(value)}`)}`).join("")}`;
}
