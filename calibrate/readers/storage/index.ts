/** Readers of file systems and disks. */
import type { Reader } from "../reader.ts";
import { dlio } from "./dlio.ts";
import { fio } from "./fio.ts";
import { io500Ini } from "./io500-ini.ts";
import { io500 } from "./io500.ts";
import { ior } from "./ior.ts";
import { mdtest } from "./mdtest.ts";

export const storageReaders: readonly Reader[] = [ior, mdtest, io500, io500Ini, fio, dlio];
