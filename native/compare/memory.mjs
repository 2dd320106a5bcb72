// Memory bandwidth beside STREAM (J. McCalpin, www.cs.virginia.edu/stream), whose source is given by --stream PATH (stream.c) and compiled with the
// same optimisation and vectors as our loops; in turn, within the same minute, by 1 thread and by all. Best rates of both: STREAM reports those.
// Both count each array once. Misleading if not known: in a virtual machine the rate of main memory depends on what the neighbours do.
// Usage: node native/compare/memory.mjs --stream PATH [--programs FOLDER] [--compiler g++] [--bytes N] [--rounds N]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const text = (otherwise) => ({ type: "string", default: otherwise });
const { values: given } = parseArgs({ options: { stream: { type: "string" }, programs: text(".cache/native"), compiler: text("g++"), bytes: text(String(2 ** 29)), rounds: text("3") } });
const program = resolve(given.programs, "stream");
const bytes = Number(given.bytes);
const elements = Math.floor(bytes / 24);
const threadCounts = [...new Set([1, availableParallelism()])];
const threadsText = (threads) => (threads === 1 ? "1 thread" : `${threads} threads`);
const idOf = (kernel, threads) => `stream ${kernel} of ${bytes} bytes, ${threadsText(threads)}`;

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const round4 = (value) => Number(value.toPrecision(4));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** What cannot be compared is a line {id, skipped}, and is said on standard error. */
function skip(id, reason) {
  print({ id, skipped: reason });
  process.stderr.write(`SKIPPED ${id}: ${reason}\n`);
}

/** `ours` and `known`: () -> Map from a case's id to its rate, or a text that says why there is none. */
function compareInTurns({ prefix, tool, unit, rounds, ours, known }) {
  const found = { ours: new Map(), known: new Map() };
  for (let round = 0; round < rounds; round++)
    for (const [side, measure] of Object.entries({ ours, known })) {
      const result = measure();
      if (typeof result === "string") return skip(prefix, result);
      for (const [id, rate] of result) found[side].set(id, [...(found[side].get(id) ?? []), rate]);
    }
  for (const [id, rates] of found.ours) {
    const others = found.known.get(id);
    if (others === undefined) skip(id, `${tool} gave no figure`);
    else print({ id, ours: round4(median(rates)), known: round4(median(others)), unit, ratio: round4(median(rates) / median(others)), tool });
  }
}

const hasTool = (name) => !spawnSync(name, ["--help"], { stdio: "ignore" }).error;

/** Standard output, or why there is none. */
function outputOf(program, args, env = {}) {
  try {
    return { text: execFileSync(program, args, { encoding: "utf8", env: { ...process.env, ...env }, maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "pipe"] }) };
  } catch (error) {
    return { problem: `${program}: ${String(error.stderr ?? "").trim().split("\n").at(-1) || error.message}` };
  }
}

/** Rows of one of our programs; a text where it failed or measured nothing. */
function rowsOf(program, args) {
  const { text, problem } = outputOf(program, args);
  if (problem !== undefined) return problem;
  const lines = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  const rows = lines.filter((line) => line.time_s);
  return rows.length > 0 ? rows : (lines[0]?.skipped ?? "no rows");
}

function ours() {
  const rows = rowsOf(program, ["--threads", String(threadCounts.at(-1)), "--bytes", String(bytes)]);
  if (typeof rows === "string") return rows;
  return new Map(rows.map((row) => [idOf(row.case.kernel, row.case.threads), row.work.bytes / row.time_s.min / 1e6]));
}

/** STREAM's "Best Rate MB/s" of each kernel. */
function known(binary) {
  const found = new Map();
  for (const threads of threadCounts) {
    const { text: report, problem } = outputOf(binary, [], { OMP_NUM_THREADS: String(threads), OMP_PROC_BIND: "true" });
    if (problem !== undefined) return problem;
    if (!report.includes("Solution Validates")) return "STREAM does not validate its own result";
    for (const [, kernel, rate] of report.matchAll(/^(Copy|Scale|Add|Triad):\s+([\d.]+)/gm)) found.set(idOf(kernel.toLowerCase(), threads), Number(rate));
  }
  return found;
}

function findWhyNot() {
  if (given.stream === undefined) return "no source of STREAM: give it by --stream PATH (stream.c of github.com/jeffhammond/STREAM)";
  if (!existsSync(given.stream)) return `--stream: there is no ${given.stream}`;
  if (!existsSync(program)) return `${program} is not built: node cli/setup/run-native.mjs`;
  if (!hasTool(given.compiler)) return `--compiler: ${given.compiler} cannot be run`;
  return undefined;
}

const why = findWhyNot();
if (why !== undefined) skip("stream", why);
else {
  const folder = mkdtempSync(join(tmpdir(), "exatwin-stream-"));
  try {
    const binary = join(folder, "stream");
    // Our loops beyond a core's cache: -O3, AVX2 with FMA.
    const { problem } = outputOf(given.compiler, ["-x", "c", "-O3", "-mavx2", "-mfma", "-fopenmp", "-mcmodel=medium", `-DSTREAM_ARRAY_SIZE=${elements}`, "-DNTIMES=20", "-o", binary, given.stream]);
    if (problem !== undefined) skip("stream", problem);
    else compareInTurns({ prefix: "stream", tool: "STREAM (best of 20)", unit: "MB/s", rounds: Math.max(1, Number(given.rounds)), ours, known: () => known(binary) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
