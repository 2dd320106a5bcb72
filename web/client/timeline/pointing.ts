/**
 * Pointer and wheel on the lanes: the wheel zooms about the pointer (and leaves the page its scroll where the whole step is in view already), sideways it pans; a
 * drag over the lanes measures a part, a drag with Shift pans, a drag in the strip chooses what is in view; a double click shows the whole step.
 */
import { insideStep, panSpan, zoomSpan } from "./span.ts";
import type { Span } from "./state.ts";

interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  from: number;
  to: number;
  step: number;
  strip: { top: number; bottom: number };
}

export interface PointingActions {
  show(window: Span | null): void;
  measure(range: Span | null): void;
  choose(key: string): void;
}

type Drag = { kind: "measure" | "pan" | "strip" | "window"; start_px: number; start_s: number; plot: Plot; moved: boolean; key: string | null };

const slop_px = 4;

export function pointAtLanes(element: HTMLElement, actions: PointingActions): void {
  let drag: Drag | null = null;
  const chart = () => element.querySelector<SVGSVGElement>("svg[data-plot]");
  const plotOf = (svg: Element) => JSON.parse(svg.getAttribute("data-plot") ?? "{}") as Plot;
  const at = (event: MouseEvent, svg: Element) => {
    const bounds = svg.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  const timeAt = (x: number, { left, right, from, to }: Plot) => from + ((x - left) / (right - left)) * (to - from);
  const stepAt = (x: number, { left, right, step }: Plot) => Math.min(step, Math.max(0, ((x - left) / (right - left)) * step));

  element.addEventListener("wheel", (event) => {
    const svg = chart();
    if (!svg || !svg.contains(event.target as Node)) return;
    const plot = plotOf(svg);
    const { x } = at(event, svg);
    if (x < plot.left) return;
    const window: Span = [plot.from, plot.to];
    const whole = plot.to - plot.from >= plot.step * (1 - 1e-9);
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      if (whole) return;
      event.preventDefault();
      actions.show(panSpan(window, ((event.deltaX || event.deltaY) * unit * (plot.to - plot.from)) / (plot.right - plot.left), plot.step));
    } else if (event.deltaY < 0 || !whole) {
      event.preventDefault();
      actions.show(zoomSpan(window, Math.exp(Math.max(-200, Math.min(200, event.deltaY * unit)) * 0.0022), timeAt(x, plot), plot.step));
    }
  }, { passive: false });

  element.addEventListener("pointerdown", (event) => {
    const svg = chart();
    if (!svg || event.button !== 0 || !svg.contains(event.target as Node)) return;
    const plot = plotOf(svg);
    const { x, y } = at(event, svg);
    const key = (event.target as Element).closest(".mark")?.getAttribute("data-key") ?? null;
    if (event.pointerType === "touch" && y > plot.strip.bottom) {
      drag = { kind: "measure", start_px: x, start_s: timeAt(x, plot), plot, moved: false, key };
      return;
    }
    if (x < plot.left - 4 || x > plot.right + 8) return;
    const start_s = timeAt(x, plot);
    if (y >= plot.strip.top && y <= plot.strip.bottom + 4) {
      const inWindow = stepAt(x, plot) >= plot.from && stepAt(x, plot) <= plot.to && plot.to - plot.from < plot.step * 0.98;
      drag = { kind: inWindow ? "window" : "strip", start_px: x, start_s: stepAt(x, plot), plot, moved: false, key: null };
    } else drag = { kind: event.shiftKey ? "pan" : "measure", start_px: x, start_s, plot, moved: false, key };
    element.setPointerCapture(event.pointerId);
    event.preventDefault();
    (event.target as Element).closest<SVGElement>(".mark")?.focus({ preventScroll: true });
  });
  element.addEventListener("pointermove", (event) => {
    const svg = chart();
    if (!drag || !svg || event.pointerType === "touch") return;
    const { x } = at(event, svg);
    if (!drag.moved && Math.abs(x - drag.start_px) < slop_px) return;
    drag.moved = true;
    const { plot } = drag;
    const share = (x - drag.start_px) / (plot.right - plot.left);
    if (drag.kind === "pan") actions.show(panSpan([plot.from, plot.to], -share * (plot.to - plot.from), plot.step));
    else if (drag.kind === "window") actions.show(panSpan([plot.from, plot.to], share * plot.step, plot.step));
    else {
      const here = drag.kind === "strip" ? stepAt(x, plot) : Math.min(plot.step, Math.max(0, timeAt(x, plot)));
      const span: Span = [Math.min(drag.start_s, here), Math.max(drag.start_s, here)];
      if (span[1] > span[0]) (drag.kind === "strip" ? (chosen: Span) => actions.show(insideStep(chosen, plot.step)) : actions.measure)(span);
    }
  });
  element.addEventListener("pointerup", (event) => {
    const done = drag;
    drag = null;
    if (!done || done.moved) return;
    if (done.kind === "measure" && done.key !== null) actions.choose(done.key);
    else if (done.kind === "measure" && event.pointerType !== "touch") actions.measure(null);
    else if (done.kind === "strip") actions.show(zoomSpan([done.start_s - (done.plot.to - done.plot.from) / 2, done.start_s + (done.plot.to - done.plot.from) / 2], 1, done.start_s, done.plot.step));
  });
  element.addEventListener("pointercancel", () => void (drag = null));
  element.addEventListener("dblclick", (event) => {
    // A captured pointer has the panel for its target, so the place decides.
    const bounds = chart()?.getBoundingClientRect();
    if (bounds && event.clientY >= bounds.top && event.clientY <= bounds.bottom) actions.show(null);
  });
}
