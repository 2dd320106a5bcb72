/**
 * The events interpreter of a whole step: collectives are simulated flow by flow on the machine's network, devices draw their speeds with a seed, and every rank
 * is scheduled on its own. Beside it stands the analytic step, and what makes the difference is named, cause by cause: each cause is the change of the
 * step when it alone is added to those before it.
 */
import { costAtScale, sharedRatesAt } from "../cost/index.ts";
import { schedule, scheduleStep } from "../engine/analytic.ts";
import { blockingTime_s, type SharedRates } from "../network/shared-core.ts";
import { prepare, type Prepared } from "../predict/prepare.ts";
import { InputError, tooManyDevices, wrongValue } from "../problems.ts";
import { foldProgram } from "../program/fold.ts";
import { Kind, type Program } from "../program/types.ts";
import type { Protocol } from "../resolve/parameters.ts";
import type { Scenario } from "../scenario.ts";
import { drawSlowdowns, seededRandom } from "../variability/draw.ts";
import { slowestLag } from "../variability/slowest.ts";
import { simulateCollectives } from "./collectives.ts";
import { scheduleFleet } from "./fleet-schedule.ts";
import { makeNetwork } from "./machine-network.ts";
import { placements, placeNodes, placeRanks, type Placement } from "./placement.ts";
import { recordSteps, type StepRecord } from "./record.ts";
import type { Cause, Simulation, Spread, SumMethod } from "./simulation.ts";

export interface SimulateOptions {
  readonly devices: number;
  readonly seed?: number;
  /** Fleets of devices that are drawn; the step's spread is over them. */
  readonly draws?: number;
  readonly placement?: Placement;
  /** One node whose devices take that many times as long. */
  readonly slowNode?: number;
  readonly protocol?: Protocol;
  /** Told in words what is being done. */
  readonly say?: (what: string) => void;
  readonly stop?: { readonly aborted: boolean };
}

export function simulate(scenario: Scenario, options: SimulateOptions): Simulation {
  const { devices, seed, draws, placement, slowNode } = checked(scenario, options);
  const prepared = prepare(scenario, options.protocol ?? "leave-one-series-out");
  const { resources, program } = prepared;
  const { program: folded } = foldProgram(program);
  const closed_s = costAtScale(folded, resources, devices, prepared.local.folded);
  const rates = sharedRatesAt(resources, devices);
  const lag = slowestLag(devices, resources.sigma, resources.tail);
  const analytic_s = scheduleStep(folded, closed_s, undefined, 1 + lag, rates);

  // 1. The network: the same schedule with simulated sums.
  const wanted = Math.ceil(devices / resources.devicesPerNode);
  options.say?.("building the network");
  const network = makeNetwork(scenario, resources, wanted);
  const nodes = placeNodes(network.contends ? placement : "packed", wanted, network.nodes, seededRandom(seed));
  const ranks = placeRanks(nodes, network.devicesPerNode, devices);
  const collectives = simulateCollectives({ program: folded, closed_s, resources, network, ranks, devices, ...hostOf(options) });
  const simulated_s = withSums(folded, closed_s, prepared, collectives.time_s);
  const networked_s = scheduleStep(folded, simulated_s, undefined, 1 + lag, rates);

  // 2. Devices: drawn speeds in place of the expected slowest.
  const drawFleets = () => {
    const random = seededRandom(seed ^ 0x5eed);
    return () => drawSlowdowns(devices, resources.sigma, resources.tail, random);
  };
  const drawFleet = drawFleets();
  const contendsOnCore = rates.network < 1 || rates.compute < 1;
  const slow = (slowdowns: Float64Array) => slowdowns.map((one, rank) => (rank < resources.devicesPerNode ? one * slowNode : one));
  const steps = Array.from({ length: draws }, (_, draw) => {
    options.say?.(`draw ${draw + 1} of ${draws}`);
    const slowdowns = drawFleet();
    const step_s = (values: Float64Array) => (contendsOnCore ? schedule(folded, simulated_s, undefined, values.reduce((most, one) => Math.max(most, one), 1), rates).step_s : scheduleFleet(folded, simulated_s, values).step_s);
    const drawn_s = step_s(slowdowns);
    return { drawn_s, step_s: slowNode === 1 ? drawn_s : step_s(slow(slowdowns)) };
  });
  const draws_s = steps.map(({ step_s }) => step_s);
  const step = spreadOf(draws_s);
  const drawn_s = mean(steps.map((one) => one.drawn_s));

  const causes: Cause[] = [
    { id: "network", label: network.contends ? "Simulated network in place of closed forms" : "Simulated steps of the sums in place of closed forms", time_s: networked_s - analytic_s, words: collectives.words },
    { id: "devices", label: "Drawn speeds in place of the expected slowest", time_s: drawn_s - networked_s, words: resources.sigma > 0 ? `the slowest of ${devices} lies ${percent(lag)} behind by expectation` : "devices are equal here" },
    ...(slowNode === 1 ? [] : [{ id: "slow-node" as const, label: "One slow node", time_s: step.mean - drawn_s, words: `one node computes ${slowNode} times as long, and every sum waits for it` }]),
  ];
  // A timeline shows the draw whose step is the median. Its fleet is drawn again: to keep all of them would take more memory than time is saved.
  const shown = draws_s.indexOf(step.median);
  const again = drawFleets();
  for (let draw = 0; draw < shown; draw++) again();
  options.say?.("recording one step");
  const { records, path, step_s: recorded_s } = recordRanks(prepared, devices, collectives.time_s, slow(again()), contendsOnCore ? rates : null);
  return {
    scenario: { run: scenario.run?.id ?? null, machine: scenario.machine.id, workload: scenario.workload.id },
    devices,
    nodes: wanted,
    seed,
    placement: network.contends ? placement : "packed",
    network: { contends: network.contends, links: network.graph.links.count, method: collectives.method },
    analytic_s,
    step_s: step,
    draws_s,
    recorded: { draw: shown + 1, step_s: recorded_s },
    causes,
    collectives: collectives.list,
    links: collectives.links,
    records,
    path,
    notes: notesOf(network.contends, contendsOnCore, collectives.method),
  };
}

