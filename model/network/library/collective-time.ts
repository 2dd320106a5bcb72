/**
 * Time of one collective of a group of ranks on one machine with one library: the one function that every cost of communication comes from. NCCL and RCCL by
 * their protocols with fitted parameters (protocol-time.ts); other libraries, and stacks that name none, by the closed form of the algorithm that runs.
 * Ranks fill a node before the next begins; a part of a node counts as a whole one. A group with some of a node's devices has as much of the node's network
 * ports: the other devices are in groups like it that communicate at the same time, as in data and expert parallelism. Left out: what such groups do to
 * each other beyond that, and links inside a node that more than one group shares.
 */
import { allReduceAlgorithms, collectiveAlgorithms, type AllReduceId, type CollectiveAlgorithm, type CollectiveNetwork, type CollectiveOperation, type CollectiveTime } from "../collectives/index.ts";
import { collectiveOf } from "./collective-of.ts";
import { findLibrary, type LibraryId } from "./libraries.ts";
import { timeByProtocol, transferByProtocol, type CollectiveForm, type StackParameters } from "./protocol-time.ts";
import { prefersRing, type Tuning } from "./tuning.ts";

export type CollectiveKind = Exclude<CollectiveOperation, "parameter-server">;

/** What a library that is timed by its protocols needs. */
export interface ProtocolTiming {
  /** Of groups in one node, and over several. */
  readonly inside: StackParameters;
  readonly across: StackParameters;
  readonly tuning: Tuning;
  /** Fewest nodes at which a ring is weighed: times of two nodes are fitted as a tree where nothing tells the two apart. */
  readonly ringFrom_nodes: number;
}

/** Everything but the group and the message; plain data, made once. */
export interface CollectiveTiming {
  readonly library: LibraryId | null;
  /** Of all-reduces; auto: what the library chooses. */
  readonly algorithm: AllReduceId | "auto";
  readonly protocols: ProtocolTiming | null;
  readonly network: Omit<CollectiveNetwork, "nodes" | "devicesPerNode">;
  readonly devicesPerNode: number;
}

/** For people: where the time goes, and what runs. */
export interface CollectiveTerms extends CollectiveTime {
  readonly runs: string;
}

/** What runs where neither the stack nor its library says. */
const basic = {
  "all-reduce": "ring", "all-gather": "all-gather-ring", "reduce-scatter": "reduce-scatter-ring", broadcast: "broadcast-pipelined-chain", "all-to-all": "all-to-all-pairwise", "send-recv": "send-recv",
} as const satisfies Record<CollectiveKind, keyof typeof collectiveAlgorithms>;

const nodesOf = (ranks: number, ranksPerNode: number): number => (ranks <= ranksPerNode ? 1 : Math.ceil(ranks / ranksPerNode));
/** Share of a node's network ports that the group's devices there have. */
const portShare = ({ devicesPerNode }: CollectiveTiming, ranksPerNode: number): number => Math.min(1, ranksPerNode / devicesPerNode);

/** Ring or tree of an all-reduce over several nodes. */
function formOf({ algorithm }: CollectiveTiming, protocols: ProtocolTiming, bytes: number, nodes: number, ranksPerNode: number, rate_bytes_per_s: number): CollectiveForm {
  if (algorithm !== "auto") return algorithm === "ring" ? "ring" : "tree";
  return nodes >= protocols.ringFrom_nodes && prefersRing(protocols.tuning, bytes, nodes, ranksPerNode, rate_bytes_per_s) ? "ring" : "tree";
}

/** `bytes` as in network/collectives/types.ts: of an all-gather what each holds at the end, of a reduce-scatter and an all-to-all what each gives. */
export function collectiveTime(timing: CollectiveTiming, kind: CollectiveKind, bytes: number, ranks: number, ranksPerNode: number): number {
  if (ranks <= 1 || bytes <= 0) return 0;
  const { protocols } = timing;
  const nodes = nodesOf(ranks, ranksPerNode);
  const width = ranks < ranksPerNode ? ranks : ranksPerNode;
  if (protocols === null) return closedForm(timing, kind, bytes, nodes, width).time(bytes, networkOf(timing, nodes, width)).time_s;
  if (nodes === 1) return timeByProtocol(kind, bytes, 1, width, protocols.inside, "tree", protocols.inside.rate_bytes_per_s);
  const rate = protocols.across.rate_bytes_per_s * portShare(timing, width);
  const form = kind === "all-reduce" ? formOf(timing, protocols, bytes, nodes, width, rate) : "tree";
  return timeByProtocol(kind, bytes, nodes, width, protocols.across, form, rate);
}

