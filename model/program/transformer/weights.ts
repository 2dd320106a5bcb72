/**
 * Parameters that one rank holds of one layer or end, without biases, norms and router (below a thousandth), for what is exchanged and updated. The exact count of a
 * model is in workload/transformer.
 */
import type { Architecture } from "../../workload/transformer/architecture.ts";
import type { Layout } from "../../plan/layout.ts";

export function attentionWeights({ attention, hidden }: Architecture, tensor: number): number {
  const { heads, headSize, valueHeadSize, queryRank, keyValueRank, rotaryHeadSize } = attention;
  const output = (heads * valueHeadSize * hidden) / tensor;
  if (keyValueRank === 0) return output + (hidden * (heads * headSize + Math.max(tensor, attention.keyValueHeads) * (headSize + valueHeadSize))) / tensor;
  const query = queryRank > 0 ? queryRank * (hidden + (heads * (headSize + rotaryHeadSize)) / tensor) : (hidden * heads * (headSize + rotaryHeadSize)) / tensor;
  return output + query + hidden * (keyValueRank + rotaryHeadSize) + (keyValueRank * heads * (headSize + valueHeadSize)) / tensor;
}

export function stateSpaceWeights({ stateSpace, hidden }: Architecture, tensor: number): number {
  if (!stateSpace) return 0;
  const { inner, groups, state, headSize } = stateSpace;
  return (hidden * (3 * inner + 2 * groups * state + inner / headSize)) / tensor;
}

export const feedForwardWeights = ({ hidden, inner, gated }: Architecture, tensor: number): number => ((gated ? 3 : 2) * hidden * inner) / tensor;

/** Of one layer with experts: what every rank of the experts' group has alike. */
export const sharedExpertWeights = ({ experts, hidden, gated }: Architecture, tensor: number): number => (experts ? ((gated ? 3 : 2) * hidden * experts.sharedInner) / tensor : 0);

/** The experts that a rank holds. */
export const routedExpertWeights = ({ experts, hidden, gated }: Architecture, { expert, expertTensor }: Layout): number => (experts ? ((gated ? 3 : 2) * hidden * experts.inner * experts.count) / (expert * expertTensor) : 0);
