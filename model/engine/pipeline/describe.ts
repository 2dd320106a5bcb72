/** The terms of a transformer's step with what each stands for and where its equation is from. */
import { transformerTerms, type TransformerTerm } from "./terms.ts";

export interface DescribedTerm {
  readonly term: TransformerTerm;
  readonly time_s: number;
  readonly means: string;
  readonly source: string;
}

const descriptions: Record<TransformerTerm, readonly [means: string, source: string]> = {
  "ideal-compute": ["FLOP of the slowest stage over the peak", "definition"],
  "kernel-inefficiency": ["What products and attention take beyond that: ceiling, tiles and waves, ramps, recomputation's own kernels", "NVIDIA, Matrix Multiplication Background; Osama et al. 2023"],
  "memory-bound": ["Element-wise kernels, casts and scores at the memory bandwidth reached", "Korthikanti et al. 2022, for what is read and written"],
  launch: ["Host time that kernels do not hide", "5-norm of host and device time per layer"],
  tensor: ["Tensor-parallel collectives", "Shoeybi et al. 2019; Korthikanti et al. 2022"],
  context: ["Exchange of keys and values, or of tokens for heads", "Liu et al. 2023; Llama 3; Jacobs et al. 2023"],
  expert: ["Dispatch to experts and back", "Lepikhin et al. 2020; DeepSeek-V3"],
  "pipeline-bubble": ["Waiting for other stages", "Narayanan et al. 2021; Qi et al. 2023; DeepSeek-V3"],
  "pipeline-messages": ["Messages between stages", "Narayanan et al. 2021"],
  data: ["Sums of gradients and gathering of parameters that compute does not hide", "Rajbhandari et al. 2020; Zhao et al. 2023"],
  optimizer: ["Update of the weights", "definition: bytes of its states"],
  offload: ["Transfers to host memory that compute does not hide", "definition"],
  head: ["Embedding, loss head and extra predictions on the slowest stage", "definition"],
  fixed: ["What nothing else explains", "fitted per stack"],
  jitter: ["Waiting for the slowest node", "expected maximum of normal deviates, sqrt(2 ln n)"],
};

/** In the order of the result. */
export function describeTerms(result: Float64Array): DescribedTerm[] {
  return transformerTerms.map((term, index) => ({ term, time_s: result[index + 1] ?? 0, means: descriptions[term][0], source: descriptions[term][1] }));
}
