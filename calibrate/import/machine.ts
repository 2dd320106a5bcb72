/**
 * The machine document of imported files. The injection of a node is what collectives between nodes reached, so that their efficiency is one; where only one stream of
 * messages was timed, it is that stream's rate at least, since a node may have more ports. The first latency of a collective stands for the link's.
 */
import { write, type Facts, type Noted, type WrittenFact } from "../facts.ts";
import type { Machine } from "../../model/schema/machine.ts";
import { readLink, readMessageLatency, readMessageOverhead, readStream } from "./links.ts";
import { bestCase, figureOf, rateOf, rowsLike, whereOf, type Seen } from "./seen.ts";
import { readDisk, readFileSystem } from "./storage.ts";
import { Borrowed } from "./template.ts";

export interface MachineQuestion {
  readonly id: string;
  readonly seen: readonly Seen[];
  readonly facts: Facts;
  readonly template: Machine;
  readonly device: string;
  /** As the user says; else as on the template, at least what was seen. */
  readonly nodes: number | undefined;
  readonly seenNodes: number | undefined;
  readonly devicesPerNode: number | undefined;
  /** The user named the template: its generation of links is taken too. */
  readonly ownLinks: boolean;
}

/** Ports that a node may have beside the one that was timed. */
const mostPorts = 8;

export function describeMachine({ id, seen, facts, template, device, nodes, seenNodes, devicesPerNode, ownLinks }: MachineQuestion): { document: { id: string } & Record<string, unknown>; injection_bytes_per_s: number } {
  const borrowed = new Borrowed(facts, template);
  const inside = readLink(seen, false);
  const between = readLink(seen, true);
  const injection = injectionOf(seen, between?.bandwidth_bytes_per_s, facts, borrowed, template);
  const files = readFileSystem(seen);
  const count = devicesPerNode ?? template.node.devices.value;
  const { deviceLink, hostMemory, localStorage } = template.node;
  const disk = { read: readDisk(seen, "read"), write: readDisk(seen, "write") };
  const host = figureOf(rowsLike(seen, /^system$/), ({ values }) => values["hostMemory_bytes"], "as submitted");
  const document = {
    $schema: "../schemas/machine.schema.json",
    id,
    title: id,
    site: "imported",
    note: `Written by exatwin import from ${new Set(seen.map(({ file }) => file.name)).size} files; what they do not show is as on ${template.id}`,
    nodes: nodesOf(facts, borrowed, template, nodes, seenNodes),
    node: {
      device,
      devices: devicesPerNode === undefined ? borrowed.assume("node.devices", template.node.devices) : facts.exact("count", count, "devices per node: ranks over nodes, or as the files state it"),
      ...(hostMemory || host ? { hostMemory: host ? facts.exact("data", host.value, host.note) : borrowed.assume("node.hostMemory", hostMemory as NonNullable<typeof hostMemory>) } : {}),
      ...(count > 1 && deviceLink ? {
        deviceLink: {
          bandwidth: borrowed.or("node.deviceLink.bandwidth", inside?.bandwidth_bytes_per_s, deviceLink.bandwidth),
          latency: borrowed.or("node.deviceLink.latency", inside?.latency_s, deviceLink.latency),
          ...(deviceLink.technology === undefined ? {} : { technology: deviceLink.technology }),
          ...(deviceLink.halfSize ? { halfSize: borrowed.or("node.deviceLink.halfSize", inside?.halfSize_bytes, deviceLink.halfSize) } : {}),
        },
      } : {}),
      hostLink: { bandwidth: borrowed.or("node.hostLink.bandwidth", readHostLink(seen), template.node.hostLink.bandwidth) },
      injection: injection.fact,
      ...(localStorage || (disk.read && disk.write) ? { localStorage: { kind: localStorage?.kind ?? "nvme", read: diskFact(disk.read, localStorage?.read, "read", facts, borrowed), write: diskFact(disk.write, localStorage?.write, "write", facts, borrowed) } } : {}),
    },
    fabric: {
      topology: template.fabric.topology,
      ...(ownLinks && template.fabric.technology !== undefined ? { technology: template.fabric.technology } : {}),
      latency: borrowed.or("fabric.latency", readMessageLatency(seen), template.fabric.latency),
      efficiency: between ? facts.exact("fraction", 1, "the injection is what a collective reached") : borrowed.assume("fabric.efficiency", template.fabric.efficiency, 1),
      ...(template.fabric.collectiveLatency ? { collectiveLatency: borrowed.assume("fabric.collectiveLatency", template.fabric.collectiveLatency) } : {}),
      messageOverhead: borrowed.or("fabric.messageOverhead", readMessageOverhead(seen), template.fabric.messageOverhead),
    },
    fileSystem: {
      name: files.read ? "as measured" : template.fileSystem.name,
      read: borrowed.or("fileSystem.read", files.read, template.fileSystem.read),
      nodeRead: borrowed.or("fileSystem.nodeRead", files.nodeRead, template.fileSystem.nodeRead),
      ...(files.perFile ? { perFile: facts.measured("time", files.perFile, files.perFile.note) } : template.fileSystem.perFile ? { perFile: borrowed.assume("fileSystem.perFile", template.fileSystem.perFile) } : {}),
    },
    deviceSpread: { sigma: borrowed.assume("deviceSpread.sigma", template.deviceSpread.sigma, 1), tail: borrowed.assume("deviceSpread.tail", template.deviceSpread.tail, 10) },
  };
  return { document, injection_bytes_per_s: injection.value };
}

