/**
 * A network as directed links and a rule that gives the way between two endpoints. Both interpreters and the drawing of a machine read this and nothing
 * else of a topology. Links are columns, because a machine of 131,072 devices has half a million; names are made when somebody asks.
 * A link has its full bandwidth in its direction, whatever goes the other way.
 */
export interface LinkTable {
  readonly count: number;
  readonly capacity_bytes_per_s: Float64Array;
  readonly latency_s: Float64Array;
  describe(link: number): LinkPlace;
}

export interface LinkPlace {
  /** What the link is made of: "nvlink", "pcie", "nic", "host", "leaf-spine", "global"... */
  readonly kind: string;
  /** Names of its two ends, for people: "node 3 / device 2", "leaf 5". */
  readonly from: string;
  readonly to: string;
}

export interface NetworkGraph {
  /** What flows begin and end at: devices of a machine, ports of a fabric. */
  readonly endpoints: number;
  readonly links: LinkTable;
  /** No way has more links. */
  readonly longestRoute: number;
  /**
   * Writes the links of the way from one endpoint to another into `out` from `at` on, in the order in which bytes pass them, and gives the place after the
   * last. The same answer for the same question. From an endpoint to itself there is no way: never asked. Flows of one pair that differ in label (queue pairs,
   * channels) may take other ways where routing hashes; elsewhere, and where it is left out, the label is 0 or means nothing.
   */
  route(from: number, to: number, out: Int32Array, at: number, label?: number): number;
}

/** Collects links; ranges of alike links share one way to name them. */
export class LinkBuilder {
  private readonly ranges: { first: number; count: number; capacity_bytes_per_s: number; latency_s: number; describe: (index: number) => LinkPlace }[] = [];
  private readonly tables: { first: number; table: LinkTable }[] = [];
  private total = 0;

  /** Gives the number of the first of `count` links; the describer is told 0 .. count - 1. */
  add(count: number, capacity_bytes_per_s: number, latency_s: number, describe: (index: number) => LinkPlace): number {
    const first = this.total;
    this.ranges.push({ first, count, capacity_bytes_per_s, latency_s, describe });
    this.total += count;
    return first;
  }

  /** All links of another table, after those that are there; gives the number of its first. */
  append(table: LinkTable): number {
    const first = this.total;
    this.tables.push({ first, table });
    this.total += table.count;
    return first;
  }

  build(): LinkTable {
    const [capacity_bytes_per_s, latency_s] = [new Float64Array(this.total), new Float64Array(this.total)];
    for (const range of this.ranges) {
      capacity_bytes_per_s.fill(range.capacity_bytes_per_s, range.first, range.first + range.count);
      latency_s.fill(range.latency_s, range.first, range.first + range.count);
    }
    for (const { first, table } of this.tables) {
      capacity_bytes_per_s.set(table.capacity_bytes_per_s, first);
      latency_s.set(table.latency_s, first);
    }
    const { ranges, tables, total } = this;
    return {
      count: total,
      capacity_bytes_per_s,
      latency_s,
      describe(link) {
        const range = ranges.find(({ first, count }) => link >= first && link < first + count);
        if (range) return range.describe(link - range.first);
        const inner = tables.find(({ first, table }) => link >= first && link < first + table.count);
        if (inner) return inner.table.describe(link - inner.first);
        throw new RangeError(`there is no link ${link}`);
      },
    };
  }
}
