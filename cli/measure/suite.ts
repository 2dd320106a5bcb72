/**
 * The suite as a table: which programs measure what, how they are started, how long that takes, and what a prediction loses where one is missing.
 * The order is that of running: what predictions need most comes first, so that a run cut short is still of use.
 */
export const parts = ["cpu", "memory", "io", "torch", "net", "gpu"] as const;
export type Part = (typeof parts)[number];
export type Mode = "tiny" | "quick" | "full";

/** How a program is started. `rate_bit_per_s`: of each host's link in a network namespace; null leaves it unshaped. */
export type Launcher =
  | { readonly kind: "program"; readonly needs?: "disk" | "gpu"; readonly threads?: true }
  | { readonly kind: "mpi"; readonly ranks: number; readonly transport: "shared-memory" | "loopback" }
  | { readonly kind: "gloo"; readonly ranks: number; readonly place: "loopback" | { readonly rate_bit_per_s: number | null } }
  | { readonly kind: "python" };

export interface Entry {
  readonly id: string;
  readonly part: Part;
  /** Native program, or a script below native/. */
  readonly program: string;
  /** Names of the rows it writes; with the values that their case has, they tell to which entry a stored row belongs. */
  readonly benchmarks: readonly string[];
  readonly where?: Readonly<Record<string, string | number>>;
  readonly link?: string;
  readonly launcher: Launcher;
  readonly arguments: Readonly<Record<Mode, readonly string[]>>;
  /** Absent: left out of that mode. */
  readonly estimate_s: { readonly quick?: number; readonly full: number };
  /** What its absence does to predictions. */
  readonly effect: string;
}

const modeWord: Readonly<Record<Mode, readonly string[]>> = { tiny: ["--tiny"], quick: ["--quick"], full: [] };

function withArguments(more: readonly string[] = [], seconds?: { quick: number; full: number }): Entry["arguments"] {
  const budget = (mode: "quick" | "full") => (seconds ? ["--seconds", String(seconds[mode])] : []);
  return { tiny: [...modeWord.tiny, ...more], quick: [...modeWord.quick, ...budget("quick"), ...more], full: [...modeWord.full, ...budget("full"), ...more] };
}

function single(part: Part, id: string, quick_s: number, full_s: number, effect: string, launcher: Launcher): Entry {
  return { id, part, program: id, benchmarks: [id], launcher, arguments: withArguments(), estimate_s: { quick: quick_s, full: full_s }, effect };
}

const cpu = (id: string, quick_s: number, full_s: number, effect: string, more: Partial<Entry> = {}): Entry => ({ ...single("cpu", id, quick_s, full_s, effect, { kind: "program", threads: true }), ...more });
const memory = (id: string, quick_s: number, full_s: number, effect: string) => single("memory", id, quick_s, full_s, effect, { kind: "program", threads: true });
const disk = (id: string, quick_s: number, full_s: number, effect: string) => single("io", id, quick_s, full_s, effect, { kind: "program", needs: "disk" });
const gpu = (id: string, full_s: number, effect: string, more: Partial<Entry> = {}): Entry => ({ ...single("gpu", id, 2, full_s, effect, { kind: "program", needs: "gpu" }), ...more });

const mpiCollectives = ["mpi-all-reduce", "mpi-all-gather", "mpi-reduce-scatter", "mpi-all-to-all", "mpi-broadcast"];
const glooCollectives = ["gloo-all-reduce", "gloo-all-gather", "gloo-reduce-scatter", "gloo-all-to-all", "gloo-broadcast"];

function mpi(transport: "shared-memory" | "loopback", quick: boolean): Entry[] {
  const launcher: Launcher = { kind: "mpi", ranks: 2, transport };
  const common = { part: "net", link: transport, where: { link: transport, ranks: 2 }, launcher } as const;
  const estimate = (full: number) => (quick ? { quick: 2.5, full } : { full });
  return [
    { ...common, id: `mpi-ping-pong-${transport}`, program: "mpi-ping-pong", benchmarks: ["mpi-ping-pong"], arguments: withArguments([], { quick: 1.5, full: 10 }), estimate_s: estimate(11), effect: "the time of a small message is assumed" },
    { ...common, id: `mpi-collectives-${transport}`, program: "mpi-collectives", benchmarks: mpiCollectives, arguments: withArguments([], { quick: 1.5, full: 10 }), estimate_s: estimate(11), effect: "no curve of MPI's collectives; predictions with Gloo do not need it" },
  ];
}

/** All collectives over loopback, where there is time; over shaped links the all-reduce alone, which training with replicas needs. */
function gloo(link: string, rate_bit_per_s: number | null | "loopback", modes: "both" | "full", effect: string): Entry[] {
  const slug = link.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const isLoopback = rate_bit_per_s === "loopback";
  const launcher: Launcher = { kind: "gloo", ranks: 2, place: isLoopback ? "loopback" : { rate_bit_per_s } };
  const common = { part: "net", link, where: { link, ranks: 2 }, launcher } as const;
  const estimate = (quick: number, full: number) => (modes === "both" ? { quick, full } : { full });
  const [allReduce, all] = [withArguments(["--only", "all-reduce"], { quick: 2, full: 12 }), withArguments([], { quick: 2, full: 24 })];
  return [
    { ...common, id: `gloo-${isLoopback ? "collectives" : "all-reduce"}-${slug}`, program: "gloo-collectives", benchmarks: isLoopback ? glooCollectives : ["gloo-all-reduce"], arguments: isLoopback ? { ...allReduce, full: all.full } : allReduce, estimate_s: estimate(3, isLoopback ? 26 : 13), effect },
    { ...common, id: `gloo-overlap-${slug}`, program: "gloo-overlap", benchmarks: ["gloo-overlap"], arguments: withArguments([], { quick: 1.5, full: 12 }), estimate_s: estimate(2.5, 13), effect: "how much of a collective hides behind compute on the same core is assumed" },
    { ...common, id: `gloo-blocking-${slug}`, program: "gloo-blocking", benchmarks: ["gloo-blocking"], arguments: withArguments([], { quick: 1.5, full: 2.5 }), estimate_s: link === "1 Gbit/s" || isLoopback ? { quick: 2, full: 3 } : { full: 3 }, effect: "collectives that a program waits for one by one are taken to cost no more than those that follow each other in a queue" },
  ];
}

