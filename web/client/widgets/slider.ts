/** A slider over a range of a number: linear, by steps, or logarithmic; with the prior interval and the baseline on its track. */
import { h } from "../dom.ts";

export interface SliderRange {
  min: number;
  max: number;
  step?: number;
  log?: boolean;
  /** Values that the arrow keys go to, where the track is too fine to step through. */
  stops?: readonly number[];
  snap?: (value: number) => number;
}

export interface SliderState {
  value: number;
  base: number | null;
  low?: number | undefined;
  high?: number | undefined;
  used: boolean;
  text: string;
}

export interface Slider {
  element: HTMLElement;
  input: HTMLInputElement;
  update(state: SliderState): void;
}

const positions = 1000;

export function createSlider(range: SliderRange, label: string, onInput: (value: number) => void): Slider {
  const stepped = range.step !== undefined && !range.log && (range.max - range.min) / range.step <= 128;
  const input = h("input", stepped ? { type: "range", min: range.min, max: range.max, step: range.step ?? 1 } : { type: "range", min: 0, max: positions, step: 1 });
  input.setAttribute("aria-label", label);
  const prior = h("i", { class: "track-prior" });
  const delta = h("i", { class: "track-delta" });
  const base = h("i", { class: "track-base" });
  const element = h("div", { class: "slider" }, h("div", { class: "track" }, prior, delta, base), input);
  const logarithmic = range.log === true && range.min > 0;
  const share = (value: number) => {
    const clamped = Math.min(range.max, Math.max(range.min, value));
    return logarithmic ? Math.log(clamped / range.min) / Math.log(range.max / range.min) : (clamped - range.min) / (range.max - range.min || 1);
  };
  const unshare = (part: number) => {
    const value = logarithmic ? range.min * (range.max / range.min) ** part : range.min + part * (range.max - range.min);
    if (range.snap) return range.snap(value);
    return range.step === undefined ? Number(value.toPrecision(2)) : Math.round(value / range.step) * range.step;
  };
  let current = range.min;

  const emit = (value: number) => {
    if (value === current) return;
    current = value;
    onInput(value);
  };

  input.addEventListener("input", () => emit(stepped ? Number(input.value) : unshare(Number(input.value) / positions)));
  input.addEventListener("keydown", (event) => {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (direction === undefined || stepped) return;
    event.preventDefault();
    const { stops } = range;
    if (stops) {
      const next = direction > 0 ? stops.find((stop) => stop > current) : stops.findLast((stop) => stop < current);
      if (next !== undefined) emit(next);
      return;
    }
    if (range.step !== undefined) {
      emit(Math.min(range.max, Math.max(range.min, current + direction * range.step * (event.shiftKey ? 10 : 1))));
      return;
    }
    const step = event.shiftKey ? 0.1 : 0.02;
    emit(unshare(Math.min(1, Math.max(0, share(current) + direction * step))));
  });

  return {
    element, input,
    update(state) {
      current = state.value;
      const position = stepped ? state.value : Math.round(share(state.value) * positions);
      if (Number(input.value) !== position) input.value = String(position);
      input.setAttribute("aria-valuetext", state.text);
      element.classList.toggle("unused", !state.used);
      span(prior, state.low === undefined || state.high === undefined ? null : [share(state.low), share(state.high)]);
      span(delta, state.base === null ? null : [share(state.base), share(state.value)]);
      span(base, state.base === null ? null : [share(state.base), share(state.base)]);
    },
  };
}

function span(part: HTMLElement, ends: readonly [number, number] | null): void {
  part.hidden = ends === null;
  if (ends === null) return;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  part.style.setProperty("left", `${(low * 100).toFixed(2)}%`);
  part.style.setProperty("width", `${((high - low) * 100).toFixed(2)}%`);
}
