/**
 * State -> worker -> prediction -> picture, one way. A newer request replaces an older one; what is shown stays, dimmed, until an answer comes.
 * While a slider moves faster than the model answers, each answer is drawn with the state it was asked for, never with a later one.
 */
import type { Alternatives } from "../../model/index.ts";
import type { Problem } from "../../model/problems.ts";
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
  /** Whether anything that belongs to the present state is still computed. */
  busy(busy: boolean): void;
}

export interface App {
  /** The newest state, which what is drawn may trail by one answer. */
  readonly state: State;
  readonly scene: Scene | null;
  set(change: Partial<State>): void;
  redraw(): void;
}

interface Kept<T> {
  key: string;
  value: T;
}

type Asked = Pick<State, "subject" | "changes" | "devices">;

const textOf = (...parts: unknown[]) => JSON.stringify(parts);
const subjectOf = (asked: Pick<State, "subject">) => textOf(asked.subject);
const isChanged = ({ changes }: Pick<State, "changes">) => Object.keys(changes).length > 0;

export function createApp(initial: State, library: Library, client: ModelClient, picture: Picture, changed: (state: State) => void): App {
  let state = initial;
  let scene: Scene | null = null;
  let current: { asked: Asked; outcome: Outcome } | null = null;
  let baseline: Kept<Outcome> | null = null;
  let secondary: Kept<Outcome> | null = null;
  let inputs: Kept<Outcome> | null = null;
  let validation: Kept<Validation> | null = null;
  let alternatives: Kept<Alternatives> | null = null;
  let newest = 0;
  let drawn = 0;

  const compose = () => {
    if (current === null) return;
    const { asked, outcome } = current;
    const { points } = outcome.prediction;
    const active = asked.devices !== null && points.some((point) => point.devices === asked.devices) ? asked.devices : (points.at(-1)?.devices ?? 1);
    const subject = subjectOf(asked);
    const ofSubject = (kept: Kept<Outcome> | null) => (kept?.key.startsWith(subject) ? kept.value : null);
    scene = {
      state: { ...state, ...asked }, library, current: outcome, active,
      baseline: isChanged(asked) ? ofSubject(baseline) : null,
      secondary: ofSubject(secondary),
      inputs: inputs !== null && inputs.key === inputsKey(asked, active) ? inputs.value : null,
      alternatives: alternatives !== null && alternatives.key === inputsKey(asked, active) ? alternatives.value : null,
      validation: validation?.key.startsWith(subject) ? validation.value : null,
    };
    picture.draw(scene);
  };

  const inputsKey = (asked: Asked, active: number) => textOf(asked.subject, asked.changes, active);

  const request = async () => {
    const turn = ++newest;
    const asked: Asked = { subject: state.subject, changes: state.changes, devices: state.devices };
    const include = asked.devices === null ? [] : [asked.devices];
    const baselineKey = subjectOf(asked) + include.join();
    picture.busy(true);
    const waiting = setTimeout(() => picture.wait(), 200);
    const [answer, before] = await Promise.all([
      client.predict("current", selectionOf({ ...state, ...asked }), { include }),
      isChanged(asked) && baseline?.key !== baselineKey ? client.predict("baseline", baselineOf({ ...state, ...asked }), { include }) : null,
    ]);
    clearTimeout(waiting);
    if (before?.value) baseline = { key: baselineKey, value: before.value };
    if (answer === null || turn < drawn) return;
    drawn = turn;
    if (answer.problems) {
      if (turn === newest) {
        picture.fail(answer.problems, scene !== null);
        picture.busy(false);
      }
      return;
    }
    current = { asked, outcome: answer.value };
    if (!isChanged(asked)) baseline = { key: baselineKey, value: answer.value };
    compose();
    if (turn !== newest) return;
    await supplement(asked, answer.value);
    if (turn === newest) picture.busy(false);
  };

  /** What is not needed for the first picture: the second curve, input effects at a smaller count, the scores of published points. */
  const supplement = async (asked: Asked, outcome: Outcome) => {
    const subject = subjectOf(asked);
    const counts = outcome.prediction.points.map((point) => point.devices);
    const active = asked.devices ?? counts.at(-1) ?? 1;
    const other = secondarySelection(library, asked.subject);
    const runs = [asked.subject, other].flatMap((selection) => (selection && "run" in selection ? [selection.run] : []));
    const keys = { secondary: subject + counts.join(), inputs: inputsKey(asked, active), validation: subject };
    const store = <T>(answer: Answered<T> | null, key: string, keep: (kept: Kept<T>) => void) => {
      if (answer?.value === undefined) return;
      keep({ key, value: answer.value });
      compose();
    };
    await Promise.all([
      other !== null && secondary?.key !== keys.secondary ? client.predict("secondary", other, { only: counts }).then((answer) => store(answer, keys.secondary, (kept) => (secondary = kept))) : null,
      active !== counts.at(-1) && inputs?.key !== keys.inputs ? client.predict("inputs", selectionOf({ ...state, ...asked }), { only: [active] }).then((answer) => store(answer, keys.inputs, (kept) => (inputs = kept))) : null,
      alternatives?.key !== keys.inputs ? client.alternatives(selectionOf({ ...state, ...asked }), active).then((answer) => store(answer, keys.inputs, (kept) => (alternatives = kept))) : null,
      runs.length > 0 && validation?.key !== keys.validation ? client.validate(runs).then((answer) => store(answer, keys.validation, (kept) => (validation = kept))) : null,
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
      if (before.subject !== state.subject || before.changes !== state.changes || before.devices !== state.devices) void request();
      else compose();
    },
    redraw: compose,
  };
}
