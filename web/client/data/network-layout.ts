/**
 * Where places of a machine are drawn: blocks in rows, smaller places inside them, squares at the bottom. The same for the same machine and width. The squares are
 * the smallest places of which there are few enough to be seen, and as large as the height allows.
 */
import type { OutlineLevel } from "../../../model/network/topology/index.ts";
import type { Place } from "../network/protocol.ts";

export interface Area extends Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface MapLayout {
  width: number;
  height: number;
  /** Places right below the one that is shown. */
  blocks: Area[];
  /** The smallest places drawn; the blocks themselves where they are these. */
  squares: Area[];
  /** Where the links above each row of blocks meet: [left, right, y]; none where blocks have no such links. */
  buses: Array<readonly [number, number, number]>;
  squareDepth: number;
  /** Pitch of squares in pixels. */
  pitch: number;
}

export interface LayoutWish {
  levels: readonly OutlineLevel[];
  nodes: number;
  at: Place;
  width: number;
  /** Blocks have links of their own upwards. */
  stubs: boolean;
}

const mostSquares = 20_000;
/** From large to small, in steps of half a pixel and about 5 %. */
const pitches: readonly number[] = [...new Set(Array.from({ length: 76 }, (_, step) => Math.round(60 * 0.95 ** step * 2) / 2))].filter((pitch) => pitch >= 1.5);
const tallest = 440;
export const labelHeight = 16;
export const stubSpace = 14;

interface Shape {
  width: number;
  height: number;
  columns: number;
  child: Shape | null;
  gap: number;
}

export function layoutMap({ levels, nodes, at, width, stubs }: LayoutWish): MapLayout {
  const [first, end] = rangeOf(levels, nodes, at);
  const top = at.depth + 1;
  const count = (depth: number): number => (end - first) / (levels[depth - 1]?.nodes ?? 1);
  let squareDepth = levels.length;
  while (squareDepth > top && count(squareDepth) > mostSquares) squareDepth--;
  const placed = Math.max(1, Math.ceil(count(top) - 1e-9));
  const head = (stubs ? stubSpace : 0) + labelHeight;
  const gap = 10;
  let best: { shape: Shape; pitch: number; columns: number; rowHeight: number } | null = null;
  for (const pitch of pitches) {
    const shape = shapeOf(levels, top, squareDepth, pitch, top === squareDepth ? 1 : Math.min(levels[top - 1]?.nodes ?? 1, end - first));
    const isSquare = top === squareDepth;
    const between = isSquare ? 0 : gap;
    const hinted = isSquare ? levels[at.depth - 1]?.columns : undefined;
    const fitting = Math.max(1, Math.floor((width + between) / (shape.width + between)));
    const columns = hinted === undefined ? evenly(placed, fitting) : Math.min(placed, hinted);
    const rowHeight = shape.height + (isSquare ? 0 : head + 6);
    best = { shape, pitch, columns, rowHeight };
    const total = Math.ceil(placed / columns) * rowHeight;
    if (shape.width <= width && columns <= fitting && total <= tallest) break;
  }
  const { shape, pitch, columns, rowHeight } = best as NonNullable<typeof best>;
  const isSquare = top === squareDepth;
  const between = isSquare ? 0 : gap;
  const firstPlace = Math.round(first / (levels[top - 1]?.nodes ?? 1));
  const blocks: Area[] = [];
  const squares: Area[] = [];
  for (let at = 0; at < placed; at++) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const block: Area = { depth: top, index: firstPlace + at, x: column * (shape.width + between), y: row * rowHeight + (isSquare ? 0 : head), width: shape.width, height: shape.height };
    blocks.push(block);
    if (!isSquare) fill(squares, levels, nodes, block, shape, squareDepth);
  }
  const rows = Math.ceil(placed / columns);
  const buses = stubs && !isSquare ? Array.from({ length: rows }, (_, row) => [0, Math.min(width, Math.min(columns, placed - row * columns) * (shape.width + between) - between), row * rowHeight + 0.5] as const) : [];
  return { width, height: rows * rowHeight, blocks, squares: isSquare ? blocks : squares, buses, squareDepth, pitch };
}

/** As many a row as rows of equal length allow. */
const evenly = (count: number, most: number): number => Math.ceil(count / Math.ceil(count / most));

/** Columns near a wish that leave the last row as full as can be. */
function wholeRows(count: number, wish: number): number {
  const [low, high] = [Math.max(1, Math.floor(wish * 0.6)), Math.min(count, Math.ceil(wish * 1.6))];
  const candidates = Array.from({ length: Math.max(1, high - low + 1) }, (_, step) => low + step);
  const cost = (columns: number): number => (Math.ceil(count / columns) * columns - count) / count + Math.abs(Math.log(columns / wish)) * 0.12;
  return candidates.reduce((best, columns) => (cost(columns) < cost(best) ? columns : best));
}

export function rangeOf(levels: readonly OutlineLevel[], nodes: number, { depth, index }: Place): readonly [number, number] {
  const size = depth === 0 ? nodes : (levels[depth - 1]?.nodes ?? 1);
  return [Math.min(nodes, index * size), Math.min(nodes, (index + 1) * size)];
}

function shapeOf(levels: readonly OutlineLevel[], depth: number, squareDepth: number, pitch: number, within: number): Shape {
  const level = levels[depth - 1];
  if (depth >= squareDepth) return { width: pitch * (level?.columns ?? 1), height: pitch, columns: 1, child: null, gap: 0 };
  const below = levels[depth]?.nodes ?? 1;
  const size = Math.min(level?.nodes ?? 1, within);
  const child = shapeOf(levels, depth + 1, squareDepth, pitch, below);
  const count = Math.max(1, Math.ceil(size / below - 1e-9));
  const gap = depth + 1 === squareDepth ? 0 : Math.max(1.5, pitch * 0.35);
  const near = Math.max(1, Math.sqrt((count * 1.5 * (child.height + gap)) / (child.width + gap)));
  const columns = Math.min(count, level?.columns ?? wholeRows(count, near));
  const rows = Math.ceil(count / columns);
  return { width: columns * (child.width + gap) - gap, height: rows * (child.height + gap) - gap, columns, child, gap };
}

function fill(squares: Area[], levels: readonly OutlineLevel[], nodes: number, area: Area, shape: Shape, squareDepth: number): void {
  const { child } = shape;
  if (child === null) {
    squares.push(area);
    return;
  }
  const below = levels[area.depth]?.nodes ?? 1;
  const [first, end] = rangeOf(levels, nodes, area);
  const firstPlace = Math.round(first / below);
  for (let at = 0; firstPlace + at < end / below - 1e-9; at++) {
    const [column, row] = [at % shape.columns, Math.floor(at / shape.columns)];
    fill(squares, levels, nodes, { depth: area.depth + 1, index: firstPlace + at, x: area.x + column * (child.width + shape.gap), y: area.y + row * (child.height + shape.gap), width: child.width, height: child.height }, child, squareDepth);
  }
}
