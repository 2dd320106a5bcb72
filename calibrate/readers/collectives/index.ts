/** Readers of collectives and point-to-point messages. */
import type { Reader } from "../reader.ts";
import { gloo } from "./gloo.ts";
import { gpcnet } from "./gpcnet.ts";
import { imb } from "./imb.ts";
import { iperf } from "./iperf.ts";
import { ncclTestsReader } from "./nccl-tests.ts";
import { nccomTest } from "./nccom-test.ts";
import { osuReader } from "./osu.ts";
import { perftest } from "./perftest.ts";

export const collectiveReaders: readonly Reader[] = [ncclTestsReader, nccomTest, osuReader, imb, gloo, perftest, gpcnet, iperf];
