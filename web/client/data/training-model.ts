/** A wish of the page of training runs -> the run, from the library that was fetched. Pure, so that tests can compare the page with it. */
import { completeTransformer, explainTraining, familyOf, InputError, predict, predictTransformer, resolveScenario, resolveTransformer, trainLayers, trainTransformer, type Library, type Selection, type Training } from "../../../model/index.ts";
import { missingKey, unknownName } from "../../../model/problems.ts";
import { transformersOf } from "./training-subjects.ts";
import type { TrainingPicture, TrainingWish } from "../training/protocol.ts";

/** A link of the page to a run of a thousand draws; fewer would move the ends from draw to draw. */
const draws = 1000;

export function showTraining(library: Library, wish: TrainingWish): Omit<TrainingPicture, "elapsed_ms"> {
  const options = { wanted: { unit: wish.unit, count: wish.count }, failures: wish.failures ?? undefined, draws };
  const asked = wish.devices === null ? {} : { devices: [wish.devices] };
  const answer = (training: Training, selection: TrainingPicture["selection"], notes: readonly string[]): Omit<TrainingPicture, "elapsed_ms"> => {
    const run = training.runs.at(-1);
    if (run === undefined) throw new InputError([missingKey("gpus", "a number of devices")]);
    // One number of devices is shown.
    const shown = { ...training, runs: [run] };
    return { wish, training: shown, run, explained: explainTraining(shown), selection, notes: [...notes, ...training.notes, ...training.unused.map(({ label, path, reason }) => `Without effect: ${label} (${path}): ${reason}`)] };
  };
  if (wish.run !== null) {
    if (!Object.hasOwn(library.documents.run, wish.run)) throw new InputError([unknownName("address: run", "run", wish.run, Object.keys(library.documents.run))]);
    const selection: Selection = { run: wish.run, changes: wish.changes };
    const { scenario, problems } = resolveScenario(library, selection);
    if (!scenario) throw new InputError(problems);
    const devices = asked.devices ?? [scenario.run?.scales.at(-1) ?? scenario.machine.node.devices.value];
    const { machine, workload, plan, stack } = scenario;
    return answer(trainLayers(scenario, predict(scenario, { devices }), options), { machine: machine.id, workload: workload.id, plan: plan.id, stack: stack.id }, []);
  }
  if (familyOf(library, { machine: wish.machine, workload: wish.workload, plan: "", stack: "" }) !== "transformer") throw new InputError([unknownName("address: workload", "transformer", wish.workload, transformersOf(library))]);
  const completed = completeTransformer(library, { machine: wish.machine, workload: wish.workload, plan: wish.plan ?? undefined, stack: wish.stack ?? undefined, changes: wish.changes }, wish.devices ?? undefined);
  if (!completed.library) throw new InputError(completed.problems);
  const { scenario, problems } = resolveTransformer(completed.library, { ...completed.selection, changes: wish.changes });
  if (!scenario) throw new InputError(problems);
  const { machine, workload, plan, stack } = scenario;
  return answer(trainTransformer(scenario, predictTransformer(scenario, asked), options), { machine: machine.id, workload: workload.id, plan: plan.id, stack: stack.id }, completed.notes);
}
