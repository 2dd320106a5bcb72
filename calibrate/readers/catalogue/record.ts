/** Values of a catalogue as they are: JSON that nobody has checked. Absent and null are the same: not stated. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);

export const recordAt = (record: JsonRecord, key: string): JsonRecord => (isRecord(record[key]) ? record[key] : {});

/** A finite number, also where it is written as text such as "96". */
export function numberAt(record: JsonRecord, key: string): number | undefined {
  const value = record[key];
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

export function textAt(record: JsonRecord, key: string): string | undefined {
  const value = record[key];
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

export const isStated = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** The value at a dotted path such as series.source.url, as text; "" where there is none. */
export function textAtPath(root: JsonRecord, path: string): string {
  let value: unknown = root;
  for (const key of path.split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return "";
    value = value[key];
  }
  if (!isStated(value)) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
