/** The points of published runs, as the fit wrote them beside the page; null where this build has none. */
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";

export async function readParity(): Promise<ParityData | null> {
  try {
    const response = await fetch("/transformer-accuracy.json");
    return response.ok ? ((await response.json()) as ParityData) : null;
  } catch {
    return null;
  }
}
