import { readMeasurements } from "../../calibrate/readers/measurement.ts";
import { InputError } from "../../model/problems.ts";
import type { Measurements } from "../../model/schema/measurement.ts";

/** A measurement file of which tests know that it can be read. */
export function requireMeasurements(text: string, name: string): Measurements {
  const { measurements, problems } = readMeasurements(text, name);
  if (!measurements) throw new InputError(problems);
  return measurements;
}
