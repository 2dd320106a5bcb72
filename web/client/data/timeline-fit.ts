/** What of a lane can be drawn at a zoom: an operation by itself where it is wide enough, neighbours too narrow as one piece with their shares; and the names that have room above. */
import type { TermGroup } from "../../../model/prediction.ts";
import type { Bar, Lane } from "./timeline-lanes.ts";
import type { OutlineNode } from "./timeline-outline.ts";

/** Seconds -> pixels. */
export type Scale = (time_s: number) => number;

export interface Piece {
  bars: Bar[];
  start_s: number;
  end_s: number;
  /** Of its time, by family, the largest first. */
  shares: Array<readonly [TermGroup, number]>;
}

const narrow_px = 3;
const piece_px = 5;
const touch_px = 0.75;

/** Bars in the window [from, to], in their order. */
export function fitBars({ bars }: Pick<Lane, "bars">, x: Scale, from_s: number, to_s: number): Piece[] {
  const pieces: Piece[] = [];
  let open: Bar[] = [];
  const close = () => {
    if (open.length > 0) pieces.push(pieceOf(open));
    open = [];
  };
  for (const bar of bars) {
    const { start_s, end_s } = bar.operation;
    if (end_s <= from_s || start_s >= to_s) continue;
    const [left, right] = [x(start_s), x(end_s)];
    if (right - left >= narrow_px) {
      close();
      pieces.push(pieceOf([bar]));
      continue;
    }
    const [first, last] = [open[0], open.at(-1)];
    if (first && last && (left - x(last.operation.end_s) > touch_px || x(last.operation.end_s) - x(first.operation.start_s) >= piece_px)) close();
    open.push(bar);
  }
  close();
  return pieces;
}

function pieceOf(bars: Bar[]): Piece {
  const time = new Map<TermGroup, number>();
  for (const { category, operation } of bars) time.set(category, (time.get(category) ?? 0) + operation.end_s - operation.start_s);
  const total = [...time.values()].reduce((sum, one) => sum + one, 0);
  return { bars, start_s: bars[0]?.operation.start_s ?? 0, end_s: bars.at(-1)?.operation.end_s ?? 0, shares: [...time].map(([category, one]) => [category, total > 0 ? one / total : 0] as const).toSorted((a, b) => b[1] - a[1]) };
}

export interface Bracket {
  node: OutlineNode;
  start_s: number;
  end_s: number;
  /** Empty where nothing fits. */
  words: string;
}

/** The finest level of names of which most have room, chosen for each part of the lane by itself. */
export function fitNames(nodes: readonly OutlineNode[], x: Scale, from_s: number, to_s: number, widthOf: (text: string) => number): Bracket[] {
  return nodes.flatMap((node): Bracket[] => {
    const [start_s, end_s] = [Math.max(node.start_s, from_s), Math.min(node.end_s, to_s)];
    if (end_s <= start_s) return [];
    const seen = node.children.filter((child) => child.end_s > from_s && child.start_s < to_s);
    const span = (one: OutlineNode) => x(Math.min(one.end_s, to_s)) - x(Math.max(one.start_s, from_s));
    const named = seen.filter((child) => span(child) >= widthOf(shortName(child.name)) + margin_px).reduce((sum, child) => sum + span(child), 0);
    if (seen.length > 0 && named >= 0.5 * (x(end_s) - x(start_s))) return fitNames(seen, x, from_s, to_s, widthOf);
    const room = x(end_s) - x(start_s) - margin_px;
    if (room < 2) return [];
    return [{ node, start_s, end_s, words: [[node.name, node.direction].filter(Boolean).join(", "), node.name, shortName(node.name)].find((words) => words !== "" && widthOf(words) <= room) ?? "" }];
  });
}

const margin_px = 6;
/** "up1/unit2/conv" -> "unit2/conv": the last part alone says too little, because many layers share it. */
const shortName = (name: string): string => name.split("/").slice(-2).join("/");
