/** Options of a transformer workload -> architecture: what may be left out is filled in, what follows from other keys is computed. */
import type { TransformerOptions } from "../../schema/transformer.ts";
import type { Architecture, Attention, Experts, SmallParts } from "./architecture.ts";

export function makeArchitecture(options: TransformerOptions): Architecture {
  const { image } = options;
  const imageTokens = image === undefined ? 0 : (image.size / image.patch) ** 2 + 1;
  const { stateSpace, hidden, layers, encoderLayers, gated, tiedEmbeddings, normalisation, biases, parallelBlock, extraPredictions } = options;
  return {
    hidden,
    layers,
    encoderLayers,
    attention: makeAttention(options),
    inner: options.inner ?? 0,
    gated,
    experts: makeExperts(options),
    stateSpace: stateSpace ?? null,
    vocabulary: options.vocabulary ?? 0,
    tiedEmbeddings,
    learnedPositions: image === undefined ? options.learnedPositions : imageTokens,
    normalisation,
    biases,
    parallelBlock,
    extraPredictions,
    sequence: options.sequence ?? imageTokens,
    ...(options.predictedTokens === 0 ? {} : { predictedTokens: options.predictedTokens }),
    ...(image === undefined ? {} : { image: { channels: image.channels, patch: image.patch, classes: image.classes } }),
    smallParts: makeSmallParts(options),
  };
}

function makeAttention({ hidden, heads, keyValueHeads, headSize, latentAttention, window, causal, queryKeyNormalisation, sinks }: TransformerOptions): Attention {
  const size = headSize ?? hidden / heads;
  return {
    heads,
    keyValueHeads: keyValueHeads ?? heads,
    headSize: size,
    valueHeadSize: latentAttention?.valueHeadSize ?? size,
    queryRank: latentAttention?.queryRank ?? 0,
    keyValueRank: latentAttention?.keyValueRank ?? 0,
    rotaryHeadSize: latentAttention?.rotaryHeadSize ?? 0,
    window: window?.tokens ?? 0,
    fullEvery: window?.fullEvery ?? 0,
    causal,
    queryKeyNormalisation: queryKeyNormalisation !== "none",
    sinks,
  };
}

function makeExperts({ experts }: TransformerOptions): Experts | null {
  if (experts === undefined) return null;
  const { count, topK, inner, sharedInner, firstDense, every, capacityFactor } = experts;
  return { count, topK, inner, sharedInner, firstDense, every, capacityFactor };
}

function makeSmallParts(options: TransformerOptions): SmallParts {
  return {
    normsPerLayer: options.normsPerLayer ?? 2,
    normBiases: options.normalisationBiases ?? options.normalisation === "layer",
    embeddingNorm: options.embeddingNormalisation,
    finalNorm: options.finalNormalisation,
    wideQueryKeyNorm: options.queryKeyNormalisation === "all-heads",
    relativePositions: options.relativePositions,
    segments: options.segments,
    headProduct: options.headProduct,
    pooledClasses: options.pooledClasses,
    headBias: options.headBias,
    routerBias: options.experts?.routerBias ?? false,
    sharedExpertGate: options.experts?.sharedGate ?? false,
  };
}
