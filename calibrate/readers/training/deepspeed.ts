/**
 * DeepSpeed's own timer lines: "epoch=0/micro_step=10/global_step=10, RunningAvgSamplesPerSec=.., CurrSamplesPerSec=.., MemAllocated=3.96GB". DeepSpeed prints GiB as GB.
 * Older lines are "0/10, SamplesPerSec=..". Logs of Megatron and of the Trainer that hold such lines belong to their readers.
 */
import { given } from "../json.ts";
import type { ImportedRow } from "../reader.ts";
import { lineReader, problemList } from "../text.ts";
import { emitSteps } from "./steps.ts";

const timer = /(?:epoch=(\d+)\/micro_step=(\d+)\/global_step=(\d+)|(\d+)\/(\d+)), (?:RunningAvgSamplesPerSec=([\d.einfa+-]+), CurrSamplesPerSec|SamplesPerSec)=([\d.einfa+-]+)(.*)$/;

export const deepspeed = lineReader({
  id: "deepspeed",
  title: "DeepSpeed: timer lines of a training log",
  accepts: (text) => /\btimer\.py:\d+:stop\].*SamplesPerSec=/m.test(text) && !/(?:^|[^\w])iteration\s+\d+\s*\/\s*\d+\s*\|/m.test(text) && !/'train_runtime'|\*{5} train metrics/.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const rows: ImportedRow[] = [];
    return {
      line(text, line, cutOff) {
        if (!text.includes("SamplesPerSec") || !text.includes("timer.py")) return;
        const found = timer.exec(text);
        const current = Number(found?.[7]);
        if (!found || cutOff || !(current > 0) || !Number.isFinite(current)) return problems.add(line, text, "a timer line with samples per second");
        const mean = Number(found[6]);
        const memory = (name: string): number | undefined => {
          const value = Number(new RegExp(`\\b${name}=([\\d.]+)\\s*GB`).exec(found[8] ?? "")?.[1]);
          return value > 0 && Number.isFinite(value) ? value * 2 ** 30 : undefined;
        };
        rows.push({
          line,
          benchmark: "training-step",
          case: given({ epoch: found[1] === undefined ? undefined : Number(found[1]), microStep: found[2] === undefined ? undefined : Number(found[2]), step: Number(found[3] ?? found[5]) }),
          values: given({ throughput_samples_per_s: current, meanThroughput_samples_per_s: mean > 0 && Number.isFinite(mean) ? mean : undefined, allocated_bytes: memory("MemAllocated"), mostAllocated_bytes: memory("MaxMemAllocated") }),
        });
      },
      end() {
        emitSteps(rows, "throughput_samples_per_s", emit);
        return { facts: {}, asks: [{ key: "devices", expected: "how many devices trained" }, { key: "machine", expected: "the machine it ran on" }], documents: [], excluded: [], problems: problems.list() };
      },
    };
  },
});
