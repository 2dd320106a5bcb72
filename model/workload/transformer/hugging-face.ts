/**
 * config.json of Hugging Face Transformers -> workload document. Each model type is a row of a table: which key is which option, what the library takes where one is left out,
 * and what the type implies. What was assumed, and keys that are read by nobody and not known to change nothing, are remarked.
 */
import { missingKey, unknownName, wrongValue, type Problem } from "../../problems.ts";
import { parseDocument } from "../../schema/parse.ts";
import type { TransformerDocument } from "../../schema/transformer.ts";
import { isInert } from "./hugging-face/inert-keys.ts";
import { modelTypes } from "./hugging-face/index.ts";
import type { ConfigReader, ModelType, OptionsByPath } from "./hugging-face/table.ts";

export interface ConfigRemark {
  readonly path: string;
  readonly text: string;
}
export interface ReadConfig {
  readonly document?: TransformerDocument;
  readonly problems: readonly Problem[];
  readonly remarks: readonly ConfigRemark[];
}

type Group = Readonly<Record<string, unknown>>;

/** `name` begins the path of every problem, and without folders and .json is the document's id. */
export function readHuggingFaceConfig(value: unknown, name: string): ReadConfig {
  if (!isGroup(value)) return { problems: [wrongValue(name, value, "an object, the config.json of a model")], remarks: [] };
  const type = value["model_type"];
  if (typeof type !== "string") return { problems: [type === undefined ? missingKey(`${name}: model_type`, "a text: the model's type") : wrongValue(`${name}: model_type`, type, "a text: the model's type")], remarks: [] };
  if (!Object.hasOwn(modelTypes, type)) return { problems: [unknownName(`${name}: model_type`, "model type", type, Object.keys(modelTypes))], remarks: [] };
  const row = modelTypes[type] as ModelType;
  const config = row.inside === undefined ? value : value[row.inside];
  if (!isGroup(config)) return { problems: [missingKey(`${name}: ${row.inside}`, "an object: the model of words")], remarks: [] };
  return readWith(row, config, value, name);
}

function readWith(row: ModelType, config: Group, whole: Group, name: string): ReadConfig {
  const prefix = `${name}: ${row.inside === undefined ? "" : `${row.inside}.`}`;
  const problems: Problem[] = [];
  const remarks: ConfigRemark[] = [];
  const used = new Set<string>();
  const remark = (key: string, text: string): void => void remarks.push({ path: prefix + key, text });
  const read = (key: string): unknown => {
    const stated = valueAt(config, key);
    const value = stated ?? row.defaults?.[key];
    if (stated === undefined && value !== undefined && !used.has(key)) remark(key, `left out: ${JSON.stringify(value)}, as the library takes`);
    used.add(key);
    return value;
  };
  const reader: ConfigReader = {
    read,
    number: (key) => {
      const found = read(key);
      return typeof found === "number" ? found : undefined;
    },
    list: (key) => {
      const found = read(key);
      return Array.isArray(found) ? (found as unknown[]) : undefined;
    },
    remark,
    refuse: (key, expected) => void problems.push(valueAt(config, key) === undefined ? missingKey(prefix + key, expected) : wrongValue(prefix + key, valueAt(config, key), expected)),
  };

  // 1. Options by the table, then what the type implies.
  const keyOf = Object.fromEntries(Object.entries(row.keys).map(([option, keys]) => [option, typeof keys === "string" ? keys : (keys.find((key) => valueAt(config, key) !== undefined) ?? keys[0] ?? option)]));
  const stated = Object.fromEntries(Object.entries(keyOf).map(([option, key]) => [option, read(key)]));
  const options = nest({ ...stated, ...row.fixed, ...row.also?.(reader) });

  // 2. The document's own checks, told by the config's keys.
  const id = idOf(name);
  const document = { id, title: titleOf(whole, id), family: "transformer", options };
  for (const problem of parseDocument("workload", document, name).problems) {
    const option = problem.path.replace(/^.*?: options\./, "");
    problems.push({ ...problem, path: prefix + (keyOf[option] ?? option) });
  }

  // 3. What nobody read.
  for (const key of keysOf(config)) if (!used.has(key) && !isOff(valueAt(config, key)) && !isInert(lastOf(key)) && !row.inert?.includes(key)) remark(key, "is not modelled");
  if (row.inside !== undefined) for (const key of Object.keys(whole)) if (isGroup(whole[key]) && key !== row.inside && !isInert(key)) remarks.push({ path: `${name}: ${key}`, text: "is not modelled: only the model of words is" });
  const sequence = keyOf["sequence"];
  if (sequence !== undefined && problems.length === 0) remark(sequence, "taken as the tokens of a sequence, unless a plan says how many are trained on");
  return problems.length > 0 ? { problems, remarks } : { document: document as unknown as TransformerDocument, problems: [], remarks };
}

const isGroup = (value: unknown): value is Group => typeof value === "object" && value !== null && !Array.isArray(value);
/** Says that something is not there. */
const isOff = (value: unknown): boolean => value === undefined || value === false || value === 0 || value === "" || (Array.isArray(value) && value.length === 0);
const lastOf = (key: string): string => key.slice(key.lastIndexOf(".") + 1);

/** null counts as left out. */
function valueAt(config: Group, key: string): unknown {
  return key.split(".").reduce<unknown>((value, step) => (isGroup(value) && Object.hasOwn(value, step) ? value[step] : undefined), config) ?? undefined;
}

/** Names of values; of groups that describe a part of the layers, those inside. */
function keysOf(config: Group): string[] {
  return Object.entries(config).flatMap(([key, value]) => (value === null ? [] : isGroup(value) && /^(attn|ffn)_config$/.test(key) ? Object.entries(value).flatMap(([inner, of]) => (of === null ? [] : [`${key}.${inner}`])) : [key]));
}

function nest(options: OptionsByPath): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const [first = path, second] = path.split(".");
    if (second === undefined) nested[first] = value;
    else nested[first] = { ...(nested[first] as object | undefined), [second]: value };
  }
  return nested;
}

function idOf(name: string): string {
  const parts = name.replaceAll("\\", "/").split("/").filter((part) => part !== "");
  const file = (parts.at(-1) ?? "").replace(/(\.config)?\.json$/i, "");
  const chosen = file === "config" && parts.length > 1 ? (parts.at(-2) ?? file) : file;
  return chosen.toLowerCase().replace(/[^a-z0-9.-]+/g, "-").replace(/^[^a-z0-9]+/, "") || "model";
}

function titleOf(config: Group, id: string): string {
  const stated = config["_name_or_path"];
  return typeof stated === "string" && stated !== "" ? (stated.split("/").at(-1) ?? id) : id;
}
