/** Scenes of real runs, as the page would draw them, computed without a browser. */
import { computeOutcome } from "../../../web/client/data/outcome.ts";
import { secondarySelection, type Scene } from "../../../web/client/data/scene.ts";
import type { DeviceChoice, Outcome } from "../../../web/client/protocol.ts";
import { baselineOf, initialState, selectionOf, type State } from "../../../web/client/state.ts";
import { showProblem } from "../../../model/problems.ts";
import type { Selection } from "../../../model/scenario.ts";
import { library } from "../../support/library.ts";

const known = new Map<string, Outcome>();

function outcomeOf(selection: Selection, choice: DeviceChoice): Outcome {
  const key = JSON.stringify([selection, choice]);
  const computed = known.get(key) ?? computeOutcome(library, selection, choice).outcome;
  if (!computed) throw new Error(computeOutcome(library, selection, choice).problems?.map(showProblem).join("\n"));
  const outcome = { elapsed_ms: 0, ...computed };
  known.set(key, outcome);
  return outcome;
}

export function sceneOf(change: Partial<State>): Scene {
  const state = { ...initialState(), ...change };
  const include = { include: state.devices === null ? [] : [state.devices] };
  const current = outcomeOf(selectionOf(state), include);
  const counts = current.prediction.points.map((point) => point.devices);
  const other = secondarySelection(library, state.subject);
  return {
    state, library, current, active: state.devices ?? counts.at(-1) ?? 1,
    baseline: Object.keys(state.changes).length > 0 ? outcomeOf(baselineOf(state), include) : null,
    secondary: other ? outcomeOf(other, { only: counts }) : null,
    inputs: null, validation: null, alternatives: null,
  };
}

export const flagship = "summit-deeplabv3plus-fp16-2018";
export const scenes = (): Array<[name: string, scene: Scene]> => [
  ["the flagship as run", sceneOf({ subject: { run: flagship } })],
  ["the flagship without lag, two leaders", sceneOf({ subject: { run: flagship }, changes: { "plan.gradientLag": 0, "stack.collective.leaders": 2 } })],
  ["the flagship on 1,536 GPUs", sceneOf({ subject: { run: flagship }, devices: 1536 })],
  ["Tiramisu on Piz Daint", sceneOf({ subject: { run: "piz-daint-tiramisu-2018" } })],
  ["one GPU", sceneOf({ subject: { run: flagship }, devices: 1 })],
];
