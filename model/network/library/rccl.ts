/**
 * RCCL: NCCL's way of choosing with AMD's constants, which differ by model of the GPU and are corrected by tables over 27 sizes with jumps of up to 10 times,
 * so the choice is not monotone in the size. The published ranges are kept; where their two ends choose differently both answers are given.
 */
import type { ByProtocol } from "./nccl-constants.ts";
import { estimateForms, inOrder, type Estimate, type InOrder, type Tuning } from "./tuning.ts";
import { defaultSetting } from "./types.ts";
import type { CollectiveLibrary, Protocol } from "./types.ts";

const base_us: ByProtocol = { LL: 12, LL128: 12, Simple: 17 };
/** Per hop of the network over the models of GPU: least, most. */
const networkHop_us: Readonly<Record<"tree" | "ring", Readonly<Record<Protocol, readonly [number, number]>>>> = {
  tree: { LL: [12, 33], LL128: [18, 34], Simple: [16, 48] },
  ring: { LL: [5, 35], LL128: [5, 88], Simple: [15, 209] },
};
/** Inside a node NCCL's figures stand in: RCCL's own were not read. */
const nodeHop_us: ByProtocol = { LL: 0.6, LL128: 1.9, Simple: 3.4 };

/** At the short or the long end of the published latencies. LL128 is left out. */
export const rcclTuning = (end: 0 | 1): Tuning => ({
  base_us: { tree: inOrder(base_us), ring: inOrder(base_us) },
  nodeHop_us: { tree: inOrder(nodeHop_us), ring: inOrder(nodeHop_us) },
  networkHop_us: { tree: hopsAt(networkHop_us.tree, end), ring: hopsAt(networkHop_us.ring, end) },
  ringSimpleFactor: 1,
  sendsAtTwo: 1,
  takesLL128: false,
});
const hopsAt = ({ LL, LL128, Simple }: Readonly<Record<Protocol, readonly [number, number]>>, end: 0 | 1): InOrder => [LL[end], LL128[end], Simple[end]];

const [shortest, longest] = [rcclTuning(0), rcclTuning(1)];

export const rccl: CollectiveLibrary = {
  id: "rccl",
  title: "RCCL 2.2x",
  does: "chooses as NCCL does, with constants by model of the GPU and corrections by size; both choices are named where the published range leaves two",
  sources: ["github.com/ROCm/rccl: src/graph/tuning.cc"],
  overlapsCollectives: true,
  operations: ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce", "all-to-all", "send-recv"],
  choose(operation, bytes, shape, setting = defaultSetting) {
    if (operation === "all-to-all" || operation === "send-recv") return { algorithm: "pairwise", protocol: "Simple", why: "grouped sends and receives, all at once" };
    const least = (tuning: Tuning): Estimate => estimateForms(tuning, operation, bytes, shape, setting).reduce((a, b) => (b.estimate_s < a.estimate_s ? b : a));
    const [fast, slow] = [least(shortest), least(longest)];
    const same = fast.algorithm === slow.algorithm && fast.protocol === slow.protocol;
    const choice = { algorithm: fast.algorithm, protocol: fast.protocol, why: same ? "the least estimate at both ends of the published latencies" : "the least estimate at the short end of the published latencies" };
    return same ? choice : { ...choice, or: { algorithm: slow.algorithm, protocol: slow.protocol } };
  },
};
