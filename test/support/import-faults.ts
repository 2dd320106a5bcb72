/** What is wrong with the shape of an import, whatever the tool: numbers that are none, quantities without a unit, rows of nowhere. */
import type { Imported } from "../../calibrate/readers/index.ts";
import { unitOf } from "../../calibrate/readers/quantity.ts";

export function faultsOf({ rows, facts, asks, excluded, problems }: Imported, lines: number): string[] {
  const faults: string[] = [];
  const complain = (fault: string) => faults.length < 10 && faults.push(fault);
  for (const { line, benchmark, case: given, values } of rows) {
    if (!Number.isInteger(line) || line < 1 || line > lines) complain(`line ${line} of ${lines}`);
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(benchmark)) complain(`benchmark "${benchmark}" is no name`);
    if (Object.keys(values).length === 0) complain(`line ${line}: a row without a value`);
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) complain(`line ${line}: ${name} is ${value}`);
      if (unitOf(name) === undefined) complain(`${name} has no unit`);
    }
    for (const [name, value] of Object.entries(given)) if (typeof value === "number" && !Number.isFinite(value)) complain(`line ${line}: ${name} is ${value}`);
  }
  for (const [name, value] of Object.entries(facts)) if (value === "" || (typeof value === "number" && !Number.isFinite(value))) complain(`fact ${name} is ${JSON.stringify(value)}`);
  for (const { key, expected } of asks) if (key === "" || expected === "") complain("an empty question");
  for (const { rule, count } of excluded) if (rule === "" || !(count > 0)) complain(`exclusion ${rule} of ${count}`);
  for (const { line, expected } of problems) if (!(line >= 0) || line > lines || expected === "") complain(`problem at line ${line}`);
  return faults;
}

export const countLines = (bytes: Uint8Array): number => bytes.reduce((count, byte) => (byte === 10 ? count + 1 : count), 1);
