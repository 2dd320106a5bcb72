/** What is asked of a training run: subject, devices, how much, how it is saved, and how often it is interrupted. A field is taken when it is left or Enter is pressed. */
import { parseQuantity } from "../../../model/units.ts";
import type { Library } from "../../../model/scenario.ts";
import { titled } from "../data/titled.ts";
import { transformersOf } from "../data/training-subjects.ts";
import { h, replaceKeepingFocus, tipAttribute } from "../dom.ts";
import { trainingUnits, type TrainingPicture, type TrainingUnit } from "../training/protocol.ts";
import type { TrainingState } from "../training/state.ts";
import { segments } from "./panel.ts";

export interface TrainingControlActions {
  set(change: Partial<TrainingState>): void;
}

interface Raw {
  title?: unknown;
  node?: { deviceLink?: { halfSize?: unknown }; localStorage?: unknown };
  burstBuffer?: unknown;
  scope?: { kind?: unknown };
}

const largeSteps = [["T", 1e12], ["B", 1e9], ["M", 1e6], ["k", 1e3]] as const;

export function writeLarge(value: number): string {
  const [suffix, scale] = largeSteps.find(([, step]) => value >= step && Number((value / step).toPrecision(6)) * step === value) ?? ["", 1];
  return `${value / scale}${suffix}`;
}

export function readLarge(text: string): number | null {
  const [, digits, suffix = ""] = /^\s*(\d[\d,]*(?:\.\d+)?(?:e\d+)?)\s*([kMBGT]?)\s*$/.exec(text) ?? [];
  const scale = suffix === "G" ? 1e9 : (largeSteps.find(([name]) => name === suffix)?.[1] ?? 1);
  const value = Number((digits ?? "").replaceAll(",", "")) * scale;
  return digits !== undefined && value > 0 && value <= 1e18 ? value : null;
}

