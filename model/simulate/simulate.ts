/**
 * The events interpreter of a whole step: collectives are simulated flow by flow on the machine's network, devices draw their speeds with a seed, and every rank
 * is scheduled on its own. Beside it stands the analytic step, and what makes the difference is named, cause by cause: each cause is the change of the
 * step when it alone is added to those before it.
 */
import { groupsAt } from "../asynchrony/scheme.ts";
import { waitAt } from "../asynchrony/waiting.ts";
import { costAtScale, inputWaitAt, serverFloorAt, sharedRatesAt } from "../cost/index.ts";
import { schedule, scheduleStep } from "../engine/analytic.ts";
import type { NetworkGraph } from "../network/topology/index.ts";
import { blockingTime_s, type SharedRates } from "../network/shared-core.ts";
import { prepare, type Prepared } from "../predict/prepare.ts";
import { InputError, tooManyDevices, wrongValue } from "../problems.ts";
import { foldProgram } from "../program/fold.ts";
import { Kind, type Program } from "../program/types.ts";
import type { Protocol } from "../resolve/parameters.ts";
import type { Scenario } from "../scenario.ts";
import { seededRandom } from "../variability/draw.ts";
import { describeUnequal } from "../variability/describe.ts";
import { simulateAsynchronous } from "./asynchronous.ts";
import { withBackground } from "./background.ts";
import { mergedPart, simulateCollectives, sumMethods, type SimulatedSums } from "./collectives.ts";
import { scheduleFleet } from "./fleet-schedule.ts";
import { drawFleets } from "./fleets.ts";
import { drawInput, drawsInput, withoutInput } from "./input.ts";
import { checkConditions, withConditions, type SlowLink } from "./link-conditions.ts";
import { asynchronousNotes, manySteps } from "./many-steps.ts";
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
  /** Links with a part of their bandwidth, and links that carry nothing: by names of the topology (link-conditions.ts). */
  readonly slowLinks?: readonly SlowLink[];
  readonly failedLinks?: readonly string[];
  /** Part of the bandwidth of links that jobs share which others use, on average; 0 unless said. */
  readonly background?: number;
  /** Relative standard deviation of a device's work from step to step; 0 unless said. */
  readonly jitter?: number;
  readonly protocol?: Protocol;
  /** Told in words what is being done. */
  readonly say?: (what: string) => void;
  readonly stop?: { readonly aborted: boolean };
}

