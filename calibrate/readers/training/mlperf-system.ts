/** MLPerf's description of a submitted system: nodes, accelerators, memory and network in words. Counts become values, words facts. */
import { given, linesOfKey, numberOf, objectOf, parseFirstObject, textOf } from "../json.ts";
import { emptyHead, wholeTextReader } from "../text.ts";
import { parseSize } from "../size.ts";

const words = ["submitter", "division", "status", "system_name", "host_processor_model_name", "host_storage_type", "host_networking", "host_networking_topology", "accelerator_model_name", "accelerator_interconnect", "framework", "operating_system"] as const;

export const mlperfSystem = wholeTextReader({
  id: "mlperf-system",
  title: "MLPerf: description of a system",
  accepts: (text) => /^\s*\{\s*"[^"]+"\s*:/.test(text) && /"number_of_nodes"\s*:/.test(text) && /"submitter"\s*:/.test(text) && /"system_name"\s*:/.test(text) && /"(?:accelerators_per_node|host_processors_per_node)"\s*:/.test(text),
  read(text, _name, emit) {
    const parsed = parseFirstObject(text);
    if (parsed.problem) return { ...emptyHead, problems: [parsed.problem] };
    const fields = objectOf(parsed.value);
    const count = (key: string): number | undefined => {
      const value = numberOf(fields[key]);
      return value !== undefined && value > 0 ? value : undefined;
    };
    const size = (key: string): number | undefined => parseSize(textOf(fields[key]) ?? "");
    const values = given({ node_count: count("number_of_nodes"), acceleratorsPerNode_count: count("accelerators_per_node"), processorsPerNode_count: count("host_processors_per_node"), coresPerProcessor_count: count("host_processor_core_count"), acceleratorMemory_bytes: size("accelerator_memory_capacity"), hostMemory_bytes: size("host_memory_capacity") });
    if (Object.keys(values).length === 0) return { ...emptyHead, problems: [{ line: parsed.line, got: "no number of nodes or accelerators", expected: "a description of a system" }] };
    emit({ line: linesOfKey(text, "number_of_nodes")[0] ?? parsed.line, benchmark: "system", case: given({ name: textOf(fields["system_name"]), accelerator: textOf(fields["accelerator_model_name"]) }), values });
    return { ...emptyHead, facts: given(Object.fromEntries(words.map((key) => [key, textOf(fields[key])]))) };
  },
});
