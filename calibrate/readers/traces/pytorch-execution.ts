/**
 * PyTorch execution traces (ExecutionTraceObserver): nodes with inputs, shapes and types, without times unless a device trace was linked to them. Operations are counted by name; collectives by operation
 * and size. Schemas 1.0.0 and 1.0.1 write fields of a node flat, later ones (1.0.2-chakra.0.0.4 on) a list of attributes.
 */
import { given, listOf, numberOf, objectOf, positive, textOf, type Json } from "../json.ts";
import type { ImportedRow, TextReader } from "../reader.ts";
import { emptyHead, guardRows, problemList } from "../text.ts";
import { callOfArguments, elementWidths, operationOf, type CollectiveCall } from "./collective-calls.ts";
import { splitObjects } from "./split-objects.ts";
import { parseObject } from "./trace-event.ts";

interface Sum {
  readonly line: number;
  readonly case: ImportedRow["case"];
  count: number;
  timed: number;
  total_s: number;
}

const mostNames = 50_000;

export const pytorchExecution: TextReader = {
  id: "pytorch-execution",
  title: "PyTorch execution trace: operations with shapes",
  kind: "text",
  accepts: (text) => /^\s*\{/.test(text) && /"nodes"\s*:\s*\[/.test(text) && (/execution_trace\|(?:process|thread)/.test(text) || (/"inputs"\s*:\s*[[{]/.test(text) && /"(?:rf_id|fw_parent|ctrl_deps)"/.test(text))),
  start(_name, emit) {
    const guard = guardRows(emit);
    const problems = problemList();
    const sums = { "execution-operation": new Map<string, Sum>(), "execution-collective": new Map<string, Sum>() };
    let nodes = 0;

    const add = (benchmark: keyof typeof sums, row: ImportedRow["case"], line: number, time_us: number | undefined): void => {
      const map = sums[benchmark];
      const key = map.size < mostNames ? JSON.stringify(row) : "others";
      const sum = map.get(key) ?? { line, case: key === "others" ? { name: "others" } : row, count: 0, timed: 0, total_s: 0 };
      map.set(key, sum);
      sum.count++;
      if (time_us === undefined) return;
      sum.timed++;
      sum.total_s += time_us / 1e6;
    };

    const element = (text: string, line: number): void => {
      const node = parseObject(text);
      const name = textOf(node?.["name"]);
      if (!node || name === undefined) return problems.add(line, text, "a node with a name");
      nodes++;
      const time_us = positive(node["dur"]) ?? positive(node["exclusive_dur"]);
      add("execution-operation", { name: name.slice(0, 500) }, line, time_us);
      const call = name === "record_param_comms" || node["cat"] === "kernel" ? callOf(node) : undefined;
      if (call) add("execution-collective", given<string | number>({ operation: call.operation, bytes: call.bytes, elements: call.elements, type: call.type, groupSize: call.groupSize }), line, node["cat"] === "kernel" ? time_us : undefined);
    };

    const splitter = splitObjects("nodes", { element });
    return {
      write: (piece) => splitter.write(piece),
      end() {
        const { found, finished, cutOff, rest } = splitter.end();
        if (!found) return { ...emptyHead, problems: [{ line: 1, got: "no nodes", expected: "a list of nodes" }] };
        if (!finished) problems.add(cutOff?.line ?? 0, cutOff?.text || "the file ends in the list of nodes", "the end of the list: the trace is cut off");
        for (const [benchmark, map] of Object.entries(sums)) {
          for (const { line, case: row, count, timed, total_s } of map.values()) guard.emit({ line, benchmark, case: row, values: timed > 0 ? { time_s: total_s / timed, total_s, call_count: count } : { call_count: count } });
        }
        if (nodes === 0 && problems.list().length === 0) problems.add(1, "no nodes with names", "a list of nodes");
        const document = parseObject(rest) ?? {};
        const facts = given<string | number>({ nodes: nodes || undefined, schema: textOf(document["schema"]), time: textOf(document["time"]), pid: numberOf(document["pid"]) });
        return guard.close({ ...emptyHead, facts, asks: [{ key: "ranks", expected: "how many ranks the run had" }], problems: problems.list() });
      },
    };
  },
};

type Node = Readonly<Record<string, Json>>;

/** A collective from the attributes of later schemas, or from the values and shapes of earlier ones. */
function callOf(node: Node): CollectiveCall | undefined {
  const attributes = Object.fromEntries(listOf(node["attrs"]).map((one) => [textOf(objectOf(one)["name"]) ?? "", objectOf(one)["value"]]));
  const named = callOfArguments(given<Json>({ "Collective name": attributes["collective_name"], "In msg nelems": attributes["in_msg_nelems"], "Out msg nelems": attributes["out_msg_nelems"], "Group size": attributes["pg_size"], dtype: attributes["dtype"] }));
  if (named) return named;
  const inputs = objectOf(node["inputs"]);
  const values = listOf(inputs["values"] ?? node["inputs"]);
  const operation = values.map((value) => (typeof value === "string" ? operationOf(value) : undefined)).find((found) => found !== undefined);
  const type = /Tensor\(([^)]*)\)/.exec(textOf(listOf(inputs["types"] ?? node["input_types"])[0]) ?? "")?.[1];
  const elements = countElements(listOf(inputs["shapes"] ?? node["input_shapes"])[0]);
  if (operation === undefined || elements === 0) return undefined;
  const width = elementWidths[type?.toLowerCase() ?? ""];
  return { operation, elements, type, groupSize: undefined, bytes: width === undefined || operation === "all-gather" ? undefined : elements * width };
}

/** Elements of a tensor's shape, or of a list of them. */
function countElements(shape: Json | undefined): number {
  const list = listOf(shape);
  if (list.length === 0) return 0;
  if (Array.isArray(list[0])) return list.reduce<number>((sum, one) => sum + countElements(one), 0);
  return list.reduce<number>((product, extent) => product * (positive(extent) ?? 0), 1);
}
