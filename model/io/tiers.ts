/**
 * Rates of a storage system that all nodes share: the least of what all clients, one node and its reader processes reach. Other jobs leave a share of what all clients
 * reach together. Of object stores (DAOS) the bandwidth of a number of servers comes from a table, by power law between its rows, because published rows do not
 * lie on a line. Metadata servers open and look up so many files a second, whoever asks. Left out: striping of single files, and servers that are full.
 */
export interface SharedTier {
  readonly name: string;
  readonly read_bytes_per_s: number;
  readonly nodeRead_bytes_per_s: number;
  readonly streamRead_bytes_per_s: number | null;
  /** Where many nodes read the same files at once. */
  readonly replicatedRead_bytes_per_s: number | null;
  readonly perFile_s: number;
  readonly opens_per_s: number | null;
  readonly stats_per_s: number | null;
  /** Share of the bandwidth that other jobs leave. */
  readonly available: number;
  readonly readSpread: number;
  readonly servers: { readonly used: number; readonly rows: ReadonlyArray<{ readonly servers: number; readonly read_bytes_per_s: number }> } | null;
}

/** Of one's own job: all clients together, other jobs beside. */
export function allClientsRead(tier: SharedTier): number {
  const of = tier.servers === null ? Number.POSITIVE_INFINITY : bandwidthOfServers(tier.servers.rows, tier.servers.used);
  return Math.min(tier.read_bytes_per_s, of) * tier.available;
}

/** What one of `nodes` nodes reads with a number of streams, when all read at once. */
export function nodeRead(tier: SharedTier, nodes: number, streams: number | null): number {
  const byStreams = tier.streamRead_bytes_per_s === null || streams === null ? Number.POSITIVE_INFINITY : streams * tier.streamRead_bytes_per_s;
  return Math.min(tier.nodeRead_bytes_per_s, byStreams, allClientsRead(tier) / nodes);
}

/** Time that the metadata servers need for so many files, each opened once, and looked up `looks` times. */
export function metadataTime(tier: Pick<SharedTier, "opens_per_s" | "stats_per_s">, files: number, looks: number): number {
  return (tier.opens_per_s === null ? 0 : files / tier.opens_per_s) + (tier.stats_per_s === null ? 0 : (files * looks) / tier.stats_per_s);
}

/** Below the first row in proportion to servers; above the last nothing more is known. */
export function bandwidthOfServers(rows: ReadonlyArray<{ readonly servers: number; readonly read_bytes_per_s: number }>, used: number): number {
  const sorted = rows.toSorted((a, b) => a.servers - b.servers);
  const above = sorted.findIndex(({ servers }) => servers >= used);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return Number.POSITIVE_INFINITY;
  if (above < 0) return last.read_bytes_per_s;
  const high = sorted[above] as typeof first;
  const low = sorted[above - 1];
  if (low === undefined) return (first.read_bytes_per_s * used) / first.servers;
  const exponent = Math.log(high.read_bytes_per_s / low.read_bytes_per_s) / Math.log(high.servers / low.servers);
  return low.read_bytes_per_s * (used / low.servers) ** exponent;
}