export function simulate(scenario: Scenario, options: SimulateOptions): Simulation {
  const { devices, seed, draws, placement, slowNode, slowLinks, failedLinks, background } = checked(scenario, options);
  const prepared = prepare(scenario, options.protocol ?? "leave-one-series-out");
  const { resources, program } = prepared;
  const { program: folded } = foldProgram(program);
  const closed_s = costAtScale(folded, resources, devices, prepared.local.folded);
  const rates = sharedRatesAt(resources, devices);
  const { spread } = resources;
  const jitter = options.jitter ?? spread.jitter;
  const lag = waitAt(resources.asynchrony, spread, devices) - 1;
  const { groups, size } = groupsAt(resources.asynchrony, devices);
  const floor_s = serverFloorAt(folded, resources, devices);
  const scheduled_s = (time_s: Float64Array) => Math.max(floor_s, scheduleStep(folded, time_s, undefined, 1 + lag, rates));
  const inputTask = { scenario, resources, devices, seed };
  const inputIsDrawn = groups === 1 && !(resources.asynchrony.lag > 0 && jitter > 0) && drawsInput(inputTask);
  const wait_s = inputIsDrawn ? inputWaitAt(resources, devices, scheduled_s(withoutInput(folded, closed_s))) : 0;
  const analytic_s = scheduled_s(closed_s) + wait_s;

  // 1. The network: the same schedule with simulated sums.
  const wanted = Math.ceil(devices / resources.devicesPerNode);
  options.say?.("building the network");
  const network = makeNetwork(scenario, resources, wanted);
  const nodes = placeNodes(network.contends ? placement : "packed", wanted, network.nodes, seededRandom(seed));
  const ranks = placeRanks(nodes, network.devicesPerNode, devices);
  const damagedGraph = withConditions(network.graph, { slow: slowLinks, failed: failedLinks });
  const graphs = [network.graph, damagedGraph, withBackground(damagedGraph, background, seededRandom(seed ^ 0xbac6))];
  const [whole, damaged, collectives] = simulateAlike(graphs, (graph, method) => {
    const sums = simulateCollectives({ program: folded, closed_s, resources, network: { ...network, graph }, ranks: ranks.subarray(0, size), devices: size, ...(method ? { method } : {}), ...hostOf(options) });
    return { ...sums, step_s: scheduled_s(withSums(folded, closed_s, prepared, sums.time_s)) };
  }) as [Sums, Sums, Sums];
  const simulated_s = withSums(folded, closed_s, prepared, collectives.time_s);

  // 2. Devices: drawn speeds in place of the expected slowest.
  const fleets = { devices, seed, spread, jitter, slowNode };
  const drawFleet = drawFleets(fleets);
  const staleness: number[] = [];
  const many = groups > 1 || (resources.asynchrony.lag > 0 && jitter > 0) ? manySteps(prepared, devices, simulated_s, rates) : null;
  const contendsOnCore = rates.network < 1 || rates.compute < 1;
  const steps = Array.from({ length: draws }, (_, draw) => {
    options.say?.(`draw ${draw + 1} of ${draws}`);
    const { speeds, jittered, slowed, all } = drawFleet();
    if (many) {
      const run = (of: Float64Array, by: number) => simulateAsynchronous({ ...many, speeds: of, jitter: by, random: seededRandom(seed ^ (draw * 7919 + 13)) });
      const drawn_s = run(speeds, 0).step_s;
      const jittered_s = jitter > 0 ? run(speeds, jitter).step_s : drawn_s;
      const last = run(slowed, jitter);
      staleness.push(...last.staleness);
      return { drawn_s, jittered_s, all_s: last.step_s, step_s: last.step_s };
    }
    const step_s = (values: Float64Array) => (contendsOnCore ? schedule(folded, simulated_s, undefined, values.reduce((most, one) => Math.max(most, one), 1), rates).step_s : scheduleFleet(folded, simulated_s, values).step_s);
    const drawn_s = step_s(speeds);
    const jittered_s = jittered === speeds ? drawn_s : step_s(jittered);
    const all_s = all === jittered ? jittered_s : step_s(all);
    const fed_s = inputIsDrawn ? drawInput(inputTask, draw, scheduleFleet(folded, withoutInput(folded, simulated_s), all).step_s) : all_s;
    return { drawn_s, jittered_s, all_s, step_s: fed_s };
  });
  const draws_s = steps.map(({ step_s }) => step_s);
  const all_s = mean(steps.map((one) => one.all_s));
  const step = spreadOf(draws_s);
  const drawn_s = mean(steps.map((one) => one.drawn_s));
  const jittered_s = mean(steps.map((one) => one.jittered_s));

  const causes: Cause[] = [
    { id: "network", label: network.contends ? "Simulated network in place of closed forms" : "Simulated steps of the sums in place of closed forms", time_s: whole.step_s - (analytic_s - wait_s), words: whole.words },
    ...(damaged === whole ? [] : [{ id: "links" as const, label: "Slow and failed links", time_s: damaged.step_s - whole.step_s, words: `${damaged.words}; ${[...slowLinks.map(({ name, share }) => `${name} at ${percent(share)}`), ...failedLinks.map((name) => `${name} failed`)].join(", ")}` }]),
    ...(collectives === damaged ? [] : [{ id: "background" as const, label: "Other jobs on shared links", time_s: collectives.step_s - damaged.step_s, words: `${collectives.words}; others use ${percent(background)} of shared links on average` }]),
    { id: "devices", label: "Drawn speeds in place of the expected slowest", time_s: drawn_s - collectives.step_s, words: lag > 0 ? `the slowest of ${devices} lies ${percent(lag)} behind by expectation${describeUnequal(spread, devices).map((words) => `; ${words}`).join("")}` : "devices are equal here" },
    ...(jitter === 0 ? [] : [{ id: "jitter" as const, label: "Work that differs from step to step", time_s: jittered_s - drawn_s, words: `each device's step is drawn with a standard deviation of ${percent(jitter)}` }]),
    ...(slowNode === 1 ? [] : [{ id: "slow-node" as const, label: "One slow node", time_s: all_s - jittered_s, words: `one node computes ${slowNode} times as long, and every sum waits for it` }]),
    ...(inputIsDrawn ? [{ id: "input" as const, label: "Drawn reads and decodes in place of the closed form", time_s: step.mean - all_s - wait_s, words: "each device's batches take drawn times and wait in its buffer; other jobs leave a drawn share of the storage" }] : []),
  ];
  // A timeline shows the draw whose step is the median. Its fleet is drawn again: to keep all of them would take more memory than time is saved.
  const shown = draws_s.indexOf(step.median);
  const again = drawFleets(fleets);
  for (let draw = 0; draw < shown; draw++) again();
  options.say?.("recording one step");
  const { records, path, step_s: recorded_s } = recordRanks(prepared, devices, collectives.time_s, again().all, contendsOnCore ? rates : null);
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
    notes: [...notesOf(network.contends, contendsOnCore, collectives.method, jitter), ...(many ? asynchronousNotes(groups, size, staleness) : [])],
  };
}

