/**
 * This host as machines: one node whose devices are its cores, and nodes of one core each that network namespaces with shaped links make of it.
 * Left out: the placement of cores on sockets, and links faster than the processors can serve.
 */
import { best, largest, overlaps, rateOf, rowsOf, smallest, timeOf, type Wanted } from "./estimates.ts";
import { deviceOf, noted, type Basis, type Made } from "./device-document.ts";
import { Facts, spreadOf, widen, type Interval, type WrittenFact } from "../../calibrate/facts.ts";
import { readLinks, type LinkFigures } from "./links.ts";
import { mostHosts } from "./namespace-commands.ts";

const defaultRate_bytes_per_s = 125e6;

export function makeMachines(basis: Basis): Made[] {
  const links = readLinks(basis.rows, basis.fits);
  const shaped = links.filter(({ rate_bytes_per_s }) => rate_bytes_per_s !== undefined);
  const unshaped = links.find(({ link }) => link === "unshaped");
  return [
    makeHost(basis, links),
    makeNamespaces(basis, { suffix: "namespaces", title: "shaped links", links: shaped, overlapLinks: shaped.map(({ link }) => link), injection: undefined }),
    ...(unshaped ? [makeNamespaces(basis, { suffix: "namespaces-unshaped", title: "links without a rate", links: [unshaped], overlapLinks: ["unshaped"], injection: unshaped })] : []),
  ];
}

function makeHost(basis: Basis, links: readonly LinkFigures[]): Made {
  const facts = new Facts();
  const loopback = links.find(({ link }) => link === "loopback");
  const shaped = links.filter(({ rate_bytes_per_s }) => rate_bytes_per_s !== undefined);
  const { host } = basis;
  const missing = "Gloo over loopback was not measured";
  const document = {
    ...headOf(basis, basis.id, `${basis.id}, ${host.cores === 1 ? "one core" : `${host.cores} cores`}`),
    nodes: facts.exact("count", 1, "the host"),
    node: {
      device: deviceOf(basis.id),
      devices: facts.exact("count", host.cores, "processors that the measurement could use"),
      ...nodeParts(basis, facts),
      ...(host.cores > 1 ? {
        deviceLink: {
          bandwidth: facts.orAssume("node.deviceLink.bandwidth", "bandwidth", loopback && { ...loopback.bandwidth_bytes_per_s, note: `all-reduce by Gloo over loopback, ${loopback.from}` }, { value: 1.5e9, low: 0.3e9, high: 6e9 }, missing),
          latency: facts.orAssume("node.deviceLink.latency", "time", loopback?.latency_s && { ...loopback.latency_s, note: `one step of it, ${loopback.from}` }, { value: 30e-6, low: 5e-6, high: 200e-6 }, missing),
        },
      } : {}),
      injection: facts.exact("bandwidth", defaultRate_bytes_per_s, "one node sends nothing out; as for the namespaces of this host"),
      ...sharedCoreOf(basis, ["loopback"], facts),
      localStorage: { kind: "nvme", read: diskRate(basis, "read", facts, "node.localStorage.read"), write: diskRate(basis, "write", facts, "node.localStorage.write") },
    },
    fabric: fabricOf(basis, shaped, facts, false),
    ...commonParts(basis, facts),
  };
  return { document, assumed: facts.assumed };
}

interface Namespaces {
  readonly suffix: string;
  readonly title: string;
  readonly links: readonly LinkFigures[];
  readonly overlapLinks: readonly string[];
  /** Where the links are not shaped: what the processors moved stands for the rate. */
  readonly injection: LinkFigures | undefined;
}

function makeNamespaces(basis: Basis, { suffix, title, links, overlapLinks, injection }: Namespaces): Made {
  const facts = new Facts();
  const { host } = basis;
  const document = {
    ...headOf(basis, `${basis.id}-${suffix}`, `Network namespaces of ${basis.id}, one core each, ${title}`),
    nodes: facts.exact("count", mostHosts, `the most namespaces that the launcher makes; more than ${host.cores} share cores (node.timeSharing)`),
    node: {
      device: deviceOf(basis.id),
      devices: facts.exact("count", 1, "one core"),
      ...nodeParts(basis, facts),
      injection: injection
        ? facts.measured("bandwidth", injection.bandwidth_bytes_per_s, `all-reduce by Gloo between two namespaces, ${injection.from}`)
        : facts.exact("bandwidth", defaultRate_bytes_per_s, "what the launcher shapes the links to unless told otherwise"),
      ...sharedCoreOf(basis, overlapLinks, facts),
    },
    fabric: fabricOf(basis, links, facts, injection !== undefined),
    ...commonParts(basis, facts),
  };
  return { document, assumed: facts.assumed };
}

const headOf = ({ id, date, host }: Basis, name: string, title: string) => ({
  $schema: "../schemas/machine.schema.json",
  id: name,
  title,
  site: "this host",
  note: `${host.cpu}. Written by exatwin calibrate from the measurements of ${id} on ${date.slice(0, 10)}; facts say which fit`,
});

