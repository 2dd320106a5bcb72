/** How ranks of a job wait for one another, as plain numbers: synchronous groups, how often groups exchange, and through what. Synchronous training is one group that exchanges nothing. */
import type { DataParallelPlan } from "../schema/plan.ts";

export interface Asynchrony {
  readonly scheme: "synchronous" | NonNullable<DataParallelPlan["asynchrony"]>["scheme"];
  /** Null: every rank is a group of its own. */
  readonly groups: number | null;
  /** Steps between two exchanges. */
  readonly period: number;
  /** How groups exchange: by a sum over all ranks that everybody waits for, through servers, or not at all. */
  readonly exchange: "none" | "average" | "server";
  readonly servers: number;
  /** Each way, of one server; null: the injection of a node. */
  readonly server_bytes_per_s: number | null;
  readonly overlap: boolean;
  /** Steps that a sum of gradients may be late. */
  readonly lag: number;
  /** Share of the gradient's bytes or elements that is sent, and how; 1 without compression. */
  readonly compression: { readonly method: "none" | "top-k" | "low-rank" | "quantised"; readonly share: number; readonly passes: number };
}

const exchanges = { synchronous: "none", "periodic-averaging": "average", "elastic-averaging": "server", "parameter-server": "server", independent: "none" } as const;

export function asynchronyOf({ asynchrony, compression, gradientLag }: Pick<DataParallelPlan, "asynchrony" | "compression" | "gradientLag">): Asynchrony {
  const scheme = asynchrony?.scheme ?? "synchronous";
  return {
    scheme,
    groups: asynchrony === undefined ? 1 : (asynchrony.groups ?? null),
    period: asynchrony?.period ?? 1,
    exchange: exchanges[scheme],
    servers: asynchrony?.servers ?? 1,
    server_bytes_per_s: asynchrony?.serverBandwidth?.value ?? null,
    overlap: asynchrony?.overlap ?? false,
    lag: gradientLag,
    compression: compression === undefined ? { method: "none", share: 1, passes: 0 } : { method: compression.method, share: compression.share.value, passes: compression.passes.value },
  };
}

/** Groups of a job of that many devices, and devices of the largest; a group has at least one. */
export function groupsAt({ groups }: Pick<Asynchrony, "groups">, devices: number): { readonly groups: number; readonly size: number } {
  const count = Math.min(devices, groups ?? devices);
  return { groups: count, size: Math.ceil(devices / count) };
}

/** Bytes that stand for one gradient on the network, over those of the gradient: a place of 4 bytes goes with each element of top-k. */
export function sentShare({ compression: { method, share } }: Pick<Asynchrony, "compression">, bytesPerElement: number): number {
  return method === "top-k" ? share * (1 + 4 / bytesPerElement) : share;
}
