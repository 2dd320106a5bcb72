/** exatwin explain: why the step takes as long as it does, down to the measurements that the parameters rest on. */
import { alternativesOf, explain as explainStep } from "../../model/index.ts";
import { explainTracks } from "../../model/explain/tracks.ts";
import { explainEnergy } from "../../model/explain/energy.ts";
import { InputError, unknownName, wrongValue } from "../../model/problems.ts";
import { transformerTerms } from "../../model/engine/pipeline/terms.ts";
import { termIds } from "../../model/prediction.ts";
import { csvOption } from "../arguments.ts";
import type { Command } from "../command.ts";
import { sourcesNamed } from "../host/facts.ts";
import { sheetOf } from "../host/sheet.ts";
import { writeExplanation } from "../text/explanation.ts";
import { asksForTraining, explainTrainingFor } from "./explain-training.ts";
import { explainTransformerFor } from "./explain-transformer.ts";
import { matching } from "./matching.ts";
import { choose, isTransformer, predictFor, scenarioOptions } from "./predict.ts";
import { trainOptions } from "./train.ts";

const columns = ["term", "label", "group", "time_s", "low95_s", "high95_s", "overlapped_s", "share", "binds", "equation"] as const;
const operationColumns = ["operation", "kind", "pass", "lane", "start_s", "time_s", "flop", "bytes", "rate_flop_per_s", "limit"] as const;

export const explain: Command = {
  name: "explain",
  summary: "what each part of the step is made of, and what the parameters were fitted to",
  usage: ["explain RUN [options]", "explain MACHINE WORKLOAD [--plan PLAN] [--stack STACK] [options]", "explain MACHINE --config FILE [options]"],
  description: "For one number of GPUs: each term with the limit that decides it, numbers put in; what the kernel library (scale-up) and the communication library (scale-out) each make of it; the chain of calibration with what was left out and why; the inputs that move the step most; assumed inputs and inputs without effect; what the words of the source mean. Then what the scenario's own choices were worth, each taken back. Of a transformer: formulas with their numbers, the rows of the step program, every parameter from its prior to its fitted value with the series that told it, and memory by part.",
  options: {
    ...scenarioOptions,
    ...trainOptions,
    gpus: { type: "string", value: "N", help: "the number of devices; without it the largest scale of the run" },
    term: { type: "string", value: "TERM", help: `only one term: ${termIds.join(", ")}; of transformers ${transformerTerms.join(", ")}` },
    op: { type: "string", value: "PATTERN", help: "the operations whose name, kind, pass or lane holds this text; * stands for anything. With --csv the table is theirs" },
    ...csvOption,
  },
  examples: [
    { line: "explain summit-deeplabv3plus-fp16-2018", shows: "the step on 27,360 GPUs, term by term" },
    { line: "explain summit-deeplabv3plus-fp16-2018 --gpus 1536 --term communication", shows: "the exposed all-reduce at 1,536 GPUs" },
    { line: "explain piz-daint-tiramisu-2018 --op \"*weight-gradient*\" --csv", shows: "one pass of every convolution, as CSV" },
    { line: "explain aurora cosmictagger-a21 --plan cosmictagger-12-tf32 --stack pytorch-oneccl-2024", shows: "scale-up by oneDNN and scale-out by oneCCL on all of Aurora" },
    { line: "explain selene gpt3-175b", shows: "a transformer's step on 64 A100: formulas, operations, parameters, memory" },
    { line: "explain jean-zay-a100 bloom-176b --tokens 366B", shows: "the whole training run: interruptions, checkpoints, what is kept, days" },
    { line: "explain eos mixtral-8x7b --op \"experts*product\"", shows: "the products of the experts" },
  ],
  run(call) {
    if (call.value("gpus")?.includes(",")) throw new InputError([wrongValue("--gpus", call.value("gpus"), "one number of devices", "predict takes several")]);
    if (asksForTraining(call)) return explainTrainingFor(call);
    const choice = choose(call);
    if (isTransformer(choice)) return explainTransformerFor(call, choice);
    const wanted = call.value("term");
    const term = termIds.find((id) => id === wanted);
    if (wanted !== undefined && term === undefined) throw new InputError([unknownName("--term", "term", wanted, termIds)]);
    const { prediction, run, notes, library, selection, scenario } = predictFor(call, choice);
    const point = prediction.points.at(-1);
    if (point === undefined) throw new InputError([wrongValue("--gpus", "no scale", "a number of devices")]);
    const { equations, operations: all } = explainStep(scenario, { devices: point.devices });
    const operations = matching(all, call.value("op"), ({ operation, kind, pass, lane }) => `${operation} ${kind} ${pass} ${lane}`, ({ operation }) => operation);
    const terms = point.terms.filter(({ id }) => term === undefined || id === term).map(({ id, ...rest }) => ({ term: id, ...rest, share: rest.time_s / point.stepTime_s.value, equation: equations.find((equation) => equation.term === id)?.equation ?? "" }));
    const used = prediction.inputs.filter((input) => input.used);
    const definitions = run?.definitions ?? [];
    const sources = sourcesNamed([...used.filter(({ kind }) => kind !== "calibrated").map(({ source }) => source), ...definitions.map(({ source }) => source ?? ""), scenario.plan.asynchrony?.penalty?.source ?? "", ...point.targets.map((target) => ("refused" in target ? "" : target.source))], library.sources);
    const explanation = {
      scenario: prediction.scenario,
      devices: point.devices,
      stepTime_s: point.stepTime_s,
      terms,
      tracks: explainTracks(scenario, point.terms, point.devices),
      asynchrony: point.asynchrony,
      targets: point.targets,
      operations,
      staging: point.staging,
      input: point.input,
      energy: point.energy,
      money: point.money,
      alternatives: alternativesOf(library, selection, scenario, point.devices),
      energyExplained: explainEnergy(point.energy, point.money, { devices: point.devices, nodes: point.nodes, step_s: point.stepTime_s.value, per: "sample" }),
      calibration: prediction.calibration,
      inputs: prediction.inputs,
      assumed: prediction.inputs.filter(({ kind, used: moves }) => kind === "assumed" && moves).map(({ path }) => path),
      unused: prediction.inputs.filter(({ used: moves }) => !moves).map(({ path }) => path),
      definitions,
      notes: prediction.notes,
      sources,
    };
    return { json: explanation, csv: () => (call.value("op") === undefined ? sheetOf(columns, terms) : sheetOf(operationColumns, operations.map((operation) => ({ ...operation })))), text: (look) => writeExplanation(prediction, explanation, { oneTerm: term !== undefined, operations: call.value("op") === undefined ? 10 : 60 }, look), notes };
  },
};
