/** The libraries that are timed by their protocols, and the constants by which each chooses between ring and tree over several nodes. */
import type { LibraryId } from "./libraries.ts";
import { ncclTuning } from "./nccl.ts";
import { rcclTuning } from "./rccl.ts";
import type { Tuning } from "./tuning.ts";
import { defaultSetting } from "./types.ts";

export type ProtocolLibraryId = "nccl" | "rccl";

export const timedByProtocol = (library: LibraryId): library is ProtocolLibraryId => library === "nccl" || library === "rccl";

/** `switched`: devices of a node meet in a switch, which NCCL's rules also take to mean a network port near each. RCCL at the short end of its published latencies. */
export const tuningAcross = (library: ProtocolLibraryId, switched: boolean): Tuning =>
  library === "rccl" ? rcclTuning(0) : ncclTuning({ nodes: 2, devicesPerNode: 1 }, { ...defaultSetting, switched, nicNearDevice: switched });
