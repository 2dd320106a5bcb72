/**
 * Nodes of Chakra execution traces (MLCommons, et_def.proto) in every schema: the first graph with fields of its own (eg_def, January 2023), attributes with a type beside them (v0.0.2 and v0.0.3),
 * attributes with one value of many kinds (v0.0.4 and later), and the two JSON forms: ASTRA-sim's workload_graph and protobuf's own. Durations are microseconds in all. Left out: what
 * tensors a node reads and writes.
 */
import { listOf, numberOf, objectOf, textOf, type Json } from "../json.ts";
import { doubleOfBytes, floatOfBytes, packedVarints, readFields, readVarint, textOfBytes, type Field } from "../protobuf.ts";
import { operationOf } from "./collective-calls.ts";

export type ChakraKind = "compute" | "collective" | "send" | "receive" | "memory" | "storage" | "other";

export interface ChakraNode {
  readonly id: number;
  readonly name: string;
  readonly kind: ChakraKind;
  readonly dependencies: readonly number[];
  readonly start_us: number | undefined;
  readonly time_us: number | undefined;
  readonly onHost: boolean | undefined;
  readonly operation: string | undefined;
  /** As the trace says it: what one rank gives. */
  readonly bytes: number | undefined;
  readonly flop: number | undefined;
  readonly stream: number | undefined;
  readonly group: string | undefined;
}

type Value = string | number | boolean;
type Attributes = Readonly<Record<string, Value | undefined>>;

const kinds: readonly ChakraKind[] = ["other", "other", "memory", "memory", "compute", "send", "receive", "collective", "storage", "other", "other"];
const kindNames: Readonly<Record<string, ChakraKind>> = { MEM_LOAD_NODE: "memory", MEM_STORE_NODE: "memory", COMP_NODE: "compute", COMM_SEND_NODE: "send", COMM_RECV_NODE: "receive", COMM_COLL_NODE: "collective", STORAGE_NODE: "storage" };
const operations = ["all-reduce", "reduce", "all-gather", "gather", "scatter", "broadcast", "all-to-all", "reduce-scatter", "reduce-scatter", "barrier"] as const;
const operationsBefore = ["all-reduce", "all-to-all", "all-gather", "reduce-scatter", "broadcast"] as const;

/** A node of the binary form; undefined where the bytes are none. */
export function nodeOfBytes(bytes: Uint8Array): ChakraNode | undefined {
  const { fields, broken } = readFields(bytes);
  const id = fields.find(({ number, type }) => number === 1 && type === 0)?.value ?? 0;
  const name = text(fields, 2);
  if (broken || fields.length === 0 || name === undefined) return undefined;
  const type = fields.find(({ number, type: wire }) => number === 3 && wire === 0)?.value ?? 0;
  const typed = fields.filter(({ number, type: wire }) => number === 11 && wire === 2).map(({ bytes: inner }) => readFields(inner).fields).filter(hasType);
  if (typed.length > 0) return describe(id, name, type, varints(fields, 4), attributesOf(typed), operationsBefore, {});
  if (fields.some(({ number, type: wire }) => number >= 11 && number <= 20 && wire === 0)) return firstGraph(id, name, type, fields);
  const attributes = attributesOf(fields.filter(({ number, type: wire }) => number === 10 && wire === 2).map(({ bytes: inner }) => readFields(inner).fields));
  const scalar = (number: number): number | undefined => fields.find((field) => field.number === number && field.type === 0)?.value;
  return describe(id, name, type, [...varints(fields, 4), ...varints(fields, 5)], attributes, operations, { start_us: scalar(6), time_us: scalar(7) });
}

/** Fields of eg_def: no attributes, and types of nodes one lower, as there was no node of metadata. */
function firstGraph(id: number, name: string, type: number, fields: readonly Field[]): ChakraNode {
  const scalar = (number: number): number | undefined => fields.find((field) => field.number === number && field.type === 0)?.value;
  const collective = scalar(13) ?? 0;
  const attributes = { comm_type: collective > 0 ? collective - 1 : undefined, comm_size: scalar(18), num_ops: scalar(12) };
  return describe(id, name, type + 1, varints(fields, 4), attributes, operationsBefore, { time_us: scalar(7) });
}

interface Times {
  readonly start_us?: number | undefined;
  readonly time_us?: number | undefined;
}

