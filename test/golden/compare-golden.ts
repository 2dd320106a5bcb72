/** Golden files: what was made, compared exactly with what is stored. `npm run golden` rewrites the files; the difference is then for a person to read. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

export type Golden = Record<string, Record<string, unknown>>;

/** One line for each output, so that a diff names what moved. */
function print(golden: Golden): string {
  const entries = Object.entries(golden).map(([name, outputs]) => `  ${JSON.stringify(name)}: {\n${Object.entries(outputs).map(([output, value]) => `    ${JSON.stringify(output)}: ${printValue(value)}`).join(",\n")}\n  }`);
  return `{\n${entries.join(",\n")}\n}\n`;
}

/** A space after each comma and colon between values, none inside text. */
function printValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  return `{${Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => `${JSON.stringify(key)}: ${printValue(item)}`).join(", ")}}`;
}

export function compareGolden(file: string, made: Golden): void {
  const path = new URL(file, import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, print(made));
  const stored = JSON.parse(readFileSync(path, "utf8")) as Golden;
  expect(Object.keys(stored), "npm run golden makes the files anew").toEqual(Object.keys(made));
  for (const [name, outputs] of Object.entries(made)) expect({ [name]: outputs }).toEqual({ [name]: stored[name] });
  expect(print(stored)).toBe(readFileSync(path, "utf8"));
}
