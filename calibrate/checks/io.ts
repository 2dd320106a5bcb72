/** Staging times, readers that hold training up, and accelerators that wait for storage, beside what is predicted of them. */
import { cycleTime } from "../../model/io/queue.ts";
import type { SharedTier } from "../../model/io/tiers.ts";
import { expectedMaximum } from "../../model/variability/slowest.ts";
import { machineOf, rangeOf, stage, stageOn, type Range, type Staged } from "./io-models.ts";
import { against, figure, type Check, type CheckInput, type CheckRoom } from "./types.ts";

/** Files of MLPerf HPC: DeepCAM's samples in FP32 with a label of 4 bytes a pixel; CosmoFlow's in TFRecord, compressed since v1.0 (DLIO's bytes of a sample). Training and validation samples are staged. */
const deepcam = { samples: 121_266 + 15_158, sample_bytes: 17 * 768 * 1152 * 4 };
const cosmoflow = { early: 262_144 + 65_536, late: 524_288 + 65_536 };

const idOf = (id: string): { nodes: number; trainings: number } => {
  const [, nodes = "1", trainings = "1"] = /-(\d+)x(\d+)$/.exec(id) ?? [];
  return { nodes: Number(nodes), trainings: Number(trainings) };
};

/** By documents of machines: nobody's staging time has informed them. */
function collectStaging({ library, facts }: CheckInput): Check[] {
  const machines = { juwels: "juwels-booster", selene: "selene", eos: "eos", perlmutter: "perlmutter" } as const;
  const sample_bytes = figure(facts, "dlio-cosmoflow-sample").value;
  return Object.keys(facts).filter((id) => /^staging-deepcam-|^staging-cosmoflow-\w+-v[23]0/.test(id)).map((id) => {
    const [, what = "", place = ""] = id.split("-");
    const machine = machineOf(library, machines[place as keyof typeof machines]);
    const data = what === "deepcam" ? deepcam : { samples: cosmoflow.late, sample_bytes };
    const { nodes, trainings } = idOf(id);
    const staged: Staged = { mode: "shards", nodes, trainings, ...data };
    return against(facts, id, stageOn(machine, staged), "out", trainings > 1 ? "trainings read the same data set at once; the machine's bandwidths are assumed" : "the machine's bandwidths are assumed");
  });
}

const tierOf = (perFile_s: number): SharedTier => ({ name: "", read_bytes_per_s: Number.POSITIVE_INFINITY, nodeRead_bytes_per_s: Number.POSITIVE_INFINITY, streamRead_bytes_per_s: null, replicatedRead_bytes_per_s: null, perFile_s, opens_per_s: null, stats_per_s: null, available: 1, readSpread: 0, servers: null });

/** One file a sample, v0.7 and v1.0: the time of a node for one file, from the two runs of Selene alone, predicts the other machines whatever the file's bytes. */
function collectFiles({ facts }: CheckInput): Check[] {
  const informed = ["staging-cosmoflow-selene-v10-16x1", "staging-cosmoflow-selene-v10-128x1"];
  const perFile = informed.map((id) => (figure(facts, id).value * idOf(id).nodes) / cosmoflow.late);
  const [first = 0, second = 0] = perFile;
  const perFile_s = Math.sqrt(first * second);
  // Two machines-full of one site differ by so much; 95 % of a log-normal law lies within twice that.
  const factor = Math.exp(2 * Math.abs(Math.log(first / second)) / Math.SQRT2);
  return Object.keys(facts).filter((id) => /^staging-cosmoflow-\S+-v(07|10)-/.test(id)).map((id) => {
    const { nodes, trainings } = idOf(id);
    const staged: Staged = { mode: "shards", nodes, trainings, samples: id.includes("-v07-") ? cosmoflow.early : cosmoflow.late, sample_bytes: 1 };
    const value = stage(staged, tierOf(perFile_s), Number.POSITIVE_INFINITY);
    const own = id.includes("selene");
    return against(facts, id, own ? { value } : { value, low95: value / factor, high95: value * factor }, own ? "in" : "out", informed.includes(id) ? "informed the time for one file" : own ? "another run of the machine that informed the time for one file" : `${(perFile_s * 1000).toFixed(0)} ms of a node for one file, from Selene`);
  });
}

function collectReaders({ facts }: CheckInput): Check[] {
  const perCore = figure(facts, "dlperf-pytorch-8-workers").value / 8;
  const cores = 24;
  const near = (value: number, demand: number): Range => ({ value, low95: value / 1.5, high95: Math.min(demand, value * 1.5) });
  return ["gluon", "paddle"].flatMap((name) => {
    const alone = figure(facts, `dlperf-${name}-fp16-1`).value;
    return Object.keys(facts).filter((id) => id.startsWith(`dlperf-${name}-fp16-`) && !id.endsWith("-1")).map((id) => {
      const devices = Number(id.split("-").at(-1));
      const supply = Math.ceil(devices / 8) * cores * perCore;
      const demand = alone * devices;
      const text = supply < demand ? `readers decide: ${cores} cores a node of ${perCore.toFixed(0)} images/s each, as PyTorch's readers on the same machine` : "GPUs decide: so many times one GPU";
      return against(facts, id, near(Math.min(supply, demand), demand), "out", `${text}; a range of 1.5 for the code of another framework`);
    });
  });
}

