/**
 * A Chakra trace as measured operations: the nodes of the device with their dependencies. What depends on a call of the host depends on what that call depends on. The trace counts as one step; its length
 * is that of its schedule where it has no moments. A node without a duration has none to keep: such a trace is refused.
 */
import type { TracedOperation } from "../../model/program/traced.ts";
import type { LineProblem } from "../readers/reader.ts";
import { operationOf } from "../readers/traces/collective-calls.ts";
import { metadataOf, nodeOfBytes, type ChakraNode } from "../readers/traces/chakra-node.ts";
import { splitMessages } from "../readers/traces/split-messages.ts";
import { assumptionsOf, type Collected, type Collector } from "./trace-collector.ts";

/** Dependencies through the host are followed to so many of a device. */
const mostThroughHost = 64;

export function collectChakraStep(): Collector<Uint8Array> {
  const nodes: ChakraNode[] = [];
  const problems: LineProblem[] = [];
  const messages = splitMessages((bytes, number) => {
    if (number === 1 && metadataOf(bytes)) return;
    const node = nodeOfBytes(bytes);
    if (node) nodes.push(node);
    else if (problems.length < 20) problems.push({ line: number, got: `a message of ${bytes.length} bytes`, expected: "a node with a name" });
  });
  return {
    write: (piece) => messages.write(piece),
    end() {
      const { count, damaged, rest } = messages.end();
      if (damaged || rest > 0) problems.push({ line: count + 1, got: `${rest} bytes`, expected: "a whole trace: one that is cut off lacks work" });
      return problems.length > 0 ? { problems } : stepOfNodes(nodes);
    },
  };
}

/** `ranks`: of the run, where the file says so. */
export function stepOfNodes(nodes: readonly ChakraNode[], ranks?: number): Collected {
  const device = nodes.filter(({ onHost, kind }) => onHost !== true && ["compute", "collective", "send", "receive", "memory"].includes(kind));
  const timed = device.filter(({ time_us }) => (time_us ?? 0) > 0);
  if (timed.filter(({ kind }) => kind === "compute").length === 0) return { problems: [{ line: 0, got: `${device.length} nodes of a device without durations`, expected: "a trace with measured times: those of compute are kept" }] };
  const place = new Map(device.map(({ id }, index) => [id, index]));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const throughHost = new Map<number, readonly number[]>();
  const resolve = (id: number, depth: number): readonly number[] => {
    const own = place.get(id);
    if (own !== undefined) return [own];
    const known = throughHost.get(id);
    if (known || depth > 200) return known ?? [];
    throughHost.set(id, []);
    const found = [...new Set((byId.get(id)?.dependencies ?? []).flatMap((one) => resolve(one, depth + 1)))].toSorted((a, b) => b - a).slice(0, mostThroughHost);
    throughHost.set(id, found);
    return found;
  };
  const begin_us = device.reduce((least, { start_us }) => Math.min(least, start_us ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  // A trace converted without moments writes zero for each.
  const moments = device.every(({ start_us }) => start_us !== undefined) && device.some(({ start_us }) => (start_us ?? 0) > begin_us);
  const operations = device.map((node): TracedOperation => {
    const exchange = node.kind === "collective" || node.kind === "send" || node.kind === "receive";
    const operation = exchange ? (node.operation ?? operationOf(node.name) ?? "send-recv") : undefined;
    return {
      name: node.name,
      stream: exchange && node.stream === undefined ? "communication" : String(node.stream ?? (node.kind === "memory" ? "copy" : "compute")),
      work: exchange ? "communication" : node.kind === "memory" || /^Memcpy|^Memset/.test(node.name) ? "copy" : "compute",
      start_s: moments ? ((node.start_us ?? 0) - begin_us) / 1e6 : undefined,
      time_s: (node.time_us ?? 0) / 1e6,
      // The trace has what a rank gives; of an all-gather the group's parts together count.
      collective: operation === undefined ? undefined : { operation, groupSize: undefined, bytes: operation !== "all-gather" ? node.bytes : node.bytes === undefined || ranks === undefined ? undefined : node.bytes * ranks },
      after: node.dependencies.flatMap((id) => resolve(id, 0)),
    };
  });
  const step_s = moments ? operations.reduce((most, { start_s, time_s }) => Math.max(most, (start_s ?? 0) + time_s), 0) : 0;
  const assumed = [moments ? "the trace counts as one step" : "the trace counts as one step and has no moments: its order and dependencies alone say what runs beside what", ...assumptionsOf(operations, ranks)];
  return { collected: { step: { operations, step_s, ranks }, name: "the whole trace", steps: 0, device: undefined, assumed }, problems: [] };
}
