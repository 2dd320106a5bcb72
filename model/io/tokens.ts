/**
 * Input of a transformer: token numbers, read from an indexed file and copied to every device that begins a pipeline. Megatron-LM's files hold 2 bytes a token where the
 * vocabulary has fewer than 65,500 entries, else 4 (megatron/core/datasets/indexed_dataset.py, DType.optimal_dtype); devices get 8 (int64). Left out: text that is turned
 * into tokens while training, images and sound.
 */
export interface TokenInput {
  readonly tokensPerStep: number;
  /** Ranks that read: one of each group that works on the same tokens. */
  readonly readers: number;
  readonly readersPerNode: number;
  readonly nodes: number;
  readonly vocabulary: number;
  readonly step_s: number;
  readonly nodeRead_bytes_per_s: number;
  readonly allRead_bytes_per_s: number;
  readonly hostLink_bytes_per_s: number;
}

export interface TokenSupply {
  readonly token_bytes: number;
  readonly need_bytes_per_s: { readonly device: number; readonly node: number; readonly machine: number };
  readonly supply_bytes_per_s: number;
  /** Time of a step in which input is read, and copied; both hide behind the step before. */
  readonly read_s: number;
  readonly copy_s: number;
  /** What the step would wait if reading took longer than it. */
  readonly wait_s: number;
}

export const tokenBytes = (vocabulary: number): number => (vocabulary < 65_500 ? 2 : 4);
const deviceTokenBytes = 8;

export function tokenSupply(input: TokenInput): TokenSupply {
  const token_bytes = tokenBytes(input.vocabulary);
  const step_bytes = input.tokensPerStep * token_bytes;
  const reader_bytes = step_bytes / input.readers;
  const supply_bytes_per_s = Math.min(input.nodeRead_bytes_per_s, input.allRead_bytes_per_s / input.nodes);
  const read_s = (reader_bytes * input.readersPerNode) / supply_bytes_per_s;
  const copy_s = ((input.tokensPerStep / input.readers) * deviceTokenBytes) / input.hostLink_bytes_per_s;
  return {
    token_bytes,
    need_bytes_per_s: { device: reader_bytes / input.step_s, node: (reader_bytes * input.readersPerNode) / input.step_s, machine: step_bytes / input.step_s },
    supply_bytes_per_s,
    read_s,
    copy_s,
    wait_s: Math.max(0, Math.max(read_s, copy_s) - input.step_s),
  };
}
