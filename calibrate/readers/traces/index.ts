/** Readers of traces of single steps. */
import type { Reader } from "../reader.ts";

export const traceReaders: readonly Reader[] = [];