export function createTrainingControls(library: Library, actions: TrainingControlActions): { element: HTMLElement; draw(state: TrainingState, picture: TrainingPicture | null): void } {
  const { raw, titleOf, list } = titled<Raw>(library);
  const transformers = transformersOf(library);
  const models = list("workload").filter((id) => transformers.includes(id));
  const machines = list("machine", ({ node }) => node?.deviceLink?.halfSize !== undefined);
  const runs = list("run");
  const laws = list("calibration", ({ scope }) => scope?.kind === "failure-law");
  const element = h("div", { class: "network-controls training-controls" });
  return { element, draw: (state, picture) => replaceKeepingFocus(element, subject(state), amount(state, picture), saving(state, picture), failing(state, picture)) };

  function subject(state: TrainingState): HTMLElement {
    const chosen = state.run === null ? `model:${state.workload}` : `run:${state.run}`;
    const option = (prefix: string, kind: "workload" | "run") => (id: string) => h("option", { value: `${prefix}:${id}`, selected: `${prefix}:${id}` === chosen }, titleOf(kind, id));
    const what = h("select", { class: "field", "data-key": "subject", "aria-label": "Model", onchange: () => {
      const [kind, id = ""] = what.value.split(/:(.*)/s);
      actions.set(kind === "run" ? { run: id, devices: null, unit: "steps", count: 1e5, changes: {}, failures: null } : { run: null, workload: id, plan: null, stack: null, devices: null, ...(state.unit === "tokens" ? {} : { unit: "tokens" as const, count: 1e12 }), changes: {} });
    } }, h("optgroup", { label: "transformers" }, ...models.map(option("model", "workload"))), h("optgroup", { label: "runs of networks of layers" }, ...runs.map(option("run", "run"))));
    if (state.run === null && !models.includes(state.workload)) what.prepend(h("option", { value: chosen, selected: true, disabled: true }, state.workload));
    const machine = h("select", { class: "field", "data-key": "machine", "aria-label": "Machine", onchange: () => actions.set({ machine: machine.value, plan: null, stack: null, devices: null, changes: {} }) }, ...(machines.includes(state.machine) ? [] : [h("option", { value: state.machine, selected: true, disabled: true }, titleOf("machine", state.machine))]), ...machines.map((id) => h("option", { value: id, selected: id === state.machine }, titleOf("machine", id))));
    return h("section", { "aria-label": "Subject" }, head("Model"), what, ...(state.run === null ? [head("Machine"), machine] : [h("p", { class: "control-note" }, "Machine, plan and software are those of the run.")]));
  }

  function amount(state: TrainingState, picture: TrainingPicture | null): HTMLElement {
    const offered = trainingUnits.filter((unit) => state.run === null || unit !== "tokens");
    return h("section", { "aria-label": "Amount" }, head("How much"),
      line("GPUs", "devices", state.devices === null ? String(picture?.run.devices ?? "") : String(state.devices), "As many as the plan is made for, where nothing is typed.", (text) => (/^\d{1,9}$/.test(text) && Number(text) >= 1 ? { devices: Number(text) } : text === "" ? { devices: null } : null), state.devices !== null),
      h("div", { class: "stack-line" }, segments<TrainingUnit>("Counted in", offered.map((unit) => [unit, unit] as const), state.unit, (unit) => actions.set({ unit, ...(unit === state.unit ? {} : { count: inUnit(unit, picture) ?? state.count }) }))),
      line(state.unit.charAt(0).toUpperCase() + state.unit.slice(1), "count", writeLarge(state.count), "15.6T, 300B, 100k or a plain number.", (text) => {
        const value = readLarge(text);
        return value === null ? null : { count: value };
      }, false));
  }

  function saving(state: TrainingState, picture: TrainingPicture | null): HTMLElement {
    const { changes } = state;
    const planned = (key: string): string => String(changes[`plan.checkpoint.${key}`] ?? "");
    const choice = <T extends string>(key: string, name: string, options: ReadonlyArray<readonly [T, string]>, now: T): HTMLElement => h("div", { class: "stack-line" }, segments(name, options, now, (value) => change({ [`plan.checkpoint.${key}`]: value })));
    const machine = raw("machine", picture?.selection.machine ?? state.machine);
    const targets = [["file-system", "file system"], ...(machine.burstBuffer === undefined ? [] : [["burst-buffer", "burst buffer"] as const]), ...(machine.node?.localStorage === undefined ? [] : [["node", "node"] as const])] as ReadonlyArray<readonly [string, string]>;
    const mode = picture?.run.checkpoint.mode ?? "synchronous";
    const target = picture?.run.checkpoint.target ?? "file-system";
    return h("section", { "aria-label": "Checkpoints" }, head("Checkpoints"),
      line("Every", "interval", planned("interval"), "Such as 30 min or 4 h. The interval that loses least, or the plan's, where nothing is typed.", (text) => taken("interval", text, (value) => parsesAs(value, "time")), changes["plan.checkpoint.interval"] !== undefined, picture?.run.interval ? showTime(picture.run.interval.used_s) : ""),
      choice("mode", "Mode", [["synchronous", "synchronous"], ["asynchronous", "asynchronous"]] as const, mode as "synchronous"),
      ...(targets.length > 1 ? [choice("target", "Target", targets, target)] : []),
      line("Spare nodes", "spareNodes", planned("spareNodes"), "Nodes kept ready. Where nothing is typed and the plan says nothing, one is always at hand.", (text) => taken("spareNodes", text, (value) => /^\d{1,6}$/.test(value)), changes["plan.checkpoint.spareNodes"] !== undefined, picture?.run.spareNodes === null || picture === null ? "always one" : String(picture.run.spareNodes)),
      choice("suspectNodes", "Nodes that failed", [["excluded", "taken out"], ["kept", "stay in use"]] as const, (changes["plan.checkpoint.suspectNodes"] ?? "excluded") as "excluded" | "kept"));

    function taken(key: string, text: string, valid: (value: string) => boolean): Partial<TrainingState> | null {
      const path = `plan.checkpoint.${key}`;
      if (text !== "") return valid(text) ? { changes: { ...changes, [path]: text } } : null;
      const { [path]: _, ...rest } = changes;
      return { changes: rest };
    }
    function change(more: Record<string, string>): void {
      actions.set({ changes: { ...changes, ...more } });
    }
  }

  function failing(state: TrainingState, picture: TrainingPicture | null): HTMLElement {
    const law = h("select", { class: "field", "data-key": "failures", "aria-label": "Interruptions", onchange: () => actions.set({ failures: law.value === "" ? null : law.value }) },
      h("option", { value: "", selected: state.failures === null }, "as the machine states, else the law"), ...laws.map((id) => h("option", { value: id, selected: state.failures === id }, titleOf("calibration", id))), h("option", { value: "none", selected: state.failures === "none" }, "nothing fails"));
    const path = "machine.reliability.nodeInterval";
    const node = picture?.run.interruptions?.facts.find(({ key }) => key === "nodeInterval");
    return h("section", { "aria-label": "Interruptions" }, head("Interruptions"), law,
      line("One node, every", "nodeInterval", String(state.changes[path] ?? ""), "Mean time between interruptions that one node causes, such as 200 d. A job of n nodes is interrupted n times as often.", (text) => {
        const { [path]: _, ...rest } = state.changes;
        return text === "" ? { changes: rest } : parsesAs(text, "time") ? { changes: { ...state.changes, [path]: text } } : null;
      }, state.changes[path] !== undefined, node === undefined ? "" : showTime(node.value)));
  }

  function line(name: string, key: string, value: string, help: string, read: (text: string) => Partial<TrainingState> | null, changed: boolean, placeholder = ""): HTMLElement {
    const input = h("input", { type: "text", class: "field small", "data-key": key, "aria-label": name, value, placeholder, spellcheck: "false", autocomplete: "off", onchange: () => {
      const next = read(input.value.trim());
      input.setAttribute("aria-invalid", String(next === null));
      if (next !== null) actions.set(next);
    } });
    return h("label", { class: changed ? "knob-line training-line changed" : "knob-line training-line" }, h("span", { class: "control-name", "data-tip": tipAttribute({ head: name, text: help }) }, name), input);
  }
}

/** The same run in another unit. */
const inUnit = (unit: TrainingUnit, picture: TrainingPicture | null): number | null => (picture === null ? null : unit === "tokens" ? picture.run.tokens : picture.run[unit]);
const head = (name: string): HTMLElement => h("h2", { class: "group-head" }, name);
const parsesAs = (text: string, dimension: "time"): boolean => {
  const read = parseQuantity(text, dimension);
  return read.ok && read.value > 0;
};
const showTime = (value: number): string => (value >= 2 * 86_400 ? `${Number((value / 86_400).toPrecision(3))} d` : value >= 7200 ? `${Number((value / 3600).toPrecision(3))} h` : value >= 120 ? `${Number((value / 60).toPrecision(3))} min` : `${Number(value.toPrecision(3))} s`);
