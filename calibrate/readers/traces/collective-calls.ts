/**
 * Collectives of PyTorch in a trace: what was called, with what size, and which kernel carried it out. Newer versions write operation, elements, type and group as arguments of record_param_comms and of
 * the kernel itself; older ones only the shape of the tensor beside the library's annotation ("nccl:all_reduce"). A kernel is joined with its call by what it says itself, by the id both share, or
 * by their order where there are as many kernels of an operation as calls of it: kernels of one group run in the order of their calls.
 */
import { listOf, numberOf, positive, textOf, type Json } from "../json.ts";

export interface CollectiveCall {
  readonly operation: string;
  /** As nccl-tests counts: of an all-gather what each holds at the end, else what each gives. */
  readonly bytes: number | undefined;
  readonly elements: number | undefined;
  readonly type: string | undefined;
  readonly groupSize: number | undefined;
}

type Fields = Readonly<Record<string, Json>>;

const operations: readonly (readonly [RegExp, string])[] = [
  [/all_?reduce/i, "all-reduce"],
  [/all_?gather/i, "all-gather"],
  [/reduce_?scatter/i, "reduce-scatter"],
  [/all_?to_?all/i, "all-to-all"],
  [/broadcast/i, "broadcast"],
  [/send_?recv|^(?:nccl:)?(?:i?send|i?recv)|coalesced_?p2p/i, "send-recv"],
  [/scatter/i, "scatter"],
  [/gather/i, "gather"],
  [/reduce/i, "reduce"],
  [/barrier/i, "barrier"],
];

/** The field's name of a collective, from a library's or a kernel's. */
export const operationOf = (name: string): string | undefined => operations.find(([pattern]) => pattern.test(name))?.[1];

/** Bytes of one element by the names that PyTorch gives its types. */
export const elementWidths: Readonly<Record<string, number>> = {
  float: 4, half: 2, bfloat16: 2, "c10::bfloat16": 2, "c10::half": 2, double: 8, long: 8, "long int": 8, int: 4, byte: 1, char: 1, "signed char": 1, "unsigned char": 1, bool: 1, short: 2, float8_e4m3fn: 1, float8_e5m2: 1,
  "c10::float8_e4m3fn": 1, "c10::float8_e5m2": 1, complexfloat: 8, "c10::complex<float>": 8,
};

/** A call from the arguments that record_param_comms and kernels carry; undefined where they name none or it moves nothing. */
export function callOfArguments(fields: Fields): CollectiveCall | undefined {
  const name = textOf(fields["Collective name"]);
  const operation = name === undefined ? undefined : operationOf(name);
  const given = numberOf(fields["In msg nelems"]);
  if (operation === undefined || given === undefined) return undefined;
  const groupSize = positive(fields["Group size"]);
  const out = positive(fields["Out msg nelems"]);
  const elements = operation === "all-gather" ? (out ?? (groupSize === undefined ? undefined : given * groupSize)) : given;
  if (elements === undefined || elements <= 0) return undefined;
  const type = textOf(fields["dtype"]);
  const width = elementWidths[type?.toLowerCase() ?? ""];
  return { operation, bytes: width === undefined ? undefined : elements * width, elements, type, groupSize };
}

const annotation = /^(?:nccl|rccl|xccl|hccl|gloo|mpi|ucc):/i;
export const isAnnotation = (name: string): boolean => annotation.test(name);

/** A call from a library's annotation and the shape of its first tensor. What an all-gather ends with is not there, so its size stays open. */
export function callOfAnnotation(name: string, fields: Fields): CollectiveCall | undefined {
  const operation = operationOf(name);
  if (operation === undefined) return undefined;
  const shapes = listOf(fields["Input Dims"]);
  const types = listOf(fields["Input type"]);
  let [elements, bytes, known] = [0, 0, true];
  for (const [index, shape] of shapes.entries()) {
    const count = listOf(shape).length === 0 ? 0 : listOf(shape).reduce<number>((product, extent) => product * (positive(extent) ?? 0), 1);
    const width = elementWidths[textOf(types[index])?.toLowerCase() ?? ""];
    elements += count;
    if (count > 0 && width === undefined) known = false;
    else bytes += count * (width ?? 0);
  }
  if (!(elements > 0)) return undefined;
  return { operation, bytes: known && operation !== "all-gather" ? bytes : undefined, elements, type: textOf(types[0]), groupSize: undefined };
}

export interface HostCall {
  readonly from_us: number;
  readonly externalId: number | undefined;
  readonly call: CollectiveCall;
}
export interface CollectiveKernel {
  readonly from_us: number;
  readonly externalId: number | undefined;
  readonly name: string;
  /** What the kernel says itself. */
  readonly own: CollectiveCall | undefined;
}

/** The call of each kernel, undefined where nothing tells; one answer per kernel, in their order. */
export function joinCalls(kernels: readonly CollectiveKernel[], calls: readonly HostCall[]): Array<CollectiveCall | undefined> {
  const byId = new Map(calls.flatMap(({ externalId, call }) => (externalId === undefined ? [] : [[externalId, call] as const])));
  const answers = kernels.map(({ own, externalId, name }) => {
    if (own) return own;
    const found = externalId === undefined ? undefined : byId.get(externalId);
    return found && agree(found.operation, operationOf(name)) ? found : undefined;
  });
  if (answers.every((answer) => answer !== undefined)) return answers;
  const open = [...kernels.keys()].filter((index) => answers[index] === undefined).toSorted((a, b) => (kernels[a]?.from_us ?? 0) - (kernels[b]?.from_us ?? 0));
  const taken = new Set(answers);
  const free = calls.filter(({ call }) => call.operation !== "barrier" && !taken.has(call)).toSorted((a, b) => a.from_us - b.from_us);
  for (const operation of new Set(free.map(({ call }) => call.operation))) {
    const own = free.filter(({ call }) => call.operation === operation);
    const fitting = open.filter((index) => agree(operation, operationOf(kernels[index]?.name ?? "")));
    if (own.length === fitting.length) for (const [place, index] of fitting.entries()) answers[index] = own[place]?.call;
  }
  return answers;
}

/** Whether a kernel of that name may carry the operation out: exchanges among all run as sends and receives, and some kernels are named after none. */
const agree = (operation: string, kernel: string | undefined): boolean => kernel === undefined || kernel === operation || (kernel === "send-recv" && ["all-to-all", "gather", "scatter"].includes(operation)) || (kernel === "broadcast" && operation === "all-gather");
