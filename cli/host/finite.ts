/** The check at the border: no NaN and no infinity leaves a host. JSON would turn them into null without a word. */
import { InputError, notFinite } from "../../model/problems.ts";

/** Returns the value, or throws an InputError that names the first number that is not finite. */
export function requireFinite<T>(value: T, name: string): T {
  const found = findNotFinite(value, "");
  if (found) throw new InputError([notFinite(name, found.value, found.path.replace(/^\./, "") || "the answer")]);
  return value;
}

function findNotFinite(value: unknown, path: string): { path: string; value: number } | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : { path, value };
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findNotFinite(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}
