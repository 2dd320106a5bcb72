// The network benchmarks beside tools that others use, over the same links between two hosts from network namespaces, in turn within the same minutes:
// ping-pong of large messages beside iperf3, all-reduce beside PyTorch's Gloo backend. One JSON line each: {id, ours, known, unit, ratio, tool};
// what cannot be compared here is a line {id, skipped}, and is said on standard error.
// Misleading if not known: iperf3 keeps the link full in one direction, a ping-pong waits for each message; on a link that no rate limits, the
// processors are the limit and the ping-pong, which uses one at a time, must lose.
// Usage: node native/compare/net.mjs --programs FOLDER [--python PATH] [--rounds N]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tsImport } from "tsx/esm/api";

const here = dirname(fileURLToPath(import.meta.url));
const { values: given } = parseArgs({ options: { programs: { type: "string", default: ".cache/native" }, python: { type: "string", default: "/usr/bin/python3" }, rounds: { type: "string", default: "3" } } });
const programs = resolve(given.programs);
const rounds = Math.max(1, Number(given.rounds));
const { createHosts, findWhyNot } = await tsImport("../../cli/measure/namespaces.ts", import.meta.url);
const { glooCommands, mpiEnvironment, mpiOverHosts } = await tsImport("../../cli/measure/rank-commands.ts", import.meta.url);
const { runRanks } = await tsImport("../../cli/measure/ranks.ts", import.meta.url);

const links = [1e9, null];
const sizes = [524288, 4194304, 16777216];
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
function skip(id, reason) {
  print({ id, skipped: reason });
  process.stderr.write(`SKIPPED ${id}: ${reason}\n`);
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Ours and the known tool in turn; each gives MB/s by case or a reason why not. */
async function compare(prefix, tool, ours, known) {
  const found = { ours: new Map(), known: new Map() };
  for (let round = 0; round < rounds; round++)
    for (const [side, measure] of Object.entries({ ours, known })) {
      const result = await measure();
      if (typeof result === "string") return skip(prefix, result);
      for (const [name, rate] of result) found[side].set(name, [...(found[side].get(name) ?? []), rate]);
    }
  for (const [name, rates] of found.ours) {
    const ourRate = median(rates);
    const knownRate = median(found.known.get(name) ?? [Number.NaN]);
    print({ id: name === "" ? prefix : `${prefix} ${name}`, ours: round4(ourRate), known: round4(knownRate), unit: "MB/s", ratio: round4(ourRate / knownRate), tool });
  }
}
const round4 = (value) => Number(value.toPrecision(4));

async function rowsOf(commands, env = {}) {
  const { lines, problems } = await runRanks({ commands, cwd: tmpdir(), env: { ...process.env, ...env }, limit_s: 120, stop: stop.signal });
  return lines ? lines.map((line) => JSON.parse(line)) : problems.map(({ path, got }) => `${path}: ${got}`).join("; ");
}

async function pingPong(network) {
  const { command, close } = mpiOverHosts(network, [join(programs, "mpi-ping-pong"), "--quick", "--seconds", "8", "--link", network.link]);
  try {
    const rows = await rowsOf([command], mpiEnvironment);
    if (typeof rows === "string") return rows;
    const largest = rows.filter((row) => row.time_s).at(-1);
    return largest ? new Map([["", largest.case.bytes / largest.time_s.median / 1e6]]) : (rows[0]?.skipped ?? "no rows");
  } finally {
    close();
  }
}

async function iperf(network) {
  const [client, server] = network.hosts;
  const rows = await runRanks({ commands: [client.wrap(["sh", "-c", `sleep 0.5; exec iperf3 -J -O 1 -t 3 -c ${server.address}`]), server.wrap(["iperf3", "-s", "-1"])], cwd: tmpdir(), env: process.env, limit_s: 30, stop: stop.signal });
  if (!rows.lines) return rows.problems[0].got;
  return new Map([["", JSON.parse(rows.lines.join("\n")).end.sum_received.bits_per_second / 8e6]]);
}

async function glooOurs(network) {
  const found = new Map();
  for (const bytes of sizes) {
    const store = mkdtempSync(join(tmpdir(), "exatwin-store-"));
    try {
      const words = ["--only", "all-reduce", "--bytes", String(bytes), "--seconds", "20"];
      const rows = await rowsOf(glooCommands({ program: join(programs, "gloo-collectives"), words, link: network.link, store, places: network.hosts, cores: 2 }));
      if (typeof rows === "string") return rows;
      for (const row of rows) if (row.time_s) found.set(`${bytes} bytes`, bytes / row.time_s.median / 1e6);
    } finally {
      rmSync(store, { recursive: true, force: true });
    }
  }
  return found;
}

async function glooTorch(network) {
  const [first] = network.hosts;
  const commands = network.hosts.map((host, rank) => host.wrap([given.python, join(here, "torch_all_reduce.py"), String(rank), "2", first.address, "29500", host.interface, String(rank), "0.6", ...sizes.map(String)]));
  const rows = await rowsOf(commands);
  return typeof rows === "string" ? rows : new Map(rows.map(({ bytes, median_s }) => [`${bytes} bytes`, bytes / median_s / 1e6]));
}

const hasTool = (name) => !spawnSync(name, ["--version"], { stdio: "ignore" }).error;
function hasTorch() {
  try {
    execFileSync(given.python, ["-c", "import torch.distributed as d; assert d.is_gloo_available()"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const why = await findWhyNot();
if (why) skip("net", `${why.path}: ${why.got}, expected ${why.expected}`);
else
  for (const rate_bit_per_s of links) {
    const network = await createHosts({ hosts: 2, rate_bit_per_s });
    try {
      const ping = `ping-pong over ${network.link}`;
      if (!hasTool("iperf3")) skip(ping, "iperf3 is not installed (Debian: iperf3)");
      else if (!hasTool("mpirun")) skip(ping, "mpirun is not installed (Debian: openmpi-bin)");
      else await compare(ping, "iperf3", () => pingPong(network), () => iperf(network));
      const reduce = `gloo-all-reduce over ${network.link}`;
      if (!hasTorch()) skip(reduce, `${given.python} has no PyTorch with Gloo (Debian: python3-torch; --python names one)`);
      else await compare(reduce, "torch.distributed with Gloo", () => glooOurs(network), () => glooTorch(network));
    } finally {
      await network.close();
    }
  }
