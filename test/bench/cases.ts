/** The rows of the benchmark: what is done, in which unit, and the goal. A row does its work once per call of `run`; what is set up once is made by `prepare`. */
import { simulateExchange } from "../../model/engine/events/exchange.ts";
import type { ExchangeOptions } from "../../model/engine/events/options.ts";
import { collectiveAlgorithms } from "../../model/network/collectives/index.ts";
import { collectiveTime } from "../../model/network/library/index.ts";
import { predict } from "../../model/predict/predict.ts";
import { prepare } from "../../model/predict/prepare.ts";
import { importRate, importTextRate, importTrace } from "./imports.ts";
import { simulate } from "../../model/simulate/simulate.ts";
import { buildProgram, runProgram } from "../oracle/program.ts";
import { writeExchange } from "../oracle/protocol.ts";
import { makeAllToAll, makeHierarchical, makeRing } from "./exchanges.ts";
import { flatTree, inOrder, taperedMachine } from "./machines.ts";
import { scenarioOf } from "../support/library.ts";
import { gpt } from "../support/transformers.ts";
import { textLogs, textLogWords } from "./text-logs.ts";
import { makeSearch } from "./searches.ts";
import { layoutsOf1T, makePredict1T } from "./transformers.ts";

export interface BenchCase {
  readonly id: string;
  readonly does: string;
  readonly unit: "s" | "1/s" | "MiB" | "MB/s";
  readonly goal: number | null;
  readonly better: "higher" | "lower";
  /** Gives the work; it answers how often it did what the row counts, or in a row of memory or of a rate the figure itself. Words where the row cannot be measured here. */
  prepare(): (() => number) | string;
}

const events = (id: string, does: string, goal: number | null, prepare: () => () => unknown): BenchCase => ({
  id,
  does,
  unit: "s",
  goal,
  better: "lower",
  prepare: () => {
    const work = prepare();
    return () => {
      work();
      return 1;
    };
  },
});

const everyMessage: ExchangeOptions = { fold: false, jump: false, direct: false };

const ring = (id: string, does: string, goal: number, options: ExchangeOptions): BenchCase =>
  events(id, does, goal, () => {
    const graph = flatTree(32, 32, 32);
    const exchange = makeRing(1024, 2046, 1e9 / 1024);
    const placement = inOrder(1024);
    return () => simulateExchange(graph, placement, exchange, options);
  });

const hierarchical = (id: string, nodes: number, devices: number, goal: number | null, between: "halving" | "ring" = "halving", options: ExchangeOptions = {}): BenchCase =>
  events(id, `hierarchical all-reduce over ${nodes * devices} devices, ${devices} on 2 network ports, fabric 2:1, ${between} between nodes`, goal, () => {
    const graph = taperedMachine(nodes, devices);
    const exchange = makeHierarchical(nodes, devices, 100e6, between);
    const placement = inOrder(nodes * devices);
    return () => simulateExchange(graph, placement, exchange, options);
  });

const different = (from: number, to: number): number => 1e5 * (1 + ((from * 7919 + to * 104729) % 9973) / 4986.5);

const allToAll = (id: string, hosts: number, goal: number | null, tolerance: number): BenchCase =>
  events(id, `${hosts * (hosts - 1)} flows of different sizes at once, fabric 2:1, ${tolerance === 0 ? "exact" : `ends within ${tolerance * 100} %`}`, goal, () => {
    const graph = flatTree(16, hosts / 16, 8);
    const exchange = makeAllToAll(hosts, different);
    const placement = inOrder(hosts);
    return () => simulateExchange(graph, placement, exchange, { tolerance });
  });

/** Array buffers that are held at most during the run, garbage that is not yet collected included; the graph and the exchange are counted. */
const memory = (id: string, nodes: number, devices: number, goal: number): BenchCase => ({
  id,
  does: `most memory in typed arrays of the run over ${nodes * devices} devices, machine and exchange included`,
  unit: "MiB",
  goal,
  better: "lower",
  prepare: () => () => {
    globalThis.gc?.();
    let most = 0;
    const look = (): void => void (most = Math.max(most, process.memoryUsage().arrayBuffers));
    const graph = taperedMachine(nodes, devices);
    const exchange = makeHierarchical(nodes, devices, 100e6, "halving");
    simulateExchange(graph, inOrder(nodes * devices), exchange, { progress: look });
    return most / 2 ** 20;
  },
});

/** The same ring by SimGrid, in a process of its own as it is used; what is asked and told is a small part of its time. */
const simgrid: BenchCase = {
  id: "ring-1024-simgrid",
  does: "the ring of ring-1024-flat by SimGrid, correction factors off: 128 of its 2,046 steps, times 16",
  unit: "s",
  goal: null,
  better: "lower",
  prepare: () => {
    const built = buildProgram();
    if ("missing" in built) return built.missing;
    const network = { kind: "fat-tree", capacity_bytes_per_s: 50e9, latency_s: 5e-7, down: [32, 32], up: [1, 32], cables: [1, 1] } as const;
    // SimGrid sends whole bytes.
    const question = writeExchange({ id: "ring", network, placement: [...inOrder(1024)], start_s: Array.from({ length: 1024 }, () => 0), exchange: makeRing(1024, 128, Math.round(1e9 / 1024)) });
    return () => {
      runProgram(built.program, question);
      return 128 / 2046;
    };
  },
};

