/**
 * The measurement file of a run: a header, then each row as it comes, so that a run that ends early leaves all it measured. Taken up again it drops a line
 * that was cut off and the reasons that no longer hold, and repeats the entry that was running; a row it has already is not written twice.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { caseKey, readMeasurements } from "../../calibrate/readers/measurement.ts";
import { InputError, type Problem } from "../../model/problems.ts";
import type { MeasurementHeader, MeasurementRow, SkippedBenchmark } from "../../model/schema/measurement.ts";
import { measurementHeaderSchema, measurementRowSchema, skippedSchema } from "../../model/schema/measurement.ts";
import { reasonOf } from "../host/read-json.ts";
import { owns, type Entry } from "./suite.ts";

export type Line = { readonly row: MeasurementRow } | { readonly skipped: SkippedBenchmark } | { readonly fault: string };

/** What a program wrote: a row, the word that it skipped a case, or neither. */
export function readLine(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: "a line that is not JSON" };
  }
  const skipped = skippedSchema.safeParse(value);
  if (skipped.success) return { skipped: skipped.data };
  const row = measurementRowSchema.safeParse(value);
  if (row.success) return { row: row.data };
  const [issue] = row.error.issues;
  return { fault: `a row with ${issue?.path.join(".") || "keys"}: ${issue?.message ?? "wrong"}` };
}

export class MeasurementFile {
  readonly file: string;
  readonly header: MeasurementHeader;
  readonly rows: MeasurementRow[];
  private readonly keys: Set<string>;

  private constructor(file: string, header: MeasurementHeader, rows: readonly MeasurementRow[]) {
    this.file = file;
    this.header = header;
    this.rows = [...rows];
    this.keys = new Set(rows.map(caseKey));
  }

  static begin(folder: string, name: string, header: MeasurementHeader): MeasurementFile {
    const file = freeName(folder, name);
    write(file, () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${JSON.stringify(header)}\n`, { flag: "wx" });
    });
    return new MeasurementFile(file, header, []);
  }

  /** Opens a file again and tells which entries it holds whole. */
  static resume(file: string, entries: readonly Entry[]): { record: MeasurementFile; whole: ReadonlySet<Entry> } {
    const text = readFileSync(file, "utf8");
    const kept = text.slice(0, text.lastIndexOf("\n") + 1);
    const { measurements, problems } = readMeasurements(kept, file);
    // Ended before its first row, a file is as good as new.
    const isBare = problems.length === 1 && problems[0]?.code === "no-rows";
    if (measurements === undefined && !isBare) throw new InputError(problems);
    const { header, skipped } = measurements ?? { header: measurementHeaderSchema.parse(JSON.parse(kept)), skipped: [] };
    const lines = kept.split("\n");
    const rows = (measurements?.rows ?? []).map(({ line }) => measurementRowSchema.parse(JSON.parse(lines[line - 1] ?? "")));
    const last = rows.at(-1);
    const whole = new Set(entries.filter((entry) => rows.some((row) => owns(entry, row)) && !(last && owns(entry, last)) && !skipped.some((one) => isFailureOf(entry, one))));
    const still = skipped.filter((one) => [...whole].some((entry) => entry.benchmarks.includes(one.benchmark)));
    write(file, () => {
      writeFileSync(`${file}.draft`, [header, ...rows, ...still].map((line) => `${JSON.stringify(line)}\n`).join(""));
      renameSync(`${file}.draft`, file);
    });
    return { record: new MeasurementFile(file, header, rows), whole };
  }

  /** False where the file has the row already. */
  add(row: MeasurementRow): boolean {
    const key = caseKey(row);
    if (this.keys.has(key)) return false;
    this.append(row);
    this.keys.add(key);
    this.rows.push(row);
    return true;
  }

  skip(skipped: SkippedBenchmark): void {
    this.append(skipped);
  }

  private append(line: object): void {
    write(this.file, () => appendFileSync(this.file, `${JSON.stringify(line)}\n`));
  }
}

/** How the runner writes that an entry failed or could not begin; a program's own words lack the mark. */
export const failureOf = (entry: Entry, reason: string): SkippedBenchmark => ({ benchmark: entry.benchmarks[0] ?? entry.id, skipped: `${entry.id}: ${reason}` });
const isFailureOf = (entry: Entry, { skipped }: SkippedBenchmark): boolean => skipped.startsWith(`${entry.id}: `);

function freeName(folder: string, name: string): string {
  for (let count = 1; ; count++) {
    const file = join(folder, `${name}${count > 1 ? `-${count}` : ""}.jsonl`);
    if (!existsSync(file)) return file;
  }
}

/** The newest measurement file of a name: files are named by day and count. */
export function findNewest(folder: string, id: string): string | undefined {
  const pattern = new RegExp(`^${id.replaceAll(".", "\\.")}-(\\d{4}-\\d{2}-\\d{2})(?:-(\\d+))?\\.jsonl$`);
  const found = (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => {
    const match = pattern.exec(name);
    return match ? [{ name, day: match[1] ?? "", count: Number(match[2] ?? 1) }] : [];
  });
  const newest = found.toSorted((a, b) => (a.day === b.day ? a.count - b.count : a.day < b.day ? -1 : 1)).at(-1);
  return newest && join(folder, newest.name);
}

/** Writes, or says which file could not be written: above all a full disk. What was written before stays. */
export function write(path: string, work: () => void): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    work();
  } catch (error) {
    throw new InputError([unwritable(path, error)]);
  }
}

function unwritable(path: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code;
  const got = code === "ENOSPC" ? "no space left on the disk" : code === "EROFS" ? "a file system that is read only" : reasonOf(error);
  return { code: "unwritable-file", path, got, expected: "a file that can be written", hint: "rows written before stay: --resume goes on; --out FOLDER writes elsewhere" };
}
