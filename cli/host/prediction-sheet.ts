/** A prediction as a flat table, one row per scale: what `--csv` prints and what the server gives at the address of a run + ".csv". */
import { termIds, type Estimate, type Prediction, type ScalePoint } from "../../model/prediction.ts";
import type { Cell, Sheet } from "./sheet.ts";

const estimates = [
  ["stepTime", "_s", (point: ScalePoint) => point.stepTime_s],
  ["throughput", "_samples_per_s", (point: ScalePoint) => point.throughput_samples_per_s],
  ["rate", "_flop_per_s", (point: ScalePoint) => point.rate_flop_per_s],
  ["peakRate", "_flop_per_s", (point: ScalePoint) => point.peakRate_flop_per_s],
  ["efficiency", "", (point: ScalePoint) => point.efficiency],
  ["stagingTime", "_s", (point: ScalePoint) => point.stagingTime_s],
  ["devicePower", "_w", (point: ScalePoint) => point.energy?.power_w.device ?? null],
  ["nodePower", "_w", (point: ScalePoint) => point.energy?.power_w.node ?? null],
  ["systemPower", "_w", (point: ScalePoint) => point.energy?.power_w.system ?? null],
  ["sitePower", "_w", (point: ScalePoint) => point.energy?.power_w.site ?? null],
  ["energyPerSample", "_J", (point: ScalePoint) => point.energy?.perSample_J ?? null],
  ["carbonPerStep", "_kg", (point: ScalePoint) => point.energy?.carbonPerStep_kg ?? null],
] as const satisfies ReadonlyArray<readonly [string, string, (point: ScalePoint) => Estimate | null]>;
const ends = ["low80", "high80", "low95", "high95"] as const;

export function predictionSheet(prediction: Prediction): Sheet {
  const estimateColumns = estimates.flatMap(([name, unit]) => [`${name}${unit}`, ...ends.map((end) => `${name}_${end}${unit}`)]);
  const columns = ["devices", "nodes", "samplesPerStep", ...estimateColumns, ...termIds.map((id) => `${id}_s`)];
  const rows = prediction.points.map((point): Cell[] => [
    point.devices,
    point.nodes,
    point.samplesPerStep,
    ...estimates.flatMap(([, , of]) => {
      const estimate = of(point);
      return [estimate?.value ?? null, ...ends.map((end) => estimate?.[end] ?? null)];
    }),
    ...termIds.map((id) => point.terms.find((term) => term.id === id)?.time_s ?? null),
  ]);
  return { columns, rows };
}
