/**
 * Calibration of all-reduce on the imported machine, inside a node and between nodes: the protocols of the library fitted to the times of nccl-tests
 * (calibrate/fit/collective), under the rules that published series are fitted by. What a rule leaves out is told. Other operations share these parameters.
 */
import type { CollectiveCalibration } from "../../model/schema/calibration.ts";
import { describeCollectiveFit } from "../fit/collective/document.ts";
import { fitCollective, type TimedCollective } from "../fit/collective/fit.ts";
import { fewSizes, judgeSeries, rules, takeTimes, type RuleHit } from "../fit/collective/rules.ts";
import { nameForms } from "../fit/collective/series.ts";
import type { ImportedFile, Seen } from "./seen.ts";

export interface FittedCollectives {
  readonly documents: readonly CollectiveCalibration[];
  readonly leftOut: ReadonlyArray<{ readonly file: string; readonly reason: string }>;
}

export interface CollectiveTarget {
  readonly machine: string;
  /** All network ports of a node, as the machine document has them. */
  readonly injection_bytes_per_s: number;
  /** Devices of a node meet in a switch. */
  readonly switched: boolean;
}

export function fitCollectives(seen: readonly Seen[], target: CollectiveTarget): FittedCollectives {
  const leftOut: Array<{ file: string; reason: string }> = [];
  const series = [...groupByFile(seen)].flatMap(([file, rows]) => {
    const made = makeTimes(rows, target.switched);
    if (typeof made !== "string") return [{ file, ...made }];
    leftOut.push({ file: file.name, reason: made });
    return [];
  });
  const documents = [false, true].flatMap((between) => {
    const own = series.filter(({ nodes }) => nodes > 1 === between);
    return own.length === 0 ? [] : [describe(own, between, target)];
  });
  return { documents, leftOut };
}

type Series = { readonly file: ImportedFile; readonly nodes: number; readonly rows: readonly TimedCollective[]; readonly hits: readonly RuleHit[] };

function groupByFile(seen: readonly Seen[]): Map<ImportedFile, Seen[]> {
  const groups = new Map<ImportedFile, Seen[]>();
  for (const one of seen) {
    if (one.file.reader !== "nccl-tests" || one.row.benchmark !== "all-reduce" || one.row.case["part"] !== undefined) continue;
    groups.set(one.file, [...(groups.get(one.file) ?? []), one]);
  }
  return groups;
}

function makeTimes(seen: readonly Seen[], switched: boolean): { nodes: number; rows: TimedCollective[]; hits: RuleHit[] } | string {
  const [{ nodes, ranks } = { nodes: undefined, ranks: undefined }] = seen;
  if (nodes === undefined || ranks === undefined) return `not fitted: nothing says how many ${nodes === undefined ? "nodes" : "ranks"} it has`;
  if (ranks % nodes !== 0) return `not fitted: ${ranks} ranks on ${nodes} nodes`;
  const { observations, hits } = takeTimes(joinColumns(seen));
  const judged = judgeSeries(ranks, observations);
  const stop = judged.find(({ effect }) => effect === "left-out");
  if (stop) return `not fitted: ${rules[stop.rule].reason}`;
  if (new Set(observations.map(({ bytes }) => bytes)).size < fewSizes) return `not fitted: fewer than ${fewSizes} sizes`;
  const shape = { operation: "all-reduce", nodes, devicesPerNode: ranks / nodes } as const;
  const forms = nodes > 2 ? nameForms(shape, observations, switched) : observations.map(() => "tree" as const);
  return { nodes, hits: [...hits, ...judged], rows: observations.map(({ bytes, time_s }, index) => ({ shape, form: forms[index] ?? "tree", bytes, time_s })) };
}

/** Out of place and in place of one line are two rows of an import. */
function joinColumns(seen: readonly Seen[]) {
  const lines = new Map<number, { line: number; bytes: number; outOfPlace_s?: number; inPlace_s?: number; wrong: number }>();
  for (const { row } of seen) {
    const time_s = row.values["time_s"];
    const line = lines.get(row.line) ?? { line: row.line, bytes: Number(row.case["bytes"]), wrong: 0 };
    if (time_s !== undefined && line.bytes > 0) lines.set(row.line, { ...line, [row.case["inPlace"] === true ? "inPlace_s" : "outOfPlace_s"]: time_s, wrong: line.wrong + (row.marks?.includes("wrong-result") ? 1 : 0) });
  }
  return [...lines.values()];
}

function describe(series: readonly Series[], between: boolean, { machine, injection_bytes_per_s, switched }: CollectiveTarget): CollectiveCalibration {
  const rows = series.flatMap((one) => one.rows);
  const library = series.some(({ file }) => /rccl|hip|rocm/i.test(String(file.facts["software"] ?? ""))) ? "rccl" : "nccl";
  return describeCollectiveFit({
    id: `${machine}-all-reduce-${between ? "between-nodes" : "one-node"}`,
    title: `All-reduce on ${machine}, ${between ? "between nodes" : "inside a node"}, ${library}`,
    of: { library, machine, switched, ...(between ? { line: { value: injection_bytes_per_s, dimension: "bandwidth", kind: "measured", source: "imported-files", text: "" } as const } : {}) },
    note: "Written by exatwin import",
    from: series.map(({ file, rows: own }) => ({ file: file.name, sha256: file.sha256, published: "given to exatwin import", rows: own.length })),
    rows,
    hits: series.flatMap((one) => one.hits),
  }, fitCollective(rows));
}
