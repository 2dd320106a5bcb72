/** Golden values of Megatron's tests: metric -> first and last step, interval and values by step (a list in older ones; "nan" where a step was not logged). */
import { linesOfKey, listOf, numberOf, objectOf, parseFirstObject, type Json } from "../json.ts";
import type { ImportedRow, LineProblem } from "../reader.ts";
import { benchmarkName, emptyHead, wholeTextReader } from "../text.ts";
import { emitSteps } from "./steps.ts";

/** Metrics to quantities; others are left out and counted. */
const quantities: Readonly<Record<string, string>> = {
  "iteration-time": "time_s",
  "iteration_timing_avg": "time_s",
  "mem-allocated-bytes": "allocated_bytes",
  "mem-max-allocated-bytes": "mostAllocated_bytes",
  "lm loss": "loss",
};

export const megatronGolden = wholeTextReader({
  id: "megatron-golden",
  title: "Megatron-LM: golden values of its tests",
  accepts: (text) => /^\s*\{/.test(text) && /"start_step"\s*:/.test(text) && /"(?:end_step|step_interval)"\s*:/.test(text) && /"values"\s*:/.test(text),
  read(text, _name, emit) {
    const parsed = parseFirstObject(text);
    if (parsed.problem) return { ...emptyHead, problems: [parsed.problem] };
    const problems: LineProblem[] = [];
    let unknown = 0;
    let absent = 0;
    for (const [metric, value] of Object.entries(objectOf(parsed.value))) {
      const fields = objectOf(value);
      const quantity = quantities[metric];
      const steps = stepsOf(fields);
      if (quantity === undefined) {
        unknown += steps.length;
        continue;
      }
      const line = linesOfKey(text, metric)[0] ?? parsed.line;
      const rows: ImportedRow[] = [];
      for (const [step, entry] of steps) {
        const number = numberOf(entry);
        if (number === undefined || (number <= 0 && quantity !== "loss")) absent++;
        else rows.push({ line, benchmark: quantity === "time_s" ? "training-step" : benchmarkName("training", metric), case: { iteration: step }, values: { [quantity]: number } });
      }
      if (rows.length === 0) problems.push({ line, got: `${metric} without a number`, expected: "values by step" });
      if (quantity === "time_s") emitSteps(rows, "time_s", emit);
      else for (const row of rows) emit(row);
    }
    const excluded = [...(unknown > 0 ? [{ rule: "metric-not-read", count: unknown }] : []), ...(absent > 0 ? [{ rule: "not-logged", count: absent }] : [])];
    return { ...emptyHead, asks: [{ key: "machine", expected: "the machine it ran on" }, { key: "devices", expected: "how many devices trained" }], excluded, problems };
  },
});

/** Values by step, whether named or in a list. */
function stepsOf(fields: Readonly<Record<string, Json>>): Array<[number, Json]> {
  const start = numberOf(fields["start_step"]) ?? 0;
  const interval = numberOf(fields["step_interval"]) ?? 1;
  if (Array.isArray(fields["values"])) return listOf(fields["values"]).map((value, index) => [start + index * interval, value]);
  return Object.entries(objectOf(fields["values"])).flatMap(([step, value]) => (numberOf(step) === undefined ? [] : [[Number(step), value] as [number, Json]]));
}
