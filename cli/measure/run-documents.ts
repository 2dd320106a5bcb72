/**
 * Measured training cells -> run documents: one per workload and kind of link, each cell a point with the changes to the scenario that it stands for.
 * Only a cell that was declared for fitting may calibrate; every other is compared. Repeats give the interval: from the least to the largest of their medians.
 */
import type { Changes } from "../../model/scenario.ts";
import type { TrainingCell } from "../../model/schema/training-cells.ts";

/** What one repeat of a cell took: the median and the count of its steps. */
export interface CellResult {
  readonly cell: TrainingCell;
  readonly median_s: number;
  readonly steps: number;
  readonly quiet: boolean;
}

export interface RunContext {
  readonly host: string;
  readonly title: string;
  readonly year: number;
  readonly source: string;
  /** Machine documents for links with a rate and without. */
  readonly shaped: string;
  readonly unshaped: string;
}

interface Point {
  id: string;
  devices: number;
  metric: "step-time";
  value: string;
  low?: string;
  high?: string;
  how: string;
  use: "validation" | "calibration";
  overrides: Changes;
  note?: string;
}

export interface RunDocument {
  $schema: string;
  id: string;
  title: string;
  year: number;
  source: string;
  machine: string;
  workload: string;
  plan: string;
  stack: string;
  scales: number[];
  points: Point[];
}

export function makeRunDocuments(results: readonly CellResult[], context: RunContext): RunDocument[] {
  const documents = new Map<string, RunDocument>();
  const cells = [...new Map(results.map(({ cell }) => [cell.id, cell])).values()];
  for (const cell of cells) {
    const unshaped = cell.rate === "unshaped";
    const id = `${context.host}-${cell.workload}${unshaped ? "-unshaped" : ""}`;
    const document = documents.get(id) ?? {
      $schema: "../schemas/run.schema.json",
      id,
      title: `${cell.workload} on ${context.title}${unshaped ? ", links without a rate" : ""}`,
      year: context.year,
      source: context.source,
      machine: unshaped ? context.unshaped : context.shaped,
      workload: cell.workload,
      plan: "own-training-fp32",
      stack: "pytorch-gloo-cpu",
      scales: [],
      points: [],
    };
    document.points.push(makePoint(cell, results.filter((result) => result.cell.id === cell.id)));
    document.scales = [...new Set([...document.scales, cell.ranks])].toSorted((a, b) => a - b);
    documents.set(id, document);
  }
  return [...documents.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Repeats that were not quiet are left out where one was. */
function makePoint(cell: TrainingCell, all: readonly CellResult[]): Point {
  const still = all.filter(({ quiet }) => quiet);
  const repeats = still.length > 0 ? still : all;
  const medians = repeats.map(({ median_s }) => median_s).toSorted((a, b) => a - b);
  const steps = repeats.map(({ steps: count }) => count);
  const middle = medians.length / 2;
  const median = ((medians[Math.ceil(middle) - 1] ?? 0) + (medians[Math.floor(middle)] ?? 0)) / 2;
  const loud = all.filter(({ quiet }) => !quiet).length;
  const show = (time_s: number) => `${Number((time_s * 1e3).toPrecision(5))} ms`;
  return {
    id: cell.id,
    devices: cell.ranks,
    metric: "step-time",
    value: show(median),
    ...(medians.length > 1 ? { low: show(medians[0] ?? median), high: show(medians.at(-1) ?? median) } : {}),
    how: `median over ${repeats.length} repeat${repeats.length === 1 ? "" : "s"} of the median of ${steps.join(", ")} steps of rank 0`,
    use: cell.use === "fit" ? "calibration" : "validation",
    overrides: changesOf(cell),
    ...(loud > 0 ? { note: `${loud} of ${all.length} repeats were made while other programs worked${still.length > 0 ? ", and are left out" : ""}` } : {}),
  };
}

/** The scenario that a cell stands for, as changes to the workload's run. */
export function changesOf(cell: TrainingCell): Changes {
  const changes: Changes = { "plan.samplesPerDevice": cell.batch };
  for (const [key, value] of Object.entries(cell.options ?? {})) changes[`workload.options.${key}`] = value;
  if (cell.accumulation > 1) changes["plan.accumulation"] = cell.accumulation;
  if (cell.rate !== "unshaped") changes["machine.node.injection"] = cell.rate;
  if (cell.ranksPerCore > 1) {
    changes["machine.node.timeSharing"] = cell.ranksPerCore;
  }
  if (cell.scheme === "per-tensor") {
    changes["plan.fusion"] = "1 B";
    changes["stack.collective.bucketing"] = "fit";
    changes["stack.collective.overlap"] = false;
    changes["stack.collective.copies"] = false;
  } else changes["plan.fusion"] = cell.bucket;
  changes["stack.input.place"] = cell.loader === "none" ? "memory" : "training-process";
  if (cell.loader === "decode") {
    // Files in the page cache: what the decoder's own measurement holds.
    changes["machine.fileSystem.perFile"] = "0 s";
    changes["machine.fileSystem.nodeRead"] = "100 GB/s";
    changes["machine.fileSystem.read"] = "100 GB/s";
  }
  return changes;
}
