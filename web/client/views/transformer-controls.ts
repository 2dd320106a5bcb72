/** What is asked of a transformer: model, machine, software, plan, number of devices, and the layout, where each control offers only what gives a valid one and says what it costs. */
import type { Library } from "../../../model/scenario.ts";
import { titled } from "../data/titled.ts";
import { choiceValue, controlWords } from "../data/transformer-words.ts";
import { h, replaceKeepingFocus, tipAttribute } from "../dom.ts";
import { count, show, signedPercent } from "../format.ts";
import type { Control, Offer, TransformerPicture } from "../transformer/protocol.ts";
import type { TransformerState } from "../transformer/state.ts";
import { createSlider } from "../widgets/slider.ts";
import { segments } from "./panel.ts";

export interface TransformerControlActions {
  set(change: Partial<TransformerState>): void;
  /** Keys of the plan; a value as planned takes the change back. */
  setPlan(sets: Readonly<Record<string, string | number | boolean>>): void;
  openConfig(): void;
}

interface Raw {
  title?: unknown;
  family?: unknown;
  kind?: unknown;
  options?: { experts?: unknown };
  node?: { deviceLink?: { halfSize?: unknown } };
}

const groups = [
  { name: "Layout", keys: ["tensor", "pipeline", "virtualStages", "schedule", "context", "expert", "expertTensor", "sharding", "sequenceParallel"] },
  { name: "Batch", keys: ["microBatch", "globalBatch", "sequence"] },
  { name: "Arithmetic and memory", keys: ["recipe", "recompute", "attentionKernel"] },
] as const;

