/**
 * What a link to the timeline carries: the scenario as on its own page, what is drawn and placed, the part of the step in view, the range that is measured, the
 * chosen operation, and whether the critical path is marked. Defaults are left out; what is not understood is told.
 */
import { nearest, unknownName, wrongValue, type Problem } from "../../../model/problems.ts";
import { placements, type Placement } from "../../../model/simulate/placement.ts";
import { commandOf, decodeState, encodeState, initialState, type State } from "../state.ts";

export type Span = readonly [from_s: number, to_s: number];

export interface TimelineState {
  scenario: State;
  draws: number;
  seed: number;
  placement: Placement;
  /** One node whose devices take that many times as long; 1 is none. */
  slow: number;
  /** Null is the whole step. */
  window: Span | null;
  range: Span | null;
  /** "rank.place" of an operation. */
  operation: string | null;
  path: boolean;
}

export const initialTimelineState = (): TimelineState => ({ scenario: initialState(), draws: 10, seed: 1, placement: "packed", slow: 1, window: null, range: null, operation: null, path: true });

const own = ["draws", "seed", "placement", "slow", "window", "range", "op", "path"] as const;

export function encodeTimelineState(state: TimelineState): string {
  const query = new URLSearchParams({ view: "timeline" });
  new URLSearchParams(encodeState(state.scenario)).forEach((value, key) => query.append(key, value));
  const initial = initialTimelineState();
  for (const key of ["draws", "seed", "placement", "slow"] as const) if (state[key] !== initial[key]) query.set(key, String(state[key]));
  if (state.window) query.set("window", spanText(state.window));
  if (state.range) query.set("range", spanText(state.range));
  if (state.operation !== null) query.set("op", state.operation);
  if (!state.path) query.set("path", "off");
  return query.toString();
}

const spanText = (span: Span): string => span.map((time_s) => Number(time_s.toPrecision(7))).join("_");

export function decodeTimelineState(search: string): { state: TimelineState; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const given = Object.fromEntries(own.map((key) => [key, query.get(key)])) as Record<(typeof own)[number], string | null>;
  for (const key of ["view", ...own]) query.delete(key);
  const { state: scenario, problems: misread } = decodeState(query.toString());
  const problems = misread.map((problem) => withOwnNames(problem));
  const state: TimelineState = { ...initialTimelineState(), scenario };
  const read = (key: "draws" | "seed" | "slow", text: string | null, fits: (value: number) => boolean, expected: string): void => {
    if (text === null) return;
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value) && fits(value)) state[key] = value;
    else problems.push(wrongValue(`address: ${key}`, text, expected));
  };
  read("draws", given.draws, fitsDraws, expected.draws);
  read("seed", given.seed, Number.isInteger, expected.seed);
  read("slow", given.slow, fitsSlow, expected.slow);
  if (given.placement !== null) {
    const placement = placements.find((one) => one === given.placement);
    if (placement) state.placement = placement;
    else problems.push(unknownName("address: placement", "placement", given.placement, placements));
  }
  for (const key of ["window", "range"] as const) {
    const text = given[key];
    if (text === null) continue;
    const [from, to, ...more] = text.split("_").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    if (from !== undefined && to !== undefined && more.length === 0 && from >= 0 && to > from && Number.isFinite(to)) state[key] = [from, to];
    else problems.push(wrongValue(`address: ${key}`, text, "two times in seconds, the earlier first, such as 0.1_0.25"));
  }
  if (given.op !== null) {
    if (/^\d+\.\d+$/.test(given.op)) state.operation = given.op;
    else problems.push(wrongValue("address: op", given.op, "a rank and the place of an operation, such as 234.17"));
  }
  if (given.path === "off") state.path = false;
  else if (given.path !== null && given.path !== "on") problems.push(wrongValue("address: path", given.path, "on or off"));
  return { state, problems };
}

export const fitsDraws = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 1000;
export const fitsSlow = (value: number): boolean => value >= 1 && value <= 1000;
export const expected = { draws: "a whole number from 1 to 1000", seed: "a whole number", slow: "how many times as long the node takes, 1 to 1000" } as const;

/** A misspelt key may be one of this page's. */
function withOwnNames(problem: Problem): Problem {
  const name = problem.path.replace("address: ", "");
  const meant = problem.code === "unknown-key" ? nearest(name, own) : undefined;
  return meant === undefined ? problem : { ...problem, hint: `did you mean "${meant}"?` };
}

/** The command that repeats the simulation. */
export function simulateCommand({ scenario, draws, seed, placement, slow }: TimelineState, devices: number): string {
  const options = [draws === 10 ? "" : `--draws ${draws}`, seed === 1 ? "" : `--seed ${seed}`, placement === "packed" ? "" : `--placement ${placement}`, slow === 1 ? "" : `--slow-node ${slow}`];
  return [commandOf(scenario, devices).replace("exatwin predict", "exatwin simulate"), ...options].filter(Boolean).join(" ");
}

/** What the simulation depends on; anything else only changes the picture. */
export const questionOf = ({ scenario: { subject, changes, devices }, draws, seed, placement, slow }: TimelineState) => ({ subject, changes, devices, draws, seed, placement, slow });
