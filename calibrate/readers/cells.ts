/**
 * Cells of a line between blanks and the numbers in them, found without a regular expression and without cutting text out: for tools whose tables run to
 * millions of lines. A decimal of at most fifteen digits is a whole number over a power of ten, both exact, so that one division gives the nearest double
 * (Clinger 1990); anything else is left to Number().
 */

/** Where cells begin and end in a text that holds their line; one is made per reading and used for every line. */
export interface Cells {
  line: string;
  count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

const mostCells = 64;

export const makeCells = (): Cells => ({ line: "", count: 0, from: new Int32Array(mostCells), to: new Int32Array(mostCells) });

export const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;

/** A line of more cells than fit keeps the first ones; its count says how many there are. */
export function findCells(cells: Cells, line: string, begin = 0, end: number = line.length): Cells {
  const { from, to } = cells;
  let count = 0;
  let open = -1;
  for (let at = begin; at < end; at++) {
    if (!isBlank(line.charCodeAt(at))) {
      if (open < 0) open = at;
    } else if (open >= 0) {
      // Past the last place an index writes nothing.
      from[count] = open;
      to[count++] = at;
      open = -1;
    }
  }
  if (open >= 0) {
    from[count] = open;
    to[count++] = end;
  }
  cells.line = line;
  cells.count = count;
  return cells;
}

/** Text of a cell; nothing where there is none. */
export const cellText = ({ line, count, from, to }: Cells, index: number): string | undefined => (index < count && index < mostCells ? line.slice(from[index], to[index]) : undefined);

/** Whether a cell is exactly this text. */
export const cellIs = ({ line, count, from, to }: Cells, index: number, text: string): boolean => index < count && index < mostCells && text.length === (to[index] ?? 0) - (from[index] ?? 0) && line.startsWith(text, from[index]);

export const cellNumber = (cells: Cells, index: number): number => (index < cells.count && index < mostCells ? decimalIn(cells.line, cells.from[index]!, cells.to[index]!) : Number.NaN);

/** Digits alone; NaN for anything else. */
export function cellWhole(cells: Cells, index: number): number {
  if (index >= cells.count || index >= mostCells) return Number.NaN;
  const from = cells.from[index]!;
  const to = cells.to[index]!;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = cells.line.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return to - from <= mostDigits ? value : Number(cells.line.slice(from, to));
}

const mostDigits = 15;
const tens = Array.from({ length: mostDigits + 1 }, (_, power) => 10 ** power);

/** Number(text.slice(from, to)). */
export function decimalIn(text: string, from: number, to: number): number {
  let value = 0;
  let point = -1;
  if (to - from > mostDigits || to <= from) return Number(text.slice(from, to));
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const digit = code - 48;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (code === 46 && point < 0) point = at;
    else return Number(text.slice(from, to));
  }
  if (point < 0) return value;
  return to - from === 1 ? Number.NaN : value / tens[to - point - 1]!;
}
