/**
 * Hugging Face Trainer: lines of metrics as Python dictionaries, once per rank at the end, and the "train metrics" block. Runtime covers the whole training; steps per
 * second are its mean, so the first step is in it.
 */
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const dictionary = /\{\s*'(?:train_runtime|loss|eval_runtime)'.*\}/;
const entry = /'(\w+)':\s*'?([-\d.einfa+]+)'?/g;
const started = /^.*?\b(Num examples|Num Epochs|Instantaneous batch size per device|Total train batch size[^=]*|Gradient Accumulation steps|Total optimization steps)\s*=\s*([\d,]+)/;

/** Keys to quantities; the rest is kept as printed. */
const quantities: Readonly<Record<string, string>> = {
  train_runtime: "time_s",
  eval_runtime: "time_s",
  train_samples_per_second: "throughput_samples_per_s",
  eval_samples_per_second: "throughput_samples_per_s",
  train_steps_per_second: "steps_per_s",
  eval_steps_per_second: "steps_per_s",
  train_loss: "loss",
  eval_loss: "loss",
  loss: "loss",
};

export const hfTrainer = lineReader({
  id: "hf-trainer",
  title: "Hugging Face Trainer: training log",
  accepts: (text) => (/'train_runtime':/.test(text) || /\*{5} (?:train|eval) metrics \*{5}/.test(text) || (/\*{5} Running training \*{5}/.test(text) && !/SamplesPerSec=/.test(text))) && !/(?:^|[^\w])iteration\s+\d+\s*\/\s*\d+\s*\|/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    return {
      line(text, line, cutOff) {
        if (text.includes("{'")) {
          const found = dictionary.exec(text)?.[0];
          if (!found) return;
          if (cutOff && !text.trimEnd().endsWith("}")) return problems.add(line, text, "a whole dictionary");
          const values: Record<string, number> = {};
          const other: Record<string, string> = {};
          const setting: Record<string, number> = {};
          for (const [, key = "", printed = ""] of found.matchAll(entry)) {
            const value = Number(printed);
            const quantity = quantities[key];
            if (!Number.isFinite(value)) other[key] = printed;
            else if (key === "epoch") setting["epoch"] = value;
            else if (quantity === undefined) other[key] = printed;
            else if (value > 0 || quantity === "loss") values[quantity] = value;
          }
          if (Object.keys(values).length === 0) return problems.add(line, found, "a time, a rate or a loss");
          const benchmark = found.includes("'train_runtime'") ? "training-run" : found.includes("'eval_runtime'") ? "evaluation" : "training-log";
          return emit({ line, benchmark, case: setting, values, ...(Object.keys(other).length > 0 ? { other } : {}) });
        }
        const found = text.includes("=") ? started.exec(text) : null;
        if (found) facts[(found[1] ?? "").trim()] = Number((found[2] ?? "").replaceAll(",", ""));
      },
      end: () => ({ facts: given(facts), asks: [{ key: "devices", expected: "how many devices trained" }, { key: "machine", expected: "the machine it ran on" }], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});
