/** Intervals of time in growing columns, and the parts of a step that they cover: union, overlap and gaps. Two numbers per interval, so that a million of them are 16 MB. */
export class Intervals {
  private columns = new Float64Array(1024);
  private inOrder = true;
  count = 0;

  add(start: number, end: number): void {
    const last = 2 * this.count - 2;
    if (last >= 0) {
      // What begins inside the one before makes that one longer; what begins before it asks for a sort.
      if (start < (this.columns[last] as number)) this.inOrder = false;
      else if (start <= (this.columns[last + 1] as number)) {
        this.columns[last + 1] = Math.max(this.columns[last + 1] as number, end);
        return;
      }
    }
    if (2 * this.count + 2 > this.columns.length) {
      const larger = new Float64Array(this.columns.length * 2);
      larger.set(this.columns);
      this.columns = larger;
    }
    this.columns[2 * this.count] = start;
    this.columns[2 * this.count + 1] = end;
    this.count++;
  }

  /** Disjoint intervals in order that cover the same time. */
  union(): Float64Array {
    if (this.inOrder) return this.columns.slice(0, 2 * this.count);
    const order = Uint32Array.from({ length: this.count }, (_, index) => index).toSorted((a, b) => (this.columns[2 * a] as number) - (this.columns[2 * b] as number));
    const merged = new Float64Array(2 * this.count);
    let count = 0;
    for (const index of order) {
      const start = this.columns[2 * index] as number;
      const end = this.columns[2 * index + 1] as number;
      if (count > 0 && start <= (merged[2 * count - 1] as number)) merged[2 * count - 1] = Math.max(merged[2 * count - 1] as number, end);
      else {
        merged[2 * count] = start;
        merged[2 * count + 1] = end;
        count++;
      }
    }
    return merged.subarray(0, 2 * count);
  }
}

/** Time of disjoint ordered intervals inside [from, to]. */
export function covered(intervals: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = firstAfter(intervals, from); at < intervals.length && (intervals[at] as number) < to; at += 2) sum += Math.max(0, Math.min(to, intervals[at + 1] as number) - Math.max(from, intervals[at] as number));
  return sum;
}

/** Time inside [from, to] that both cover. */
export function coveredByBoth(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let sum = 0;
  let [left, right] = [firstAfter(a, from), firstAfter(b, from)];
  while (left < a.length && right < b.length) {
    const start = Math.max(a[left] as number, b[right] as number, from);
    const end = Math.min(a[left + 1] as number, b[right + 1] as number, to);
    if (start >= to) break;
    if (end > start) sum += end - start;
    if ((a[left + 1] as number) < (b[right + 1] as number)) left += 2;
    else right += 2;
  }
  return sum;
}

/** What either covers. */
export function unionOf(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Intervals();
  let [left, right] = [0, 0];
  while (left < a.length || right < b.length) {
    if (right >= b.length || (left < a.length && (a[left] as number) <= (b[right] as number))) {
      both.add(a[left] as number, a[left + 1] as number);
      left += 2;
    } else {
      both.add(b[right] as number, b[right + 1] as number);
      right += 2;
    }
  }
  return both.union();
}

/** Position of the first interval that ends after a moment. */
function firstAfter(intervals: Float64Array, moment: number): number {
  let [low, high] = [0, intervals.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[2 * middle + 1] as number) <= moment) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}