function nodeParts({ host, rows, fits }: Basis, facts: Facts) {
  const copy = largest(rowsOf(rows, "memcpy", { threads: 1 }), "bytes");
  const rate = copy && noted(rateOf(copy, "bytes"), "half of the bytes that a copy reads and writes", fits);
  const halved = rate && { value: rate.value / 2, low: rate.low / 2, high: rate.high / 2, note: rate.note };
  const sharing = memorySharingOf(rows, host.cores);
  return {
    ...(host.cores > 1 ? { memorySharing: facts.orAssume("node.memorySharing", "fraction", sharing, { value: 1.2, low: 1, high: 2 }, "memory bandwidth of all cores together was not measured") } : {}),
    hostMemory: facts.exact("data", host.memory_bytes, "as the kernel tells it"),
    hostLink: { bandwidth: facts.orAssume("node.hostLink.bandwidth", "bandwidth", halved, { value: 6e9, low: 2e9, high: 20e9 }, "copies in memory were not measured") },
  };
}

/** What a core's memory-bound work takes longer when all cores work: the triad's rate alone over its share of the rate of all. */
function memorySharingOf(rows: Basis["rows"], cores: number): (Interval & { readonly note: string }) | undefined {
  const [one, all] = [1, cores].map((threads) => largest(rowsOf(rows, "stream", { kernel: "triad", threads }), "bytes"));
  if (!one || !all) return undefined;
  const [alone, together] = [rateOf(one, "bytes"), rateOf(all, "bytes")];
  const at = (a: number, b: number) => Math.max(1, (a * cores) / b);
  return { value: at(alone.value, together.value), low: at(alone.low, together.high), high: at(alone.high, together.low), note: `rate of the triad on one core over its share of that on ${cores}` };
}

/** The two rates of sharing a core, from pairs of rows: large messages where there are some. */
function sharedCoreOf({ rows, fits }: Basis, links: readonly string[], facts: Facts): { sharedCore?: Record<string, WrittenFact> } {
  const pairs = overlaps(rows).filter(({ link }) => links.includes(link));
  const large = pairs.filter(({ bytes }) => bytes >= 2 ** 20);
  const used = large.length > 0 ? large : pairs;
  const note = `all-reduce beside compute over ${links.join(", ")}: ${used.length} sizes and links; fits ${fits.filter((fit) => fit.benchmark === "gloo-overlap" && fit.y.unit === "1" && links.includes(String(fit.case["link"]))).map(({ id }) => id).join(", ") || "none"}`;
  if (used.length === 0) {
    facts.assumed.push({ path: "node.sharedCore", reason: "all-reduce beside compute was not measured: collectives are taken to cost compute nothing" });
    return {};
  }
  // Waiting and work per byte add up over bytes, so their middle is taken before they become rates.
  const waiting = used.map(({ network: { value, low, high }, alone_bytes_per_s }) => {
    const at = (pace: number) => (1 / pace - 1) / alone_bytes_per_s;
    return { value: at(value), low: at(high), high: at(low) };
  });
  const taken = used.map(({ network, compute: { value, low, high }, alone_bytes_per_s }) => {
    const at = (pace: number) => (1 - pace) / (network.value * alone_bytes_per_s);
    return { value: at(value), low: at(high), high: at(low) };
  });
  return { sharedCore: { communication: facts.measured("bandwidth", rateOfTimes(waiting), note), processing: facts.measured("bandwidth", rateOfTimes(taken), note), ...blockingCallOf(rows, links, facts) } };
}

/** Messages so small that no link shows in them. */
const smallMessage_bytes = 4096;

/** Of small all-reduces that are waited for one by one, over all links: means, since a program that makes many pays the mean of their two typical times. */
function blockingCallOf(rows: Basis["rows"], links: readonly string[], facts: Facts): { blockingCall?: WrittenFact } {
  const used = rowsOf(rows, "gloo-blocking").filter(({ case: { link, bytes } }) => links.includes(String(link)) && Number(bytes) <= smallMessage_bytes);
  if (used.length === 0) {
    facts.assumed.push({ path: "node.sharedCore.blockingCall", reason: "all-reduces that are waited for one by one were not measured: they are taken to cost no more than others" });
    return {};
  }
  const means = used.map(({ time_s: { mean, p10, p90 } }) => ({ value: mean, low: Math.min(p10, mean), high: Math.max(p90, mean) }));
  return { blockingCall: facts.measured("time", spreadOf(means), `mean of all-reduces of up to ${smallMessage_bytes} B, each waited for, over ${links.join(", ")}: ${used.length} sizes and links`) };
}

/** Noise can make either proceed faster beside the other than alone: a time per byte is at least that of 1 TB/s. */
function rateOfTimes(perByte_s: readonly Interval[]): Interval {
  const { value, low, high } = spreadOf(perByte_s);
  const rate = (time_s: number) => 1 / Math.max(1e-12, time_s);
  return { value: rate(value), low: rate(high), high: rate(low) };
}

