/** The guard at the end of every prediction. */
import { InputError, notFinite } from "../problems.ts";

/** Nothing but finite numbers leaves the model: the first that is not is told as a problem of the input. */
export function requireFinite(value: unknown, path: string): void {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new InputError([notFinite(path, value, "an output of the prediction")]);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) requireFinite(inner, `${path}.${key}`);
  }
}
