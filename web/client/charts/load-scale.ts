/** Colours of load in ten steps, from faint to strong against the paper, as custom properties; and the key that explains them. */
import { bar, label, type Ruler } from "./kit.ts";

export const unusedFill = "var(--sunk)";
export const idleFill = "var(--line2)";

export const loadStep = (used: number): number => Math.min(9, Math.max(0, Math.floor(used * 10 - 1e-9)));

/** NaN: not in the job. */
export const loadFill = (used: number): string => (Number.isNaN(used) ? unusedFill : used <= 0 ? idleFill : `var(--q${loadStep(used)})`);

/** A key of swatches in one row, from x; gives the elements and where it ends. */
export function loadKey(x: number, y: number, ruler: Ruler, parts: { idle: boolean; outside: boolean }): { elements: SVGElement[]; end: number } {
  const elements: SVGElement[] = [];
  let at = x;
  const word = (text: string, gap = 12): void => {
    elements.push(label(at, y, text));
    at += ruler(text) + gap;
  };
  word("busy 0", 5);
  for (let step = 0; step < 10; step++) elements.push(bar(at + step * 9, y - 9, 9, 10, `var(--q${step})`));
  at += 95;
  word("100\u202f% of the time");
  for (const [shown, fill, text] of [[parts.idle, idleFill, "carries nothing"], [parts.outside, unusedFill, "not in the job"]] as const) {
    if (!shown) continue;
    elements.push(bar(at, y - 9, 10, 10, fill, fill === unusedFill ? { stroke: "var(--line2)" } : {}));
    at += 15;
    word(text);
  }
  return { elements, end: at };
}