type Sums = SimulatedSums & { readonly step_s: number };

/** One after another in the same way, so that what differs is the networks; the same network once. */
function simulateAlike(graphs: readonly NetworkGraph[], sumsOn: (graph: NetworkGraph, method: SumMethod | undefined) => Sums): Sums[] {
  const done = new Map<NetworkGraph, Sums>();
  for (const graph of graphs) if (!done.has(graph)) done.set(graph, sumsOn(graph, undefined));
  const coarsest = sumMethods.findLast((method) => [...done.values()].some((sums) => sums.method === method && sums.list.length > 0));
  for (const [graph, sums] of done) if (sums.list.length > 0 && sums.method !== coarsest) done.set(graph, sumsOn(graph, coarsest));
  return graphs.map((graph) => done.get(graph) as Sums);
}

function checked(scenario: Scenario, { devices, seed = 1, draws = 10, placement = "packed", slowNode = 1, slowLinks = [], failedLinks = [], background = 0, jitter = 0 }: SimulateOptions) {
  const { node, nodes, title } = scenario.machine;
  const available = node.devices.value * nodes.value;
  const problems = [
    ...(Number.isInteger(devices) && devices >= 1 ? [] : [wrongValue("devices", devices, "a whole number of devices, 1 or more")]),
    ...(devices > available ? [tooManyDevices("devices", devices, available, title)] : []),
    ...(Number.isInteger(seed) ? [] : [wrongValue("seed", seed, "a whole number")]),
    ...(Number.isInteger(draws) && draws >= 1 && draws <= 1000 ? [] : [wrongValue("draws", draws, "a whole number from 1 to 1000")]),
    ...(placements.includes(placement) ? [] : [wrongValue("placement", placement, placements.join(", "))]),
    ...(background >= 0 && background <= 0.9 ? [] : [wrongValue("background", background, "the part of shared links that others use, 0 to 0.9")]),
    ...(jitter >= 0 && jitter <= 1 ? [] : [wrongValue("jitter", jitter, "a relative standard deviation, 0 to 1")]),
    ...checkConditions({ slow: slowLinks, failed: failedLinks }),
    ...(scenario.machine.interconnect || slowLinks.length + failedLinks.length + background === 0 ? [] : [wrongValue(slowLinks.length > 0 ? "slowLinks" : failedLinks.length > 0 ? "failedLinks" : "background", "a machine without interconnect", "a machine whose document has an interconnect: without it no link is known")]),
    ...(slowNode >= 1 && slowNode <= 1000 ? [] : [wrongValue("slowNode", slowNode, "how many times as long the node takes, 1 to 1000")]),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return { devices, seed, draws, placement, slowNode, slowLinks, failedLinks, background, jitter };
}

const hostOf = ({ say, stop }: SimulateOptions) => ({ ...(say ? { say } : {}), ...(stop ? { stop } : {}) });

/** Costs with the sums of gradients as simulated. */
function withSums(program: Program, closed_s: Float64Array, { resources }: Prepared, sum_s: (bytes: number) => number): Float64Array {
  const time_s = closed_s.slice();
  for (let index = 0; index < program.count; index++) {
    if (program.kind[index] !== Kind.allReduce || resources.asynchrony.compression.method === "top-k") continue;
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

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const methodNotes: Record<SumMethod, readonly string[]> = {
  events: [],
  merged: [`So many messages are not simulated one by one: events within ${percent(mergedPart)} of a message's time are one, which moved the end of sums by less than 3 % where the exact one is known.`],
  synchronous: ["So many messages are not simulated one by one: steps of the sums are taken as if all ranks met after each, which is 1 to 3 % long where load spreads evenly, and more where single links are overloaded."],
};

function notesOf(contends: boolean, contendsOnCore: boolean, method: SumMethod, jitter: number): string[] {
  return [
    ...methodNotes[method],
    ...(contends ? [] : ["The machine document has no interconnect: ports of nodes are simulated, links above them cannot contend."]),
    ...(contendsOnCore ? ["Sums run on the core that computes: ranks are scheduled as the slowest of them."] : []),
    ...(jitter > 0 ? [] : ["Speeds of devices are drawn; jitter from step to step of one device is not, because no source here tells it: give one to see what it costs."]),
  ];
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  return { mean: mean(values), min: at(0), p10: at(0.1), median: at(0.5), p90: at(0.9), max: at(1), n: values.length };
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
