/** A knob: label, typed value with unit check, mark of its kind, slider or choice; says what it was, and whether this scenario uses it. */
import type { Knob } from "../../../model/index.ts";
import { parseQuantity } from "../../../model/units.ts";
import { kindHelp, kindIcon, kindNames } from "../charts/marks.ts";
import { h, tipAttribute } from "../dom.ts";
import { count, inUnit, plainQuantity, show, unitOf } from "../format.ts";
import { createSlider, type Slider, type SliderRange } from "./slider.ts";

export interface KnobState {
  knob: Knob;
  /** Its value in the unchanged scenario. */
  base: Knob | null;
  changed: boolean;
  used: boolean;
}

export interface KnobView {
  path: string;
  element: HTMLElement;
  update(state: KnobState): void;
}

export type ChangeValue = string | number | boolean;

export function createKnob(first: Knob, range: Partial<SliderRange>, onChange: (path: string, value: ChangeValue) => void, place = "rail"): KnobView {
  const { control, path } = first;
  const id = `${place}-${path.replaceAll(/[^\w]/g, "-")}`;
  const was = h("span", { class: "was" });
  const note = h("span", { class: "knob-unused" });
  const label = h("label", { class: "knob-label", for: id }, h("span", { class: "knob-name" }, first.label), was, note);
  const mark = h("span", { class: "knob-kind" });
  const problem = h("p", { class: "knob-problem", role: "alert", hidden: true });
  const element = h("div", { class: "knob", "data-path": path });
  let shown: Knob = first;
  const describe = (state: KnobState) => {
    const { knob } = state;
    element.classList.toggle("changed", state.changed);
    element.classList.toggle("unused", !state.used);
    const base = state.base;
    was.textContent = state.changed && base ? `was ${valueText(base)}` : "";
    note.textContent = state.used ? "" : "not used";
    mark.replaceChildren(kindIcon(knob.kind));
    const span = knob.control.type === "number" && knob.low !== undefined && knob.high !== undefined ? [["95\u202f% range", `${show(knob.low, knob.control.dimension)} – ${show(knob.high, knob.control.dimension)}`] as const] : [];
    label.setAttribute("data-tip", tipAttribute({ head: knob.label, place: kindNames[knob.kind], rows: [["value", valueText(knob)], ...(state.changed && base ? [["as run", valueText(base)] as const] : []), ...span, ["path", path]], text: [knob.help, state.used ? "" : "This knob moves nothing in this scenario."].filter(Boolean).join(" "), foot: kindHelp[knob.kind] }));
  };

  if (control.type === "choice") {
    const field = choiceField(id, first, (value) => onChange(path, value));
    element.append(h("div", { class: "knob-line" }, label, field.element, mark));
    return {
      path, element,
      update(state) {
        describe(state);
        field.update(String(state.knob.value));
      },
    };
  }

  const { dimension } = control;
  const field = h("input", { id, class: "knob-value", type: "text", autocomplete: "off", spellcheck: "false", inputmode: "decimal" });
  const unit = h("span", { class: "knob-unit" });
  const sliderRange: SliderRange = { min: control.min, max: control.max, ...(control.step !== undefined ? { step: control.step } : {}), ...(control.log !== undefined ? { log: control.log } : {}), ...range };
  const slider: Slider = createSlider(sliderRange, first.label, (value) => onChange(path, plainQuantity(value, dimension)));
  const fail = (message: string | null) => {
    problem.hidden = message === null;
    problem.textContent = message ?? "";
    field.toggleAttribute("aria-invalid", message !== null);
  };
  const commit = () => {
    const typed = field.value.trim().replaceAll(",", "").replace("−", "-");
    if (typed === fieldText(shown)) return fail(null);
    const bare = /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(typed);
    const spelled = bare && dimension !== "count" ? `${typed} ${unit.textContent ?? ""}`.trim() : typed;
    const parsed = parseQuantity(spelled, dimension);
    if (!parsed.ok) return fail(`${capital(parsed.expected)} is wanted${parsed.hint ? `: ${parsed.hint}` : ""}.`);
    if (parsed.value < sliderRange.min * 0.999 || parsed.value > sliderRange.max * 1.001) return fail(`From ${show(sliderRange.min, dimension)} to ${show(sliderRange.max, dimension)}.`);
    fail(null);
    onChange(path, dimension === "count" ? parsed.value : spelled.replace("µ", "u"));
  };
  field.addEventListener("change", commit);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit();
    if (event.key === "Escape") {
      field.value = fieldText(shown);
      fail(null);
    }
  });
  element.append(h("div", { class: "knob-line" }, label, h("span", { class: "knob-field" }, field, unit), mark), slider.element, problem);
  return {
    path, element,
    update(state) {
      describe(state);
      shown = state.knob;
      if (document.activeElement !== field || field.value === "" || problem.hidden) field.value = fieldText(state.knob);
      if (document.activeElement !== field) fail(null);
      field.size = Math.max(2, field.value.length);
      unit.textContent = typeof state.knob.value === "number" ? unitOf(state.knob.value, dimension).unit : "";
      slider.update({ value: Number(state.knob.value), base: state.changed && state.base ? Number(state.base.value) : null, low: state.knob.low, high: state.knob.high, used: state.used, text: valueText(state.knob) });
    },
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function valueText(knob: Knob): string {
  return knob.control.type === "number" && typeof knob.value === "number" ? show(knob.value, knob.control.dimension) : String(knob.value);
}

function fieldText(knob: Knob): string {
  if (knob.control.type !== "number" || typeof knob.value !== "number") return String(knob.value);
  return knob.control.dimension === "count" ? count(knob.value) : inUnit(knob.value, unitOf(knob.value, knob.control.dimension));
}

interface ChoiceField {
  element: HTMLElement;
  update(value: string): void;
}

/** Few short options stand side by side, more go into a menu. */
function choiceField(id: string, knob: Knob, onChoose: (value: ChangeValue) => void): ChoiceField {
  const options = knob.control.type === "choice" ? knob.control.options.map(String) : [];
  const typed = (text: string): ChangeValue => (typeof knob.value === "boolean" ? text === "true" : text);
  const named = (text: string) => (knob.path.endsWith("recision") ? text.toUpperCase() : text === "true" ? "on" : text === "false" ? "off" : text);
  if (options.join("").length <= 14 && options.length <= 4) {
    const buttons = options.map((option) => h("button", { type: "button", role: "radio", class: "segment", onclick: () => onChoose(typed(option)) }, named(option)));
    const element = h("div", { id, class: "segments", role: "radiogroup", "aria-label": knob.label }, ...buttons);
    element.addEventListener("keydown", (event) => {
      const direction = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (direction === undefined) return;
      event.preventDefault();
      const next = (buttons.findIndex((button) => button === document.activeElement) + direction + buttons.length) % buttons.length;
      buttons[next]?.focus();
      onChoose(typed(options[next] ?? ""));
    });
    return {
      element,
      update(value) {
        buttons.forEach((button, index) => {
          button.setAttribute("aria-checked", String(options[index] === value));
          button.tabIndex = options[index] === value ? 0 : -1;
        });
      },
    };
  }
  const select = h("select", { id, class: "knob-menu" }, ...options.map((option) => h("option", { value: option }, named(option))));
  select.addEventListener("change", () => onChoose(typed(select.value)));
  return { element: select, update: (value) => void (select.value = value) };
}