const shaped = "the share of a link that an all-reduce reaches, and its latency, are taken from other rates or assumed";

export const suite: readonly Entry[] = [
  cpu("fma-peak", 2, 3, "the peak rate of a core is the best that a matrix product reached, or assumed"),
  cpu("gemm", 2, 57, "no surface of matrix products by shape; the peak of BF16 is unknown", { where: { library: "onednn" } }),
  cpu("gemm-openblas", 2, 27, "no matrix products of a second library beside oneDNN's", { benchmarks: ["gemm"], where: { library: "openblas" } }),
  cpu("convolution", 2, 57, "no surface of convolutions by shape from the library alone"),
  cpu("elementwise", 2, 15, "the share of the memory bandwidth that element-wise work reaches is assumed"),
  cpu("softmax", 2, 15, "no curve of softmax; nothing else uses it"),
  cpu("layer-norm", 2, 15, "no curve of layer normalisation; nothing else uses it"),
  cpu("optimizer-update", 2, 15, "no curve of optimizer updates from a loop of our own"),
  cpu("launch-cost", 1, 3, "the cost of calling one operation is left to the stack document"),
  memory("stream", 2, 30, "memory bandwidth is assumed"),
  memory("pointer-chase", 2, 20, "no latency by cache level; predictions do not use it"),
  memory("memcpy", 2, 15, "the rate of copies into a device's memory is taken from the triad or assumed"),
  disk("storage-sequential", 2, 20, "reading and writing rates of the disk are assumed"),
  disk("storage-random", 2, 26, "no curve of random reads; predictions do not use it"),
  disk("small-files", 2, 16, "the time to open a file is assumed"),
  disk("metadata", 1, 3, "no rate of file operations; predictions do not use it"),
  disk("fsync", 1, 2, "no time of a durable write; predictions do not use it"),
  {
    id: "torch-operations", part: "torch", program: "pytorch/operation_table.py", benchmarks: ["torch-operation", "torch-step", "loader"], launcher: { kind: "python" },
    arguments: { tiny: ["--tiny"], quick: ["--quick"], full: ["--full"] }, estimate_s: { quick: 25, full: 290 },
    effect: "training steps of PyTorch on this host cannot be predicted from its own operations: another table has to be named",
  },
  ...gloo("loopback", "loopback", "both", "the link between the cores of this host is assumed"),
  ...gloo("100 Mbit/s", 100e6, "both", shaped),
  ...gloo("1 Gbit/s", 1e9, "both", shaped),
  ...gloo("200 Mbit/s", 200e6, "full", shaped),
  ...gloo("500 Mbit/s", 500e6, "full", shaped),
  ...gloo("2 Gbit/s", 2e9, "full", shaped),
  ...gloo("unshaped", null, "both", "the most that the processors can move between two hosts of their own is unknown"),
  ...mpi("shared-memory", true),
  ...mpi("loopback", false),
  gpu("gpu-memory", 12, "no memory bandwidth of the accelerator"),
  gpu("gpu-gemm", 25, "no rate of our own kernels on the accelerator", { where: { library: "exatwin" } }),
  gpu("gpu-gemm-cublaslt", 25, "no surface of the accelerator's matrix products", { benchmarks: ["gpu-gemm"], where: { library: "cublaslt" } }),
  gpu("gpu-launch", 3, "the cost of launching a kernel is left to the stack document"),
  gpu("gpu-copies", 12, "no rate of copies between host and accelerator"),
  gpu("gpu-nccl", 25, "no link between accelerators", { benchmarks: ["gpu-all-reduce", "gpu-all-gather", "gpu-reduce-scatter", "gpu-broadcast", "gpu-all-to-all"] }),
];

export const estimateOf = (entry: Entry, mode: Mode): number => (mode === "full" ? entry.estimate_s.full : mode === "quick" ? (entry.estimate_s.quick ?? 0) : 0.1);
export const isIn = (entry: Entry, mode: Mode): boolean => mode === "full" || entry.estimate_s.quick !== undefined;

/** Whether a stored row is of this entry. */
export function owns(entry: Entry, row: { readonly benchmark: string; readonly case: Readonly<Record<string, unknown>> }): boolean {
  return entry.benchmarks.includes(row.benchmark) && Object.entries(entry.where ?? {}).every(([key, value]) => row.case[key] === value);
}

/** What a prediction loses by a reason: one of the runner's, which begins with the entry's name, or a program's own. */
export function effectOf(benchmark: string, reason: string): string {
  const failed = suite.find((entry) => reason.startsWith(`${entry.id}: `));
  if (failed) return failed.effect;
  if (reason.includes("within the time allowed")) return "what was left out is read from the curve or surface through the rest";
  return suite.find((entry) => entry.benchmarks.includes(benchmark))?.effect ?? "nothing that predictions use";
}
