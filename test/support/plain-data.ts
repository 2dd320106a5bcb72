/** Plain data, leaf by leaf: what can cross a worker or HTTP unchanged. */

/** Every leaf with its path. Throws on what is not plain. */
export function leaves(value: unknown, path = "$"): [path: string, leaf: unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) throw new Error(`${path} is a ${String((prototype as object).constructor.name)}`);
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** Paths of leaves that no result may hold: NaN, infinities, undefined. */
export const lostLeaves = (value: unknown): string[] =>
  leaves(value).flatMap(([path, leaf]) => (leaf === undefined || (typeof leaf === "number" && !Number.isFinite(leaf)) ? [`${path} is ${String(leaf)}`] : []));
