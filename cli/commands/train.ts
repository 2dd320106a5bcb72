/** exatwin train: a whole training run: days as a distribution, what checkpoints and interruptions cost, and how often to save. */
import { InputError, wrongValue, type Problem } from "../../model/problems.ts";
import { explainTraining, trainLayers, trainTransformer, type Training, type Wanted } from "../../model/index.ts";
import { csvOption } from "../arguments.ts";
import type { Call, Command } from "../command.ts";
import { readCount } from "../host/read-count.ts";
import { trainingSheet } from "../host/training-sheet.ts";
import { writeTraining } from "../text/training.ts";
import { choose, isTransformer, predictFor, predictTransformerFor, scenarioOptions } from "./predict.ts";

const units = ["tokens", "samples", "steps"] as const;

export const trainOptions = {
  tokens: { type: "string", value: "N", help: "tokens to train on, such as 15.6T; or one of the next two" },
  samples: { type: "string", value: "N", help: "samples to train on" },
  steps: { type: "string", value: "N", help: "steps of the optimizer" },
  "checkpoint-interval": { type: "string", value: "TIME", help: "training between two checkpoints, such as 30min; without it what the plan says, else the interval that loses least" },
  failures: { type: "string", value: "LAW", help: "a failure law by name, or none; without it what the machine says, else a law that is named in a note" },
  seed: { type: "string", value: "N", help: "of the drawn runs; 1 without it" },
} as const;

export const train: Command = {
  name: "train",
  summary: "days to train as a distribution, what interruptions and checkpoints cost, how often to save",
  usage: ["train RUN --steps N [options]", "train MACHINE WORKLOAD --tokens N [--plan PLAN] [--stack STACK] [options]", "train MACHINE --config FILE --tokens N [options]"],
  description: "Steps x step time, checkpoints, interruptions, restarts and staging. A thousand runs are drawn, each with its own step time, failure law and chance. Where a machine does not state how often its jobs are interrupted, a law of several sites stands in, with the factor by which sites differ. Effective time is training that is kept over wall time; uptime counts all time in which processes run; goodput counts staging too.",
  options: { ...scenarioOptions, ...trainOptions, ...csvOption },
  examples: [
    { line: "train jean-zay-a100 bloom-176b --tokens 366B", shows: "BLOOM on 384 A100: months, with how often to save" },
    { line: "train eos llama3-405b --tokens 1T --checkpoint-interval 12h", shows: "what an interval costs that is too long" },
    { line: "train summit-deeplabv3plus-fp16-2018 --gpus 27360 --steps 5000 --failures none", shows: "a network of layers in which nothing fails" },
  ],
  run(call) {
    const { training, notes } = trainFor(call);
    return { json: { ...training, explained: explainTraining(training) }, csv: () => trainingSheet(training), text: (look) => writeTraining(training, look), notes };
  },
};

/** Words of the command line -> the training run. */
export function trainFor(call: Call): { training: Training; notes: readonly string[] } {
  const problems: Problem[] = [];
  const wanted = readWanted(call, problems);
  const seed = call.value("seed") === undefined ? undefined : readSeed(call.value("seed") ?? "", problems);
  const interval = call.value("checkpoint-interval");
  const chosen = withInterval(call, interval, problems);
  if (wanted === undefined || chosen === undefined || problems.length > 0) throw new InputError(problems);
  const options = { wanted, failures: call.value("failures"), seed };
  if (isTransformer(chosen)) {
    const { prediction, scenario, notes } = predictTransformerFor(chosen);
    return { training: trainTransformer(scenario, prediction, options), notes };
  }
  const { prediction, scenario, notes } = predictFor(call, chosen);
  return { training: trainLayers(scenario, prediction, options), notes };
}

function withInterval(call: Call, interval: string | undefined, problems: Problem[]): ReturnType<typeof choose> | undefined {
  try {
    const chosen = choose(call);
    problems.push(...chosen.wrongCounts);
    if (interval === undefined) return chosen;
    const path = "plan.checkpoint.interval";
    if (chosen.selection.changes?.[path] !== undefined) problems.push({ code: "given-twice", path: "--checkpoint-interval", got: `both ${interval} and --set ${path}=${chosen.selection.changes[path]}`, expected: "one of them" });
    return { ...chosen, selection: { ...chosen.selection, changes: { ...chosen.selection.changes, [path]: interval } } };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function readWanted(call: Call, problems: Problem[]): Wanted | undefined {
  const given = units.filter((unit) => call.value(unit) !== undefined);
  const [unit] = given;
  if (unit === undefined) problems.push({ code: "missing-key", path: "the command line", got: "nothing that says how long to train", expected: "--tokens N, --samples N or --steps N" });
  else if (given.length > 1) problems.push({ code: "conflict", path: `--${given[1]}`, got: given.map((one) => `--${one}`).join(" and "), expected: "one of them" });
  else {
    const count = readCount(`--${unit}`, call.value(unit) ?? "", problems);
    if (Number.isFinite(count)) return { unit, count };
  }
  return undefined;
}

function readSeed(text: string, problems: Problem[]): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  problems.push(wrongValue("--seed", text, "a whole number, such as 1"));
  return 1;
}
