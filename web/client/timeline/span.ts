/** Moves of the part of the step that is in view. Pure: a span and the step in, a span inside the step out; null is the whole step. */
import type { Span } from "./state.ts";

/** No closer than this share of the step: a hundred thousandth of it fills the width. */
const closest = 1e-5;

export function insideStep([from, to]: Span, step_s: number): Span | null {
  const length = Math.min(step_s, Math.max(to - from, closest * step_s));
  if (length >= step_s * (1 - 1e-9)) return null;
  const start = Math.min(Math.max(0, from), step_s - length);
  return [start, start + length];
}

/** `factor` under 1 shows less; the time at `at_s` stays where it is. */
export function zoomSpan([from, to]: Span, factor: number, at_s: number, step_s: number): Span | null {
  const length = Math.min(step_s, Math.max((to - from) * factor, closest * step_s));
  const share = to > from ? (at_s - from) / (to - from) : 0.5;
  return insideStep([at_s - share * length, at_s + (1 - share) * length], step_s);
}

export const panSpan = ([from, to]: Span, by_s: number, step_s: number): Span | null => insideStep([from + by_s, to + by_s], step_s);

/** With a little room beside it. */
export function spanAround(from_s: number, to_s: number, step_s: number): Span | null {
  const room = Math.max((to_s - from_s) * 0.15, closest * step_s);
  return insideStep([from_s - room, to_s + room], step_s);
}
