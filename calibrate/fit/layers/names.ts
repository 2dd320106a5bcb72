/** What pages call networks, and which runs share their release of a framework with another series. */
import type { LayerRun } from "./runs.ts";

const titles: Readonly<Record<string, string>> = {
  "resnet50-imagenet": "ResNet-50",
  "deepcam-mlperf-hpc": "DeepCAM",
  "cosmoflow-mlperf-hpc": "CosmoFlow",
  "deeplabv3plus-climate-2018": "DeepLabv3+ 2018",
  "tiramisu-climate-2018": "Tiramisu 2018",
  "inception3-imagenet": "Inception V3",
  "cosmictagger-uresnet": "CosmicTagger U-ResNet",
  "resnet101-imagenet": "ResNet-101",
  "iresnet100-emore": "IResNet-100, MS1MV2",
  "iresnet100-glint360k": "IResNet-100, Glint360k",
  "mobilefacenet-emore": "MobileFaceNet, MS1MV2",
};
export const networkTitle = (model: string): string => titles[model] ?? model;

/** Runs whose release of a framework another series has too. */
export function seenElsewhere(runs: readonly LayerRun[]): Set<string> {
  const series = new Map<string, Set<string>>();
  for (const { case: one } of runs) if (one.flags.length === 0) series.set(one.stack, (series.get(one.stack) ?? new Set()).add(one.series));
  return new Set(runs.flatMap(({ case: one }) => ((series.get(one.stack)?.size ?? 0) > 1 ? [one.id] : [])));
}
