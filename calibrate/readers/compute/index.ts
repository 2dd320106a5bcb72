/** Readers of arithmetic and memory. */
import type { Reader } from "../reader.ts";

export const computeReaders: readonly Reader[] = [];
