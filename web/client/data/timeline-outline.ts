/** Operations of layers as an outline: runs of one direction, in them runs of one part of the layers' names ("block3", then "unit2"), down to the layer. */
import type { Bar } from "./timeline-lanes.ts";

export interface OutlineNode {
  /** "block3/unit2", or the operation's own name where it belongs to no layer. */
  name: string;
  /** "forward", "backward" or nothing. */
  direction: string;
  start_s: number;
  end_s: number;
  bars: readonly Bar[];
  children: OutlineNode[];
}

export const directionOf = ({ operation: { layer, pass } }: Bar): string => (layer === null ? "" : pass === "forward" ? "forward" : "backward");

/** Runs of bars with the same text, in their order. */
function runs(bars: readonly Bar[], textOf: (bar: Bar) => string): Array<{ text: string; bars: Bar[] }> {
  const found: Array<{ text: string; bars: Bar[] }> = [];
  for (const bar of bars) {
    const text = textOf(bar);
    const last = found.at(-1);
    if (last?.text === text) last.bars.push(bar);
    else found.push({ text, bars: [bar] });
  }
  return found;
}

export function buildOutline(bars: readonly Bar[]): OutlineNode[] {
  return runs(bars, directionOf).flatMap(({ text, bars: own }) => (text === "" ? own.map((bar) => nodeOf(bar.operation.name, "", [bar], [])) : [nodeOf("", text, own, split(own, 1, text))]));
}

const partsOf = ({ operation: { layer } }: Bar): string[] => (layer ?? "").split("/");
const nameTo = (bar: Bar, depth: number): string => partsOf(bar).slice(0, depth).join("/");

/** Below the whole layer name nothing is divided any more. */
function split(bars: readonly Bar[], depth: number, direction: string): OutlineNode[] {
  if (bars.every((bar) => partsOf(bar).length < depth)) return [];
  return runs(bars, (bar) => nameTo(bar, depth)).map(({ text, bars: own }) => nodeOf(text, direction, own, split(own, depth + 1, direction)));
}

const nodeOf = (name: string, direction: string, bars: readonly Bar[], children: OutlineNode[]): OutlineNode => ({
  name, direction, bars, children, start_s: bars[0]?.operation.start_s ?? 0, end_s: bars.at(-1)?.operation.end_s ?? 0,
});
