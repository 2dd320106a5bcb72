/** Readers of file systems and disks. */
import type { Reader } from "../reader.ts";

export const storageReaders: readonly Reader[] = [];
