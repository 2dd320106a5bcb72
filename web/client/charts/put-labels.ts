/** Finds room for labels beside what is drawn: the first spot of each that meets nothing; a label without one is left out. */
import { label, overlaps, textBox, type Box, type Ruler, type TextStyle } from "./kit.ts";

export interface Spot {
  x: number;
  y: number;
  anchor: "start" | "middle" | "end";
}

export interface Placer {
  /** Marks and lines that labels keep off. */
  take(...boxes: Box[]): void;
  put(content: string, style: TextStyle, spots: readonly Spot[]): SVGTextElement | null;
}

export function createPlacer(frame: Box, ruler: Ruler): Placer {
  const taken: Box[] = [];
  return {
    take: (...boxes) => void taken.push(...boxes),
    put(content, style, spots) {
      for (const spot of spots) {
        const full = { ...style, anchor: spot.anchor, halo: true };
        const box = textBox(spot.x, spot.y, content, ruler, full);
        if (box.x < frame.x || box.x + box.width > frame.x + frame.width || box.y < frame.y || box.y + box.height > frame.y + frame.height) continue;
        if (taken.some((other) => overlaps(box, other))) continue;
        taken.push(box);
        return label(spot.x, spot.y, content, full);
      }
      return null;
    },
  };
}

/** Small boxes along a line, so that labels keep off it. */
export function alongLine(points: ReadonlyArray<readonly [number, number]>): Box[] {
  return points.slice(1).flatMap(([x1, y1], index) => {
    const [x0, y0] = points[index] ?? [x1, y1];
    const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 5));
    return Array.from({ length: steps + 1 }, (_, step) => ({ x: x0 + ((x1 - x0) * step) / steps - 1.5, y: y0 + ((y1 - y0) * step) / steps - 1.5, width: 3, height: 3 }));
  });
}
