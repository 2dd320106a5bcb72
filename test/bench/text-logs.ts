/** Synthetic logs of tools whose output grows long: times of collectives in tables alone, the same amid what the library says of itself, sizes of OSU, iterations of Megatron. */
import { closeSync, openSync, writeSync } from "node:fs";

export const textLogs = ["nccl-tests", "nccl-tests-debug", "osu", "megatron"] as const;
export type TextLog = (typeof textLogs)[number];

export const textLogWords: Readonly<Record<TextLog, string>> = {
  "nccl-tests": "rows of nccl-tests alone (1.7 million)",
  "nccl-tests-debug": "a row of nccl-tests after 39 lines of what NCCL says of itself",
  osu: "rows of OSU alone (3.4 million)",
  megatron: "iterations of Megatron-LM (280,000)",
};

const ncclHead = [
  "# nThread 1 nGpus 1 minBytes 1024 maxBytes 8589934592 step: 2(factor) warmup iters: 5 iters: 20 agg iters: 1 validation: 1 graph: 0",
  "#", "# Using devices",
  ...Array.from({ length: 16 }, (_, rank) => `#  Rank ${String(rank).padStart(2)} Group  0 Pid ${4000 + rank} on    n00${rank >> 3} device  ${rank % 8} [0x0${rank % 8}] NVIDIA A100-SXM4-40GB`),
  "#", "#                                                              out-of-place                       in-place",
  "#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong",
  "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)", "",
].join("\n");

function ncclRow(index: number): string {
  const bytes = 1024 * 2 ** (index % 23);
  const half = (time_us: number): string => `${time_us.toFixed(2).padStart(8)} ${(bytes / time_us / 1e3).toFixed(2).padStart(7)} ${((1.875 * bytes) / time_us / 1e3).toFixed(2).padStart(7)}      0`;
  const time_us = 25 + bytes / 9e4 + (index % 7) / 10;
  return `${String(bytes).padStart(12)} ${String(bytes / 4).padStart(13)}     float     sum      -1 ${half(time_us)} ${half(time_us * 1.01)}\n`;
}

const debugLine = (index: number): string => `n00${index % 8}:${4000 + (index % 64)}:${5000 + (index % 512)} [${index % 8}] NCCL INFO Channel ${String(index % 24).padStart(2, "0")}/0 : ${index % 16}[${index % 8}] -> ${(index + 1) % 16}[${(index + 1) % 8}] [send] via NET/IB/${index % 4}/GDRDMA\n`;

const osuRow = (index: number): string => `${String(2 ** (index % 23)).padEnd(10)} ${(1.5 + 2 ** (index % 23) / 12_000 + (index % 5) / 100).toFixed(2).padStart(18)}\n`;

const megatronRow = (index: number): string => ` [2026-01-02 03:${String((index / 60) % 60 | 0).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}] iteration ${String(index + 1).padStart(8)}/ 9000000 | consumed samples: ${String((index + 1) * 1024).padStart(12)} | elapsed time per iteration (ms): ${(5120 + (index % 37)).toFixed(1)} | throughput per GPU (TFLOP/s/GPU): ${(398 + (index % 5)).toFixed(1)} | learning rate: 3.000000E-04 | global batch size:  1024 | lm loss: ${(2.5 + (index % 11) / 100).toFixed(6)}E+00 | loss scale: 1.0 | grad norm: 0.${100 + (index % 800)} | number of skipped iterations:   0 | number of nan iterations:   0 |\n`;

const contents: Readonly<Record<TextLog, readonly [head: string, line: (index: number) => string]>> = {
  "nccl-tests": [ncclHead, ncclRow],
  "nccl-tests-debug": [ncclHead, (index) => (index % 40 === 0 ? ncclRow(index / 40) : debugLine(index))],
  osu: ["# OSU MPI Latency Test v7.4\n# Size          Latency (us)\n", osuRow],
  megatron: ["", megatronRow],
};

export function writeTextLog(path: string, log: TextLog, bytes: number): void {
  const [head, line] = contents[log];
  const handle = openSync(path, "w");
  let written = writeSync(handle, head);
  for (let index = 0; written < bytes; ) {
    const lines: string[] = [];
    for (let size = 0; size < 1 << 20; index++) {
      const text = line(index);
      lines.push(text);
      size += text.length;
    }
    written += writeSync(handle, lines.join(""));
  }
  closeSync(handle);
}
