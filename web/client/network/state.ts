/** What a link to the network page carries: machine, job, collective, two ranks, what the map shows, tables, theme. Defaults are left out. */
import { collectiveAlgorithms, type CollectiveId } from "../../../model/network/collectives/index.ts";
import { unknownKey, wrongValue, type Problem } from "../../../model/problems.ts";
import { placements, type Placement } from "../../../model/simulate/placement.ts";
import { parseQuantity } from "../../../model/units.ts";
import { showBytes } from "../data/si.ts";
import { chooseOne } from "../read-address.ts";
import type { Theme } from "../theme.ts";
import type { NetworkWish, Place } from "./protocol.ts";

export interface NetworkState extends NetworkWish {
  tables: readonly string[];
  theme: Theme;
}

export const initialNetworkState = (): NetworkState => ({ machine: "summit", nodes: null, placement: "packed", seed: 1, algorithm: "hierarchical", bytes: 2 ** 28, from: 0, to: null, at: { depth: 0, index: 0 }, kind: null, tables: [], theme: "system" });

const themes: readonly Theme[] = ["system", "light", "dark"];
const known = ["view", "v", "machine", "nodes", "place", "seed", "algorithm", "size", "from", "to", "at", "colour", "tables", "theme"];

/** "256 MiB" where that says it exactly, else the number of bytes. */
const writeSize = (bytes: number): string => {
  const short = showBytes(bytes).replaceAll(/\s/g, " ").replaceAll(",", "");
  const read = parseQuantity(short, "data");
  return read.ok && read.value === bytes ? short : `${bytes} B`;
};

export function encodeNetworkState(state: NetworkState): string {
  const query = new URLSearchParams({ view: "network" });
  const initial = initialNetworkState();
  const put = (key: string, value: string | number, initially: string | number | null): void => {
    if (value !== initially) query.set(key, String(value));
  };
  put("machine", state.machine, initial.machine);
  if (state.nodes !== null) query.set("nodes", String(state.nodes));
  put("place", state.placement, initial.placement);
  put("seed", state.seed, initial.seed);
  put("algorithm", state.algorithm, initial.algorithm);
  if (state.bytes !== initial.bytes) query.set("size", writeSize(state.bytes));
  put("from", state.from, initial.from);
  if (state.to !== null) query.set("to", String(state.to));
  if (state.at.depth > 0) query.set("at", `${state.at.depth}.${state.at.index}`);
  if (state.kind !== null) query.set("colour", state.kind);
  if (state.tables.length > 0) query.set("tables", state.tables.join(","));
  put("theme", state.theme, initial.theme);
  return query.toString();
}

export function decodeNetworkState(search: string): { state: NetworkState; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const state = initialNetworkState();
  const problems: Problem[] = [];
  const whole = (key: "nodes" | "seed" | "from" | "to", least: number): void => {
    const text = query.get(key);
    if (text === null) return;
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) state[key] = Number(text);
    else problems.push(wrongValue(`address: ${key}`, text, `a whole number, ${least} or more`));
  };
  state.machine = query.get("machine") || state.machine;
  whole("nodes", 1);
  whole("seed", 0);
  whole("from", 0);
  whole("to", 0);
  const choose = <T extends string>(key: string, kind: string, options: readonly T[], take: (value: T) => void): void => chooseOne(query, problems, { key, kind, options }, take);
  choose<Placement>("place", "placement", placements, (value) => (state.placement = value));
  choose<CollectiveId>("algorithm", "collective algorithm", Object.keys(collectiveAlgorithms) as CollectiveId[], (value) => (state.algorithm = value));
  choose<Theme>("theme", "theme", themes, (value) => (state.theme = value));
  const size = query.get("size");
  if (size !== null) {
    const read = parseQuantity(size, "data");
    if (read.ok && read.value > 0) state.bytes = read.value;
    else problems.push(wrongValue("address: size", size, read.ok ? "a size above zero" : read.expected));
  }
  const at = query.get("at");
  if (at !== null) {
    const place = readPlace(at);
    if (place) state.at = place;
    else problems.push(wrongValue("address: at", at, "a depth and a number, such as 1.5"));
  }
  state.kind = query.get("colour") || null;
  state.tables = (query.get("tables") ?? "").split(",").filter(Boolean);
  for (const key of query.keys()) if (!known.includes(key)) problems.push(unknownKey(`address: ${key}`, key, known));
  return { state, problems };
}

export const writePlace = ({ depth, index }: Place): string => `${depth}.${index}`;

export function readPlace(text: string): Place | null {
  const [, depth, index] = /^(\d)\.(\d{1,7})$/.exec(text) ?? [];
  return depth === undefined || index === undefined ? null : { depth: Number(depth), index: Number(index) };
}
