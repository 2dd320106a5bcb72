/**
 * Rows of what follows the mixer in a layer: a feed-forward part, or experts with their router, dispatch and way back (GShard, arXiv:2006.16668; dispatch between devices
 * as Megatron-Core does it: ranks of experts are neighbours and take the ranks of tensor, context and data in that order).
 */
import type { Architecture } from "../../workload/transformer/architecture.ts";
import type { Layout } from "../../plan/layout.ts";
import { addCasts, addElementwise, addLinear, addTensorExchange } from "./attention.ts";
import { addProducts, addRow, Block, Format, Operation, Phase, type TransformerProgram } from "./columns.ts";
import type { RankSizes } from "./sizes.ts";

const betweenBytes = 11;
/** Bytes per channel of the inner activation: in and out; a product of two projections reads one more. */
const innerBytes = 4;
const gatedMore = 1.5;
/**
 * Bytes per channel of a token that is sorted to its expert's place and back: read and written twice. An all-to-all needs it sorted by rank before and by expert after
 * (MoEAlltoAllTokenDispatcher of Megatron-Core as recalled, not read), DeepEP by expert only, HybridEP delivers it sorted.
 */
const permuteBytes = 8;
/** Bytes per channel where experts add a bias to what they give: scaled by the token's weight, added per expert, joined again (TEGroupedMLP of Megatron-Core as recalled, not read). */
const expertBiasBytes = 12;
const sortings = { "all-to-all": 2, deepep: 1, hybridep: 0 } as const;

export function addFeedForward(program: TransformerProgram, architecture: Architecture, layout: Layout, rank: RankSizes): void {
  const { hidden, gated } = architecture;
  const { tensor, adapterRank } = layout;
  const { tokens } = rank;
  const inner = architecture.inner / tensor;
  addLinear(program, Block.feedForward, rank, adapterRank, tokens, gated ? 2 * inner : inner, hidden, rank.againUp);
  addLinear(program, Block.feedForward, rank, adapterRank, tokens, hidden, inner, rank.againDown);
  const between = (betweenBytes * tokens * hidden) / rank.between;
  const inside = innerBytes * tokens * inner * (gated ? gatedMore : 1);
  addElementwise(program, Block.feedForward, rank, between + inside, (between * rank.againNormalisation + inside * rank.againActivation) / (between + inside));
  addCasts(program, Block.feedForward, rank, tokens * (hidden + inner), rank.againUp);
  if (tensor > 1 && !architecture.parallelBlock) addTensorExchange(program, Block.feedForward, tokens * hidden * rank.bytes, tensor, 2, rank.againDown);
}

export function addExperts(program: TransformerProgram, architecture: Architecture, layout: Layout, rank: RankSizes): void {
  const { experts, hidden, gated } = architecture;
  if (!experts) return;
  const { tensor, expert, expertTensor, adapterRank } = layout;
  const { tokens, narrow, trained } = rank;
  const own = tokens / tensor;
  const held = experts.count / expert;
  const arriving = own * experts.topK * expertTensor * (experts.capacityFactor > 0 ? experts.capacityFactor : 1);
  const inner = experts.inner / expertTensor;
  const shared = experts.sharedInner / tensor;
  const sorted = expert > 1 ? sortings[layout.expertDispatch] : 1;
  const format = narrow ? Format.narrow : Format.wide;
  addProducts(program, Block.experts, Format.wide, tokens / rank.between, experts.count, hidden, 1, rank.againExperts, trained);
  addProducts(program, Block.experts, format, arriving / held, gated ? 2 * inner : inner, hidden, held, rank.againExperts, trained);
  addProducts(program, Block.experts, format, arriving / held, hidden, inner, held, rank.againExperts, trained);
  if (shared > 0) {
    addLinear(program, Block.experts, rank, adapterRank, tokens, gated ? 2 * shared : shared, hidden, rank.againExperts);
    addLinear(program, Block.experts, rank, adapterRank, tokens, hidden, shared, rank.againExperts);
  }
  const between = (betweenBytes * tokens * hidden) / rank.between;
  const inside = (arriving * inner + tokens * shared) * innerBytes * (gated ? gatedMore : 1) + arriving * (sorted * permuteBytes + (architecture.biases === "all" ? expertBiasBytes : 0)) * hidden;
  addElementwise(program, Block.experts, rank, between + inside, (between * rank.againNormalisation + inside * Math.max(rank.againActivation, rank.againExperts)) / (between + inside));
  addCasts(program, Block.experts, rank, arriving * (hidden + inner) + (shared > 0 ? tokens * (hidden + shared) : 0), rank.againExperts);
  addDispatch(program, architecture, layout, rank, own);
  program.imbalance = experts.capacityFactor > 0 ? 1 : longestQueue(expert, own * experts.topK * expertTensor);
}

function addDispatch(program: TransformerProgram, { experts, hidden }: Architecture, layout: Layout, rank: RankSizes, own: number): void {
  if (!experts) return;
  const { tensor, expert, expertTensor } = layout;
  const payload = rank.tokens * hidden * rank.bytes;
  if (tensor > 1 && experts.sharedInner > 0) addTensorExchange(program, Block.experts, payload, tensor, 2, rank.againDown);
  else if (tensor > 1 && !layout.sequenceParallel) addTensorExchange(program, Block.experts, payload, tensor, 1, rank.againExperts);
  const copies = layout.expertDispatch === "all-to-all" ? 1 : experts.topK;
  const routed = own * experts.topK * hidden * rank.bytes;
  if (expert > 1) {
    addRow(program, Operation.expert, Block.experts, Phase.forward, Format.wide, routed, expert, copies, expertTensor, 2, 2 * rank.againExperts);
    addRow(program, Operation.expert, Block.experts, Phase.data, Format.wide, routed, expert, copies, expertTensor, 2, 0);
  }
  if (expertTensor > 1) addTensorExchange(program, Block.experts, routed * expertTensor, expertTensor, 2, rank.againExperts);
}

/** Expected longest of n queues over the mean one, where each token chooses by itself: 1 + sqrt(2 ln n / mean), the Gaussian limit of Raab and Steger 1998. What a router favours is in the stack's factor. */
function longestQueue(queues: number, mean: number): number {
  return queues > 1 && mean > 0 ? 1 + Math.sqrt((2 * Math.log(queues)) / mean) : 1;
}
