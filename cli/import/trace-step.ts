/** A trace on disk -> one of its steps as measured operations, streamed through the collector of its kind. */
import { StringDecoder } from "node:string_decoder";
import { nodeOfJson, type ChakraNode } from "../../calibrate/readers/traces/chakra-node.ts";
import { collectChakraStep, stepOfNodes } from "../../calibrate/traced/chakra-step.ts";
import { collectKinetoStep } from "../../calibrate/traced/kineto-step.ts";
import type { Collected, CollectedStep, Collector } from "../../calibrate/traced/trace-collector.ts";
import { InputError, unreadableFile, wrongValue } from "../../model/problems.ts";
import { openFile, piecesOf, type ForeignFile } from "./open-file.ts";
import { chooseReader } from "./read-file.ts";

export interface TracedFile extends CollectedStep {
  readonly file: string;
  readonly reader: string;
}

export async function readTracedStep(path: string, name: string): Promise<TracedFile> {
  const file = await openFile(path, name).catch((error: unknown) => {
    throw new InputError([unreadableFile(name, error instanceof Error ? error.message : String(error))]);
  });
  const { reader, problem } = chooseReader(file);
  if (!reader) throw new InputError([problem]);
  const collected = await collect(file, reader.id);
  if (!collected.collected) throw new InputError(collected.problems.slice(0, 10).map(({ line, got, expected }) => ({ code: "unusable-trace", path: line > 0 ? `${name} line ${line}` : name, got, expected })));
  return { file: name, reader: reader.id, ...collected.collected };
}

async function collect(file: ForeignFile, reader: string): Promise<Collected> {
  if (reader === "kineto") return feedText(file, collectKinetoStep());
  if (reader === "chakra") {
    const collector = collectChakraStep();
    for await (const piece of piecesOf(file)) collector.write(piece as Buffer);
    return collector.end();
  }
  if (reader === "chakra-json") return feedText(file, collectGraph());
  throw new InputError([wrongValue(file.name, reader, "a trace with times: of PyTorch's profiler (Kineto) or Chakra")]);
}

async function feedText(file: ForeignFile, collector: Collector<string>): Promise<Collected> {
  const decoder = new StringDecoder("utf8");
  for await (const piece of piecesOf(file)) collector.write(decoder.write(piece as Buffer));
  collector.write(decoder.end());
  return collector.end();
}

/** A workload graph is read whole: its nodes name each other. */
function collectGraph(): Collector<string> {
  const parts: string[] = [];
  return {
    write: (piece) => void parts.push(piece),
    end() {
      try {
        const document = JSON.parse(parts.join("")) as { readonly workload_graph?: readonly never[]; readonly ngpus?: unknown };
        const nodes: ChakraNode[] = (document.workload_graph ?? []).flatMap((one) => nodeOfJson(one) ?? []);
        const ranks = Number(document.ngpus);
        return stepOfNodes(nodes, ranks > 0 ? ranks : undefined);
      } catch (error) {
        return { problems: [{ line: 0, got: error instanceof Error ? error.message : String(error), expected: "one JSON document with a workload_graph" }] };
      }
    },
  };
}
