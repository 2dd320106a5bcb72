/**
 * Times of NCCL all-reduce on Polaris (ALCF: 4 A100 per node, two Slingshot 11 NICs of 25 GB/s), out of place, as published in argonne-lcf/alcf-nccl-tests,
 * results_polaris, files all_reduce_output.dat.N at 385be33. Environment 4 is the AWS OFI plug-in with its settings: one stack at 2, 8 and 256 nodes
 * (NCCL 2.18, at 256 nodes 2.21). Environment 5 adds settings for all-to-all and is another stack: its 540 nodes are no scale of environment 4.
 */
export interface PublishedTimes {
  readonly nodes: number;
  readonly environment: 4 | 5;
  readonly times: readonly { readonly bytes: number; readonly time_s: number }[];
}

const MiB = 2 ** 20;
const sizes = [8, MiB, 8 * MiB, 64 * MiB, 128 * MiB, 1024 * MiB] as const;
const series = (nodes: number, environment: 4 | 5, times_us: readonly number[]): PublishedTimes => ({
  nodes,
  environment,
  times: sizes.map((bytes, index) => ({ bytes, time_s: times_us[index]! * 1e-6 })),
});

export const polarisDevicesPerNode = 4;

export const polaris: readonly PublishedTimes[] = [
  series(2, 4, [21.99, 175.9, 611.4, 3327.2, 6646.8, 52_079]),
  series(8, 4, [46.2, 327.9, 1268.7, 3725.9, 7224.2, 57_697]),
  series(256, 4, [100.3, 757.4, 2889.5, 6781.6, 11_102, 70_722]),
  series(540, 5, [206.1, 2199.7, 2497.8, 7723.9, 14_625, 114_623]),
];
