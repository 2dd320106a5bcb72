/**
 * Megatron-LM and what descends from it (Megatron-DeepSpeed, Primus, Megatron-Bridge): " iteration 2/ 50 | consumed samples: 4096 | elapsed time per iteration (ms):
 * 75254.0 | ..." with fields divided by bars. Primus prints "now/mean" pairs: the first is this iteration's. The time is a mean over the log interval. Lines of memory by rank and the
 * arguments that decide a layout are read too.
 */
import { decimalIn, isBlank } from "../cells.ts";
import { given } from "../json.ts";
import type { ImportedRow } from "../reader.ts";
import { lineReader, problemList } from "../text.ts";
import { emitSteps } from "./steps.ts";

const iteration = /(?:^|[^\w])iteration\s+(\d+)\s*\/\s*(\d+)\s*\|(.*)$/;
const memory = /\[Rank\s+(\d+)\]\s+\(after\s+(\d+)\s+iterations\)\s+memory \(MB\)\s*\|(.*)$/;
const argument = /\b(world_size|tensor_model_parallel_size|pipeline_model_parallel_size|context_parallel_size|expert_model_parallel_size|virtual_pipeline_model_parallel_size|data_parallel_size|micro_batch_size|global_batch_size|num_layers|hidden_size|ffn_hidden_size|num_attention_heads|num_query_groups|seq_length|num_experts|moe_router_topk|sequence_parallel|recompute_granularity|recompute_method|use_distributed_optimizer|zero_stage|checkpoint_activations|bf16|fp16|fp8|padded_vocab_size|vocab_size)\s*\.{2,}\s*(\S+)/;

/** Fields to quantities with their factor; the rest is kept as printed. */
const fields = new Map<string, readonly [string, number]>([
  ["elapsed time per iteration (ms)", ["time_s", 1e-3]],
  ["elapsed time per iteration (s)", ["time_s", 1]],
  ["throughput per GPU (TFLOP/s/GPU)", ["ratePerDevice_flop_per_s", 1e12]],
  ["TFLOPs", ["ratePerDevice_flop_per_s", 1e12]],
  ["tokens per GPU (tokens/s/GPU)", ["throughputPerDevice_tokens_per_s", 1]],
  ["samples per second", ["throughput_samples_per_s", 1]],
  ["lm loss", ["loss", 1]],
]);

const settings = new Map([["global batch size", "globalBatch"], ["actual seqlen", "sequence"], ["consumed samples", "consumedSamples"]]);

interface Field {
  /** As printed, to the last colon. */
  readonly prefix: string;
  readonly key: string;
  readonly quantity: string | undefined;
  readonly factor: number;
  readonly setting: string | undefined;
}

function fieldOf(part: string): Field | undefined {
  const colon = part.lastIndexOf(":");
  if (colon < 0) return undefined;
  const prefix = part.slice(0, colon + 1);
  const key = prefix.slice(0, -1).trim();
  const [quantity, factor = 1] = fields.get(key) ?? [];
  return { prefix, key, quantity, factor, setting: settings.get(key) };
}

