/** Aligned text tables: a head with the units below it, numbers to the right, and one left column that gives way where the line would be too long. */
import { dim, type Look } from "./look.ts";

export interface Column {
  head: string;
  unit?: string;
  /** Text is left-aligned, numbers right-aligned (the default). */
  align?: "left" | "right";
  /** May be cut with an ellipsis where the table is too wide. */
  gives?: boolean;
  /** Cut in the middle: for names whose ends tell them apart. */
  keepsEnd?: boolean;
  cells: readonly string[];
}

export function writeTable(columns: readonly Column[], look: Look, indent = 0): string {
  const shown = columns.filter((column) => column.cells.some((cell) => cell !== ""));
  if (shown.length === 0) return "";
  const widths = shown.map((column) => Math.max(lengthOf(column.head), lengthOf(column.unit ?? ""), ...column.cells.map(lengthOf)));
  shrink(shown, widths, look.width - indent - 2 * (shown.length - 1));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, index) => pad(cut(cell, widths[index] ?? 0, shown[index]?.keepsEnd), widths[index] ?? 0, shown[index]?.align ?? "right"));
    return (" ".repeat(indent) + padded.join("  ")).trimEnd();
  };
  const rows = Array.from({ length: Math.max(...shown.map((column) => column.cells.length)) }, (_, row) => line(shown.map((column) => column.cells[row] ?? "")));
  const heads = [line(shown.map((column) => column.head))];
  if (shown.some((column) => column.unit)) heads.push(line(shown.map((column) => column.unit ?? "")));
  return [...heads.map((head) => dim(head, look)), ...rows].join("\n");
}

/** Takes the excess from the columns that give, the widest first, and leaves each at least 12 characters. */
function shrink(columns: readonly Column[], widths: number[], room: number): void {
  const giving = columns.flatMap((column, index) => (column.gives ? [index] : []));
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const widest = giving.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined || (widths[widest] ?? 0) <= 12) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

export const lengthOf = (text: string): number => [...text].length;

export function cut(text: string, width: number, keepsEnd = false): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  const end = keepsEnd ? Math.floor(Math.max(0, width - 1) / 2) : 0;
  return `${letters.slice(0, Math.max(0, width - 1 - end)).join("")}…${letters.slice(letters.length - end).join("")}`;
}

export function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - lengthOf(text)));
  return align === "left" ? text + space : space + text;
}
