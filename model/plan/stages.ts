/**
 * Which layers stand on which pipeline stage. Uneven splits as frameworks make them: the remainder to the first stages; embedding and head counted as one layer each
 * (Llama 3, arXiv:2407.21783, section 3.3.2; BLOOM); stages of ceil(layers / stages) with a short last one (DeepSpeed's uniform partition).
 */
import type { Layout } from "./layout.ts";

type Split = Pick<Layout, "pipeline" | "split">;

/** Layers on a stage, all of its virtual stages together. */
export function layersOnStage({ pipeline, split }: Split, layers: number, stage: number): number {
  if (pipeline === 1) return layers;
  if (split === "last-short") {
    const most = Math.ceil(layers / pipeline);
    return Math.max(0, Math.min(most, layers - stage * most));
  }
  const counted = split === "embedding-as-layer" ? layers + 2 : layers;
  const own = Math.floor(counted / pipeline) + (stage < counted % pipeline ? 1 : 0);
  return split === "embedding-as-layer" && (stage === 0 || stage === pipeline - 1) ? own - 1 : own;
}

/** Layers before a stage. */
export function layersBeforeStage({ pipeline, split }: Split, layers: number, stage: number): number {
  if (stage === 0) return 0;
  if (split === "last-short") return Math.min(layers, stage * Math.ceil(layers / pipeline));
  const counted = split === "embedding-as-layer" ? layers + 2 : layers;
  return stage * Math.floor(counted / pipeline) + Math.min(stage, counted % pipeline) - (split === "embedding-as-layer" ? 1 : 0);
}

/** Most layers that one stage holds. */
export function mostLayersOnStage({ pipeline, split }: Split, layers: number): number {
  if (pipeline === 1) return layers;
  if (split !== "embedding-as-layer") return Math.ceil(layers / pipeline);
  const [first, second] = [layersOnStage({ pipeline, split }, layers, 0), layersOnStage({ pipeline, split }, layers, 1)];
  return Math.max(first, second);
}
