/** exatwin explain with --tokens, --samples or --steps: what decides the whole training run, each with its formula and numbers. */
import { explainTraining } from "../../model/index.ts";
import { InputError, type Problem } from "../../model/problems.ts";
import type { Answer, Call } from "../command.ts";
import { sheetOf } from "../host/sheet.ts";
import { bold, dim, wrap } from "../text/look.ts";
import { trainFor } from "./train.ts";

export const asksForTraining = (call: Call): boolean => (["tokens", "samples", "steps"] as const).some((unit) => call.value(unit) !== undefined);

export function explainTrainingFor(call: Call): Answer {
  const beside: Problem[] = (["term", "op"] as const).filter((name) => call.value(name) !== undefined).map((name) => ({ code: "conflict", path: `--${name}`, got: `--${name} beside the length of a training run`, expected: "one of them: parts of a step, or the run as a whole" }));
  if (beside.length > 0) throw new InputError(beside);
  const { training, notes } = trainFor(call);
  const explained = explainTraining(training);
  const facts = training.runs.at(-1)?.interruptions?.facts ?? [];
  return {
    json: { scenario: training.scenario, wanted: training.wanted, explained, facts, notes: training.notes },
    csv: () => sheetOf(["id", "title", "formula", "numbers", "words"], explained.map(({ id, title, formula, numbers, words }) => ({ id, title, formula, numbers, words }))),
    text: (look) => [
      wrap(bold(`${training.scenario.workload.title} on ${training.scenario.machine.title}`, look), look.width),
      ...explained.flatMap(({ title, formula, numbers, words }) => ["", bold(title, look), wrap(dim(`  ${formula}`, look), look.width, "    "), wrap(`  ${numbers}`, look.width, "    "), wrap(`  ${words}`, look.width, "    ")]),
      "",
      ...facts.map(({ key, text, kind, from, source, note }) => wrap(`  ${key}: ${text} (${kind}, ${from === "machine" ? "of the machine" : from}, ${source})${note === undefined ? "" : `: ${note}`}`, look.width, "    ")),
      ...training.notes.map((note) => wrap(`Note: ${note}`, look.width, "  ")),
    ].join("\n"),
    notes,
  };
}
