/** A config.json of Hugging Face as a workload. What it leaves open is told with the answer; where it is wrong nothing after it can be read. */
import { resolve } from "node:path";
import type { Problem } from "../../model/problems.ts";
import type { TransformerDocument } from "../../model/schema/transformer.ts";
import { readHuggingFaceConfig } from "../../model/workload/transformer/hugging-face.ts";
import { readJsonFile } from "./read-json.ts";

export interface ConfigFile {
  id: string;
  document?: TransformerDocument;
}

export function readConfigFile(file: string, cwd: string, problems: Problem[], notes: string[]): ConfigFile {
  const read = readJsonFile(resolve(cwd, file), file);
  if (read.problems.length > 0) {
    problems.push(...read.problems);
    return { id: file };
  }
  const { document, problems: found, remarks } = readHuggingFaceConfig(read.value, file);
  problems.push(...found);
  notes.push(...remarks.map(({ path, text }) => `${path}: ${text}`));
  return document ? { id: document.id, document } : { id: file };
}