/** Sums flow by flow with near events as one, 27,360 drawn speeds, jitter; one draw. */
const flagshipStep: BenchCase = events("flagship-step-27360", "one step of the flagship on 27,360 devices: routes on Summit's tree, sums flow by flow, drawn speeds and jitter", 1, () => {
  const scenario = scenarioOf("summit-deeplabv3plus-fp16-2018");
  return () => simulate(scenario, { devices: 27_360, draws: 1, jitter: 0.02 });
});

const algorithms = Object.values(collectiveAlgorithms);

export const cases: readonly BenchCase[] = [
  ring("ring-1024-flat", "ring all-reduce over 1,024 hosts of a fat tree, every message", 0.5, everyMessage),
  simgrid,
  ring("ring-1024-jump", "the same, jumping over steps that repeat", 0.02, { fold: false, direct: false }),
  ring("ring-1024-folded", "the same, alike hosts once, their classes (the place in the leaf) proposed", 0.002, { direct: false, fold: inOrder(1024).map((host) => host % 32) }),
  ring("ring-1024-refined", "the same, classes found by itself", 0.02, { direct: false }),
  ring("ring-1024-direct", "the same without events, as no link can bind", 0.002, {}),
  hierarchical("hierarchical-4096", 512, 8, 0.07),
  hierarchical("hierarchical-27360", 4560, 6, 0.5),
  hierarchical("hierarchical-27360-ring", 4560, 6, 0.5, "ring"),
  hierarchical("hierarchical-131072", 16384, 8, 3),
  memory("hierarchical-131072-memory", 16384, 8, 200),
  flagshipStep,
  allToAll("all-to-all-128-different", 128, 1, 1e-3),
  allToAll("all-to-all-128-exact", 128, null, 0),
  ...[32, 128, 512, 2048, 8192, 16384].map((nodes) => hierarchical(`growth-${nodes * 8}`, nodes, 8, null)),
  {
    id: "collective-closed-form",
    does: "the time of one collective by its formula",
    unit: "s",
    goal: 1e-6,
    better: "lower",
    prepare: () => {
      const network = { nodes: 512, devicesPerNode: 8, nodeLink_bytes_per_s: 150e9, nodeLinkLatency_s: 1e-6, fabric_bytes_per_s: 50e9, fabricLatency_s: 2e-6, leaderShare: 1 };
      return () => {
        let sum = 0;
        for (let call = 0; call < 10_000; call++) for (const algorithm of algorithms) sum += algorithm.time(1e6 + call, network).time_s;
        return sum > 0 ? 10_000 * algorithms.length : 0;
      };
    },
  },
  {
    id: "collective-protocol",
    does: "the time of one collective of NCCL by its protocols, ring or tree as NCCL would choose",
    unit: "s",
    goal: 1e-6,
    better: "lower",
    prepare: () => {
      const { resources } = prepare(scenarioOf("perlmutter-deepcam-2023", { "stack.collective.library": "nccl", "stack.collective.algorithm": "auto" }), "cold");
      const kinds = ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "all-to-all", "send-recv"] as const;
      return () => {
        let sum = 0;
        for (let call = 0; call < 10_000; call++) for (const kind of kinds) sum += collectiveTime(resources.collectives, kind, 1e3 + 997 * call, 2048, 4);
        return sum > 0 ? 10_000 * kinds.length : 0;
      };
    },
  },
  {
    id: "predict-flagship",
    does: "full analytic predictions of the flagship run, all its terms and notes",
    unit: "1/s",
    goal: null,
    better: "higher",
    prepare: () => {
      const scenario = scenarioOf("summit-deeplabv3plus-fp16-2018");
      return () => {
        for (let call = 0; call < 20; call++) predict(scenario);
        return 20;
      };
    },
  },
  { id: "import-kineto-1g", does: "import of a Kineto trace of 128 MB (EXATWIN_BENCH_TRACE_MB), its own process, hash included", unit: "MB/s", goal: 50, better: "higher", prepare: () => importRate },
  { id: "import-kineto-1g-memory", does: "most memory of that process (resident)", unit: "MiB", goal: 500, better: "lower", prepare: () => () => importTrace().most_mebibytes },
  ...textLogs.map((log): BenchCase => ({ id: `import-${log}-100m`, does: `import of a log of 100 MB, ${textLogWords[log]}, its own process, hash included`, unit: "MB/s", goal: 100, better: "higher", prepare: () => () => importTextRate(log) })),
  {
    id: "predict-1t",
    does: `step time and memory of GPT 1T (SC21) on 4,096 A100, another of ${layoutsOf1T().length} layouts each call, some 30 rows of operations kept in columns`,
    unit: "1/s",
    goal: 1e6,
    better: "higher",
    prepare: () => makePredict1T(200_000),
  },
  { id: "search-175b-512", does: "the five best of 3,055,893 valid layouts of GPT-3 175B on 512 A100, 1,536 sequences a step", unit: "s", goal: 0.3, better: "lower", prepare: () => makeSearch(gpt(12_288, 96, 96), 512, 1536) },
  { id: "search-1t-4096", does: "the five best of 3,118,794 valid layouts of GPT 1T on 4,096 A100, 4,096 sequences a step", unit: "s", goal: 3, better: "lower", prepare: () => makeSearch(gpt(25_600, 128, 160), 4096, 4096) },
];
