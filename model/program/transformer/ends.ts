/**
 * Rows of what only some stages have: embedding, loss head, extra predictions (DeepSeek-V3, arXiv:2412.19437, section 2.2: a projection of two hidden vectors, a layer
 * and the head again). The head stays in the wide format unless the layout says otherwise. The loss moves 22 bytes per logit: products' output and its gradient, maximum, exponential, sum, in FP32.
 */
import { predictedOf, type Architecture, type Image } from "../../workload/transformer/architecture.ts";
import type { Layout } from "../../plan/layout.ts";
import { addLinear } from "./attention.ts";
import { addProducts, addRow, Block, Format, Operation, Phase, type TransformerProgram } from "./columns.ts";
import type { RankSizes } from "./sizes.ts";

const lossForward_bytes = 10;
const lossBackward_bytes = 12;
const lookUp_bytes = 6;
const scatter_bytes = 8;

export function addEnds(program: TransformerProgram, architecture: Architecture, layout: Layout, rank: RankSizes): void {
  const { hidden, extraPredictions, image } = architecture;
  if (image !== undefined) return addImageEnds(program, image, hidden, rank);
  const { tensor } = layout;
  const { tokens, bytes, vocabulary } = rank;
  const wide = bytes / 2;
  const predicted = (tokens * predictedOf(architecture, rank.sequence)) / rank.sequence;
  addRow(program, Operation.stream, Block.embedding, Phase.forward, Format.wide, (lookUp_bytes * wide * tokens * hidden) / rank.between, 0, 0, 0, 1, 0);
  if (rank.trained) addRow(program, Operation.stream, Block.embedding, Phase.weight, Format.wide, (scatter_bytes * wide * tokens * hidden) / rank.between, 0, 0, 0, 1, 0);
  if (tensor > 1) addRow(program, Operation.tensor, Block.embedding, Phase.forward, Format.wide, tokens * hidden * bytes, tensor, 2, 0, 1, 0);
  addProducts(program, Block.head, rank.narrow && layout.narrowHead ? Format.narrow : Format.wide, predicted, vocabulary / tensor, hidden, 1, 0, rank.trained);
  addRow(program, Operation.stream, Block.head, Phase.forward, Format.wide, (lossForward_bytes * predicted * vocabulary) / tensor, 0, 0, 0, 1, 0);
  addRow(program, Operation.stream, Block.head, Phase.data, Format.wide, (lossBackward_bytes * predicted * vocabulary) / tensor, 0, 0, 0, 1, 0);
  if (tensor > 1) addRow(program, Operation.tensor, Block.head, Phase.data, Format.wide, predicted * hidden * bytes, tensor, 2, 0, 1, 0);
  if (extraPredictions > 0) addLinear(program, Block.projection, rank, layout.adapterRank, tokens, hidden / tensor, 2 * hidden, 0);
}

/** Squares of a picture through one product, and its class from one token of each sequence. */
function addImageEnds(program: TransformerProgram, { patch, channels, classes }: Image, hidden: number, rank: RankSizes): void {
  addProducts(program, Block.embedding, Format.wide, rank.tokens, hidden, patch * patch * channels, 1, 0, rank.trained);
  addProducts(program, Block.head, Format.wide, rank.sequences, classes, hidden, 1, 0, rank.trained);
}
