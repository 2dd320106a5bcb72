/**
 * One published file -> a series that can be fitted: operation, shape, one time per size, which algorithm each size is taken to have run, and what rules did.
 * Which of ring and tree ran is not in the files: NCCL's own estimates name it (model/network/library/tuning.ts), with the bandwidth that the series itself shows.
 */
import type { CollectiveForm, CollectiveShape } from "../../../model/network/library/protocol-time.ts";
import { tuningAcross } from "../../../model/network/library/protocols.ts";
import { prefersRing } from "../../../model/network/library/tuning.ts";
import type { LibraryOperation } from "../../../model/network/library/types.ts";
import type { PublishedSeries } from "../../../model/schema/series.ts";
import { ranksOfRows } from "../../readers/nccl-ranks.ts";
import type { CollectiveTable } from "../../readers/nccl-tests.ts";
import type { TimedCollective } from "./fit.ts";
import { judgeSeries, takeTimes, type RuleHit } from "./rules.ts";

export interface CollectiveSeries {
  readonly id: string;
  readonly title: string;
  readonly published: string;
  readonly shape: CollectiveShape;
  readonly rows: readonly TimedCollective[];
  readonly hits: readonly RuleHit[];
  /** False where a rule leaves the whole series out. */
  readonly fitted: boolean;
}

export type MadeSeries = { readonly series: CollectiveSeries; readonly problem?: undefined } | { readonly series?: undefined; readonly problem: string };

const modelled: readonly LibraryOperation[] = ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce", "all-to-all", "send-recv"];

/** Times that show a bandwidth, and the shape they are of. */
export interface SeenTimes {
  readonly shape: CollectiveShape;
  readonly times: readonly { readonly bytes: number; readonly time_s: number }[];
}

/** A ring where NCCL's estimates name one with Simple, the tree form with its low-latency branch else. Asked with the bandwidth that a ring would have had at the largest size of `seen`. */
export function nameForms(shape: CollectiveShape, times: SeenTimes["times"], switched: boolean, seen: SeenTimes = { shape, times }): CollectiveForm[] {
  if (shape.nodes < 2 || shape.operation !== "all-reduce") return times.map(() => "tree");
  const n = seen.shape.nodes * seen.shape.devicesPerNode;
  const largest = seen.times.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const shown_bytes_per_s = ((2 * (n - 1)) / n) * (largest.bytes / largest.time_s);
  const tuning = tuningAcross("nccl", switched);
  return times.map(({ bytes }) => (prefersRing(tuning, bytes, shape.nodes, shape.devicesPerNode, shown_bytes_per_s) ? "ring" : "tree"));
}

export function makeSeries(described: PublishedSeries, table: CollectiveTable): MadeSeries {
  const { id, title, published, part, nodes, switched, forced } = described;
  const rows = part === undefined ? table.rows : table.rows.filter((row) => row.part === part);
  if (rows.length === 0) return { problem: `${described.file}: no rows${part === undefined ? "" : ` of the part ${part}`}` };
  const operation = modelled.find((one) => one === table.operation.operation);
  if (operation === undefined) return { problem: `${described.file}: got ${table.operation.operation ?? "no operation"}, expected one of ${modelled.join(", ")}` };
  const ranks = part === undefined ? table.ranks.ranks : ranksOfRows(operation, rows);
  if (ranks === undefined) return { problem: `${described.file}: nothing says how many ranks it has` };
  if (ranks % nodes !== 0 && ranks > 1) return { problem: `${described.file}: got ${ranks} ranks, expected a multiple of ${nodes} nodes` };
  const shape: CollectiveShape = { operation, nodes: ranks > 1 ? nodes : 1, devicesPerNode: ranks > 1 ? ranks / nodes : 1 };
  const { observations, hits } = takeTimes(rows);
  const judged = judgeSeries(ranks, observations);
  const { listed, from, possible } = table.ranks;
  const disagree: RuleHit[] = part === undefined && from === "bandwidths" && listed !== undefined && listed > ranks ? [{ rule: "ranks-disagree", effect: "replaced", bytes: [], detail: `list ${listed}, bandwidths ${possible?.join(" to ")}` }] : [];
  // A file of two nodes alone cannot tell a ring from a tree: both are one bandwidth there.
  const named = forced === undefined && nodes > 2;
  const forms = named ? nameForms(shape, observations, switched) : observations.map((): CollectiveForm => forced ?? "tree");
  return {
    series: {
      id, title, published, shape,
      rows: observations.map(({ bytes, time_s }, index) => ({ shape, form: forms[index]!, bytes, time_s })),
      hits: [...disagree, ...hits, ...judged],
      fitted: !judged.some(({ effect }) => effect === "left-out"),
    },
  };
}
