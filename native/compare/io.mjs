// Storage beside fio, on the same file with the same block, queue depth and way of opening, in turn within the same minutes. One JSON line each: {id, ours,
// known, unit, ratio, tool}; what cannot be compared here is a line {id, skipped}, and is said on standard error.
// Rates are bytes over the mean time of a block, the median of the rounds: fio reports bytes over its running time. Misleading if not known: fio takes the
// time of each request and ours of a round of them; both wait for the same disk, whose neighbours and caches below the file system change by the second.
// Usage: node native/compare/io.mjs [--programs FOLDER] [--folder PATH] [--fio PROGRAM] [--bytes N] [--rounds N] [--seconds N] [--only WORDS]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const text = (otherwise) => ({ type: "string", default: otherwise });
const { values: given } = parseArgs({ options: { programs: text(".cache/native"), folder: text("."), fio: text("fio"), bytes: text(String(2 ** 29)), rounds: text("3"), seconds: text("0.6"), only: text("") } });
const rounds = Math.max(1, Number(given.rounds));
const bytes = Math.max(4, Math.min(512, Math.floor(Number(given.bytes) / 2 ** 20))) * 2 ** 20;

const sequential = (direction, mode, block) => ({
  id: `storage-sequential ${direction} ${mode}, blocks of ${block} bytes`,
  program: "storage-sequential", words: ["--only", `${direction}-${mode}`, "--block", block],
  fio: ["--rw", direction, "--bs", block, "--ioengine", "psync", "--direct", mode === "direct" ? 1 : 0, ...(mode === "direct" ? ["--time_based", "--runtime", `${Math.round(Number(given.seconds) * 1000)}ms`] : [])],
});
const random = (engine, direction, block, depth) => ({
  id: `storage-random ${direction} ${engine}, blocks of ${block} bytes, depth ${depth}`,
  program: "storage-random", words: ["--only", engine === "pread" ? "pread" : direction, "--block", block, "--depth", depth],
  fio: ["--rw", `rand${direction}`, "--bs", block, "--ioengine", engine === "pread" ? "psync" : engine, "--iodepth", depth, "--direct", 1, "--time_based", "--runtime", `${Math.round(Number(given.seconds) * 1000)}ms`],
});
const cases = [
  sequential("write", "direct", 2 ** 20),
  sequential("read", "direct", 2 ** 20),
  sequential("read", "direct", 65536),
  sequential("read", "buffered-cold", 2 ** 20),
  random("pread", "read", 4096, 1),
  random("io_uring", "read", 4096, 1),
  random("io_uring", "read", 4096, 8),
  random("io_uring", "read", 4096, 32),
  random("io_uring", "write", 4096, 32),
].filter(({ id }) => id.includes(given.only));

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const round4 = (value) => Number(value.toPrecision(4));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
function skip(id, reason) {
  print({ id, skipped: reason });
  process.stderr.write(`SKIPPED ${id}: ${reason}\n`);
}

/** Standard output, or why there is none. */
function outputOf(program, args) {
  try {
    return { text: execFileSync(program, args.map(String), { encoding: "utf8", maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "pipe"], timeout: 120_000 }) };
  } catch (error) {
    return { problem: `${program}: ${String(error.stderr ?? "").trim().split("\n").at(-1) || error.message}` };
  }
}

/** Bytes per second, or why there is no figure. Ours goes first: it fills the file. */
function measureOurs({ program, words }, file) {
  const { text: lines, problem } = outputOf(join(resolve(given.programs), program), [...words, "--file", file, "--most-bytes", bytes]);
  if (problem !== undefined) return problem;
  const read = lines.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  const row = read.find((line) => line.time_s);
  return row ? row.work.bytes / row.time_s.mean : (read[0]?.skipped ?? "no rows");
}
function measureFio({ fio }, file) {
  const { text: report, problem } = outputOf(given.fio, ["--name", "comparison", "--filename", file, "--size", bytes, "--invalidate", 1, "--output-format", "json", ...fio]);
  if (problem !== undefined) return problem;
  const [job] = JSON.parse(report.slice(report.indexOf("{"))).jobs;
  if (job.error !== 0) return `fio ended with error ${job.error}`;
  return Math.max(job.read.bw_bytes, job.write.bw_bytes);
}

async function compare(one, file) {
  const found = { ours: [], known: [] };
  for (let round = 0; round < rounds; round++)
    for (const [side, measure] of [["ours", measureOurs], ["known", measureFio]]) {
      const rate = measure(one, file);
      // Between two programs, signals are heard.
      await new Promise(setImmediate);
      if (typeof rate === "string") return skip(one.id, rate);
      found[side].push(rate / 1e6);
    }
  const [ours, known] = [median(found.ours), median(found.known)];
  print({ id: one.id, ours: round4(ours), known: round4(known), unit: "MB/s", ratio: round4(ours / known), tool });
}

const version = spawnSync(given.fio, ["--version"], { encoding: "utf8" });
const tool = version.error || version.status !== 0 ? undefined : version.stdout.trim();
if (tool === undefined) skip("io", `${given.fio} cannot be run (Debian: fio; --fio names another)`);
else {
  let folder;
  const remove = () => folder && rmSync(folder, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => {
      remove();
      process.exit(1);
    });
  try {
    folder = mkdtempSync(join(resolve(given.folder), "exatwin-fio-"));
    for (const one of cases) {
      const program = join(resolve(given.programs), one.program);
      if (existsSync(program)) await compare(one, join(folder, "blocks"));
      else skip(one.id, `${program} is not built: node cli/setup/run-native.mjs`);
    }
  } catch (error) {
    skip("io", error.message);
  } finally {
    remove();
  }
}
