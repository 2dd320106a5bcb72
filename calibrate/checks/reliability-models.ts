/** The law and the closed forms as checks use them: a site's figure is predicted from the other sites, a run from the documents that are stored. */
import { resolveTransformer } from "../../model/resolve/resolve.ts";
import { predictTransformer } from "../../model/predict/transformer/predict.ts";
import { bestInterval } from "../../model/reliability/interval.ts";
import { goodput } from "../../model/reliability/goodput.ts";
import type { FailureLawCalibration } from "../../model/schema/calibration.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { Selection } from "../../model/scenario.ts";
import { trainTransformer } from "../../model/training-run/train.ts";
import type { TrainingRun } from "../../model/training-run/training-run.ts";
import { listLaws, scoreLaws, type LawScore } from "../fit/reliability/candidate-laws.ts";
import { keptFactorOf, listObservations, valueOf } from "../fit/reliability/observations.ts";
import { fitSites, studentQuantile } from "../fit/reliability/random-effects.ts";
import type { CheckInput } from "./types.ts";

export interface Range {
  readonly value: number;
  readonly low95: number;
  readonly high95: number;
}

export function unseenSites(facts: CheckInput["facts"]): LawScore["cases"] {
  const chosen = scoreLaws(listLaws(valueOf(facts, "rsc-rate-rsc1") / 1000, keptFactorOf(facts)), listObservations(facts)).at(-1);
  if (chosen === undefined) throw new Error("no law of interruptions");
  return chosen.cases;
}

export function storedLaw({ library }: CheckInput): FailureLawCalibration {
  const { document, problems } = parseDocument("calibration", library.documents.calibration["interruptions-ai-clusters"], "calibrations/interruptions-ai-clusters");
  if (document === undefined || document.scope.kind !== "failure-law") throw new Error(problems[0]?.expected ?? "no failure law");
  return document as FailureLawCalibration;
}

/** Days between interruptions by one node of a site that is not among those of the law. */
export function newSite({ nodeInterval }: FailureLawCalibration): Range {
  const days = (value: number): number => value / 86_400;
  return { value: days(nodeInterval.value), low95: days(nodeInterval.low ?? nodeInterval.value), high95: days(nodeInterval.high ?? nodeInterval.value) };
}

/** The law's interval without one of its sites. */
export function lawWithout({ sites }: FailureLawCalibration, left: string): Range {
  const fit = fitSites(sites.filter(({ site }) => site !== left).map(({ nodeInterval_d, standardError }) => ({ value: Math.log(nodeInterval_d), error: standardError })));
  const reach = studentQuantile(0.975, fit.degrees) * fit.spread;
  return { value: Math.exp(fit.mean), low95: Math.exp(fit.mean - reach), high95: Math.exp(fit.mean + reach) };
}

/** Effective share of a job whose interruptions come every so often, recovering as the law says; each input alone to its ends, in quadrature. Checkpoints hold it for `held_s`. */
export function effectiveWith(law: FailureLawCalibration, between_h: Range, held_s: number, load_s: number): Range {
  const facts = { between: between_h, ...Object.fromEntries((["detection", "restart", "manualShare", "manualTime"] as const).map((key) => [key, { value: law[key].value, low95: law[key].low ?? law[key].value, high95: law[key].high ?? law[key].value }])) } as Record<"between" | "detection" | "restart" | "manualShare" | "manualTime", Range>;
  const keys = Object.keys(facts) as Array<keyof typeof facts>;
  const effective = (of: (key: keyof typeof facts) => number): number => {
    const rate_per_s = 1 / (of("between") * 3600);
    const down_s = of("detection") + of("restart") + of("manualShare") * of("manualTime");
    return goodput({ rate_per_s, down_s, load_s }, { interval_s: bestInterval(rate_per_s, held_s), blocked_s: held_s, behind_s: 0 }).effective;
  };
  const value = effective((key) => facts[key].value);
  let [down, up] = [0, 0];
  for (const moved of keys) {
    const changes = (["low95", "high95"] as const).map((end) => effective((key) => (key === moved ? facts[key][end] : facts[key].value)) - value);
    down += Math.min(0, ...changes) ** 2;
    up += Math.max(0, ...changes) ** 2;
  }
  return { value, low95: Math.max(0, value - Math.sqrt(down)), high95: Math.min(1, value + Math.sqrt(up)) };
}

export function trainStored({ library }: CheckInput, selection: Selection, tokens: number, devices: number, failures?: string): TrainingRun {
  const { scenario, problems } = resolveTransformer(library, selection);
  if (scenario === undefined) throw new Error(problems.map(({ path, expected }) => `${path}: ${expected}`).join("; "));
  const [run] = trainTransformer(scenario, predictTransformer(scenario, { devices: [devices] }), { wanted: { unit: "tokens", count: tokens }, failures, draws: 1000 }).runs;
  if (run === undefined) throw new Error("no run");
  return run;
}
