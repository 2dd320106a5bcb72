/** Parameters of one part of a layer, by component. */
import type { Architecture, Experts, SmallParts } from "./architecture.ts";

export const components = ["embedding", "positions", "attention", "stateSpace", "feedForward", "router", "experts", "sharedExperts", "norms", "extraPredictions", "head"] as const;
export type Component = (typeof components)[number];

/** A part that occurs `count` times. */
export interface Part {
  readonly name: string;
  readonly count: number;
  readonly each: Readonly<Partial<Record<Component, number>>>;
}

export const partOf = (name: string, count: number, each: Partial<Record<Component, number>>): Part => ({ name, count, each: Object.fromEntries(Object.entries(each).filter(([, value]) => value > 0)) });

export const normWidth = (width: number, biases: boolean): number => (biases ? 2 : 1) * width;

/** Query, key, value and output, their biases, sinks, and norms of query and key (or of the compressed ones). */
export function parametersOfAttention({ hidden, attention, biases }: Architecture, small: SmallParts): { attention: number; norms?: number } {
  const { heads, keyValueHeads, headSize, valueHeadSize, queryRank, keyValueRank, rotaryHeadSize, sinks, queryKeyNormalisation } = attention;
  const output = heads * valueHeadSize * hidden + (biases === "all" ? hidden : 0);
  const logits = sinks ? heads : 0;
  if (keyValueRank > 0) {
    const wide = heads * (headSize + rotaryHeadSize);
    const query = queryRank > 0 ? queryRank * (hidden + wide) : hidden * wide;
    const keyValue = hidden * (keyValueRank + rotaryHeadSize) + keyValueRank * heads * (headSize + valueHeadSize);
    const added = biases === "none" ? 0 : queryRank + keyValueRank + rotaryHeadSize;
    return { attention: query + keyValue + output + logits + added, norms: normWidth(queryRank + keyValueRank, small.normBiases) };
  }
  const projected = heads * headSize + keyValueHeads * (headSize + valueHeadSize);
  const normed = small.wideQueryKeyNorm ? (heads + keyValueHeads) * headSize : 2 * headSize;
  return {
    attention: projected * (hidden + (biases === "none" ? 0 : 1)) + output + logits,
    ...(queryKeyNormalisation ? { norms: normWidth(normed, small.normBiases) } : {}),
  };
}

export const parametersOfFeedForward = (architecture: Architecture): { feedForward: number } => ({ feedForward: countTwoProducts(architecture, architecture.inner) });

/** Keys are components: `experts` are the routed ones. */
export function parametersOfExperts(architecture: Architecture, { count, inner, sharedInner }: Experts, small: SmallParts): Partial<Record<Component, number>> {
  const { hidden } = architecture;
  return {
    router: count * (hidden + (small.routerBias ? 1 : 0)),
    experts: count * countTwoProducts(architecture, inner),
    sharedExperts: sharedInner > 0 ? countTwoProducts(architecture, sharedInner) + (small.sharedExpertGate ? hidden : 0) : 0,
  };
}

function countTwoProducts({ hidden, gated, biases }: Architecture, inner: number): number {
  if (inner === 0) return 0;
  const ways = gated ? 2 : 1;
  return (ways + 1) * hidden * inner + (biases === "all" ? ways * inner + hidden : 0);
}

/** In-projection of gate, input, both states and time steps; convolution with bias; decay, skip and time-step bias a head; norm; out-projection (Mamba-2). */
export function parametersOfStateSpace({ hidden, stateSpace }: Architecture): Partial<Record<Component, number>> {
  if (stateSpace === null) return {};
  const { inner, state, groups, headSize, convolution } = stateSpace;
  const [heads, mixed] = [inner / headSize, inner + 2 * groups * state];
  return { stateSpace: hidden * (inner + mixed + heads) + mixed * (convolution + 1) + 3 * heads + inner * hidden, norms: inner };
}