function nodesOf(facts: Facts, borrowed: Borrowed, template: Machine, told: number | undefined, seen: number | undefined): WrittenFact {
  if (told !== undefined) return facts.exact("count", told, "as told to exatwin import");
  const least = seen ?? 1;
  const most = Math.max(template.nodes.high ?? template.nodes.value, least);
  return { ...borrowed.assume("nodes", { ...template.nodes, value: Math.max(template.nodes.value, least), low: least, high: most }), note: `as on ${template.id}; the files show ${seen === undefined ? "no number of nodes" : `up to ${seen}`}` };
}

function injectionOf(seen: readonly Seen[], collective: Noted | undefined, facts: Facts, borrowed: Borrowed, { node }: Machine): { fact: WrittenFact; value: number } {
  if (collective) return { fact: facts.measured("bandwidth", collective, collective.note), value: collective.value };
  const stream = readStream(seen);
  if (!stream) return { fact: borrowed.assume("node.injection", node.injection), value: node.injection.value };
  const value = Math.max(stream.value, node.injection.value);
  return { fact: { ...borrowed.assume("node.injection", { ...node.injection, value, low: stream.low, high: Math.max(value, stream.value * mostPorts) }), note: `one stream reached ${write(stream.value, "bandwidth")} (${stream.note}); ports of a node as assumed` }, value };
}

/** Copies from the host, page-locked, at the largest size. */
function readHostLink(seen: readonly Seen[]): Noted | undefined {
  const copies = rowsLike(seen, /^(nvbandwidth-host-to-device-memcpy-ce|cuda-copy-h2d-pinned|shoc-bspeed-download)$/).filter(({ row }) => row.case["sum"] !== true);
  const found = bestCase(copies, rateOf);
  return found.length === 0 ? undefined : figureOf(found, rateOf, `host to device, best of ${copies.length} copies from ${whereOf(copies)}`);
}

function diskFact(found: Noted | undefined, fact: NonNullable<Machine["node"]["localStorage"]>["read"] | undefined, direction: string, facts: Facts, borrowed: Borrowed): WrittenFact {
  if (fact) return borrowed.or(`node.localStorage.${direction}`, found, fact);
  return facts.measured("bandwidth", found as Noted, (found as Noted).note);
}
