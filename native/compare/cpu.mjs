// Matrix products and convolutions beside a tool that others use, in turn within the same minutes. One JSON line each: {id, ours, known, unit, ratio, tool};
// what cannot be compared here is a line {id, skipped}, and is said on standard error. Builds nothing.
// oneDNN's part beside benchdnn, oneDNN's own benchmark, where there is one (--benchdnn, else on the PATH; Debian has none); else beside PyTorch,
// which starts from plain arrays and is timed with the reorders from and to them. OpenBLAS's part beside PyTorch's product, which calls the BLAS library.
// Beside other work the ratios go either way, of several threads most: more CPU pressure than 10 % on the way is said on standard error.
// Rates are those of the fastest sample of all rounds: on a shared machine that is the cost of the work, and the rest is the neighbours'.
// Usage: node native/compare/cpu.mjs [--programs FOLDER] [--benchdnn PATH] [--python PATH] [--rounds N] [--threads N]
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: given } = parseArgs({
  options: {
    programs: { type: "string", default: ".cache/native" },
    benchdnn: { type: "string", default: "benchdnn" },
    python: { type: "string", default: "/usr/bin/python3" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});
const programs = resolve(given.programs);
const rounds = Math.max(1, Number(given.rounds));
const most = Math.max(1, Number(given.threads));
const torchScript = join(dirname(fileURLToPath(import.meta.url)), "torch_products.py");

const products = [[512, 512, 512], [1024, 1024, 1024], [1024, 3072, 768]].map(([m, n, k]) => ({ m, n, k }));
const convolutions = [[8, 64, 64, 56, 56, 3, 1], [8, 256, 256, 14, 14, 3, 1], [4, 64, 256, 56, 56, 1, 1], [4, 3, 64, 224, 224, 7, 2]].map(([batch, inChannels, outChannels, height, width, kernel, stride]) => ({ batch, inChannels, outChannels, height, width, kernel, stride }));
const passes = { forward: "FWD_D", "data-gradient": "BWD_D", "weight-gradient": "BWD_W" };
const isAsked = ({ pass, inChannels }) => pass !== "data-gradient" || inChannels !== 3;

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
function skip(id, reason) {
  print({ id, skipped: reason });
  process.stderr.write(`SKIPPED ${id}: ${reason}\n`);
}
const round4 = (value) => Number(value.toPrecision(4));
/** The processors that this process may use, as Linux lists them: "0-3,8". */
function findProcessors() {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}
const places = findProcessors().map((cpu) => `{${cpu}}`).join(",");
const bound = (threads) => ({ OMP_NUM_THREADS: String(threads), OMP_PROC_BIND: "true", OMP_PLACES: places });
const run = (program, args, env = {}) => execFileSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "inherit"], timeout: 600_000, env: { ...process.env, ...env } });
function works(program, args) {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Per cent of the last ten seconds in which some task waited for a processor; 0 where the kernel does not tell. */
const readPressure = () => (existsSync("/proc/pressure/cpu") ? Number(/^some avg10=([\d.]+)/m.exec(readFileSync("/proc/pressure/cpu", "utf8"))?.[1] ?? 0) : 0);

const nameOf = (one) => (one.m === undefined ? `${one.pass} ${filterText(one)}` : productText(one));
const productText = ({ m, n, k }) => `${m}x${n}x${k}`;
const filterText = ({ batch, inChannels, outChannels, height, width, kernel, stride }) => [batch, inChannels, outChannels, height, width, kernel, stride].join(":");

/** Our program's rows of some cases: name -> seconds and operations. */
function ours(program, cases, threads, more = []) {
  const shapes = [...new Set(cases.map((one) => (one.m === undefined ? filterText(one) : productText(one))))].join(",");
  const rows = run(join(programs, program), ["--threads", String(threads), "--shapes", shapes, ...more]).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return new Map(rows.filter((row) => row.case?.threads === threads).map((row) => [nameOf(row.case), { time_s: row.time_s.min, flop: row.work.flop }]));
}

/** benchdnn of one case: the fastest time in ms is all that its line holds. */
function benchdnn(one, threads) {
  const common = ["--mode=P", "--max-ms-per-prb=800", "--perf-template=fastest %-time%"];
  const any = ["--stag=any", "--wtag=any", "--dtag=any"];
  const { batch, inChannels, outChannels, height, width, kernel, stride } = one;
  const padding = Math.floor((kernel ?? 1) / 2);
  const what = one.m === undefined
    ? ["--conv", "--cfg=f32", "--alg=auto", `--dir=${passes[one.pass]}`, ...any, `mb${batch}ic${inChannels}ih${height}iw${width}oc${outChannels}oh${Math.ceil(height / stride)}ow${Math.ceil(width / stride)}kh${kernel}kw${kernel}sh${stride}sw${stride}ph${padding}pw${padding}`]
    : ["--matmul", "--cfg=f32", ...any, `${one.m}x${one.k}:${one.k}x${one.n}`];
  const [driver, ...rest] = what;
  const time_ms = Number(/^fastest ([\d.eE+-]+)$/m.exec(run(given.benchdnn, [driver, ...common, ...rest], bound(threads)))?.[1]);
  if (!(time_ms > 0)) throw new Error(`benchdnn printed no time of ${nameOf(one)}`);
  return time_ms / 1e3;
}

/** Products are not bound: a BLAS library with threads of its own counts the processors that the first thread may use, and OpenMP's binding leaves it one. */
function torch(cases, threads) {
  const env = cases[0].m === undefined ? bound(threads) : { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const times = JSON.parse(run(given.python, [torchScript, String(threads), "0.6", JSON.stringify(cases)], env));
  return new Map(times.map((time_s, at) => [nameOf(cases[at]), time_s]));
}

/** In turn, each side's fastest sample of every case. `known`: cases -> Map(name -> seconds). */
function compare(id, tool, program, cases, threads, known, more) {
  const flop = new Map();
  const best = { ours: new Map(), known: new Map() };
  const keep = (side, name, time_s) => best[side].set(name, Math.min(time_s, best[side].get(name) ?? Infinity));
  let pressure = readPressure();
  for (let round = 0; round < rounds; round++) {
    for (const [name, row] of ours(program, cases, threads, more)) {
      keep("ours", name, row.time_s);
      flop.set(name, row.flop);
    }
    for (const [name, time_s] of known(cases, threads)) keep("known", name, time_s);
    pressure = Math.max(pressure, readPressure());
  }
  if (pressure > 10) process.stderr.write(`NOT QUIET: ${id} by ${threads} threads: CPU pressure up to ${pressure} %; ratios tell little\n`);
  for (const one of cases) {
    const name = nameOf(one);
    const [our_s, known_s] = [best.ours.get(name), best.known.get(name)];
    const of = `${id} fp32 ${name} by ${threads} ${threads === 1 ? "thread" : "threads"}`;
    if (our_s === undefined || known_s === undefined) skip(of, `no time of ${our_s === undefined ? program : tool}`);
    else print({ id: of, ours: round4(flop.get(name) / our_s / 1e9), known: round4(flop.get(name) / known_s / 1e9), unit: "GFLOP/s", ratio: round4(known_s / our_s), tool });
  }
}

const hasBenchdnn = works(given.benchdnn, ["--mode=L", "--matmul", "4x4:4x4"]);
const hasTorch = works(given.python, ["-c", "import torch"]);
const noTorch = `${given.python} has no PyTorch (Debian: python3-torch; --python names one)`;
const filters = Object.keys(passes).flatMap((pass) => convolutions.map((one) => ({ ...one, pass }))).filter(isAsked);
const parts = [
  { id: "onednn gemm", program: "gemm", cases: products, more: ["--precision", "fp32"], alone: "torch.mm (which calls the BLAS library)" },
  { id: "onednn convolution", program: "convolution", cases: filters, more: ["--precision", "fp32"], alone: "torch convolution (oneDNN, with reorders from and to plain arrays)" },
  { id: "openblas gemm", program: "gemm-openblas", cases: products, more: [], alone: "torch.mm (which calls the BLAS library)", isBlas: true },
];
for (const threads of most > 1 ? [1, most] : [1])
  for (const { id, program, cases, more, alone, isBlas } of parts) {
    const byBenchdnn = hasBenchdnn && !isBlas;
    if (!existsSync(join(programs, program))) skip(id, `${program} is not built in ${programs} (node cli/setup/run-native.mjs)`);
    else if (!byBenchdnn && !hasTorch) skip(id, isBlas ? noTorch : `no benchdnn (--benchdnn PATH), and ${noTorch}`);
    else
      try {
        compare(id, byBenchdnn ? "benchdnn" : alone, program, cases, threads, byBenchdnn ? (all, count) => new Map(all.map((one) => [nameOf(one), benchdnn(one, count)])) : torch, more);
      } catch (error) {
        skip(`${id} by ${threads} threads`, String(error.message).split("\n")[0]);
      }
  }
