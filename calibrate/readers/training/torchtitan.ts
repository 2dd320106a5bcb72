/** torchtitan's metrics lines. tps (wps in older ones) is tokens per second and device; memory is the most that was reserved, GiB. */
import { given } from "../json.ts";
import type { ImportedRow } from "../reader.ts";
import { lineReader, problemList } from "../text.ts";
import { emitSteps } from "./steps.ts";

const step = /\bstep:\s*(\d+)\s+loss:\s*([\d.einfa+-]+)(.*)$/;

export const torchtitan = lineReader({
  id: "torchtitan",
  title: "torchtitan: training log",
  accepts: (text) => /\bstep:\s*\d+\s+loss:\s*[\d.]+.*\b(?:tps|wps):/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const rows: ImportedRow[] = [];
    return {
      line(text, line, cutOff) {
        if (!text.includes("step:")) return;
        const found = step.exec(text);
        if (!found) return;
        const at = (name: string): number | undefined => {
          const value = Number((new RegExp(`\\b${name}:\\s*([\\d,.]+)`).exec(found[3] ?? "")?.[1] ?? "").replaceAll(",", "") || Number.NaN);
          return value > 0 && Number.isFinite(value) ? value : undefined;
        };
        const tokens = at("tps") ?? at("wps");
        if (tokens === undefined || cutOff) return problems.add(line, text, "a step with tokens per second");
        const [loss, tflops, mfu, memory] = [Number(found[2]), at("tflops"), at("mfu"), at("memory")];
        rows.push({
          line,
          benchmark: "training-step",
          case: { step: Number(found[1]) },
          values: given({ throughputPerDevice_tokens_per_s: tokens, ratePerDevice_flop_per_s: tflops === undefined ? undefined : tflops * 1e12, mfu_fraction: mfu === undefined ? undefined : mfu / 100, reserved_bytes: memory === undefined ? undefined : memory * 2 ** 30, loss: Number.isFinite(loss) ? loss : undefined }),
        });
      },
      end() {
        emitSteps(rows, "throughputPerDevice_tokens_per_s", emit);
        return { facts: {}, asks: [{ key: "devices", expected: "how many devices trained" }, { key: "machine", expected: "the machine it ran on" }], documents: [], excluded: [], problems: problems.list() };
      },
    };
  },
});
