/** How many layers have which part. Where a hybrid model has layers that are a feed-forward part alone, the others have none, and those with experts are among them. */
import type { Architecture } from "./architecture.ts";

export interface LayerCounts {
  /** Decoder layers with attention, and those of them that look back a window only. */
  readonly attention: number;
  readonly windowed: number;
  readonly crossAttention: number;
  readonly stateSpace: number;
  /** Decoder layers with a feed-forward part without experts. */
  readonly feedForward: number;
  readonly experts: number;
}

export function layerCounts({ layers, encoderLayers, attention, experts, stateSpace }: Architecture): LayerCounts {
  const alone = stateSpace?.feedForwardLayers ?? 0;
  const mixers = stateSpace?.layers ?? 0;
  const attending = layers - mixers - alone;
  const inner = alone > 0 ? alone : layers;
  const withExperts = experts === null ? 0 : Math.floor(Math.max(0, inner - experts.firstDense) / experts.every);
  const full = attention.fullEvery > 0 ? Math.floor(attending / attention.fullEvery) : 0;
  return {
    attention: attending,
    windowed: attention.window > 0 ? attending - full : 0,
    crossAttention: encoderLayers > 0 ? layers : 0,
    stateSpace: mixers,
    feedForward: inner - withExperts,
    experts: withExperts,
  };
}
