/** Choices in the address of a page: each value against those there are. What is none of them is told, and nothing is chosen. */
import { unknownName, wrongValue, type Problem } from "../../model/problems.ts";

/** Several keys, each with the few values that it may have. */
export function readChoices<K extends string>(query: URLSearchParams, choices: Readonly<Record<K, readonly string[]>>, problems: Problem[]): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const [key, values] of Object.entries<readonly string[]>(choices) as Array<[K, readonly string[]]>) {
    const value = query.get(key);
    if (value === null) continue;
    if (values.includes(value)) found[key] = value;
    else problems.push(wrongValue(`address: ${key}`, value, `one of ${values.join(", ")}`));
  }
  return found;
}

/** One key with the names that it may have; a wrong one gets the nearest. */
export function chooseOne<T extends string>(query: URLSearchParams, problems: Problem[], { key, kind, options }: { readonly key: string; readonly kind: string; readonly options: readonly T[] }, take: (value: T) => void): void {
  const value = query.get(key);
  if (value === null) return;
  const found = options.find((option) => option === value);
  if (found === undefined) problems.push(unknownName(`address: ${key}`, kind, value, options));
  else take(found);
}