function fabricOf({ rows }: Basis, links: readonly LinkFigures[], facts: Facts, isUnshaped: boolean) {
  const missing = `Gloo ${isUnshaped ? "between namespaces" : "over shaped links"} was not measured`;
  const shares = links.flatMap(({ bandwidth_bytes_per_s: { value, low, high }, rate_bytes_per_s }) => {
    if (rate_bytes_per_s === undefined) return [];
    const share = (bandwidth: number) => Math.min(1, Math.max(0.01, bandwidth / rate_bytes_per_s));
    return { value: share(value), low: share(low), high: share(high) };
  });
  const efficiency = shares.length === 0 ? undefined : { ...spreadOf(shares), note: `fitted bandwidth over rate: ${links.map(({ link, from }) => `${link} (${from})`).join(", ")}` };
  const latencies = links.flatMap(({ latency_s }) => (latency_s && latency_s.value > 0 ? [{ ...latency_s, low: Math.max(latency_s.low, 1e-9) }] : []));
  const latency = latencies.length === 0 ? undefined : { ...spreadOf(latencies), note: `one step of an all-reduce: ${links.map(({ link }) => link).join(", ")}` };
  return {
    topology: "other",
    latency: facts.orAssume("fabric.latency", "time", latency, { value: 60e-6, low: 10e-6, high: 500e-6 }, missing),
    efficiency: isUnshaped ? facts.exact("fraction", 1, "the injection is what an all-reduce reached") : facts.orAssume("fabric.efficiency", "fraction", efficiency, { value: 0.95, low: 0.85, high: 1 }, missing),
    messageOverhead: overheadOf(rows, facts),
  };
}

function overheadOf(rows: Basis["rows"], facts: Facts): WrittenFact {
  const pings = rowsOf(rows, "mpi-ping-pong");
  const row = smallest(rowsOf(pings, "mpi-ping-pong", { link: "loopback" }), "bytes") ?? smallest(pings, "bytes");
  const half = row && halve(widen(timeOf(row)));
  return facts.orAssume("fabric.messageOverhead", "time", half && { ...half, note: `half of a message of ${String(row.case["bytes"])} bytes by MPI over ${String(row.case["link"])}, where there is no wire` }, { value: 2e-6, low: 0.3e-6, high: 10e-6 }, "small messages of MPI were not measured");
}

const halve = ({ value, low, high }: Interval): Interval => ({ value: value / 2, low: low / 2, high: high / 2 });

function diskRate({ rows, fits }: Basis, direction: "read" | "write", facts: Facts, path: string): WrittenFact {
  const wanted: Wanted = { direction, mode: "direct" };
  const found = best(rowsOf(rows, "storage-sequential", wanted), "bytes") ?? best(rowsOf(rows, "storage-sequential", { direction }), "bytes");
  return facts.orAssume(path, "bandwidth", found && noted(found, "sequential", fits), { value: 0.5e9, low: 0.1e9, high: 3e9 }, `sequential ${direction === "read" ? "reading" : "writing"} was not measured`);
}

function commonParts(basis: Basis, facts: Facts) {
  const file = smallest(rowsOf(basis.rows, "small-files", { operation: "read-cold" }), "bytes");
  return {
    fileSystem: {
      name: "local disk",
      read: diskRate(basis, "read", facts, "fileSystem.read"),
      nodeRead: diskRate(basis, "read", facts, "fileSystem.nodeRead"),
      perFile: facts.orAssume("fileSystem.perFile", "time", file && noted(timeOf(file), "a small file, cold", basis.fits), { value: 150e-6, low: 20e-6, high: 1e-3 }, "cold small files were not measured"),
    },
    deviceSpread: { sigma: sigmaOf(basis, facts), tail: facts.assume("deviceSpread.tail", "fraction", { value: 1.2, low: 1, high: 1.8 }, "a handful of cores does not show a tail") },
  };
}

/** Repeats of the same work on one core stand for cores that do equal work: they share their neighbours. */
function sigmaOf({ rows }: Basis, facts: Facts): WrittenFact {
  const equal = ["fma-peak", "gemm", "convolution"].flatMap((benchmark) => rowsOf(rows, benchmark, { threads: 1 })).filter(({ quiet }) => quiet);
  const spreads = equal.map(({ time_s }) => (time_s.p90 - time_s.p10) / 2.5631 / time_s.median);
  const { value, low, high } = spreadOf(spreads);
  // Repeats on one core stand in for cores, so the interval is at least a factor of two.
  const found = spreads.length > 0 ? { value, low: Math.min(low, value / 2), high: Math.max(high, value * 2), note: `spread of repeats of the same work, ${spreads.length} cases` } : undefined;
  return facts.orAssume("deviceSpread.sigma", "fraction", found, { value: 0.03, low: 0.005, high: 0.1 }, "equal work was not repeated in quiet");
}