/** The same with its parts. Of a library timed by its protocols, what is not bytes at the full rate is latency. */
export function collectiveTerms(timing: CollectiveTiming, kind: CollectiveKind, bytes: number, ranks: number, ranksPerNode: number): CollectiveTerms {
  const { protocols, library } = timing;
  const nodes = nodesOf(ranks, ranksPerNode);
  const width = Math.min(ranks, ranksPerNode);
  if (protocols === null || ranks <= 1 || bytes <= 0) {
    const algorithm = closedForm(timing, kind, bytes, nodes, width);
    return { ...algorithm.time(bytes, networkOf(timing, nodes, width)), runs: algorithm.id };
  }
  const time_s = collectiveTime(timing, kind, bytes, ranks, ranksPerNode);
  const rate = nodes === 1 ? protocols.inside.rate_bytes_per_s : protocols.across.rate_bytes_per_s * portShare(timing, width);
  const form = nodes === 1 || kind !== "all-reduce" ? "tree" : formOf(timing, protocols, bytes, nodes, width, rate);
  const transfer_s = Math.min(time_s, transferByProtocol(kind, bytes, nodes, width, form, rate));
  const shape = nodes === 1 || kind !== "all-reduce" ? "" : ` ${form}`;
  return { time_s, insideNode_s: nodes === 1 ? transfer_s : 0, betweenNodes_s: nodes === 1 ? 0 : transfer_s, latency_s: time_s - transfer_s, nodeSends_bytes: nodes === 1 ? 0 : transfer_s * rate, runs: `${library}${shape}` };
}

/**
 * The all-reduce that is simulated message by message. A ring of NCCL leaves a node by all its ports at once, in several channels; the tree stands in for it, whose
 * devices each send their share, where the one ring over all ranks would use one port.
 */
export function allReduceOf(timing: CollectiveTiming, bytes: number, ranks: number, ranksPerNode: number): AllReduceId {
  const nodes = nodesOf(ranks, ranksPerNode);
  if (timing.protocols !== null) return nodes === 1 ? "ring" : "tree";
  return closedForm(timing, "all-reduce", bytes, nodes, Math.min(ranks, ranksPerNode)).id as AllReduceId;
}

/** What sums large gradients over several nodes. */
export const largeAllReduceOf = (timing: CollectiveTiming): AllReduceId => allReduceOf(timing, 2 ** 26, 2 * timing.devicesPerNode, timing.devicesPerNode);

function closedForm({ library, algorithm }: CollectiveTiming, kind: CollectiveKind, bytes: number, nodes: number, devicesPerNode: number): CollectiveAlgorithm {
  if (kind === "all-reduce" && algorithm !== "auto") return allReduceAlgorithms[algorithm];
  const choice = library === null ? undefined : findLibrary(library).choose(kind, bytes, { nodes, devicesPerNode });
  return collectiveAlgorithms[(choice && collectiveOf(kind, choice)) ?? basic[kind]];
}

const scratch: { -readonly [Key in keyof CollectiveNetwork]: CollectiveNetwork[Key] } = {
  nodes: 1, devicesPerNode: 1, nodeLink_bytes_per_s: 1, nodeLinkLatency_s: 0, fabric_bytes_per_s: 1, fabricLatency_s: 0, leaders: 1, leaderShare: 1,
};

/** The same object each time: closed forms read it and do not keep it. */
function networkOf(timing: CollectiveTiming, nodes: number, devicesPerNode: number): CollectiveNetwork {
  const { network } = timing;
  scratch.nodes = nodes;
  scratch.devicesPerNode = devicesPerNode;
  scratch.nodeLink_bytes_per_s = network.nodeLink_bytes_per_s;
  scratch.nodeLinkLatency_s = network.nodeLinkLatency_s;
  scratch.fabric_bytes_per_s = nodes > 1 ? network.fabric_bytes_per_s * portShare(timing, devicesPerNode) : network.fabric_bytes_per_s;
  scratch.fabricLatency_s = network.fabricLatency_s;
  scratch.leaders = network.leaders ?? devicesPerNode;
  scratch.leaderShare = network.leaderShare;
  return scratch;
}
