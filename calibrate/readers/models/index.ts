/** Readers of descriptions of models. */
import type { Reader } from "../reader.ts";

export const modelReaders: readonly Reader[] = [];
