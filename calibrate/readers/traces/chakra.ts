/**
 * Chakra execution traces of one rank, binary (.et) and JSON: nodes summed by name, collectives by operation and size. A node that is a call on the host and one that is the kernel of the same
 * collective both have the collective's type: those of the host are counted as operations only, where the trace tells the two apart. The size of a collective is what a rank gives.
 */
import { given, type Json } from "../json.ts";
import type { BinaryReader, Emit, ImportedHead, ImportedRow, TextReader } from "../reader.ts";
import { emptyHead, guardRows, problemList } from "../text.ts";
import { metadataOf, nodeOfBytes, nodeOfJson, type ChakraNode } from "./chakra-node.ts";
import { splitMessages } from "./split-messages.ts";
import { splitObjects } from "./split-objects.ts";

interface Sum {
  readonly line: number;
  readonly benchmark: string;
  readonly case: ImportedRow["case"];
  count: number;
  timed: number;
  total_s: number;
  least_s: number;
  most_s: number;
  flop: number;
}

const mostNames = 20_000;
/** Ids beyond this are not looked up when dependencies are counted. */
const mostIds = 5_000_000;

/** Sums of nodes, and what the file as a whole says. */
export function createChakraSummary(emit: Emit) {
  const guard = guardRows(emit);
  const problems = problemList();
  const sums = new Map<string, Sum>();
  const ids = new Set<number>();
  const wanted = new Set<number>();
  let nodes = 0;
  let dependencies = 0;

  const add = (benchmark: string, row: ImportedRow["case"], line: number, { time_us, flop }: ChakraNode): void => {
    let key = `${benchmark}${JSON.stringify(row)}`;
    if (!sums.has(key) && sums.size >= mostNames) key = "others";
    const sum = sums.get(key) ?? { line, benchmark: key === "others" ? "chakra-operation" : benchmark, case: key === "others" ? { name: "others" } : row, count: 0, timed: 0, total_s: 0, least_s: Number.POSITIVE_INFINITY, most_s: 0, flop: 0 };
    sums.set(key, sum);
    sum.count++;
    sum.flop += flop ?? 0;
    if (time_us === undefined || time_us <= 0) return;
    sum.timed++;
    sum.total_s += time_us / 1e6;
    sum.least_s = Math.min(sum.least_s, time_us / 1e6);
    sum.most_s = Math.max(sum.most_s, time_us / 1e6);
  };

  return {
    problems,
    take(node: ChakraNode, line: number): void {
      nodes++;
      dependencies += node.dependencies.length;
      if (ids.size < mostIds) {
        ids.add(node.id);
        for (const one of node.dependencies) wanted.add(one);
      }
      const place = node.onHost === undefined ? {} : { place: node.onHost ? "host" : "device" };
      add("chakra-operation", { kind: node.kind, name: node.name.replace(/\(\d+\)$/, "").slice(0, 500), ...place }, line, node);
      if (node.operation !== undefined && node.onHost !== true) add("chakra-collective", given<string | number>({ operation: node.operation, bytes: node.bytes, group: node.group }), line, node);
    },
    end(facts: Readonly<Record<string, string | number>>): ImportedHead {
      for (const { line, benchmark, case: row, count, timed, total_s, least_s, most_s, flop } of sums.values()) {
        const times = timed > 0 ? { time_s: total_s / timed, total_s, least_s, most_s } : {};
        guard.emit({ line, benchmark, case: row, values: { ...times, ...(flop > 0 ? { total_flop: flop } : {}), call_count: count } });
      }
      if (nodes === 0) problems.add(1, "no nodes", "nodes with a name and a type");
      const open = [...wanted].filter((id) => !ids.has(id)).length;
      const timed = [...sums.values()].some((sum) => sum.timed > 0);
      const asks = [...(facts["ranks"] === undefined ? [{ key: "ranks", expected: "how many ranks the run had" }] : []), ...(nodes > 0 && !timed ? [{ key: "device", expected: "what computes: the nodes have work, not times" }] : [])];
      return guard.close({ ...emptyHead, facts: { ...given<string | number>({ nodes: nodes || undefined, dependencies: dependencies || undefined, dependenciesOutside: open || undefined }), ...facts }, asks, problems: problems.list() });
    },
  };
}

const factsOf = (entries: Readonly<Record<string, unknown>>): Record<string, string | number> =>
  given<string | number>(Object.fromEntries(Object.entries(entries).filter(([key]) => !["workload_graph", "ngpus", "attr"].includes(key)).map(([key, value]) => [key, typeof value === "string" && value !== "" ? value : typeof value === "number" && Number.isFinite(value) ? value : undefined])));

