/**
 * Trains the declared cells on hosts made from network namespaces, one rank a core, and gives one row per repeat. Cells take turns, so that a drift of the
 * machine meets all of them alike. A cell that cannot run here is told with its reason; what was measured before stays.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, wrongValue, type Problem } from "../../model/problems.ts";
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import type { TrainingCell } from "../../model/schema/training-cells.ts";
import { parseQuantity } from "../../model/units.ts";
import { packageRoot } from "../host/root.ts";
import { createHosts, type HostNetwork } from "./namespaces.ts";
import { foreignShare, readUsage } from "./foreign.ts";
import type { Weight } from "./quiet.ts";
import { runRanks } from "./ranks.ts";

export interface TrainingTask {
  readonly cells: readonly TrainingCell[];
  /** Family and options of each workload that a cell names. */
  readonly networks: ReadonlyMap<string, { readonly family: string; readonly options: Readonly<Record<string, unknown>> }>;
  readonly repeats: number;
  readonly seconds: number;
  readonly python: string;
  readonly cores: number;
  readonly weight: Weight;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  /** Whether a repeat is there already. */
  has(cell: TrainingCell, repeat: number): boolean;
  onRow(row: MeasurementRow, cell: TrainingCell, repeat: number): void;
  onProblem(cell: TrainingCell, problem: Problem): void;
  say(line: string): void;
}

/** Share of the processors' time that other programs may take in a run that counts as quiet. */
const mostForeign = 0.05;

const script = (name: string): string => join(packageRoot, "native", "pytorch", name);

export async function trainCells(task: TrainingTask): Promise<void> {
  for (let repeat = 1; repeat <= task.repeats; repeat++) {
    for (const cell of task.cells) {
      if (task.stop.aborted) return;
      if (task.has(cell, repeat)) continue;
      try {
        const before = readUsage();
        const record = await trainCell(cell, task);
        task.onRow(rowOf(cell, repeat, record, foreignShare(before, readUsage())), cell, repeat);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        for (const problem of error.problems) task.onProblem(cell, problem);
      }
    }
  }
}

/** What train_rank.py prints, as far as it is used. */
interface TrainingRecord {
  step_s: { median: number; p10: number; p90: number; min: number; max: number; mean: number; n: number };
  loss: { first: number; last: number };
}

async function trainCell(cell: TrainingCell, task: TrainingTask): Promise<TrainingRecord> {
  const network = task.networks.get(cell.workload);
  if (!network) throw new InputError([wrongValue(`cell ${cell.id}: workload`, cell.workload, `one of ${[...task.networks.keys()].join(", ")}`)]);
  const bucket = parseQuantity(cell.bucket, "data");
  const rate = cell.rate === "unshaped" ? null : parseQuantity(cell.rate, "bandwidth");
  const options = { ...network.options, ...cell.options };
  const words = ["--network", network.family, "--options", JSON.stringify(options), "--batch", String(cell.batch), "--bucket-bytes", String(bucket.ok ? bucket.value : 0), "--scheme", cell.scheme, "--accumulation", String(cell.accumulation), "--loader", cell.loader, "--seconds", String(task.seconds), "--world", String(cell.ranks)];
  if (cell.loader !== "none") words.push("--data-folder", await makeSamples(cell, network.family, options, task));
  const folder = mkdtempSync(join(tmpdir(), "exatwin-training-"));
  let hosts: HostNetwork | undefined;
  try {
    if (cell.ranks > 1) hosts = await createHosts({ hosts: cell.ranks, rate_bit_per_s: rate?.ok ? rate.value * 8 : null });
    const commands = Array.from({ length: cell.ranks }, (_, rank) => {
      const host = hosts?.hosts[rank];
      const argv = ["env", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", ...(host ? [`GLOO_SOCKET_IFNAME=${host.interface}`] : []), task.python, script("train_rank.py"), ...words, "--rank", String(rank), "--cpu", String(rank % task.cores)];
      if (cell.scheme !== "none") argv.push("--init", `file://${join(folder, "store")}`);
      return task.weight.wrap(host?.wrap(argv) ?? argv);
    });
    const { lines, problems } = await runRanks({ commands, cwd: packageRoot, env: task.env, limit_s: 120 + 10 * task.seconds, stop: task.stop });
    if (lines === undefined) throw new InputError(problems.map((problem) => ({ ...problem, path: `cell ${cell.id}: ${problem.path}` })));
    return JSON.parse(lines.findLast((line) => line.startsWith("{")) ?? "null") as TrainingRecord;
  } finally {
    await hosts?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files that a cell with a loader reads; those that are there are kept. */
async function makeSamples(cell: TrainingCell, family: string, options: object, task: TrainingTask): Promise<string> {
  const folder = join(packageRoot, ".cache", "samples", cell.workload);
  mkdirSync(folder, { recursive: true });
  const { lines, problems } = await runRanks({ commands: [[task.python, script("make_samples.py"), "--network", family, "--options", JSON.stringify(options), "--folder", folder]], cwd: packageRoot, env: task.env, limit_s: 120, stop: task.stop });
  if (lines === undefined) throw new InputError(problems.map((problem) => ({ ...problem, path: `cell ${cell.id}, samples: ${problem.path}` })));
  return folder;
}

function rowOf(cell: TrainingCell, repeat: number, { step_s }: TrainingRecord, foreign: number | undefined): MeasurementRow {
  const { min, p10, median, p90, max, mean, n } = step_s;
  const { id, workload, batch, bucket, rate, ranks, ranksPerCore, scheme, accumulation, loader } = cell;
  return {
    benchmark: "train-step",
    case: { cell: id, repeat, workload, batch, bucket, rate, ranks, ranksPerCore, scheme, accumulation, loader },
    work: {},
    time_s: { min, p10, median, p90, max, mean },
    count: n,
    inner: 1,
    quiet: foreign !== undefined && foreign < mostForeign,
    checked: true,
  };
}
