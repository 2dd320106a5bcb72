/** Readers of training runs. */
import type { Reader } from "../reader.ts";

export const trainingReaders: readonly Reader[] = [];
