/** What a convergence document says of one global batch: training to the target with its interval, in steps where the document says what a sample is. A batch more than twofold outside the document's is refused. */
import { z95 } from "../normal.ts";
import type { Interval, RefusedTarget, TargetEstimate } from "../prediction-asynchrony.ts";
import type { Convergence } from "../schema/convergence.ts";
import { amountAt, criticalBatch, fitBatchLaw, type BatchLaw } from "./law.ts";

/** How far outside the document's batches the law still answers. */
export const furthest = 2;

const laws = new WeakMap<Convergence, BatchLaw>();

export function lawOf(document: Convergence): BatchLaw {
  const known = laws.get(document);
  if (known) return known;
  const law = fitBatchLaw(document.points);
  laws.set(document, law);
  return law;
}

export function estimateTarget(document: Convergence, batch: number): TargetEstimate | RefusedTarget {
  const law = lawOf(document);
  const { smallestBatch, largestBatch } = law;
  if (!(batch >= smallestBatch / furthest && batch <= largestBatch * furthest)) {
    return { document: document.id, batch, refused: `a global batch of ${count(batch)} lies more than ${furthest} times outside the ${count(smallestBatch)} to ${count(largestBatch)} that ${document.title} was measured at` };
  }
  const value = amountAt(law, batch);
  const reach = Math.exp(z95 * law.errorAt(batch));
  const amount = { value, low95: value / reach, high95: value * reach };
  const perUnit = document.unit === "samples" ? 1 : document.unit === "epochs" ? document.samplesPerEpoch?.value : document.tokensPerSample && 1 / document.tokensPerSample.value;
  const times = (factor: number): Interval => ({ value: amount.value * factor, low95: amount.low95 * factor, high95: amount.high95 * factor });
  const critical = criticalBatch(law);
  return {
    document: document.id,
    title: document.title,
    source: document.source ?? "",
    target: document.target,
    batch,
    unit: document.unit,
    amount,
    samples: perUnit === undefined ? null : times(perUnit),
    steps: perUnit === undefined ? null : times(perUnit / batch),
    betweenRuns: law.betweenRuns,
    criticalBatch: Number.isFinite(critical) ? critical : null,
    curvatureShare: batch / (batch + critical),
    within: batch >= smallestBatch && batch <= largestBatch,
    equation: `E = E_min (1 + B / B_critical) = ${short(law.least)} ${document.unit} x (1 + ${count(batch)} / ${short(critical)}) = ${short(value)} ${document.unit}`,
  };
}

export const isRefused = (one: TargetEstimate | RefusedTarget): one is RefusedTarget => "refused" in one;

const short = (value: number): string => (Number.isFinite(value) ? value.toLocaleString("en", { maximumSignificantDigits: 3 }) : "endless");
const count = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 1 });