function describe(id: number, name: string, type: number | string, dependencies: readonly number[], attributes: Attributes, table: readonly string[], times: Times): ChakraNode {
  const number = (key: string): number | undefined => (typeof attributes[key] === "number" && attributes[key] >= 0 ? attributes[key] : undefined);
  const named = typeof type === "number" ? kinds[type] : kindNames[type];
  const collective = number("comm_type");
  const kind = collective !== undefined && named !== "send" ? "collective" : (named ?? "other");
  const onHost = attributes["is_cpu_op"];
  return {
    id,
    name,
    kind,
    dependencies,
    start_us: times.start_us,
    time_us: times.time_us ?? number("runtime"),
    onHost: typeof onHost === "boolean" ? onHost : typeof onHost === "number" ? onHost !== 0 : undefined,
    operation: kind !== "collective" ? undefined : collective === undefined ? operationOf(name) : table[collective],
    bytes: number("comm_size"),
    flop: number("num_ops"),
    stream: number("stream") ?? number("tid"),
    group: attributes["pg_name"] === undefined ? undefined : String(attributes["pg_name"]),
  };
}

const hasType = (fields: readonly Field[]): boolean => fields.some(({ number, type }) => number === 1 && type === 2) && fields.some(({ number, type }) => number === 2 && type === 0);

function attributesOf(list: ReadonlyArray<readonly Field[]>): Attributes {
  const found: Record<string, Value | undefined> = Object.create(null) as Record<string, Value | undefined>;
  for (const fields of list) {
    const name = text(fields, 1);
    if (name !== undefined) found[name] = valueOf(fields, hasType(fields));
  }
  return found;
}

/** Value of an attribute: with a type beside it the field is the kind on the wire, else its number says how the bits are meant. */
function valueOf(fields: readonly Field[], typed: boolean): Value | undefined {
  const field = fields.find(({ number }) => number > 2);
  if (!field) return undefined;
  const { number, type, value, bytes } = field;
  if (type === 2) return (typed ? number <= 8 : number === 29) ? textOfBytes(bytes) : undefined;
  if (type === 0) {
    if (typed ? number === 4 && fields.some((one) => one.number === 2 && one.value === 0) : number === 27) return value !== 0;
    if (!typed && (number === 15 || number === 17)) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    return value;
  }
  const whole = !typed && number >= 19 && number <= 25;
  if (!whole) return type === 5 ? floatOfBytes(bytes) : doubleOfBytes(bytes);
  return bytes.reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
}

function text(fields: readonly Field[], number: number): string | undefined {
  const found = fields.find((field) => field.number === number && field.type === 2);
  return found && textOfBytes(found.bytes);
}

/** A repeated number, packed or one by one. */
const varints = (fields: readonly Field[], number: number): number[] => fields.filter((field) => field.number === number).flatMap(({ type, value, bytes }) => (type === 0 ? [value] : type === 2 ? packedVarints(bytes) : []));

/** Metadata come first: attributes, and since v0.0.4 a version. A first message that has a node's id and name is a node. */
export function metadataOf(bytes: Uint8Array): Readonly<Record<string, Value>> | undefined {
  const { fields, broken } = readFields(bytes);
  if (broken || fields.some(({ number, type }) => number > 2 || type !== 2)) return undefined;
  const version = fields.find(({ number, bytes: inner }) => number === 1 && !isMessage(inner));
  const attributes = attributesOf(fields.filter((field) => field !== version).map(({ bytes: inner }) => readFields(inner).fields));
  const entries = Object.entries({ ...attributes, ...(version ? { version: textOfBytes(version.bytes) } : {}) }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, Value>;
}

const isMessage = (bytes: Uint8Array): boolean => bytes[0] === 10 && readVarint(bytes, 1) !== undefined && !readFields(bytes).broken;

/** A node of either JSON form; undefined where it has no name. */
export function nodeOfJson(value: Json): ChakraNode | undefined {
  const fields = objectOf(value);
  const id = numberOf(fields["Id"] ?? fields["id"]);
  const name = textOf(fields["Name"] ?? fields["name"]);
  // Protobuf leaves a zero out, of an id as of any number.
  if (name === undefined) return undefined;
  const listed = Object.fromEntries(listOf(fields["attr"]).map((one) => {
    const { name: key, ...rest } = objectOf(one);
    return [textOf(key) ?? "", Object.entries(rest).find(([kind]) => kind !== "docString")?.[1]];
  }));
  const attributes = Object.fromEntries(Object.entries({ ...fields, ...listed }).map(([key, given]) => [key, typeof given === "boolean" ? given : (numberOf(given as Json) ?? textOf(given as Json))]));
  const type = fields["NodeType"] ?? fields["type"];
  const dependencies = [...listOf(fields["data_deps"] ?? fields["dataDeps"]), ...listOf(fields["ctrlDeps"] ?? fields["ctrl_deps"])].flatMap((one) => numberOf(one) ?? []);
  const positive = (given: Json | undefined): number | undefined => ((numberOf(given) ?? -1) >= 0 ? numberOf(given) : undefined);
  return describe(id ?? 0, name, typeof type === "string" && !/^\d+$/.test(type) ? type : (numberOf(type) ?? 0), dependencies, attributes, operations, { start_us: positive(fields["startTimeMicros"] ?? fields["start_time_micros"]), time_us: positive(fields["durationMicros"] ?? fields["duration_micros"]) });
}