export function createTransformerControls(library: Library, actions: TransformerControlActions): { element: HTMLElement; draw(state: TransformerState, picture: TransformerPicture | null): void } {
  const { raw, titleOf, list } = titled<Raw>(library);
  const models = list("workload", ({ family }) => family === "transformer");
  // What a transformer's links need: machines whose document states it.
  const machines = list("machine", ({ node }) => node?.deviceLink?.halfSize !== undefined);
  const stacks = list("stack", ({ kind }) => kind === "transformer");
  const slider: { element: HTMLElement; counts: string; update(value: number, text: string): void } = { element: h("div"), counts: "", update: (_value: number, _text: string): void => undefined };
  const element = h("div", { class: "network-controls transformer-controls" });
  const body = h("div", { class: "control-groups" });
  const devicesBox = h("section", { "aria-label": "Devices" });
  const subject = h("div");
  // On a narrow page the results come first to the eye: the layout opens when it is asked for.
  const fold = h("details", { class: "fold", open: window.matchMedia("(min-width: 900px)").matches }, h("summary", {}, "Layout, batch, arithmetic"), body);
  element.append(subject, devicesBox, fold);
  /** The value that was asked for and is not valid, told under its control until another is taken. */
  let asked: { key: string; value: Control["value"] } | null = null;
  let drawn: TransformerPicture | null = null;
  const setPlan: TransformerControlActions["setPlan"] = (sets) => {
    asked = null;
    actions.setPlan(sets);
  };
  const drawLayout = () => replaceKeepingFocus(body, ...(drawn === null ? [] : groups.map(({ name, keys }) => layoutGroup(name, keys.flatMap((key) => drawn?.controls.filter((control) => control.key === key) ?? []), drawn as TransformerPicture))));
  return {
    element,
    draw(state, picture) {
      drawn = picture;
      replaceKeepingFocus(subject, subjectGroup(state, picture));
      drawDevices(state, picture);
      drawLayout();
    },
  };

  function subjectGroup(state: TransformerState, picture: TransformerPicture | null): HTMLElement {
    const option = (kind: "workload" | "machine" | "stack", chosen: string) => (id: string) => h("option", { value: id, selected: id === chosen }, titleOf(kind, id));
    const experts = (id: string) => raw("workload", id).options?.experts !== undefined;
    const model = h("select", { class: "field", "data-key": "workload", "aria-label": "Model", onchange: () => actions.set({ workload: model.value, model: null, plan: null, stack: null, devices: null, changes: {}, window: null }) },
      ...(state.model === null ? [] : [h("option", { value: state.model.id, selected: true }, `${state.model.title}, yours`)]),
      h("optgroup", { label: "dense" }, ...models.filter((id) => !experts(id)).map(option("workload", state.model === null ? state.workload : ""))), h("optgroup", { label: "with experts" }, ...models.filter(experts).map(option("workload", state.model === null ? state.workload : ""))));
    if (state.model === null && !models.includes(state.workload)) model.prepend(h("option", { value: state.workload, selected: true, disabled: true }, `${state.workload}: no transformer`));
    const machine = h("select", { class: "field", "data-key": "machine", "aria-label": "Machine", onchange: () => actions.set({ machine: machine.value, plan: null, stack: null, devices: null, changes: {}, window: null }) }, ...(machines.includes(state.machine) ? [] : [h("option", { value: state.machine, selected: true, disabled: true }, titleOf("machine", state.machine))]), ...machines.map(option("machine", state.machine)));
    const chosenStack = picture?.selection.stack ?? state.stack ?? "";
    const stack = h("select", { class: "field", "data-key": "stack", "aria-label": "Software", onchange: () => actions.set({ stack: stack.value }) }, ...stacks.map(option("stack", chosenStack)));
    const plan = h("select", { class: "field", "data-key": "plan", "aria-label": "Plan", onchange: () => actions.set({ plan: plan.value, stack: null, devices: null, changes: {}, window: null }) },
      ...(picture?.plans ?? []).map(({ id, title }) => h("option", { value: id === "suggested" ? (state.plan ?? "suggested") : id, selected: id === picture?.selection.plan }, title)));
    const find = picture === null ? null : h("button", { type: "button", class: "link", "data-key": "find", onclick: () => actions.set({ plan: `suggested:${picture.point.devices}`, changes: {}, window: null }) }, `find one for ${count(picture.point.devices)} GPUs`);
    const file = h("button", { type: "button", class: "link", "data-key": "config", onclick: actions.openConfig }, "a config.json");
    return h("section", { "aria-label": "Subject", class: "subject" }, h("div", {}, head("Model", file), model, h("p", { class: "control-note" }, "Or drop a Hugging Face config.json on the page.")), h("div", {}, head("Machine", ""), machine), h("div", {}, head("Software", ""), stack), h("div", {}, head("Plan", find ?? ""), plan));
  }

  function drawDevices(state: TransformerState, picture: TransformerPicture | null): void {
    devicesBox.hidden = picture === null;
    if (picture === null) return;
    const { counts, point } = picture;
    const key = counts.join();
    if (slider.counts !== key) {
      const made = createSlider({ min: counts[0] ?? 1, max: Math.max(counts.at(-1) ?? 1, (counts[0] ?? 1) + 1), log: true, stops: counts, snap: (value) => nearest(counts, value) }, "GPUs", (devices) => actions.set({ devices }));
      made.input.setAttribute("data-key", "devices-range");
      slider.counts = key;
      slider.element = made.element;
      slider.update = (value, text) => made.update({ value, base: null, used: counts.length > 1, text });
    }
    const field: HTMLInputElement = h("input", { class: "knob-value", inputmode: "numeric", "data-key": "devices", "aria-label": "GPUs", value: count(state.devices ?? point.devices), size: 8, onchange: () => {
      const text = field.value.replaceAll(/[,\s]/g, "");
      if (/^\d{1,9}$/.test(text) && Number(text) >= 1) actions.set({ devices: Number(text) });
      else field.setAttribute("aria-invalid", "true");
    } });
    const range = counts.length > 1 ? `${count(counts.length)} numbers divide this batch: ${count(counts[0] ?? 1)} to ${count(counts.at(-1) ?? 1)}` : "no other number divides this batch";
    replaceKeepingFocus(devicesBox, head("Devices", `${count(point.nodes)} ${point.nodes === 1 ? "node" : "nodes"}`), h("div", { class: "knob-line" }, h("span", { class: "knob-label" }, hint("GPUs", "Numbers of devices on which the layout is valid with the same batch; arrows go from one to the next.")), field), slider.element, h("p", { class: "control-note" }, `${range}.`));
    slider.update(point.devices, count(point.devices));
  }

  function layoutGroup(name: string, controls: readonly Control[], picture: TransformerPicture): HTMLElement {
    return h("section", { "aria-label": name }, head(name, name === "Layout" ? `data ${count(picture.point.layout.data)}` : name === "Batch" ? `${count(picture.point.layout.microBatches)} micro-batches` : ""), ...controls.flatMap((control) => controlLine(control, picture)));
  }

  function controlLine(control: Control, picture: TransformerPicture): HTMLElement[] {
    const { key, value, planned, offers, refused } = control;
    const words = controlWords[key] ?? { name: key, help: "" };
    const changed = value !== planned;
    const take = (chosen: string) => {
      const offer = offers.find((one) => String(one.value) === chosen);
      if (offer) return setPlan(offer.sets);
      asked = { key, value: refused.find((one) => String(one.value) === chosen)?.value ?? value };
      drawLayout();
    };
    const was = changed ? h("span", { class: "was" }, `was ${choiceValue(planned)}`) : null;
    const label = h("span", { class: "knob-label" }, hint(words.name, words.help), was);
    if (offers.length <= 1 && refused.length === 0) return [h("div", { class: "knob-line single", "data-path": `plan.${key}` }, label, h("span", { class: "only", tabindex: 0, "data-tip": tipAttribute({ head: words.name, text: `Nothing else is valid with the other choices as they are. ${words.help}` }) }, choiceValue(value)))];
    const invalid = refused.length === 0 ? null : h("optgroup", { label: "not valid with the rest" }, ...refused.map((one) => h("option", { value: String(one.value) }, `${choiceValue(one.value)} · why not`)));
    const choice = typeof value === "boolean"
      ? segments(key, [true, false].map((one) => [String(one), choiceValue(one)] as const), String(value), take)
      : h("select", { class: "knob-menu", "data-key": `plan.${key}`, "aria-label": words.name, onchange: (event: Event) => take((event.target as HTMLSelectElement).value) }, ...offers.map((one) => h("option", { value: String(one.value), selected: one.value === value }, offerName(one, value, picture.point.stepTime_s.value))), invalid);
    return [h("div", { class: `knob-line${changed ? " changed" : ""}`, "data-path": `plan.${key}` }, label, choice), ...refusalOf(control)];
  }

  /** Why the value that was asked for is not valid, with the closest one that is. */
  function refusalOf({ key, value: now, offers, refused }: Control): HTMLElement[] {
    const one = asked?.key === key ? refused.find(({ value }) => value === asked?.value) : undefined;
    if (one === undefined) return [];
    const offer = offers.find(({ value }) => value === one.nearest);
    return [h("p", { class: "knob-problem", role: "status" }, h("strong", {}, `${choiceValue(one.value)} is not valid here: `), `${one.why}. `, offer === undefined ? null : offer.value === now ? `${choiceValue(now)}, as it is, is the nearest that is valid.` : h("button", { type: "button", class: "link", "data-key": `nearest:${key}`, onclick: () => setPlan(offer.sets) }, `Take ${choiceValue(offer.value)}, the nearest that is valid`))];
  }
}

const nearest = (counts: readonly number[], value: number): number => counts.reduce((best, one) => (Math.abs(Math.log(one / value)) < Math.abs(Math.log(best / value)) ? one : best), counts[0] ?? 1);

/** "4 · 12.9 s, −6.1 %, does not fit": what the step would be. */
function offerName({ value, step_s, answer }: Offer, now: string | number | boolean, step: number): string {
  if (value === now) return choiceValue(value);
  const time = Number.isFinite(step_s) ? `${show(step_s, "time")}, ${signedPercent(step_s / step - 1)}` : "";
  const parts = [time, ...(answer === null || answer === "fits" ? [] : [answer])].filter((part) => part !== "");
  return `${choiceValue(value)}${parts.length > 0 ? ` · ${parts.join(", ")}` : ""}`;
}

const head = (name: string, note: string | Node): HTMLElement => h("h2", { class: "group-head" }, name, h("span", { class: "group-note" }, note));
const hint = (name: string, text: string): HTMLElement => h("span", { class: "plain control-name", tabindex: 0, "data-tip": tipAttribute({ head: name, text }) }, name);