function collectSynthetic({ facts }: CheckInput): Check[] {
  const perCore = figure(facts, "dlperf-pytorch-8-workers").value / 8;
  const nodes = { daint: { cores: 12, demand: 138.23 }, p2: { cores: 2, demand: 30.55 } } as const;
  return Object.entries(nodes).flatMap(([place, { cores, demand }]) =>
    Object.keys(facts).filter((id) => id.startsWith(`real-over-synthetic-${place}-`)).map((id) => {
      const supply = cores * perCore;
      return against(facts, id, { value: Math.min(1, supply / demand) }, "out", `${cores} cores give ${supply.toFixed(0)} images/s where a node takes ${demand}: input is hidden, what is lost besides is not modelled`);
    }),
  );
}

/** Emulated accelerators: bandwidth is of the same run, so only the sums are tested, with the spread of sizes and a buffer of two batches. */
function collectAccelerators({ facts }: CheckInput): Check[] {
  const batches = { unet3d: { batch: 7, spread: 68_341_808 / 146_600_628 }, cosmoflow: { batch: 1, spread: 71_311 / 2_828_486 }, resnet50: { batch: 400, spread: 0 } } as const;
  return Object.keys(facts).filter((id) => /^mlstorage-.*-au$/.test(id)).map((id) => {
    const model = (Object.keys(batches) as Array<keyof typeof batches>).find((name) => id.includes(name))!;
    const { batch, spread } = batches[model];
    const accelerators = Number(/(\d+) emulated/.exec(figure(facts, id).subject)?.[1]);
    const step_s = figure(facts, `dlio-${model}-${id.includes("a100") ? "a100" : "h100"}-step`).value;
    const bytes = figure(facts, `dlio-${model}-sample`).value * batch;
    const supply_s = (bytes * accelerators) / (figure(facts, id.replace(/-au$/, "-bw")).value * 2 ** 20);
    const cycle_s = cycleTime({ supply_s, spread: spread / Math.sqrt(batch), depth: 2 }, step_s, 1, expectedMaximum);
    return against(facts, id, { value: (100 * step_s) / cycle_s }, "arithmetic", "the bandwidth of the same run against the compute time that is slept; its own figure leaves out the first step");
  });
}

/** One node of eight V100 that waits for input: what its drives read over what one Lustre client of that time does. */
function collectNode({ library, facts }: CheckInput): Check[] {
  const nvme_bytes_per_s = 3.2e9;
  const client = machineOf(library, "piz-daint").fileSystem.nodeRead;
  return [against(facts, "ibrahim-cosmoflow-nvme", rangeOf({ client }, (values) => Math.max(1, nvme_bytes_per_s / values.client)), "out", "drives of 3.2 GB/s (same source) over one Lustre client as assumed for Piz Daint; nearly all of the step is input")];
}

function collectKurth({ library, facts }: CheckInput): Check[] {
  const summit = machineOf(library, "summit");
  const climate = { samples: 63_000, sample_bytes: 17 * 768 * 1152 * 4, samplesPerNode: 1650, nodes: 1024, trainings: 1 };
  const minutes = ({ value, low95, high95 }: Range): Range => ({ value: value / 60, ...(low95 === undefined || high95 === undefined ? {} : { low95: low95 / 60, high95: high95 / 60 }) });
  const [slow, middle, fast] = [0.3e9, 1e9, 4e9].map((nodeReceive_bytes_per_s) => stageOn(summit, { ...climate, mode: "exchange", nodeReceive_bytes_per_s }).value / 60) as [number, number, number];
  return [
    against(facts, "kurth-naive-staging", minutes(stageOn(summit, { ...climate, mode: "naive" })), "out", "reads of the same files between IO500's shared file and files of one's own; the figure is recalled"),
    against(facts, "kurth-exchange-staging", { value: middle, low95: fast, high95: slow }, "out", "one process of a node receives 1 GB/s (0.3 to 4, assumed); the figure is recalled"),
    against(facts, "kurth-input-per-gpu", { value: (20.93 / 4.188) * 37.8 }, "arithmetic", "samples per second of the source times bytes of a sample, themselves from this figure"),
    against(facts, "kurth-input-per-node", { value: (6 * figure(facts, "kurth-input-per-gpu").value) / 1000 }, "arithmetic", "six GPUs"),
  ];
}

export const ioChecks: CheckRoom = {
  title: "Staging and input",
  about:
    "Staging of MLPerf HPC: nodes of a training hold the data set together, trainings that run at once read it each. Where files are single samples (v0.7, v1.0), a node needs the same time for a file on every machine, whatever its bytes; later submissions stage archives, and the bandwidths of documents decide, which nobody published. Selene and Eos deliver several times what is assumed for their file systems when many trainings read the same data. Readers of DLPerf: cores times images a core. Real against synthetic input: no reader decides, and the loss of a tenth from 8 nodes on is not explained. MLPerf Storage sleeps instead of computing: sums only.",
  collect: (input) => [...collectFiles(input), ...collectStaging(input), ...collectReaders(input), ...collectSynthetic(input), ...collectAccelerators(input), ...collectNode(input), ...collectKurth(input)],
};
