/**
 * Parameters of a transformer to the unit, by part and component: every product, bias, norm, table and logit that trains. Buffers (rotary frequencies, masks) do not count.
 * A token is active in all of them but the routed experts it is not sent to. Rows that a layout adds to the vocabulary are not counted here.
 */
import type { Architecture, SmallParts } from "./architecture.ts";
import { normWidth, partOf, parametersOfAttention, parametersOfExperts, parametersOfFeedForward, parametersOfStateSpace, type Component, type Part } from "./layer-parameters.ts";
import { layerCounts } from "./layer-counts.ts";

export interface ParameterCount {
  readonly total: number;
  /** Those that one token meets, tables of the embedding included. */
  readonly active: number;
  readonly components: Readonly<Record<Component, number>>;
  readonly activeComponents: Readonly<Record<Component, number>>;
  readonly parts: readonly Part[];
}

const noSmallParts: SmallParts = {
  normsPerLayer: 2, normBiases: false, embeddingNorm: false, finalNorm: true, wideQueryKeyNorm: false, relativePositions: 0, segments: 0, headProduct: false, pooledClasses: 0, headBias: false,
  routerBias: false, sharedExpertGate: false,
};

export function smallPartsOf({ smallParts, normalisation }: Architecture): SmallParts {
  return smallParts ?? { ...noSmallParts, normBiases: normalisation === "layer" };
}

export function countTransformerParameters(architecture: Architecture): ParameterCount {
  const small = smallPartsOf(architecture);
  const parts = [...listEnds(architecture, small), ...listLayers(architecture, small)].filter(({ count, each }) => count > 0 && Object.keys(each).length > 0);
  const share = architecture.experts === null ? 1 : architecture.experts.topK / architecture.experts.count;
  const components = sumComponents(parts);
  const activeComponents = { ...components, experts: components.experts * share };
  return { total: sum(components), active: sum(activeComponents), components, activeComponents, parts };
}

function listEnds(architecture: Architecture, small: SmallParts): Part[] {
  const { hidden, vocabulary, tiedEmbeddings, learnedPositions, image, encoderLayers, attention } = architecture;
  const norm = normWidth(hidden, small.normBiases);
  const stacks = encoderLayers > 0 ? 2 : 1;
  const patches = image === undefined ? 0 : hidden * (image.patch ** 2 * image.channels + 1) + hidden;
  const head = (tiedEmbeddings ? 0 : vocabulary * hidden) + (small.headBias ? vocabulary : 0) + (small.headProduct ? hidden * (hidden + 1) : 0);
  const pooled = (small.pooledClasses > 0 ? hidden * (hidden + 1) + small.pooledClasses * (hidden + 1) : 0) + (image === undefined ? 0 : image.classes * (hidden + 1));
  return [
    partOf("embedding", 1, { embedding: (vocabulary + small.segments) * hidden + patches, positions: learnedPositions * hidden + stacks * small.relativePositions * attention.heads, norms: small.embeddingNorm ? norm : 0 }),
    partOf("head", 1, { head: head + pooled, norms: stacks * (small.finalNorm ? norm : 0) + (small.headProduct ? norm : 0) }),
  ];
}

function listLayers(architecture: Architecture, small: SmallParts): Part[] {
  const { hidden, encoderLayers, extraPredictions, experts } = architecture;
  const counts = layerCounts(architecture);
  const norm = normWidth(hidden, small.normBiases);
  const attention = parametersOfAttention(architecture, small);
  const feedForward = parametersOfFeedForward(architecture);
  const routed = experts === null ? {} : parametersOfExperts(architecture, experts, small);
  return [
    partOf("encoder-layer", encoderLayers, { ...attention, ...feedForward, norms: (attention.norms ?? 0) + small.normsPerLayer * norm }),
    partOf("attention", counts.attention, attention),
    partOf("cross-attention", counts.crossAttention, { ...attention, norms: (attention.norms ?? 0) + norm }),
    partOf("state-space", counts.stateSpace, parametersOfStateSpace(architecture)),
    partOf("feed-forward", counts.feedForward, feedForward),
    partOf("experts", counts.experts, routed),
    partOf("layer-norms", architecture.layers, { norms: small.normsPerLayer * norm }),
    partOf("extra-prediction", extraPredictions, {
      extraPredictions: 2 * hidden * hidden + sum(attention) + sum({ ...(experts === null ? feedForward : routed), experts: 0 }) + (small.normsPerLayer + 3) * norm,
      experts: routed.experts ?? 0,
    }),
  ];
}

function sumComponents(parts: readonly Part[]): Record<Component, number> {
  const total: Record<Component, number> = { embedding: 0, positions: 0, attention: 0, stateSpace: 0, feedForward: 0, router: 0, experts: 0, sharedExperts: 0, norms: 0, extraPredictions: 0, head: 0 };
  for (const { count, each } of parts) for (const [component, parameters] of Object.entries(each)) total[component as Component] += count * parameters;
  return total;
}

const sum = (components: Partial<Record<Component, number>>): number => Object.values(components).reduce((total, parameters) => total + parameters, 0);
