/**
 * Seconds of a step from what a point states: samples a second of all devices or of one, FLOP/s by a named count, or seconds. A figure averaged over an epoch counts the
 * samples of its steps and not those that a last, partial step leaves over, so the steps of an epoch are whole.
 */
import { countFlop } from "../../../model/workload/flop.ts";
import type { Layer } from "../../../model/workload/layer.ts";
import type { LayerCatalogueRules } from "../../../model/schema/layer-catalogue-rules.ts";
import { holds, type Row } from "../catalogue/matching.ts";
import { numberAt, textAt } from "../catalogue/record.ts";

export type FigureRule = LayerCatalogueRules["metrics"][number];

const prefixes: Readonly<Record<string, number>> = { G: 1e9, T: 1e12, P: 1e15, E: 1e18 };

/** Factor of a unit such as PFLOP/s, TF/s or TFLOP/s/GPU; seconds and samples are themselves, ms a thousandth. */
function unitFactor(unit: string): number {
  const rate = /^([GTPE])F(?:LOPS?)?\b/i.exec(unit);
  if (rate) return prefixes[(rate[1] ?? "").toUpperCase()] ?? Number.NaN;
  return /^ms\b/.test(unit) ? 1e-3 : 1;
}

export const figureRule = (row: Row, rules: LayerCatalogueRules): FigureRule | undefined => rules.metrics.find(({ when }) => holds(when, row));

export interface StepFigure {
  readonly step_s: number;
  readonly stepsPerEpoch: number | undefined;
}

/** `layers`: asked for where a rate has to be divided by the operations of a sample. */
export function stepOf(row: Row, rules: LayerCatalogueRules, rule: FigureRule, devices: number, samplesPerDevice: number, layers: () => readonly Layer[]): StepFigure | undefined {
  const stated = numberAt(row.point, "value");
  if (stated === undefined || !(stated > 0) || rule.means === undefined) return undefined;
  const value = stated * unitFactor(textAt(row.point, "unit") ?? "");
  const samples = devices * samplesPerDevice;
  const perStep = ((): number => {
    switch (rule.means) {
      case "step-time": return value;
      case "throughput": return samples / value;
      case "throughput-per-device": return samplesPerDevice / value;
      case "rate": return (samples * countFlop(layers(), rule.convention ?? "algorithmic")) / value;
      case "rate-per-device": return (samplesPerDevice * countFlop(layers(), rule.convention ?? "algorithmic")) / value;
    }
  })();
  if (!Number.isFinite(perStep)) return undefined;
  const epoch = epochSamples(textAt(row.point, "how") ?? "", rules);
  if (epoch === undefined) return { step_s: perStep, stepsPerEpoch: undefined };
  // The source divides all samples of the data set by the time of an epoch, whose steps are whole.
  const steps = Math.max(1, Math.floor(epoch / samples));
  return { step_s: (perStep * epoch) / samples / steps, stepsPerEpoch: steps };
}

function epochSamples(how: string, { epochs }: LayerCatalogueRules): number | undefined {
  for (const pattern of epochs) {
    const found = Number(new RegExp(pattern, "i").exec(how)?.[1]);
    if (Number.isFinite(found) && found > 0) return found;
  }
  return undefined;
}