/** Names of attributes that every producer writes, and of nodes in the first graphs. */
const attributeNames = /(?:is_cpu_op|comm_type|comm_size|comm_src|num_ops|tensor_size|involved_dim|op_schema|COMP_NODE|COMM_COLL_NODE)/;
// oxlint-disable-next-line no-control-regex -- a binary file is told by such characters
const controls = /[\u0000-\u0008\u000e-\u001a]/;

export const chakra: BinaryReader = {
  id: "chakra",
  title: "Chakra execution trace (protocol buffers)",
  kind: "binary",
  accepts: (text) => attributeNames.test(text.slice(0, 200_000)) && controls.test(text.slice(0, 300)) && !/^\s*[{[]/.test(text),
  start(_name, emit) {
    const summary = createChakraSummary(emit);
    let facts: Record<string, string | number> = {};
    const messages = splitMessages((bytes, number) => {
      const metadata = number === 1 ? metadataOf(bytes) : undefined;
      if (metadata) {
        facts = factsOf(metadata);
        return;
      }
      const node = nodeOfBytes(bytes);
      if (node) summary.take(node, number);
      else summary.problems.add(number, `a message of ${bytes.length} bytes`, "a node with a name");
    });
    return {
      write: (piece) => messages.write(piece),
      end() {
        const { count, damaged, rest } = messages.end();
        if (damaged || rest > 0) summary.problems.add(count + 1, `${rest} bytes`, damaged ? "the length of a message" : "the end of a message: the trace is cut off");
        return summary.end(facts);
      },
    };
  },
};

const beginCharacters = 65_536;

export const chakraJson: TextReader = {
  id: "chakra-json",
  title: "Chakra execution trace (JSON)",
  kind: "text",
  accepts: (text) => /^\s*\{/.test(text) && ((/"workload_graph"\s*:\s*\[/.test(text) && /"NodeType"|"Id"|"Name"|\[\s*(?:\]|$)/.test(text)) || /"type"\s*:\s*"(?:COMP|COMM_COLL|COMM_SEND|COMM_RECV|MEM_LOAD|MEM_STORE|METADATA)_NODE"/.test(text)),
  start(_name, emit) {
    const summary = createChakraSummary(emit);
    let facts: Record<string, string | number> = {};
    const splitter = splitObjects("workload_graph", {
      element(text, line) {
        const value = parse(text);
        const node = value === undefined ? undefined : nodeOfJson(value);
        if (node) summary.take(node, line);
        else if (value !== undefined && isMetadata(value)) facts = { ...facts, ...metadataFacts(value) };
        else summary.problems.add(line, text, "a node with a name");
      },
    });
    // Protobuf's own JSON is one object after another: an array without its brackets.
    let begin: string | undefined = "";
    let bare = false;
    const release = (): void => {
      if (begin === undefined) return;
      bare = !begin.includes('"workload_graph"');
      splitter.write(bare ? `[${begin.replace(/^\uFEFF/, "")}` : begin);
      begin = undefined;
    };
    return {
      write(piece) {
        if (begin === undefined) return splitter.write(piece);
        begin += piece;
        if (begin.length >= beginCharacters) release();
      },
      end() {
        release();
        const { found, finished, cutOff, rest } = splitter.end();
        if (!found) summary.problems.add(1, "no workload_graph", "a list of nodes");
        else if (bare ? cutOff !== undefined : !finished) summary.problems.add(cutOff?.line ?? 0, cutOff?.text || "the file ends in the list of nodes", "the end of the list: the trace is cut off");
        const document = bare ? undefined : parse(rest);
        const ngpus = Number((document as { ngpus?: unknown } | undefined)?.ngpus);
        return summary.end({ ...facts, ...factsOf((document ?? {}) as Record<string, unknown>), ...(ngpus > 0 && Number.isFinite(ngpus) ? { ranks: ngpus } : {}) });
      },
    };
  },
};

const isMetadata = (value: Json): boolean => typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).every((key) => key === "version" || key === "attr");

function metadataFacts(value: Json): Record<string, string | number> {
  const { attr, ...rest } = value as { readonly attr?: Json; readonly [key: string]: Json | undefined };
  const listed = (Array.isArray(attr) ? (attr as readonly Json[]) : []).map((one) => {
    const { name, ...inner } = (one ?? {}) as Record<string, Json>;
    return [String(name), Object.values(inner)[0]] as const;
  });
  return factsOf({ ...Object.fromEntries(listed), ...rest });
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
