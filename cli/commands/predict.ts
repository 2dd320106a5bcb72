/** exatwin predict: one screen about a run or a scenario, at every scale asked for. Networks of layers and transformers have each their own prediction and text. */
import { InputError, type Problem } from "../../model/problems.ts";
import { showQuantity } from "../../model/units.ts";
import { familyOf, predictSafely, predictTransformer, resolveScenario, resolveTransformer } from "../../model/index.ts";
import { csvOption, setOption } from "../arguments.ts";
import { requireCount, type Answer, type Call, type Command } from "../command.ts";
import { predictionSheet } from "../host/prediction-sheet.ts";
import { publishedBeside } from "../host/published.ts";
import { chooseScenario, readDevices, type Chosen } from "../host/selection.ts";
import { slowGpuChanges, withoutSlowGpus } from "../host/slow-gpus.ts";
import { transformerSheet } from "../host/transformer-sheet.ts";
import { writePrediction } from "../text/prediction.ts";
import { writeTransformerPrediction } from "../text/transformer-prediction.ts";

export const scenarioOptions = {
  plan: { type: "string", value: "PLAN", help: "the plan, with MACHINE WORKLOAD" },
  stack: { type: "string", value: "STACK", help: "the software stack, with MACHINE WORKLOAD" },
  config: { type: "string", value: "FILE", help: "a Hugging Face config.json as the workload, with MACHINE alone" },
  gpus: { type: "string", value: "N[,N...]", help: "numbers of devices; without it the scales of the run, the number the plan was made for, or powers of two up to the machine" },
  "slow-gpus": { type: "string", value: "SHARE=FACTOR", help: "that share of the machine's GPUs takes that many times as long, such as 1%=1.1; predict says what they cost" },
  ...setOption,
} as const;

export const predict: Command = {
  name: "predict",
  summary: "step time, throughput, sustained rate and efficiency at any scale, each with its interval",
  usage: ["predict RUN [options]", "predict MACHINE WORKLOAD [--plan PLAN] [--stack STACK] [options]", "predict MACHINE --config FILE [options]"],
  description: "Names are those of documents in the scenarios folder (exatwin list), or paths of JSON files. Intervals are 95 %. Published values stand beside the predictions of a run; those marked fitted have informed the prediction, the others have not. A transformer without a plan takes a published one of that model, else the fastest of some hundreds that fits; a note says which. Its memory is told stage by stage.",
  options: { ...scenarioOptions, ...csvOption },
  examples: [
    { line: "predict summit-deeplabv3plus-fp16-2018", shows: "the first exascale deep-learning run, from 1 to 27,360 GPUs, beside what was published" },
    { line: "predict summit-deeplabv3plus-fp16-2018 --gpus 6,1536,27360 --set plan.gradientLag=0", shows: "the same without the gradient lag, at three scales" },
    { line: "predict summit-deeplabv3plus-fp16-2018 --slow-gpus 1%=1.1", shows: "what it would cost if one GPU in a hundred were a tenth slower" },
    { line: "predict piz-daint-tiramisu-2018 --set plan.asynchrony.scheme=parameter-server", shows: "ranks that wait for servers of weights and not for each other" },
    { line: "predict piz-daint-tiramisu-2018 --csv", shows: "every column of the prediction as CSV, in SI" },
    { line: "predict selene gpt-1t", shows: "a trillion parameters on 3,072 A100, as Megatron-LM ran it in 2021" },
    { line: "predict eos llama3-70b --gpus 256 --set plan.recipe=fp8", shows: "a model without a published plan: one that fits is found" },
    { line: "predict eos mixtral-8x7b --gpus 64,128,256 --csv", shows: "experts over more and more devices, as CSV" },
  ],
  run(call) {
    const chosen = choose(call);
    if (isTransformer(chosen)) return answerTransformer(call, chosen);
    const { library, selection, notes: told, prediction, run } = predictFor(call, chosen);
    const published = run ? publishedBeside(run, prediction) : [];
    const notes = [...told, ...costOfSlow(call, prediction, () => predictFor(call, { ...chosen, selection: withoutSlowGpus(chosen.selection) }).prediction)];
    return { json: { ...prediction, published }, csv: () => predictionSheet(prediction), text: (look) => writePrediction(prediction, published, { selection, library }, look), notes };
  },
};

