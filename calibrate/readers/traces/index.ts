/** Readers of traces of single steps. */
import type { Reader } from "../reader.ts";
import { chakra, chakraJson } from "./chakra.ts";
import { kineto } from "./kineto.ts";
import { pytorchExecution } from "./pytorch-execution.ts";

export const traceReaders: readonly Reader[] = [kineto, chakra, chakraJson, pytorchExecution];
