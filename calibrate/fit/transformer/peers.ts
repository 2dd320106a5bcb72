/** What other simulators said of the same points, as their authors or a re-run published it, beside what is said here of the same family held out. */
import type { Told } from "./page.ts";
import { percent, table } from "./page-table.ts";
import { describeErrors } from "./statistics.ts";

export interface PeerFigure {
  readonly peer: string;
  readonly case: string;
  readonly measured: number | undefined;
  readonly predicted: number | undefined;
  readonly error: number | undefined;
  readonly verified: string;
}

/** Lenient: what has no name or no number is left out. */
export function readPeers(document: unknown): PeerFigure[] {
  if (!Array.isArray(document)) return [];
  const number = (value: unknown): number | undefined => (value === null || value === "" || value === undefined || !Number.isFinite(Number(value)) ? undefined : Number(value));
  return document.flatMap((one: unknown) => {
    if (typeof one !== "object" || one === null) return [];
    const { peer, case: what, measured, predicted, error_pct, verified } = one as Record<string, unknown>;
    if (typeof peer !== "string" || typeof what !== "string") return [];
    const error = number(error_pct);
    return [{ peer, case: what, measured: number(measured), predicted: number(predicted), error: error === undefined ? undefined : error / 100, verified: typeof verified === "string" ? verified : "" }];
  });
}

/** Published cases and the family of the catalogue that holds the same runs. */
const shared: ReadonlyArray<readonly [family: string, matches: RegExp]> = [
  ["vtrain-single", /single/i],
  ["vtrain-multi", /multi/i],
  ["korthikanti", /^GPT (22B|175B|530B|1T) .*s\/iteration/],
];

export function describePeers(peers: readonly PeerFigure[], held: readonly Told[], computed: readonly Told[]): string {
  const ours = new Map<string, string>();
  for (const [family] of shared) {
    const errors = describeErrors([...held, ...computed].filter(({ of }) => of.case.family === family).map(({ prediction }) => prediction));
    if (errors) ours.set(family, `${percent(errors.mape)} (${errors.points} points, series left out)`);
  }
  const rows = peers.flatMap(({ peer, case: what, error, verified }) => {
    const family = shared.find(([, matches]) => matches.test(what))?.[0];
    return family === undefined || error === undefined || !ours.has(family) ? [] : [[peer, what, percent(Math.abs(error)), ours.get(family)!, verified]];
  });
  if (rows.length === 0) return "No published figure of a peer on these points was given to the command.";
  return table(["peer", "case", "its error", "here, whole family", "how known"], rows);
}
