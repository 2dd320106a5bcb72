/** A transformer's prediction as a flat table, one row per number of devices: what `--csv` prints. */
import type { Estimate } from "../../model/prediction.ts";
import type { LayoutSummary, TransformerPoint, TransformerPrediction } from "../../model/prediction-transformer.ts";
import type { Cell, Sheet } from "./sheet.ts";

const estimates = [
  ["stepTime", "_s", (point: TransformerPoint) => point.stepTime_s],
  ["throughput", "_tokens_per_s", (point: TransformerPoint) => point.throughput_tokens_per_s],
  ["throughputPerDevice", "_tokens_per_s", (point: TransformerPoint) => point.throughputPerDevice_tokens_per_s],
  ["ratePerDevice", "_flop_per_s", (point: TransformerPoint) => point.ratePerDevice_flop_per_s],
  ["utilisation", "", (point: TransformerPoint) => point.utilisation],
  ["devicePower", "_w", (point: TransformerPoint) => point.energy?.power_w.device ?? null],
  ["nodePower", "_w", (point: TransformerPoint) => point.energy?.power_w.node ?? null],
  ["systemPower", "_w", (point: TransformerPoint) => point.energy?.power_w.system ?? null],
  ["sitePower", "_w", (point: TransformerPoint) => point.energy?.power_w.site ?? null],
  ["energyPerToken", "_J", (point: TransformerPoint) => point.energy?.perSample_J ?? null],
  ["carbonPerStep", "_kg", (point: TransformerPoint) => point.energy?.carbonPerStep_kg ?? null],
] as const satisfies ReadonlyArray<readonly [string, string, (point: TransformerPoint) => Estimate | null]>;
const ends = ["low80", "high80", "low95", "high95"] as const;
const choices = ["tensor", "pipeline", "virtualStages", "context", "data", "expert", "expertTensor", "microBatch", "microBatches", "globalBatch", "sequence", "schedule", "sharding", "recompute", "recipe"] as const satisfies ReadonlyArray<keyof LayoutSummary>;
const amounts = ["resident", "allocated", "reserved", "device"] as const;

export function transformerSheet({ points }: TransformerPrediction): Sheet {
  const terms = points[0]?.terms.map(({ id }) => id) ?? [];
  const columns = ["devices", "nodes", ...choices, ...estimates.flatMap(([name, unit]) => [`${name}${unit}`, ...ends.map((end) => `${name}_${end}${unit}`)]), ...terms.map((id) => `${id}_s`), "fullestStage", ...amounts.map((name) => `${name}_bytes`), "capacity_bytes", "memory"];
  const rows = points.map((point): Cell[] => [
    point.devices,
    point.nodes,
    ...choices.map((name) => point.layout[name]),
    ...estimates.flatMap(([, , of]) => {
      const estimate = of(point);
      return [estimate?.value ?? null, ...ends.map((end) => estimate?.[end] ?? null)];
    }),
    ...point.terms.map(({ time_s }) => time_s),
    point.memory?.fullest.stage ?? null,
    ...amounts.map((name) => point.memory?.fullest[name].bytes ?? null),
    point.memory?.capacity_bytes ?? null,
    point.memory?.answer ?? null,
  ]);
  return { columns, rows };
}
