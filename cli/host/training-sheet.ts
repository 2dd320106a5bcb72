/** A training run as a flat table, one row per number of devices: what `exatwin train --csv` prints. Values in SI, quantiles in days. */
import type { Estimate } from "../../model/prediction.ts";
import { runParts, type Training, type TrainingRun } from "../../model/training-run/training-run.ts";
import type { Cell, Sheet } from "./sheet.ts";

const estimates = [
  ["stepTime_s", (run: TrainingRun) => run.stepTime_s],
  ["effective", (run: TrainingRun) => run.effective],
  ["uptime", (run: TrainingRun) => run.uptime],
  ["goodput", (run: TrainingRun) => run.goodput],
] as const satisfies ReadonlyArray<readonly [string, (run: TrainingRun) => Estimate]>;
const ends = ["low95", "high95"] as const;
const quantiles = ["mean", "p05", "p25", "p50", "p75", "p95"] as const;

export function trainingSheet({ runs }: Training): Sheet {
  const columns = ["devices", "nodes", "steps", "samples", "tokens", "work_s", "wall_s", ...quantiles.map((name) => `${name}_d`), ...estimates.flatMap(([name]) => [name, ...ends.map((end) => `${name}_${end}`)]), "betweenInterruptions_s", "interruptions", "interval_s", "bestInterval_s", "flatLow_s", "flatHigh_s", "checkpoint_bytes", "write_s", "held_s", "load_s", ...runParts.map((part) => `${part}_s`), "energy_J", "energy_low95_J", "energy_high95_J", "carbon_kg", "rented_low_USD", "rented_middle_USD", "rented_high_USD", "owned_USD"];
  const rows = runs.map((run): Cell[] => [
    run.devices, run.nodes, run.steps, run.samples, run.tokens, run.work_s, run.wall_s,
    ...quantiles.map((name) => run.days[name]),
    ...estimates.flatMap(([, of]) => [of(run).value, ...ends.map((end) => of(run)[end])]),
    run.interruptions?.meanBetween_s.value ?? null, run.interruptions?.count ?? null, run.interval?.used_s ?? null, run.interval?.best_s ?? null, run.interval?.flat.low_s ?? null, run.interval?.flat.high_s ?? null,
    run.checkpoint.bytes, run.checkpoint.write_s, run.checkpoint.blocked_s, run.checkpoint.load_s,
    ...run.parts.map(({ time_s }) => time_s),
    run.bill.energy_J?.value ?? null, run.bill.energy_J?.low95 ?? null, run.bill.energy_J?.high95 ?? null, run.bill.carbon_kg?.value ?? null,
    run.bill.rented?.low ?? null, run.bill.rented?.middle ?? null, run.bill.rented?.high ?? null, run.bill.owned?.value ?? null,
  ]);
  return { columns, rows };
}
