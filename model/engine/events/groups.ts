/** Items by the group that each belongs to, by counting: `items` of group g stand from start[g] to start[g + 1], in their own order. */
export interface Groups {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

export function groupBy(groupOf: Int32Array, groups: number): Groups {
  const start = new Int32Array(groups + 1);
  for (let item = 0; item < groupOf.length; item++) {
    const group = groupOf[item] as number;
    start[group + 1] = (start[group + 1] as number) + 1;
  }
  for (let group = 0; group < groups; group++) start[group + 1] = (start[group + 1] as number) + (start[group] as number);
  const items = new Int32Array(groupOf.length);
  const next = start.slice();
  for (let item = 0; item < groupOf.length; item++) {
    const group = groupOf[item] as number;
    const at = next[group] as number;
    items[at] = item;
    next[group] = at + 1;
  }
  return { start, items };
}
