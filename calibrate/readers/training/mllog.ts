/**
 * MLPerf's log of all ages: ":::MLLOG {json}" from 2019 on; ":::MLL time key: {json}" and ":::MLPv0.5.0 benchmark time (file) key: value" before. Intervals give times of the run, of
 * epochs, blocks, evaluations, staging and initialisation; tracked_stats give throughput and step times. Times of day are milliseconds (seconds before 2019).
 */
import { given, numberOf, objectOf, textOf, type Json } from "../json.ts";
import type { ImportedRow } from "../reader.ts";
import { benchmarkName, lineReader, problemList } from "../text.ts";

const marker = ":::ML";
const middle = /:::MLL\s+([\d.]+)\s+(\w+):\s*(\{.*\})\s*$/;
const oldest = /:::MLPv[\d.]+\s+(\S+)\s+([\d.]+)\s+\(.*?\)\s+(\w+)(?::\s*(.*))?$/;

interface Event {
  readonly time_s: number;
  readonly key: string;
  readonly value: Json;
  readonly metadata: Readonly<Record<string, Json>>;
}

/** Keys that say what was run. */
const factKeys = new Set(["submission_benchmark", "submission_org", "submission_platform", "submission_division", "submission_status", "global_batch_size", "max_sequence_length", "number_of_nodes", "accelerators_per_node", "number_of_ranks", "gradient_accumulation_steps", "train_samples", "eval_samples", "opt_name", "seed", "d_batch_size", "init_checkpoint_step", "tensor_model_parallel", "pipeline_model_parallel"]);

/** Statistics to quantities with their factor. */
const statistics: Readonly<Record<string, readonly [string, number]>> = {
  throughput: ["throughput_samples_per_s", 1],
  train_step_time: ["time_s", 1],
  train_step_timing: ["time_s", 1],
  validation_step_time: ["time_s", 1],
  warmup_time: ["time_s", 1],
  avg_perf_next_batch: ["time_s", 1],
};
const positions = ["step", "epoch", "epoch_num", "first_epoch_num", "samples_count", "instance", "epoch_count", "block_num"] as const;

export const mllog = lineReader({
  id: "mllog",
  title: "MLPerf: log of a training run",
  accepts: (text) => /:::ML(?:LOG \{|L \d|Pv\d)/.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    const open = new Map<string, { time_s: number; line: number }>();
    let other = 0;
    let steps = 0;

    const interval = (event: Event, line: number): void => {
      const name = event.key.replace(/_(?:start|stop|end)$/, "");
      const at = positionOf(event.metadata);
      const id = `${name} ${JSON.stringify(at)}`;
      if (event.key.endsWith("_start")) {
        // Every rank tells its initialisation: the first counts.
        if (!open.has(id)) open.set(id, { time_s: event.time_s, line });
        return;
      }
      // A stop may say where it was when the start did not.
      const known = open.has(id) ? id : `${name} {}`;
      const begun = open.get(known);
      open.delete(known);
      if (!begun) {
        other++;
        return;
      }
      const time_s = event.time_s - begun.time_s;
      if (!(time_s >= 0)) return problems.add(line, `${name} ended ${-time_s} s before it began`, "a stop after its start");
      const status = textOf(event.metadata["status"]);
      emit({ line, benchmark: benchmarkName("mlperf", name), case: { ...at, ...given({ status }) }, values: { time_s }, ...(status !== undefined && status !== "success" ? { marks: ["incomplete" as const] } : {}) });
    };

    const statistic = ({ value, metadata }: Event, line: number): void => {
      const values: Record<string, number> = {};
      const rest: Record<string, string> = {};
      let name = "training-step";
      for (const [key, printed] of Object.entries(objectOf(value))) {
        const [quantity, factor] = statistics[key] ?? [];
        const number = numberOf(printed);
        if (quantity === undefined || factor === undefined || number === undefined || number <= 0) rest[key] = JSON.stringify(printed);
        else {
          values[quantity] = number * factor;
          if (key === "warmup_time") name = "warm-up";
          else if (key === "validation_step_time") name = "validation-step";
        }
      }
      if (Object.keys(values).length === 0) {
        other++;
        return;
      }
      const row: ImportedRow = { line, benchmark: `mlperf-${name}`, case: positionOf(metadata), values, ...(Object.keys(rest).length > 0 ? { other: rest } : {}) };
      emit(name === "training-step" && steps++ === 0 ? { ...row, marks: ["warm-up"] } : row);
    };

    return {
      line(text, line, cutOff) {
        const from = text.indexOf(marker);
        if (from < 0) return;
        const event = readEvent(text.slice(from));
        if (!event) return problems.add(line, text.slice(from), cutOff ? "a whole event: the file ends here" : "an event with time, key and value");
        if (event.key === "tracked_stats") return statistic(event, line);
        if (/_(?:start|stop|end)$/.test(event.key)) return interval(event, line);
        if (event.key === "eval_accuracy" || event.key === "eval_error") {
          const value = numberOf(event.value);
          if (value !== undefined) emit({ line, benchmark: benchmarkName("mlperf", event.key), case: positionOf(event.metadata), values: { quality_score: value } });
          return;
        }
        const fact = factKeys.has(event.key) ? textOf(event.value) : undefined;
        if (fact !== undefined && facts[event.key] === undefined) facts[event.key] = typeof event.value === "number" ? event.value : fact;
        else if (fact === undefined) other++;
      },
      end() {
        for (const [id, { line }] of open) if (id.startsWith("run ")) problems.add(line, "a run that began and never ended", "run_stop");
        const known = numberOf(facts["number_of_ranks"]) !== undefined || (facts["number_of_nodes"] !== undefined && facts["accelerators_per_node"] !== undefined);
        return { facts, asks: known ? [] : [{ key: "devices", expected: "how many accelerators trained" }], documents: [], excluded: other > 0 ? [{ rule: "event-not-read", count: other }] : [], problems: problems.list() };
      },
    };
  },
});

function positionOf(metadata: Readonly<Record<string, Json>>): Record<string, number> {
  return given(Object.fromEntries(positions.map((key) => [key, numberOf(metadata[key])])));
}

function readEvent(text: string): Event | undefined {
  if (text.startsWith(":::MLLOG")) {
    const value = parse(text.slice(text.indexOf("{")));
    const fields = objectOf(value);
    const [time, key] = [numberOf(fields["time_ms"]), textOf(fields["key"])];
    return time === undefined || key === undefined ? undefined : { time_s: time / 1e3, key, value: fields["value"] ?? null, metadata: objectOf(fields["metadata"]) };
  }
  const found = middle.exec(text);
  if (found) {
    const fields = objectOf(parse(found[3] ?? ""));
    const time_s = Number(found[1]);
    return Number.isFinite(time_s) ? { time_s, key: found[2] ?? "", value: fields["value"] ?? null, metadata: objectOf(fields["metadata"]) } : undefined;
  }
  const old = oldest.exec(text);
  const time_s = Number(old?.[2]);
  return old && Number.isFinite(time_s) ? { time_s, key: old[3] ?? "", value: parse(old[4] ?? "") ?? old[4] ?? null, metadata: {} } : undefined;
}

/** JSON, as Python writes it (NaN, Infinity), and without what another rank wrote behind it on the same line. */
function parse(text: string): Json | undefined {
  const end = text.lastIndexOf("}");
  const candidates = [text, text.replace(/:\s*-?(?:NaN|Infinity)\b/g, ": null"), text.slice(0, end + 1)];
  for (const candidate of candidates) {
    try {
      return JSON.parse(candidate) as Json;
    } catch {
      // The next form.
    }
  }
  return undefined;
}
