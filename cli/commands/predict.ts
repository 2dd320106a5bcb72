/** exatwin predict: one screen about a run or a scenario, at every scale asked for. */
import { InputError, type Problem } from "../../model/problems.ts";
import { predictSafely, resolveScenario } from "../../model/index.ts";
import { csvOption, setOption } from "../arguments.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { predictionSheet } from "../host/prediction-sheet.ts";
import { publishedBeside } from "../host/published.ts";
import { chooseScenario, readDevices } from "../host/selection.ts";
import { writePrediction } from "../text/prediction.ts";

export const scenarioOptions = {
  plan: { type: "string", value: "PLAN", help: "the plan, with MACHINE WORKLOAD" },
  stack: { type: "string", value: "STACK", help: "the software stack, with MACHINE WORKLOAD" },
  gpus: { type: "string", value: "N[,N...]", help: "numbers of devices; without it the scales of the run, or powers of two up to the machine" },
  ...setOption,
} as const;

export const predict: Command = {
  name: "predict",
  summary: "step time, throughput, sustained rate and efficiency at any scale, each with its interval",
  usage: ["predict RUN [options]", "predict MACHINE WORKLOAD [--plan PLAN] [--stack STACK] [options]"],
  description: "Names are those of documents in the scenarios folder (exatwin list), or paths of JSON files. Intervals are 95 %. Published values stand beside the predictions of a run; those marked fitted have informed the prediction, the others have not.",
  options: { ...scenarioOptions, ...csvOption },
  examples: [
    { line: "predict summit-deeplabv3plus-fp16-2018", shows: "the first exascale deep-learning run, from 1 to 27,360 GPUs, beside what was published" },
    { line: "predict summit-deeplabv3plus-fp16-2018 --gpus 6,1536,27360 --set plan.gradientLag=0", shows: "the same without the gradient lag, at three scales" },
    { line: "predict piz-daint-tiramisu-2018 --csv", shows: "every column of the prediction as CSV, in SI" },
  ],
  run(call) {
    const { library, selection, notes, prediction, run } = predictFor(call);
    const published = run ? publishedBeside(run, prediction) : [];
    return { json: { ...prediction, published }, csv: () => predictionSheet(prediction), text: (look) => writePrediction(prediction, published, { selection, library }, look), notes };
  },
};

/** What predict and explain share: words -> scenario -> prediction, with every problem of the words and of the scenario at once. */
export function predictFor(call: Call) {
  requireCount(call, 1, 2);
  const { devices, problems } = readDevices(call.value("gpus"));
  const chosen = withProblems(problems, () => chooseScenario(call.load().library, { cwd: call.io.cwd, positionals: call.positionals, plan: call.value("plan"), stack: call.value("stack"), set: call.values("set") }));
  const resolved = withProblems(problems, () => {
    const result = resolveScenario(chosen.library, chosen.selection);
    if (!result.scenario) throw new InputError(result.problems);
    return result.scenario;
  });
  if (problems.length > 0) throw new InputError(problems);
  const answer = predictSafely(chosen.library, chosen.selection, devices ? { devices } : {});
  if (answer.prediction === undefined) throw new InputError(answer.problems);
  return { ...chosen, scenario: resolved, run: resolved.run, prediction: answer.prediction };
}

/** Joins problems found before with those that the next part throws. */
function withProblems<T>(before: readonly Problem[], part: () => T): T {
  try {
    return part();
  } catch (error) {
    if (error instanceof InputError) throw new InputError([...before, ...error.problems]);
    throw error;
  }
}
