/** Prediction from a selection that never throws for what a user wrote: it answers with a prediction or with every problem. */
import { InputError, type Problem } from "../problems.ts";
import type { Prediction } from "../prediction.ts";
import { resolveScenario } from "../resolve/resolve.ts";
import type { Library, Selection } from "../scenario.ts";
import { wholeCount } from "./devices.ts";
import { predict, type PredictOptions } from "./predict.ts";

export type SafePrediction = { readonly prediction: Prediction; readonly problems: readonly [] } | { readonly prediction?: undefined; readonly problems: readonly Problem[] };

export function predictSafely(library: Library, selection: Selection, options: PredictOptions = {}): SafePrediction {
  const resolved = resolveScenario(library, selection);
  if (!resolved.scenario) return { problems: [...resolved.problems, ...(options.devices ?? []).flatMap((count) => wholeCount(count))] };
  try {
    return { prediction: predict(resolved.scenario, options), problems: [] };
  } catch (error) {
    if (error instanceof InputError) return { problems: error.problems };
    throw error;
  }
}
