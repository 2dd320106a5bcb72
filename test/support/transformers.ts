/** Transformers, layouts and a machine for tests: GPT as published, an A100 of 80 GB in nodes of eight, and parameters fitted to public runs by a throw-away prototype. */
import type { Layout } from "../../model/plan/layout.ts";
import { parameterIndex, transformerParameterNames, type TransformerHardware, type TransformerParameter, type TransformerValues } from "../../model/cost/transformer/parameters.ts";
import type { Architecture } from "../../model/workload/transformer/architecture.ts";

export function gpt(hidden: number, layers: number, heads: number, more: Partial<Architecture> = {}): Architecture {
  return {
    hidden, layers, encoderLayers: 0, inner: 4 * hidden, gated: false, experts: null, stateSpace: null, vocabulary: 51_200, tiedEmbeddings: true, learnedPositions: 2048, normalisation: "layer", biases: "all", parallelBlock: false, extraPredictions: 0, sequence: 2048,
    attention: { heads, keyValueHeads: heads, headSize: hidden / heads, valueHeadSize: hidden / heads, queryRank: 0, keyValueRank: 0, rotaryHeadSize: 0, window: 0, fullEvery: 0, causal: true, queryKeyNormalisation: false, sinks: false },
    ...more,
  };
}

/** Llama 3 8B, arXiv:2407.21783, table 3. */
export const llama8b: Architecture = {
  ...gpt(4096, 32, 32), inner: 14_336, gated: true, vocabulary: 128_256, tiedEmbeddings: false, learnedPositions: 0, normalisation: "rms", biases: "none", sequence: 8192,
  attention: { ...gpt(4096, 32, 32).attention, keyValueHeads: 8 },
};

/** DeepSeek-V3, arXiv:2412.19437, section 4.2. */
export const deepSeekV3: Architecture = {
  ...gpt(7168, 61, 128), inner: 18_432, gated: true, vocabulary: 129_280, tiedEmbeddings: false, learnedPositions: 0, normalisation: "rms", biases: "none", extraPredictions: 1, sequence: 4096,
  attention: { ...gpt(7168, 61, 128).attention, headSize: 128, valueHeadSize: 128, queryRank: 1536, keyValueRank: 512, rotaryHeadSize: 64 },
  experts: { count: 256, topK: 8, inner: 2048, sharedInner: 2048, firstDense: 3, every: 1, capacityFactor: 0 },
};

/** `data` follows from the devices, `microBatches` from the batch. */
export function layoutOf(given: Partial<Layout> & Pick<Layout, "devices" | "microBatch" | "globalBatch">): Layout {
  const { tensor = 1, context = 1, pipeline = 1, virtualStages = 1, devices, microBatch, globalBatch } = given;
  const data = devices / (tensor * context * pipeline);
  const layout: Layout = {
    tensor, context, pipeline, virtualStages, data, expert: 1, expertTensor: 1, microBatches: globalBatch / (data * microBatch), sequence: 2048, sequenceParallel: false,
    schedule: virtualStages > 1 ? "interleaved" : "1f1b", split: "even", sharding: "none", shardGroup: data * context, reshardAfterForward: true, recompute: "none", recomputeModules: [], recomputedLayers: 0,
    recipe: "fp16", attentionKernel: "unfused", narrowAttention: false, narrowHead: false, fusedRotation: false, contextScheme: "ring", expertDispatch: "deepep", graphs: "none", overlap: { gradients: true, parameters: true, tensor: true, pipeline: true, expert: false },
    optimizer: "adam", dropout: true, adapterRank: 0, offload: { optimizer: 0, activations: 0 }, vocabularyMultiple: 128, ...given,
  };
  return layout;
}

/** A100 SXM4 80 GB, NVIDIA's data sheet; eight in a node with eight ports of 200 Gbit/s. */
export const a100: TransformerHardware = {
  peak_flop_per_s: 312e12, peak16_flop_per_s: 312e12, multiprocessors: 108, memory_bytes_per_s: 2039e9, memory_bytes: 80e9, devicesPerNode: 8, domain: 8, injection_bytes_per_s: 200e9, hostLink_bytes_per_s: 32e9,
};

/** Megatron-LM 2021 on A100. */
export const megatron2021: Record<TransformerParameter, number> = {
  gemmCeiling: 0.88, memoryShare: 0.67, innerRamp: 190, outerRamp: 90, nodeBandwidth: 220e9, nodeHalfSize: 4e6, nodeLatency: 36e-6, fabricShare: 0.9, fabricLatency: 5e-6, sliceContention: 0,
  productShare: 1, elementwise: 0.9, castTraffic: 1, flashShare: 0.315, attentionTraffic: 1, misalignedHeads: 15, tensorExposed: 0.93, tensorSkew: 50e-6, dataExposed: 0.5, gradientBytes: 2, shardEfficiency: 0.3, shardExposed: 0.3,
  pipelineExposed: 0.5, expertExposed: 1, overlapSlowdown: 0, headShare: 0.62, layerLaunch: 0.3e-3, tensorLaunch: 38e-6, expertLaunch: 0.3e-3, groupLaunch: 20e-6, expertFactor: 1.1, optimizer: 1.2, fixed: 4e-3, jitter: 0.01,
};

export function valuesOf(parameters: Partial<Record<TransformerParameter, number>> = {}, base: Record<TransformerParameter, number> = megatron2021): TransformerValues {
  const values = new Float64Array(transformerParameterNames.length);
  for (const name of transformerParameterNames) values[parameterIndex[name]] = parameters[name] ?? base[name];
  return values;
}
