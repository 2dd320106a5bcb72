/** Errors of transformers by protocol, from the points that cli/fit-transformers.ts wrote; undefined where they are not there. */
import type { TransformerScores } from "../../calibrate/fit/layers/page.ts";
import type { Network } from "../../calibrate/fit/transformer/parity.ts";
import type { FitProtocol } from "../../calibrate/fit/transformer/protocols.ts";
import type { Scored } from "../../calibrate/fit/transformer/statistics.ts";
import { readJsonFile } from "./read-json.ts";

type Columns = Readonly<Record<string, readonly unknown[]>> & { readonly predicted_s?: Readonly<Record<string, readonly number[]>>; readonly sd?: Readonly<Record<string, readonly number[]>> };

export function readTransformerScores(file: string): TransformerScores | undefined {
  const read = readJsonFile(file, "points of transformers");
  const points = (read.value as { points?: Columns } | undefined)?.points;
  if (read.problems.length > 0 || points?.predicted_s === undefined) return undefined;
  const score = (network: Network): Partial<Record<FitProtocol, readonly Scored[]>> =>
    Object.fromEntries(
      Object.entries(points.predicted_s ?? {}).map(([protocol, predicted]) => [
        protocol,
        predicted.flatMap((value, at): Scored[] => {
          const measured = points["measured_s"]?.[at];
          if (typeof measured !== "number" || typeof value !== "number" || points["flag"]?.[at] || points["network"]?.[at] !== network) return [];
          return [{ error: value / measured - 1, series: String(points["series"]?.[at]), sd: points.sd?.[protocol]?.[at] ?? Number.NaN }];
        }),
      ]),
    );
  return { dense: score("dense"), experts: score("experts") };
}
