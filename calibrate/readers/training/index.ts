/** Readers of training runs. */
import type { Reader } from "../reader.ts";
import { deepspeedConfig } from "./deepspeed-config.ts";
import { deepspeed } from "./deepspeed.ts";
import { hfTrainer } from "./hf-trainer.ts";
import { megatronGolden } from "./megatron-golden.ts";
import { megatron } from "./megatron.ts";
import { mllog } from "./mllog.ts";
import { mlperfSystem } from "./mlperf-system.ts";
import { sacct } from "./sacct.ts";
import { stepCsv } from "./step-csv.ts";
import { torchtitan } from "./torchtitan.ts";

export const trainingReaders: readonly Reader[] = [mllog, mlperfSystem, megatron, megatronGolden, deepspeed, deepspeedConfig, torchtitan, hfTrainer, sacct, stepCsv];
