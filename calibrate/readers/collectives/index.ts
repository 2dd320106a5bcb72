/** Readers of collectives and point-to-point messages. */
import type { Reader } from "../reader.ts";
import { ncclTestsReader } from "./nccl-tests.ts";

export const collectiveReaders: readonly Reader[] = [ncclTestsReader];