function checked(scenario: Scenario, { devices, seed = 1, draws = 10, placement = "packed", slowNode = 1 }: SimulateOptions) {
  const { node, nodes, title } = scenario.machine;
  const available = node.devices.value * nodes.value;
  const problems = [
    ...(Number.isInteger(devices) && devices >= 1 ? [] : [wrongValue("devices", devices, "a whole number of devices, 1 or more")]),
    ...(devices > available ? [tooManyDevices("devices", devices, available, title)] : []),
    ...(Number.isInteger(seed) ? [] : [wrongValue("seed", seed, "a whole number")]),
    ...(Number.isInteger(draws) && draws >= 1 && draws <= 1000 ? [] : [wrongValue("draws", draws, "a whole number from 1 to 1000")]),
    ...(placements.includes(placement) ? [] : [wrongValue("placement", placement, placements.join(", "))]),
    ...(slowNode >= 1 && slowNode <= 1000 ? [] : [wrongValue("slowNode", slowNode, "how many times as long the node takes, 1 to 1000")]),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return { devices, seed, draws, placement, slowNode };
}

const hostOf = ({ say, stop }: SimulateOptions) => ({ ...(say ? { say } : {}), ...(stop ? { stop } : {}) });

/** Costs with the sums of gradients as simulated. */
function withSums(program: Program, closed_s: Float64Array, { resources }: Prepared, sum_s: (bytes: number) => number): Float64Array {
  const time_s = closed_s.slice();
  for (let index = 0; index < program.count; index++) {
    if (program.kind[index] !== Kind.allReduce) continue;
    const alone_s = sum_s(program.bytes[index] as number);
    time_s[index] = resources.blockingCollectives ? blockingTime_s(resources.sharedCore, alone_s) : alone_s;
  }
  return time_s;
}

/**
 * The whole program, operation by operation, of the fastest, the middle and the slowest rank: whoever is slower or faster than all three decides nothing.
 * Where sums slow the core that computes (`shared`), of the slowest alone.
 */
function recordRanks(prepared: Prepared, devices: number, sum_s: (bytes: number) => number, slowdowns: Float64Array, shared: SharedRates | null): StepRecord {
  const { program, resources, local } = prepared;
  const order = Array.from(slowdowns.keys()).toSorted((a, b) => (slowdowns[a] as number) - (slowdowns[b] as number));
  const slowest = order.at(-1) as number;
  const chosen = shared ? [slowest] : [...new Set([order[0] as number, order[Math.floor(devices / 2)] as number, slowest])];
  const own = Float64Array.from(chosen, (rank) => slowdowns[rank] as number);
  const time_s = withSums(program, costAtScale(program, resources, devices, local), prepared, sum_s);
  const watched = shared ? [schedule(program, time_s, undefined, own[0], shared)] : scheduleFleet(program, time_s, own, [...own.keys()]).watched;
  return recordSteps(program, watched.map((times, place) => ({ rank: chosen[place] as number, slowdown: own[place] as number, times })), shared === null);
}

function notesOf(contends: boolean, contendsOnCore: boolean, method: SumMethod): string[] {
  return [
    ...(method === "events" ? [] : ["So many messages are not simulated one by one: steps of the sums are taken as if all ranks met after each, which is 1 to 3 % long where load spreads evenly, and more where single links are overloaded."]),
    ...(contends ? [] : ["The machine document has no interconnect: ports of nodes are simulated, links above them cannot contend."]),
    ...(contendsOnCore ? ["Sums run on the core that computes: ranks are scheduled as the slowest of them."] : []),
    "Speeds of devices are drawn; jitter from step to step of one device is not, because no source here tells it.",
  ];
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  return { mean: mean(values), min: at(0), p10: at(0.1), median: at(0.5), p90: at(0.9), max: at(1), n: values.length };
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
