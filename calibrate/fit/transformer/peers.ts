/** What other simulators said of the same points, as their authors or a re-run published it, beside what is said here of the same family held out. */
import type { PublishedFact } from "../../../model/schema/published-facts.ts";
import type { Told } from "./page.ts";
import { percent, table } from "./page-table.ts";
import { describeErrors } from "./statistics.ts";

export interface PeerFigure {
  readonly peer: string;
  readonly case: string;
  /** As its authors or a re-run give it, without its sign. */
  readonly error: number;
  readonly known: string;
}

const quantity = "error of a peer's prediction";

/** Figures of peers among published facts: "PEER: CASE" is their subject, their value is in per cent. */
export function peersAmong(facts: Readonly<Record<string, PublishedFact>>): PeerFigure[] {
  return Object.values(facts).flatMap((fact) => {
    if (fact.quantity !== quantity) return [];
    const [peer = "", ...rest] = fact.subject.split(": ");
    return [{ peer, case: rest.join(": "), error: Math.abs(fact.value) / 100, known: fact.note ?? "" }];
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
  const rows = peers.flatMap(({ peer, case: what, error, known }) => {
    const family = shared.find(([, matches]) => matches.test(what))?.[0];
    return family === undefined || !ours.has(family) ? [] : [[peer, what, percent(error), ours.get(family)!, known]];
  });
  if (rows.length === 0) return "No published figure of a peer on these points is among the facts.";
  return table(["peer", "case", "its error", "here, whole family", "how known"], rows);
}
