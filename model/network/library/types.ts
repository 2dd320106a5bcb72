/**
 * What a communication library runs for one collective: algorithm, protocol and segments by size and shape of the group, from its published rules.
 * A choice names what runs and says why; what it takes comes from protocol-time.ts or from the collective itself.
 */
import type { CollectiveLibraryId } from "../../schema/stack-collective.ts";

export type LibraryOperation = "all-reduce" | "all-gather" | "reduce-scatter" | "broadcast" | "reduce" | "all-to-all" | "send-recv";

export type ChosenAlgorithm =
  | "ring" | "segmented-ring" | "double-binary-tree" | "nvls" | "nvls-tree" | "recursive-doubling" | "rabenseifner" | "direct" | "pairwise" | "bruck"
  | "binomial-tree" | "split-binary-tree" | "pipeline" | "topo" | "hierarchical";

export type Protocol = "LL" | "LL128" | "Simple";

export interface GroupShape {
  readonly nodes: number;
  readonly devicesPerNode: number;
}

export interface LibraryChoice {
  readonly algorithm: ChosenAlgorithm;
  readonly protocol?: Protocol;
  /** Of a message that the library cuts. */
  readonly segment_bytes?: number;
  /** Of a hierarchical or topo algorithm: what runs inside a node, and between nodes. */
  readonly inside?: string;
  readonly between?: ChosenAlgorithm;
  /** The rule that decided, for people. */
  readonly why: string;
  /** What may run instead where the published rule leaves it open. */
  readonly or?: { readonly algorithm: ChosenAlgorithm; readonly protocol?: Protocol };
}

export interface CollectiveLibrary {
  readonly id: CollectiveLibraryId;
  readonly title: string;
  readonly does: string;
  /** Where its rules and constants are published. */
  readonly sources: readonly string[];
  /** Whether two collectives of one process may run at the same time. */
  readonly overlapsCollectives: boolean;
  readonly operations: readonly LibraryOperation[];
  /** Undefined where the published rules do not speak of the operation. */
  choose(operation: LibraryOperation, bytes: number, shape: GroupShape, setting?: LibrarySetting): LibraryChoice | undefined;
}

/** What some rules need beside size and shape. Left out: the defaults of `defaultSetting`. */
export interface LibrarySetting {
  readonly device: "volta" | "ampere" | "hopper" | "blackwell";
  /** Per device and direction. */
  readonly nodeLink_bytes_per_s: number;
  /** Per node and direction, all NICs. */
  readonly fabric_bytes_per_s: number;
  readonly nodeLink: "nvlink" | "pcie";
  /** All devices of a node reach each other through a switch at full rate. */
  readonly switched: boolean;
  /** A NIC shares a PCIe switch with its device, which LL128 between nodes needs before Hopper. */
  readonly nicNearDevice: boolean;
  /** Collectives run on buffers of devices, or of the host. */
  readonly buffers: "device" | "host";
}

export const defaultSetting: LibrarySetting = {
  device: "ampere", nodeLink_bytes_per_s: 230e9, fabric_bytes_per_s: 90e9, nodeLink: "nvlink", switched: true, nicNearDevice: true, buffers: "device",
};

export const ranksOf = ({ nodes, devicesPerNode }: GroupShape): number => nodes * devicesPerNode;
