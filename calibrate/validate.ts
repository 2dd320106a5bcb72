/**
 * Predictions beside measurements. For every scored point of every run: the prediction under the protocol, its interval, the error; then a summary on step time.
 * Protocols: cold, no training run informs the prediction; leave-one-series-out, no scored point of the same run does (a point that the run names for
 * calibration may, and is not scored); in-sample, all do.
 */
import { estimateOf } from "../model/predict/metrics.ts";
import { predict } from "../model/predict/predict.ts";
import type { Estimate, Prediction, Validation, ValidationCase } from "../model/prediction.ts";
import { InputError, unknownName, type Problem } from "../model/problems.ts";
import type { Protocol } from "../model/resolve/parameters.ts";
import { resolveScenario } from "../model/resolve/resolve.ts";
import type { Library } from "../model/scenario.ts";
import { metrics, type Run, type RunPoint } from "../model/schema/run.ts";
import { parseDocument } from "../model/schema/parse.ts";
import { dimensions, parseQuantity } from "../model/units.ts";
import { summarise } from "./summarise.ts";

export interface ValidateOptions {
  /** Runs of the library; all of them where neither this nor `extraRuns` is given. */
  runs?: readonly string[];
  /** Raw run documents that the library does not hold, with the name to use in messages. */
  extraRuns?: ReadonlyArray<{ name: string; document: unknown }>;
  protocol: Protocol;
  /** Also predicts the points that runs name for calibration; they stand apart and are no part of the summary. */
  all?: boolean;
}

export type Validated = { readonly validation: Validation; readonly problems: readonly [] } | { readonly validation?: undefined; readonly problems: readonly Problem[] };

export function validate(library: Library, options: ValidateOptions): Validated {
  const { merged, names, problems } = gather(library, options);
  const cases: ValidationCase[] = [];
  const excluded: Validation["excluded"] = [];
  const calibrationCases: ValidationCase[] = [];
  for (const name of names) {
    const raw = merged.documents.run[name];
    const parsed = parseDocument("run", raw, `runs/${name}`);
    if (!parsed.document) {
      problems.push(...parsed.problems);
      continue;
    }
    for (const point of parsed.document.points) {
      if (point.use === "calibration") {
        excluded.push({ run: name, point: point.id, reason: "the run names it for calibration, so it is not scored" });
        if (options.all) scorePoint(merged, parsed.document, point, options.protocol, calibrationCases, problems);
        continue;
      }
      scorePoint(merged, parsed.document, point, options.protocol, cases, problems);
    }
  }
  if (problems.length > 0) return { problems };
  return { validation: { protocol: options.protocol, summary: summarise(cases), cases, excluded, ...(options.all ? { calibrationCases } : {}) }, problems: [] };
}

function gather(library: Library, options: ValidateOptions): { merged: Library; names: string[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const extra: Record<string, unknown> = {};
  for (const { name, document } of options.extraRuns ?? []) {
    const parsed = parseDocument("run", document, name);
    if (parsed.document) extra[parsed.document.id] = document;
    else problems.push(...parsed.problems);
  }
  const known = Object.keys(library.documents.run);
  for (const name of options.runs ?? []) if (!known.includes(name)) problems.push(unknownName("run", "run", name, known));
  const wanted = options.runs ?? (Object.keys(extra).length > 0 || (options.extraRuns?.length ?? 0) > 0 ? [] : known);
  const merged: Library = { ...library, documents: { ...library.documents, run: { ...library.documents.run, ...extra } } };
  return { merged, names: [...new Set([...wanted.filter((name) => known.includes(name)), ...Object.keys(extra)])], problems };
}

function scorePoint(library: Library, run: Run, point: RunPoint, protocol: Protocol, cases: ValidationCase[], problems: Problem[]): void {
  const changes = { ...point.overrides, ...(point.convention ? { "plan.flopConvention": point.convention } : {}) };
  const resolved = resolveScenario(library, { run: run.id, changes });
  if (!resolved.scenario) {
    problems.push(...resolved.problems.map((problem) => ({ ...problem, path: `runs/${run.id}, point ${point.id}: ${problem.path}` })));
    return;
  }
  const measured = parseQuantity(point.value, metrics[point.metric]);
  try {
    const prediction = predict(resolved.scenario, { devices: [point.devices], protocol });
    const scale = prediction.points[0];
    const estimate = scale ? estimateOf(scale, point.metric) : null;
    if (!scale || !estimate || !measured.ok) {
      problems.push({ code: "not-predicted", path: `runs/${run.id}, point ${point.id}`, got: point.metric, expected: "a metric that this scenario has", hint: "staging time needs a plan that stages" });
      return;
    }
    cases.push(makeCase(run, point, prediction, estimate, measured.value));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems.map((problem) => ({ ...problem, path: `runs/${run.id}, point ${point.id}: ${problem.path}` })));
  }
}

function makeCase(run: Run, point: RunPoint, prediction: Prediction, estimate: Estimate, measured: number): ValidationCase {
  const error = estimate.value / measured - 1;
  const isTime = point.metric === "step-time" || point.metric === "staging-time";
  return {
    run: run.id,
    point: point.id,
    title: run.title,
    machine: prediction.scenario.machine.title,
    devices: point.devices,
    metric: point.metric,
    unit: dimensions[metrics[point.metric]].symbol,
    measured,
    predicted: estimate.value,
    low80: estimate.low80,
    high80: estimate.high80,
    low95: estimate.low95,
    high95: estimate.high95,
    error,
    stepTimeError: isTime ? error : measured / estimate.value - 1,
    how: point.how,
    source: point.source ?? run.source ?? "",
  };
}
