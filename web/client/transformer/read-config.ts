/** The text of a config.json -> model of the page, in the worker. A file that is only called config.json has no name of its own. */
import type { Problem } from "../../../model/problems.ts";
import { isDeeperThan, maximumDepth, parseJson } from "../../../model/schema/parse.ts";
import type { TransformerDocument } from "../../../model/schema/transformer.ts";
import { readHuggingFaceConfig } from "../../../model/workload/transformer/hugging-face.ts";

export interface ReadConfigText {
  model: TransformerDocument | null;
  remarks: readonly string[];
  problems: readonly Problem[];
}

export function readConfig(text: string, name: string): ReadConfigText {
  const { value, problems } = parseJson(text, name);
  const refuse = (found: readonly Problem[]): ReadConfigText => ({ model: null, remarks: [], problems: found });
  if (problems.length > 0) return refuse(problems);
  if (isDeeperThan(value, maximumDepth)) return refuse([{ code: "too-deep", path: name, got: "values nested too deep", expected: "a config.json" }]);
  const { document, problems: wrong, remarks } = readHuggingFaceConfig(value, name);
  if (document === undefined) return refuse(wrong);
  const unnamed = document.id === "config";
  return { model: { ...document, ...(unnamed ? { id: "your-model" } : {}), ...(document.title === "config" ? { title: "Your model" } : {}) }, remarks: remarks.map(({ path, text: what }) => `${path}: ${what}`), problems: [] };
}
