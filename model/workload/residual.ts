/**
 * The stages of ResNet-50, shared by the classification network and by the encoder of DeepLabv3+.
 * He et al., "Deep Residual Learning for Image Recognition", 2016, table 1. The units themselves differ (normalisation after or before
 * the convolutions, stride in the first or in the last unit) and are written where they are used.
 */
export interface ResidualStage {
  /** Channels of the inner convolutions; the unit's output has four times as many. */
  readonly width: number;
  readonly units: number;
}

export const residualExpansion = 4;

export const resnet50Stages: readonly ResidualStage[] = [
  { width: 64, units: 3 },
  { width: 128, units: 4 },
  { width: 256, units: 6 },
  { width: 512, units: 3 },
];
