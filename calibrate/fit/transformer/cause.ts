/** What a row of a catalogue itself gives reason to suspect where its prediction misses. Nothing is known for certain: errors are of leave-one-series-out. */
import type { CaseRun } from "./runs.ts";

type Case = Pick<CaseRun["case"], "stack" | "series" | "sparse" | "assumed"> & { readonly layout: Pick<CaseRun["case"]["layout"], "pipeline"> };

/** A row that no rule keeps out, beside what a protocol that held out its series makes of it. */
export interface HeldRow {
  readonly case: Pick<Case, "stack" | "series">;
  readonly error: number;
}

export function causeOf(one: Case, held: readonly HeldRow[]): string {
  const sisters = held.some(({ case: other }) => other.stack === one.stack && other.series !== one.series);
  if (!sisters) return "its stack occurs in no other series";
  const assumed = one.assumed.map(({ rule }) => rule);
  const causes = [
    ...(one.sparse ? ["dispatcher, its overlap and routing are not stated"] : []),
    ...(assumed.includes("recompute-of-framework") ? ["recomputation is not stated"] : []),
    ...(assumed.includes("virtual-stages-of-framework") && one.layout.pipeline > 1 ? ["interleaving is not stated"] : []),
    ...(!one.sparse && held.filter(({ case: other, error }) => other.series === one.series && Math.abs(error) > 0.15).length > 2 ? ["rows of its series scatter against each other: an unsteady cluster"] : []),
  ];
  return causes.join("; ") || "not known";
}
