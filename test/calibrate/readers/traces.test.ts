/** Traces: values of the fixtures worked out by hand from their events, joins of collectives with kernels, and the pieces they are made of. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readText, type Imported } from "../../../calibrate/readers/index.ts";
import { callOfAnnotation, callOfArguments, joinCalls } from "../../../calibrate/readers/traces/collective-calls.ts";
import { covered, coveredByBoth, Intervals, unionOf } from "../../../calibrate/readers/traces/intervals.ts";
import { kineto } from "../../../calibrate/readers/traces/kineto.ts";
import { splitObjects } from "../../../calibrate/readers/traces/split-objects.ts";
import { fixtureFolder, load, readFileWith } from "../../support/log-files.ts";

const fixture = (name: string): Imported => readFileWith(kineto, load(fixtureFolder, `kineto/${name}.json`));
const rowsOf = ({ rows }: Imported, benchmark: string) => rows.filter((row) => row.benchmark === benchmark);
const micro = (values: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number((value * 1e6).toFixed(6))]));

describe("Kineto", () => {
  it("splits each step: compute 300 + 100, messages 250 + 50 of which 100 are hidden, copies alone 40 + 10", () => {
    const steps = rowsOf(fixture("current"), "trace-step");
    expect(steps.map((row) => row.case)).toEqual([{ step: "3" }, { step: "4" }]);
    for (const { values } of steps) expect(micro(values)).toEqual({ time_s: 1000, compute_s: 400, communication_s: 300, exposedCommunication_s: 200, copyWithoutCompute_s: 50, idle_s: 350 });
  });

  it("sums kernels by name and collectives by size, each once though host and device both tell of it", () => {
    const read = fixture("current");
    expect(rowsOf(read, "trace-kernel").map((row) => [row.case["kind"], row.values["call_count"]])).toEqual([["compute", 2], ["communication", 2], ["communication", 2], ["compute", 2], ["copy", 2], ["set", 2]]);
    const collectives = rowsOf(read, "trace-collective");
    // One million bf16 elements; an all-gather is as large as what each rank holds at its end.
    expect(collectives.map((row) => [row.case["operation"], row.case["bytes"], row.case["groupSize"], row.values["call_count"], row.values["time_s"]])).toEqual([["all-reduce", 2_000_000, 8, 2, 250e-6], ["all-gather", 16_000, 8, 2, 50e-6]]);
    expect(read.facts).toMatchObject({ rank: 3, ranks: 8, backend: "nccl", device: "NVIDIA H100 80GB HBM3", devicesPerNode: 2, baseTime_s: 1.7e9 });
    expect([read.asks, read.problems]).toEqual([[], []]);
  });

  it("reads the categories of 2021 and joins kernels with the calls that alone know the size, in their order", () => {
    const read = fixture("capitals");
    expect(rowsOf(read, "trace-collective").map(({ case: { bytes }, values }) => [bytes, micro(values)["time_s"]])).toEqual([[1_048_576, 100], [2048, 20]]);
    expect(micro(rowsOf(read, "trace-span")[0]?.values ?? {})).toEqual({ time_s: 270, compute_s: 180, communication_s: 120, exposedCommunication_s: 40, copyWithoutCompute_s: 10, idle_s: 40 });
    expect(read.asks.map(({ key }) => key)).toEqual(["ranks", "device", "step"]);
  });

  it("reads traces of AMD, several devices apart, and counters that are nan", () => {
    const read = fixture("amd");
    expect(rowsOf(read, "trace-step").map((row) => [row.case["device"], micro(row.values)["compute_s"]])).toEqual([[0, 200.125], [2, 5]]);
    expect(rowsOf(read, "trace-collective")[0]?.case).toMatchObject({ operation: "reduce-scatter", bytes: 8192, groupSize: 4 });
    expect(read.problems).toEqual([]);
  });

  it("reads hosts alone: steps without a split, collectives without a time", () => {
    const read = fixture("host-only");
    expect(read.rows.map(({ benchmark, values }) => [benchmark, values])).toEqual([["trace-collective", { call_count: 1 }], ["trace-step", { time_s: 4e-4 }]]);
  });

  it("reads the array that the autograd profiler wrote", () => {
    expect(rowsOf(fixture("autograd"), "trace-kernel").map(({ case: { name }, values }) => [name, values["time_s"]])).toEqual([["conv2d", 150e-6], ["relu", 20e-6]]);
  });

  it("tells of a trace that is cut off, and marks its steps", () => {
    const read = fixture("cut-off");
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]?.expected).toMatch(/cut off/);
    expect(rowsOf(read, "trace-step").map(({ marks }) => marks)).toEqual([["incomplete"], ["incomplete"]]);
  });

  it("tells of negative and missing times by line", () => {
    const read = readText(kineto, '{"schemaVersion": 1, "traceEvents": [\n{"cat": "kernel", "name": "a", "ts": 1, "dur": -2},\n{"cat": "kernel", "name": "b", "dur": 2}]}', "t");
    expect(read.rows).toEqual([]);
    expect(read.problems.map(({ line }) => line)).toEqual([2, 3]);
  });
});

describe("collectives and kernels", () => {
  const call = (elements: number) => callOfArguments({ "Collective name": "allreduce", "In msg nelems": elements, dtype: "Half" });
  const kernel = (from_us: number, name = "ncclKernel_AllReduce_RING", externalId?: number) => ({ from_us, name, externalId, own: undefined });

  it("takes what the kernel says, then the id, then the order where counts agree", () => {
    const [a, b] = [call(1), call(2)];
    if (!a || !b) throw new Error("no call");
    const calls = [{ from_us: 1, externalId: 10, call: a }, { from_us: 2, externalId: 11, call: b }];
    expect(joinCalls([kernel(5, "ncclDevKernel_Generic", 11), kernel(4, "ncclDevKernel_Generic", 10)], calls)).toEqual([b, a]);
    expect(joinCalls([kernel(9), kernel(4)], calls)).toEqual([b, a]);
    expect(joinCalls([kernel(9)], calls)).toEqual([undefined]);
    expect(joinCalls([kernel(4, "ncclKernel_AllGather_RING", 10)], calls)).toEqual([undefined]);
    expect(joinCalls([{ ...kernel(4), own: b }], calls)).toEqual([b]);
  });

  it("leaves sizes open that nothing gives", () => {
    expect(callOfAnnotation("nccl:_all_gather_base", { "Input Dims": [[16]], "Input type": ["float"] })).toMatchObject({ operation: "all-gather", bytes: undefined, elements: 16 });
    expect(callOfAnnotation("nccl:all_reduce", { "Input Dims": [[16], [2, 3]], "Input type": ["float", "double"] })).toMatchObject({ bytes: 64 + 48 });
    expect(callOfAnnotation("nccl:all_reduce", { "Input Dims": [[]] })).toBeUndefined();
    expect(callOfArguments({ "Collective name": "wait", "In msg nelems": 0 })).toBeUndefined();
    expect(callOfArguments({ "Collective name": "_allgather_base", "In msg nelems": 5, "Group size": 4, dtype: "Float" })?.bytes).toBe(80);
  });
});

describe("intervals", () => {
  const intervals = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 })), { maxLength: 20 });
  const marks = (list: ReadonlyArray<readonly [number, number]>): boolean[] => Array.from({ length: 60 }, (_, at) => list.some(([from, time]) => from <= at && at < from + time));
  const fill = (list: ReadonlyArray<readonly [number, number]>): Float64Array => {
    const made = new Intervals();
    for (const [from, time] of list) made.add(from, from + time);
    return made.union();
  };
  const count = (flags: readonly boolean[], from: number, to: number): number => flags.slice(from, to).filter(Boolean).length;

  it("cover what single moments do, alone, together and either", () => {
    fc.assert(fc.property(intervals, intervals, fc.nat(30), fc.nat(30), (a, b, from, length) => {
      const [left, right] = [fill(a), fill(b)];
      const [here, there] = [marks(a), marks(b)];
      const to = from + length;
      expect(covered(left, from, to)).toBe(count(here, from, to));
      expect(coveredByBoth(left, right, from, to)).toBe(count(here.map((flag, at) => flag && (there[at] ?? false)), from, to));
      expect(covered(unionOf(left, right), from, to)).toBe(count(here.map((flag, at) => flag || (there[at] ?? false)), from, to));
    }));
  });
});

describe("objects of an array", () => {
  const pieces = (text: string, size: number) => {
    const elements: unknown[] = [];
    const splitter = splitObjects("list", { element: (element) => elements.push(JSON.parse(element)) });
    for (let at = 0; at < text.length; at += size) splitter.write(text.slice(at, at + size));
    return { elements, ...splitter.end() };
  };

  it("come out whole whatever they hold and however they are cut, with the fields around them", () => {
    fc.assert(fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 }), fc.string(), fc.integer({ min: 1, max: 9 }), (list, after, size) => {
      const read = pieces(`{"before": 1, "list": ${JSON.stringify(list, null, 1)}, "after": ${JSON.stringify(after)}}`, size);
      expect(read.elements).toEqual(JSON.parse(JSON.stringify(list)));
      expect(read.finished).toBe(true);
      expect(JSON.parse(read.rest)).toEqual({ before: 1, list: [], after });
    }));
  });

  it("come out of a bare array as well", () => {
    expect(pieces(' [{"a": "]"}, {"b": [1]}]', 3)).toMatchObject({ elements: [{ a: "]" }, { b: [1] }], finished: true });
  });
});
