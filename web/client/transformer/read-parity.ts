/** The points of published runs, as the fits wrote them beside the page; null where this build has none. */
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { joinParity } from "../data/join-parity.ts";

async function readPoints(file: string): Promise<ParityData | null> {
  try {
    const response = await fetch(file);
    return response.ok ? ((await response.json()) as ParityData) : null;
  } catch {
    return null;
  }
}

/** Of transformers. */
export const readParity = (): Promise<ParityData | null> => readPoints("/transformer-accuracy.json");

/** Of all networks that there are points of. */
export async function readAllParity(): Promise<ParityData | null> {
  const parts = await Promise.all([readParity(), readPoints("/layer-accuracy.json")]);
  return joinParity(parts.filter((part) => part !== null)) ?? null;
}
