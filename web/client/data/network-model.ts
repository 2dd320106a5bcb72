/**
 * The network page's computation: a machine document and a job -> what is drawn. It keeps the graph of the machine and the loads of the last job, so that only what
 * changed is computed again. Pure but for these; runs in the worker and in tests.
 */
import { collectiveAlgorithms, type CollectiveAlgorithm } from "../../../model/network/collectives/index.ts";
import { makeMachineGraph, outlineMachine, type NetworkGraph, type Outline } from "../../../model/network/topology/index.ts";
import { InputError, missingKey, unknownName, wrongValue, type Problem } from "../../../model/problems.ts";
import { readInterconnect } from "../../../model/resolve/interconnect.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import type { Machine } from "../../../model/schema/machine.ts";
import { loadLinks, refuseTooManyFlows, type LinkLoads } from "../../../model/simulate/link-loads.ts";
import { placeNodes, placeRanks } from "../../../model/simulate/placement.ts";
import { seededRandom } from "../../../model/variability/draw.ts";
import type { NetworkPicture, NetworkWish } from "../network/protocol.ts";
import { factsOf } from "./network-facts.ts";
import { hasInterconnect } from "./network-words.ts";
import { indexLinks, insideOf, loadsByPlace, routeOf, sumClasses, type LinkIndex } from "./network-loads.ts";

export type Progress = (part: number, what: string) => void;

interface Built {
  id: string;
  machine: Machine;
  topology: string;
  graph: NetworkGraph;
  outline: Outline;
  index: LinkIndex;
}

interface Loaded {
  key: string;
  built: Built;
  jobNodes: Int32Array;
  ranks: Int32Array;
  loads: LinkLoads;
  classes: NetworkPicture["classes"];
  /** By the kind of links that is asked for, so that a closer look is not added up again. */
  places: Map<string | null, NetworkPicture["loads"]>;
}

/** As many ranks as any collective but the all-to-alls is followed within a few seconds; long ways, as on a torus, take longer. */
export function defaultNodes({ nodes, devicesPerNode }: Pick<Outline, "nodes" | "devicesPerNode">, longestRoute: number): number {
  const ranks = Math.min(32_768, 400_000 / longestRoute);
  return nodes * devicesPerNode <= ranks ? nodes : 2 ** Math.max(0, Math.floor(Math.log2(ranks / devicesPerNode)));
}

export function createNetworkModel(machines: Readonly<Record<string, unknown>>): { show(wish: NetworkWish, progress?: Progress): NetworkPicture } {
  let built: Built | null = null;
  let loaded: Loaded | null = null;
  return {
    show(wish, progress = () => {}) {
      if (built?.id !== wish.machine) {
        loaded = null;
        built = build(machines, wish.machine, progress);
      }
      const { devicesPerNode } = built.outline;
      const count = wish.nodes ?? defaultNodes(built.outline, built.graph.longestRoute);
      const full = { ...wish, nodes: count, to: wish.to ?? count * devicesPerNode - 1 };
      refuse(checkWish(full, built));
      const key = JSON.stringify([built.id, count, wish.placement, wish.seed, wish.algorithm, wish.bytes]);
      if (loaded?.key !== key || loaded.built !== built) loaded = load(key, built, full, progress);
      return describe(full, loaded);
    },
  };
}

function build(machines: Readonly<Record<string, unknown>>, id: string, progress: Progress): Built {
  const drawn = Object.keys(machines).filter((name) => hasInterconnect(machines[name]));
  if (!Object.hasOwn(machines, id)) throw new InputError([unknownName("address: machine", "machine", id, drawn)]);
  if (!hasInterconnect(machines[id])) throw new InputError([{ ...missingKey(`machines/${id}: interconnect`, "the machine's links, ports and fabric"), hint: `machines that have one: ${drawn.join(", ")}` }]);
  progress(0, "building the network");
  const { document, problems } = parseDocument("machine", machines[id], `machines/${id}`);
  if (!document) throw new InputError(problems);
  const read = readInterconnect(document);
  if (!read.network) throw new InputError(read.problems);
  const nodes = document.nodes.value;
  const graph = makeMachineGraph(read.network, nodes);
  const outline = outlineMachine(read.network, nodes);
  const index = indexLinks(graph.links, outline, (part) => progress(part * 0.3, "naming its links"));
  return { id, machine: document, topology: read.network.fabric.topology, graph, outline, index };
}

