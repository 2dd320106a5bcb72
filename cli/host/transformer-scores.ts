/** Errors of transformers by protocol, from the points that cli/fit-transformers.ts wrote; undefined where they are not there. */
import { recordedErrors } from "../../calibrate/fit/guard.ts";
import type { TransformerScores } from "../../calibrate/fit/layers/page.ts";
import type { Network, ParityData } from "../../calibrate/fit/transformer/parity.ts";
import { readJsonFile } from "./read-json.ts";

export function readTransformerScores(file: string): TransformerScores | undefined {
  const read = readJsonFile(file, "points of transformers");
  const recorded = read.value as ParityData | undefined;
  if (read.problems.length > 0 || recorded?.points?.predicted_s === undefined) return undefined;
  const score = (wanted: Network): TransformerScores["dense"] => Object.fromEntries(recorded.protocols.map(({ id }) => [id, recordedErrors(recorded, id).filter(({ network }) => network === wanted)]));
  return { dense: score("dense"), experts: score("experts") };
}
