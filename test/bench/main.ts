/**
 * npm run bench [-- --json] [--only ID,...] [--list]: each row several times in this one process, the median of the runs after a first that warms up.
 * A measure of this machine at this moment: compare rows of one run, not runs of different days.
 */
import { cpus } from "node:os";
import { cases, type BenchCase } from "./cases.ts";

interface Row {
  id: string;
  value: number;
  unit: string;
  goal: number | null;
  better: "higher" | "lower";
}

/** The row answers its figure itself. */
const given = (unit: string): boolean => unit === "MiB" || unit === "MB/s";

/** Quick rows run more often, so that their code is compiled well; slow ones once after the warm-up at least. */
const enough = { runs: 9, least_s: 0.7, most_s: 6 };

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function measure({ id, unit, goal, better, prepare }: BenchCase): Row | null {
  const work = prepare();
  if (typeof work === "string") {
    console.error(`${id} is left out: ${work}`);
    return null;
  }
  const value = (): number => {
    const began = performance.now();
    const count = work();
    const time_s = (performance.now() - began) / 1000;
    return given(unit) ? count : unit === "s" ? time_s / count : count / time_s;
  };
  const began = performance.now();
  let warm = value();
  if (!given(unit) && performance.now() - began > 1000 * enough.most_s) warm = value();
  const values: number[] = [];
  const spent_s = (): number => (performance.now() - began) / 1000;
  while ((values.length < enough.runs && spent_s() < enough.most_s) || spent_s() < enough.least_s) values.push(value());
  return { id, value: values.length > 0 ? median(values) : warm, unit, goal, better };
}

const show = (value: number): string => (value === 0 ? "0" : value >= 1e5 || value < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(3))));

function tell(rows: readonly Row[]): void {
  const lines = rows.map(({ id, value, unit, goal, better }) => {
    const met = goal === null ? "" : (better === "lower" ? value <= goal : value >= goal) ? "met" : "missed";
    return [id, `${show(value)} ${unit}`, goal === null ? "" : `${show(goal)} ${unit}`, met, cases.find((one) => one.id === id)?.does ?? ""];
  });
  const table = [["id", "median", "goal", "", "what"], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((line) => (line[column] ?? "").length)));
  for (const line of table) console.log(line.map((cell, column) => (column < 4 ? cell.padEnd(widths[column] ?? 0) : cell)).join("  ").trimEnd());
}

function main(args: readonly string[]): number {
  const only = args[args.indexOf("--only") + 1]?.split(",");
  const wanted = args.includes("--only") ? (only ?? []) : cases.map(({ id }) => id);
  const unknown = wanted.filter((id) => !cases.some((one) => one.id === id));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(", ")}; rows are ${cases.map(({ id }) => id).join(", ")}`);
    return 1;
  }
  // What belongs to a row, such as its memory, is told with it.
  const chosen = cases.filter(({ id }) => wanted.some((name) => id === name || id === `${name}-memory`));
  if (args.includes("--list")) {
    for (const { id, does } of chosen) console.log(`${id}  ${does}`);
    return 0;
  }
  const results = chosen.flatMap((one) => {
    if (process.stderr.isTTY) process.stderr.write(`${one.id}\n`);
    return measure(one) ?? [];
  });
  if (args.includes("--json")) console.log(JSON.stringify({ host: `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node ${process.version}`, date: new Date().toISOString(), results }));
  else tell(results);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