export const megatron = lineReader({
  id: "megatron",
  title: "Megatron-LM and its descendants: training log",
  accepts: (text) => /(?:^|[^\w])iteration\s+\d+\s*\/\s*\d+\s*\|.*(?:elapsed time per iteration|consumed samples)/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    const rows: ImportedRow[] = [];

    let layout: Field[] = [];

    const readIteration = (text: string, line: number, [, number, last, rest = ""]: RegExpExecArray): void => {
      const values: Record<string, number> = {};
      const other: Record<string, string> = {};
      const setting: Record<string, number> = { iteration: Number(number), iterations: Number(last) };
      let hasOther = false;
      let at = 0;
      for (let index = 0; at < rest.length; index++) {
        const bar = rest.indexOf("|", at);
        const end = bar < 0 ? rest.length : bar;
        // A log repeats its keys line by line: the key is cut out only where it is not that of the line before.
        let field = layout[index];
        if (field === undefined || !rest.startsWith(field.prefix, at) || isBefore(rest.indexOf(":", at + field.prefix.length), end)) {
          field = fieldOf(rest.slice(at, end));
          if (field) layout[index] = field;
          else layout = layout.slice(0, index);
        }
        let from = at + (field?.prefix.length ?? 0);
        let to = end;
        while (from < to && isBlank(rest.charCodeAt(from))) from++;
        while (to > from && isBlank(rest.charCodeAt(to - 1))) to--;
        at = end + 1;
        if (!field || from === to) continue;
        const { key, quantity, factor, setting: name } = field;
        const value = quantity === undefined && name === undefined ? Number.NaN : firstNumber(rest, from, to);
        if (quantity !== undefined && Number.isFinite(value) && (value > 0 || quantity === "loss")) values[quantity] = value * factor;
        else if (name !== undefined && (value > 0 || (value === 0 && name === "consumedSamples"))) setting[name] = value;
        else if (key.startsWith("hip mem usage")) values["device_bytes"] = gigabytes(rest.slice(from, to)) ?? values["device_bytes"] ?? 0;
        else if (key !== "") {
          other[key] = rest.slice(from, to);
          hasOther = true;
        }
      }
      if (values["device_bytes"] === 0) delete values["device_bytes"];
      if (values["time_s"] === undefined) return problems.add(line, text.slice(-200), "an iteration with its elapsed time");
      rows.push(hasOther ? { line, benchmark: "training-step", case: setting, values, other } : { line, benchmark: "training-step", case: setting, values });
    };

    return {
      line(text, line, cutOff) {
        if (text.includes("iteration")) {
          const found = iteration.exec(text);
          if (found && cutOff) return problems.add(line, text, "a whole line");
          if (found) return readIteration(text, line, found);
        }
        if (text.includes("memory (MB)")) {
          const found = memory.exec(text);
          if (!found) return;
          const at = (name: string): number | undefined => {
            const value = Number(new RegExp(`(?:^|\\|)\\s*${name}:\\s*([\\d.]+)`).exec(found[3] ?? "")?.[1]);
            return value > 0 && Number.isFinite(value) ? value * 2 ** 20 : undefined;
          };
          const values = given({ allocated_bytes: at("allocated"), mostAllocated_bytes: at("max allocated"), reserved_bytes: at("reserved"), mostReserved_bytes: at("max reserved") });
          if (Object.keys(values).length > 0) emit({ line, benchmark: "training-memory", case: { rank: Number(found[1]), iterations: Number(found[2]) }, values });
          return;
        }
        if (!text.includes("..")) return;
        const found = argument.exec(text);
        if (!found || found[2] === "None") return;
        const value = Number(found[2]);
        facts[found[1] ?? ""] = Number.isFinite(value) ? value : (found[2] ?? "");
      },
      end() {
        emitSteps(rows, "time_s", emit);
        const asks = facts["world_size"] === undefined ? [{ key: "devices", expected: "how many devices trained" }] : [];
        return { facts, asks: [...asks, { key: "machine", expected: "the machine it ran on" }], documents: [], excluded: [], problems: problems.list() };
      },
    };
  },
});

const isBefore = (at: number, end: number): boolean => at >= 0 && at < end;

/** "now/mean": this iteration's value stands first. */
function firstNumber(text: string, from: number, to: number): number {
  const slash = text.indexOf("/", from);
  return decimalIn(text, from, slash < 0 || slash > to ? to : slash);
}

/** "193.14GB/62.85GB/...": the used part. */
function gigabytes(printed: string): number | undefined {
  const value = Number(/^([\d.]+)GB/.exec(printed)?.[1]);
  return value > 0 && Number.isFinite(value) ? value * 2 ** 30 : undefined;
}
