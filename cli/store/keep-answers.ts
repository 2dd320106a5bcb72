/** Writes what was predicted or searched: the question as it was asked, and every quantity with its interval as a row of its own. The same answer twice is there once. */
import { createHash } from "node:crypto";
import { unitOf } from "../../calibrate/readers/quantity.ts";
import { inTransaction, type Store } from "./open.ts";

export interface Quantity {
  readonly name: string;
  readonly value: number;
  readonly low95: number | null;
  readonly high95: number | null;
}

export interface KeptPoint {
  readonly devices: number;
  readonly quantities: readonly Quantity[];
  /** Of a search: the plan, in the order in which it was found best. */
  readonly choices?: unknown;
}

export interface KeptAnswer {
  readonly kind: "predictions" | "sweeps";
  /** What was asked, complete enough to ask it again. */
  readonly question: unknown;
  readonly points: readonly KeptPoint[];
}

export interface Kept {
  readonly id: string;
  readonly rows: number;
  /** It was there already. */
  readonly known: boolean;
}

/** Numbers of an answer, estimates with their intervals; what nests is named by its path. */
export function quantitiesOf(point: Readonly<Record<string, unknown>>, before = ""): Quantity[] {
  return Object.entries(point).flatMap(([key, value]): Quantity[] => {
    const name = before === "" ? key : `${before}.${key}`;
    if (typeof value === "number") return key === "devices" ? [] : [{ name, value, low95: null, high95: null }];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    const estimate = value as { readonly value?: unknown; readonly low95?: unknown; readonly high95?: unknown };
    if (typeof estimate.value === "number" && typeof estimate.low95 === "number" && typeof estimate.high95 === "number") return [{ name, value: estimate.value, low95: estimate.low95, high95: estimate.high95 }];
    return before === "" ? quantitiesOf(value as Readonly<Record<string, unknown>>, key) : [];
  });
}

const unit = (name: string): string => unitOf(name) ?? (name.endsWith("device_hours") ? "h" : name.endsWith("_kg") ? "kg" : "1");

/** `now`: ISO date and time. */
export async function keepAnswer({ connection }: Store, { kind, question, points }: KeptAnswer, now: string): Promise<Kept> {
  const id = createHash("sha256").update(JSON.stringify([question, points])).digest("hex").slice(0, 16);
  const known = (await connection.runAndReadAll(`select 1 from ${kind} where id = $1 limit 1`, [id])).currentRowCount > 0;
  const rows = points.reduce((sum, { quantities }) => sum + quantities.length, 0);
  if (known) return { id, rows, known };
  const asked = JSON.stringify(question);
  await inTransaction(connection, async () => {
    for (const [place, { devices, quantities, choices }] of points.entries()) {
      for (const { name, value, low95, high95 } of quantities) {
        if (kind === "predictions") await connection.run("insert into predictions values ($1, $2::timestamp, $3, $4, $5, $6, $7, $8, $9)", [id, now, asked, BigInt(devices), name, value, low95, high95, unit(name)]);
        else await connection.run("insert into sweeps values ($1, $2::timestamp, $3, $4, $5, $6, $7, $8, $9, $10, $11)", [id, now, asked, BigInt(place + 1), BigInt(devices), JSON.stringify(choices ?? null), name, value, low95, high95, unit(name)]);
      }
    }
  });
  return { id, rows, known };
}
