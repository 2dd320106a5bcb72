/**
 * Waiting for a node. Some interruptions take a node out for repair; a spare takes its place, and with none left the job waits for the first repair. Nodes in repair are the customers
 * of a loss system: while the job waits nothing fails, so with s spares at most s + 1 are in repair, and the share of time with all of them there is Erlang's loss formula B(s + 1, a),
 * a = drains per second of running x repair time, whatever the law of repair times (insensitivity; Erlang 1917, Sevastyanov 1957).
 */

/** Erlang's loss formula by its recursion; no overflow for any load. */
export function erlangLoss(servers: number, load: number): number {
  let loss = 1;
  for (let server = 1; server <= servers; server++) loss = (load * loss) / (server + load * loss);
  return loss;
}

/** Mean wait per node that is taken out; 0 without repairs. */
export function waitForNode(drainsPer_s: number, repair_s: number, spares: number): number {
  const load = drainsPer_s * repair_s;
  if (!(load > 0)) return 0;
  const waiting = erlangLoss(spares + 1, load);
  // Share of waiting w and drains at rate d in the rest: w = d (1 - w) x wait.
  return waiting >= 1 ? Number.POSITIVE_INFINITY : waiting / (drainsPer_s * (1 - waiting));
}

/** The fewest spares with which a run waits for nodes less than a share of its time. */
export function sparesFor(drainsPer_s: number, repair_s: number, share: number): number {
  const load = drainsPer_s * repair_s;
  for (let spares = 0; spares < 100_000; spares++) if (erlangLoss(spares + 1, load) <= share) return spares;
  return 100_000;
}
