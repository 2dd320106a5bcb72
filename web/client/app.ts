/** State -> worker -> prediction -> picture, one way. A newer request replaces an older one; what is shown stays, dimmed, until the answer comes. */
import { showProblem, type Problem } from "../../model/problems.ts";
import type { Validation } from "../../model/prediction.ts";
import type { Library } from "../../model/scenario.ts";
import { secondarySelection, type Scene } from "./data/scene.ts";
import type { Answered, ModelClient } from "./model-client.ts";
import type { Outcome } from "./protocol.ts";
import { baselineOf, selectionOf, type State } from "./state.ts";

export interface Picture {
  draw(scene: Scene): void;
  /** The answer is on its way: dim what is shown. */
  wait(): void;
  fail(problems: readonly Problem[], hasResult: boolean): void;
}

export interface App {
  readonly state: State;
  readonly scene: Scene | null;
  set(change: Partial<State>): void;
  redraw(): void;
}

interface Kept<T> {
  key: string;
  value: T;
}

export function createApp(initial: State, library: Library, client: ModelClient, picture: Picture, changed: (state: State) => void): App {
  let state = initial;
  let scene: Scene | null = null;
  let baseline: Kept<Outcome> | null = null;
  let secondary: Kept<Outcome> | null = null;
  let inputs: Kept<Outcome> | null = null;
  let validation: Kept<Validation> | null = null;
  let current: Kept<Outcome> | null = null;
  let asked = 0;
  const subjectKey = () => JSON.stringify(state.subject);
  const keyOf = (...parts: unknown[]) => JSON.stringify([...parts]);

  const compose = () => {
    if (current === null) return;
    const points = current.value.prediction.points;
    const active = points.some((point) => point.devices === state.devices) ? (state.devices as number) : (points.at(-1)?.devices ?? 1);
    const isChanged = Object.keys(state.changes).length > 0;
    scene = {
      state, library, current: current.value, active,
      baseline: isChanged && baseline?.key.startsWith(subjectKey()) ? baseline.value : null,
      secondary: secondary?.key.startsWith(subjectKey()) ? secondary.value : null,
      inputs: inputs !== null && inputs.key === keyOf(selectionOf(state), active) ? inputs.value : null,
      validation: validation?.value ?? null,
    };
    picture.draw(scene);
  };

  const request = async () => {
    const turn = ++asked;
    const include = state.devices === null ? [] : [state.devices];
    const key = keyOf(selectionOf(state), include);
    const baselineKey = `${subjectKey()}${include.join()}`;
    const isChanged = Object.keys(state.changes).length > 0;
    const waiting = setTimeout(() => picture.wait(), 60);
    const known: Answered<Outcome> | null = current?.key === key ? { value: current.value } : null;
    const [answer, before] = await Promise.all([
      known ?? client.predict("current", selectionOf(state), { include }),
      isChanged && baseline?.key !== baselineKey ? client.predict("baseline", baselineOf(state), { include }) : null,
    ]);
    clearTimeout(waiting);
    if (before?.value) baseline = { key: baselineKey, value: before.value };
    if (turn !== asked) return;
    if (answer === null) return;
    if (answer.problems) return picture.fail(answer.problems, scene !== null);
    current = { key, value: answer.value };
    if (!isChanged) baseline = { key: baselineKey, value: answer.value };
    compose();
    void supplement(turn);
  };

  /** What is not needed for the first picture: the second curve, input effects at a smaller count, the scores of published points. */
  const supplement = async (turn: number) => {
    const other = secondarySelection(library, state.subject);
    const counts = current?.value.prediction.points.map((point) => point.devices) ?? [];
    const secondaryKey = `${subjectKey()}${counts.join()}`;
    const largest = counts.at(-1);
    const active = scene?.active;
    const inputsKey = keyOf(selectionOf(state), active);
    const run = "run" in state.subject ? state.subject.run : null;
    const runs = [run, other && "run" in other ? other.run : null].filter((id) => id !== null);
    const store = <T>(answer: Answered<T> | null, key: string, keep: (kept: Kept<T>) => void) => {
      if (!answer?.value) return;
      keep({ key, value: answer.value });
      if (turn === asked) compose();
    };
    await Promise.all([
      other !== null && secondary?.key !== secondaryKey ? client.predict("secondary", other, { only: counts }).then((answer) => store(answer, secondaryKey, (kept) => (secondary = kept))) : null,
      active !== undefined && active !== largest && inputs?.key !== inputsKey ? client.predict("inputs", selectionOf(state), { only: [active] }).then((answer) => store(answer, inputsKey, (kept) => (inputs = kept))) : null,
      runs.length > 0 && validation?.key !== runs.join() ? client.validate(runs).then((answer) => store(answer, runs.join(), (kept) => (validation = kept))) : null,
    ]);
  };

  void request();
  return {
    get state() {
      return state;
    },
    get scene() {
      return scene;
    },
    set(change) {
      const before = state;
      state = { ...state, ...change };
      changed(state);
      const needsModel = before.subject !== state.subject || before.changes !== state.changes || before.devices !== state.devices;
      if (!needsModel) return compose();
      if (before.subject !== state.subject) validation = null;
      void request();
    },
    redraw: compose,
  };
}

export const problemSentence = (problem: Problem): string => showProblem(problem);
