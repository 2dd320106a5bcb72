/**
 * Everything a link carries: scenario, changed values, number of devices, axes, theme. Defaults are left out, so the plain address is the flagship.
 * The form has a version: a later one may read old links, and never guesses. What it does not know it reports, so that a misspelt link is not silent.
 */
import type { Changes, Selection } from "../../model/scenario.ts";
import { unknownKey, wrongValue, type Problem } from "../../model/problems.ts";
import { viewNames } from "./page-list.ts";
import { readChoices } from "./read-address.ts";
import type { Theme } from "./theme.ts";

export const version = 1;
export const defaultRun = "summit-deeplabv3plus-fp16-2018";

export type AxisScale = "log" | "linear";

export interface State {
  subject: { run: string } | { machine: string; workload: string; plan: string; stack: string };
  changes: Changes;
  /** Active device count; null is the largest of the scenario. */
  devices: number | null;
  /** "auto": what the run has published. */
  metric: "auto" | "flops" | "samples";
  y: AxisScale;
  x: AxisScale;
  /** Panels that show their table instead of their chart. */
  tables: readonly string[];
  theme: Theme;
}

export const initialState = (): State => ({ subject: { run: defaultRun }, changes: {}, devices: null, metric: "auto", y: "log", x: "log", tables: [], theme: "system" });

const documents = ["machine", "workload", "plan", "stack"] as const;
const choices = { metric: ["auto", "flops", "samples"], y: ["log", "linear"], x: ["log", "linear"], theme: ["system", "light", "dark"] } as const;
const changePrefix = "set.";
const knownKeys = ["view", "v", "run", ...documents, "gpus", ...Object.keys(choices), "tables"];

export function encodeState(state: State): string {
  const query = new URLSearchParams();
  const initial = initialState();
  if ("run" in state.subject) {
    if (state.subject.run !== defaultRun) query.set("run", state.subject.run);
  } else for (const kind of documents) query.set(kind, state.subject[kind]);
  if (state.devices !== null) query.set("gpus", String(state.devices));
  for (const [path, value] of Object.entries(state.changes)) query.set(changePrefix + path, encodeValue(value));
  for (const key of Object.keys(choices) as Array<keyof typeof choices>) if (state[key] !== initial[key]) query.set(key, state[key]);
  if (state.tables.length > 0) query.set("tables", state.tables.join(","));
  const text = query.toString();
  return text === "" ? "" : `v=${version}&${text}`;
}

export function decodeState(search: string): { state: State; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const state = initialState();
  const problems: Problem[] = [];
  const stated = query.get("v");
  if (stated !== null && stated !== String(version)) problems.push(wrongValue("address: v", stated, `${version}, the form this page reads`, "the link is read as far as it is understood"));
  const view = query.get("view");
  if (view !== null && view !== "scenario") problems.push(wrongValue("address: view", view, `one of ${viewNames.join(", ")}`));
  if (documents.some((kind) => query.has(kind))) {
    const get = (kind: (typeof documents)[number]) => query.get(kind) ?? "";
    state.subject = { machine: get("machine"), workload: get("workload"), plan: get("plan"), stack: get("stack") };
  } else state.subject = { run: query.get("run") ?? defaultRun };
  const gpus = query.get("gpus");
  if (gpus !== null) {
    const devices = Number(gpus);
    if (/^\d+$/.test(gpus) && Number.isSafeInteger(devices) && devices >= 1) state.devices = devices;
    else problems.push(wrongValue("address: gpus", gpus, "a whole number from 1"));
  }
  Object.assign(state, readChoices(query, choices, problems));
  state.tables = (query.get("tables") ?? "").split(",").filter(Boolean);
  for (const [key, text] of query) {
    if (key.startsWith(changePrefix)) state.changes[key.slice(changePrefix.length)] = decodeValue(text);
    else if (!knownKeys.includes(key)) problems.push(unknownKey(`address: ${key}`, key, knownKeys));
  }
  return { state, problems };
}

const looksTyped = (text: string) => text === "true" || text === "false" || text.startsWith('"') || (text.trim() !== "" && Number.isFinite(Number(text)));

/** Texts that would be read back as a number, a truth value or a quoted text are quoted. */
function encodeValue(value: string | number | boolean): string {
  return typeof value === "string" && !looksTyped(value) ? value : JSON.stringify(value);
}

function decodeValue(text: string): string | number | boolean {
  if (!looksTyped(text)) return text;
  if (!text.startsWith('"')) return text === "true" || (text === "false" ? false : Number(text));
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "string" ? parsed : text;
  } catch {
    return text;
  }
}

export const selectionOf = (state: State): Selection => (Object.keys(state.changes).length === 0 ? { ...state.subject } : { ...state.subject, changes: state.changes });

export const baselineOf = (state: State): Selection => ({ ...state.subject });

/** The command that repeats what the page shows. */
export function commandOf(state: State, devices: number): string {
  const { subject: chosen } = state;
  const subject = "run" in chosen ? [quote(chosen.run)] : [quote(chosen.machine), quote(chosen.workload), "--plan", quote(chosen.plan), "--stack", quote(chosen.stack)];
  const sets = Object.entries(state.changes).flatMap(([path, value]) => ["--set", quote(`${path}=${String(value)}`)]);
  return ["exatwin predict", ...subject, "--gpus", String(devices), ...sets].join(" ");
}

const quote = (text: string) => (/^[\w.:=/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
