/** Readers of traces of single steps. */
import type { Reader } from "../reader.ts";
import { kineto } from "./kineto.ts";

export const traceReaders: readonly Reader[] = [kineto];