function answerTransformer(call: Call, chosen: Choice): Answer {
  const { prediction, notes: told } = predictTransformerFor(chosen);
  const notes = [...told, ...costOfSlow(call, prediction, () => predictTransformerFor({ ...chosen, selection: withoutSlowGpus(chosen.selection) }).prediction)];
  return { json: prediction, csv: () => transformerSheet(prediction), text: (look) => writeTransformerPrediction(prediction, typedWords(call), look), notes };
}

interface Steps {
  readonly points: ReadonlyArray<{ readonly devices: number; readonly stepTime_s: { readonly value: number } }>;
}

/** The step of every scale with the slow GPUs over the one without them. */
function costOfSlow(call: Call, { points }: Steps, without: () => Steps): string[] {
  if (call.value("slow-gpus") === undefined) return [];
  const before = without().points;
  return [`Slow GPUs cost: ${points.map(({ devices, stepTime_s }, index) => {
    const time_s = before[index]?.stepTime_s.value ?? stepTime_s.value;
    return `${showQuantity(stepTime_s.value - time_s, "time")} a step, ${showQuantity(stepTime_s.value / time_s - 1, "fraction", 2)}, on ${devices.toLocaleString("en")}`;
  }).join("; ")}.`];
}

/** The nouns and choices as they were typed, for the next command. */
function typedWords(call: Call): string {
  const quoted = (word: string) => (/^[\w.,:/=%+-]+$/.test(word) ? word : JSON.stringify(word));
  const options = (["plan", "stack", "config"] as const).flatMap((name) => (call.value(name) === undefined ? [] : [`--${name} ${quoted(call.value(name) ?? "")}`]));
  return [...call.positionals.map(quoted), ...options, ...call.values("set").map((word) => `--set ${quoted(word)}`)].join(" ");
}

export interface Choice extends Chosen {
  readonly counts: number[] | undefined;
  readonly wrongCounts: readonly Problem[];
}

/** Words -> documents, with what is wrong with both names and numbers of devices. */
export function choose(call: Call): Choice {
  requireCount(call, 1, 2);
  const { devices, problems } = readDevices(call.value("gpus"));
  const words = { cwd: call.io.cwd, positionals: call.positionals, plan: call.value("plan"), stack: call.value("stack"), set: [...call.values("set"), ...slowGpuChanges(call.value("slow-gpus"))], config: call.value("config"), devices: devices?.at(-1) };
  return { ...withProblems(problems, () => chooseScenario(call.load().library, words)), counts: devices, wrongCounts: problems };
}

export const isTransformer = ({ library, selection }: Chosen): boolean => familyOf(library, selection) === "transformer";

/** What predict, explain and simulate share: words -> scenario -> prediction, with every problem of the words and of the scenario at once. */
export function predictFor(call: Call, choice: Choice = choose(call)) {
  const { counts, wrongCounts, ...chosen } = choice;
  const resolved = withProblems(wrongCounts, () => {
    const result = resolveScenario(chosen.library, chosen.selection);
    if (!result.scenario) throw new InputError(result.problems);
    return result.scenario;
  });
  if (wrongCounts.length > 0) throw new InputError(wrongCounts);
  const answer = predictSafely(chosen.library, chosen.selection, counts ? { devices: counts } : {});
  if (answer.prediction === undefined) throw new InputError(answer.problems);
  return { ...chosen, scenario: resolved, run: resolved.run, prediction: answer.prediction };
}

/** The same of a transformer. */
export function predictTransformerFor({ counts, wrongCounts, ...chosen }: Choice) {
  const scenario = withProblems(wrongCounts, () => {
    const result = resolveTransformer(chosen.library, chosen.selection);
    if (!result.scenario) throw new InputError(result.problems);
    return result.scenario;
  });
  if (wrongCounts.length > 0) throw new InputError(wrongCounts);
  return { ...chosen, scenario, prediction: predictTransformer(scenario, counts ? { devices: counts } : {}) };
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