function checkWish(wish: NetworkWish & { nodes: number; to: number }, { outline, machine, index }: Built): Problem[] {
  const problems: Problem[] = [];
  const { nodes, devicesPerNode, levels } = outline;
  const whole = (path: string, value: number, most: number, what: string): void => {
    if (!Number.isInteger(value) || value < (path === "nodes" ? 1 : 0) || value > most) problems.push(wrongValue(path, value, what, value > most ? `at most ${most}` : undefined));
  };
  whole("nodes", wish.nodes, nodes, `a whole number from 1 to ${nodes}, the nodes of ${machine.title}`);
  const ranks = wish.nodes * devicesPerNode;
  if (problems.length === 0 && ranks > 1) {
    whole("from", wish.from, ranks - 1, `a rank of the job, 0 to ${ranks - 1}`);
    whole("to", wish.to, ranks - 1, `a rank of the job, 0 to ${ranks - 1}`);
  }
  if (!Object.hasOwn(collectiveAlgorithms, wish.algorithm)) problems.push(unknownName("algorithm", "collective algorithm", wish.algorithm, Object.keys(collectiveAlgorithms)));
  if (!(wish.bytes > 0 && wish.bytes <= 2 ** 50)) problems.push(wrongValue("size", wish.bytes, "a size above zero, up to 1 PiB"));
  if (wish.kind !== null && !index.kinds.includes(wish.kind)) problems.push(unknownName("colour", "kind of link", wish.kind, index.kinds));
  const { depth, index: place } = wish.at;
  const level = levels[depth - 1];
  if (depth !== 0 && level === undefined) problems.push(wrongValue("at", depth, `a depth from 0 to ${levels.length}: the machine, ${levels.map(({ name }) => name).join(", ")}`));
  else if (level && place >= level.places) problems.push(wrongValue("at", `${level.name} ${place}`, `a ${level.name} from 0 to ${level.places - 1}`));
  return problems;
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InputError(problems);
}

function load(key: string, built: Built, wish: NetworkWish & { nodes: number }, progress: Progress): Loaded {
  const { graph, outline } = built;
  const { devicesPerNode } = outline;
  const algorithm: CollectiveAlgorithm = collectiveAlgorithms[wish.algorithm];
  const shape = { nodes: wish.nodes, devicesPerNode };
  refuseTooManyFlows(algorithm, shape, wish.bytes);
  progress(0.3, "listing messages");
  const jobNodes = placeNodes(wish.placement, wish.nodes, outline.nodes, seededRandom(wish.seed));
  const ranks = placeRanks(jobNodes, devicesPerNode, wish.nodes * devicesPerNode);
  const loads = loadLinks(graph, ranks, algorithm.steps(shape, wish.bytes), (part) => progress(0.3 + 0.7 * part, "following messages"));
  const { interconnect } = built.machine;
  const classes = sumClasses(graph.links, built.index, loads).map((one) => ({ ...one, facts: interconnect ? factsOf(interconnect, one.kind) : null }));
  return { key, built, jobNodes, ranks, loads, classes, places: new Map() };
}

function describe(wish: NetworkPicture["wish"], { built, jobNodes, ranks, loads, classes, places }: Loaded): NetworkPicture {
  const { id, machine, topology, graph, outline, index } = built;
  const algorithm: CollectiveAlgorithm = collectiveAlgorithms[wish.algorithm];
  const byPlace = places.get(wish.kind) ?? loadsByPlace(graph.links, outline, index, loads, wish.kind);
  places.set(wish.kind, byPlace);
  const isNode = wish.at.depth === outline.levels.length;
  return {
    machine: { id, title: machine.title, topology, routing: machine.interconnect?.routing.kind ?? "deterministic", nodes: outline.nodes, devicesPerNode: outline.devicesPerNode, device: machine.node.device },
    levels: outline.levels,
    jobNodes,
    ranks: ranks.length,
    wish,
    time_s: loads.time_s,
    method: loads.method,
    operation: algorithm.operation,
    does: algorithm.does,
    links: graph.links.count,
    classes,
    loads: byPlace,
    inside: isNode ? insideOf(graph.links, outline, index, loads, wish.at.index) : [],
    route: routeOf(graph, loads, ranks[wish.from] ?? 0, ranks[wish.to] ?? 0),
    elapsed_ms: 0,
  };
}
