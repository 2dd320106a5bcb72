import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hopsOf, softMinimum, timeOfCollective, treeShare, weightOf } from "../../../../model/network/library/protocol-time.ts";
import type { CollectiveForm, CollectiveShape, StackParameters } from "../../../../model/network/library/protocol-time.ts";

const stack: StackParameters = { start_s: 11e-6, hop_s: 5.6e-6, channelHop_s: 4e-6, channelFill_bytes: 8e3, simpleHop_s: 12e-6, lowLatencyShare: 0.3, chunk_bytes: 6e6, rate_bytes_per_s: 36e9, ringStep_s: 7e-6 };
const allReduce = (nodes: number, devicesPerNode: number): CollectiveShape => ({ operation: "all-reduce", nodes, devicesPerNode });

const shapes = fc.record({
  operation: fc.constantFrom("all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce", "all-to-all", "send-recv") as fc.Arbitrary<CollectiveShape["operation"]>,
  nodes: fc.integer({ min: 1, max: 400 }),
  devicesPerNode: fc.integer({ min: 1, max: 16 }),
});
const stacks: fc.Arbitrary<StackParameters> = fc.record({
  start_s: fc.double({ min: 1e-6, max: 3e-4, noNaN: true }), hop_s: fc.double({ min: 1e-7, max: 3e-5, noNaN: true }), channelHop_s: fc.double({ min: 1e-7, max: 1e-4, noNaN: true }), channelFill_bytes: fc.double({ min: 10, max: 1e6, noNaN: true }), simpleHop_s: fc.double({ min: 1e-7, max: 3e-4, noNaN: true }),
  lowLatencyShare: fc.double({ min: 0.005, max: 0.95, noNaN: true }), chunk_bytes: fc.double({ min: 1e4, max: 1e8, noNaN: true }), rate_bytes_per_s: fc.double({ min: 1e9, max: 1e12, noNaN: true }), ringStep_s: fc.double({ min: 1e-7, max: 1e-4, noNaN: true }),
});
const forms = fc.constantFrom<CollectiveForm>("tree", "ring");

describe("time of a collective by protocol", () => {
  it("takes start and hops alone for no bytes, nothing for one rank", () => {
    // 8 nodes: 2 x log2(8) = 6 hops; Simple adds to these and to the chain of 2 x 3 devices, and blunts the minimum by little.
    expect(timeOfCollective(0, allReduce(8, 4), stack)).toBeCloseTo(softMinimum(44.6e-6, 44.6e-6 + 12 * 12e-6), 12);
    expect(timeOfCollective(0, allReduce(8, 4), stack, "ring")).toBeCloseTo(11e-6 + 14 * 7e-6, 12);
    expect(timeOfCollective(1e9, allReduce(1, 1), stack)).toBe(0);
  });

  it("nears the bandwidth bound for large messages", () => {
    const bytes = 1e13;
    const over = (shape: CollectiveShape, form?: CollectiveForm) => (timeOfCollective(bytes, shape, stack, form) * 36e9) / bytes;
    expect(over(allReduce(1, 8))).toBeCloseTo(1.75, 3);
    expect(over(allReduce(2, 8))).toBeCloseTo(1 / treeShare, 3);
    expect(over(allReduce(16, 8))).toBeCloseTo(2 / treeShare, 3);
    expect(over(allReduce(16, 8), "ring")).toBeCloseTo((2 * 127) / 128, 3);
    expect(over({ operation: "all-gather", nodes: 1, devicesPerNode: 8 })).toBeCloseTo(0.875, 3);
    expect(over({ operation: "broadcast", nodes: 1, devicesPerNode: 8 })).toBeCloseTo(1, 3);
  });

  it("counts hops and weight by operation", () => {
    const both = (operation: CollectiveShape["operation"], nodes: number, devicesPerNode: number) => [hopsOf(operation, nodes, devicesPerNode), weightOf(operation, nodes, devicesPerNode)];
    expect(both("all-reduce", 1, 8)).toEqual([6, 1.75]);
    expect(both("all-reduce", 2, 8)).toEqual([2, 1]);
    expect(both("all-reduce", 256, 4)).toEqual([16, 2]);
    expect(both("reduce", 1, 8)).toEqual([3, 1]);
    // 7 of 8 blocks of each of 8 devices leave the node.
    expect(both("all-to-all", 8, 8)).toEqual([3, 7]);
  });

  it("over several nodes gathers run rings, whose latency grows with the nodes, and exchanges send all that leaves a node", () => {
    const bytes = 1e13;
    const rate = 36e9;
    for (const operation of ["all-gather", "reduce-scatter"] as const) {
      expect((timeOfCollective(bytes, { operation, nodes: 16, devicesPerNode: 8 }, stack) * rate) / bytes).toBeCloseTo(127 / 128, 3);
      // 15 network hops of the low-latency protocol against 15 ring steps.
      expect(timeOfCollective(0, { operation, nodes: 16, devicesPerNode: 8 }, stack)).toBeCloseTo(softMinimum(11e-6 + 15 * 5.6e-6, 11e-6 + 15 * 7e-6), 12);
    }
    expect((timeOfCollective(bytes, { operation: "all-to-all", nodes: 16, devicesPerNode: 8 }, stack) * rate) / bytes).toBeCloseTo(7.5, 2);
    expect((timeOfCollective(bytes, { operation: "send-recv", nodes: 2, devicesPerNode: 1 }, stack) * rate) / bytes).toBeCloseTo(1, 3);
  });

  it("never falls as the message grows, and is finite and positive", () => {
    fc.assert(
      fc.property(shapes, stacks, forms, fc.double({ min: 1, max: 1e11, noNaN: true }), fc.double({ min: 1, max: 8, noNaN: true }), (shape, given, form, bytes, factor) => {
        fc.pre(shape.nodes * shape.devicesPerNode > 1);
        const [less, more] = [timeOfCollective(bytes, shape, given, form), timeOfCollective(bytes * factor, shape, given, form)];
        expect(less).toBeGreaterThan(0);
        expect(Number.isFinite(more)).toBe(true);
        expect(more).toBeGreaterThanOrEqual(less * (1 - 1e-9));
      }),
    );
  });

  it("never falls as nodes double from four on, for a tree and for a ring", () => {
    fc.assert(
      fc.property(stacks, forms, fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 8 }), fc.double({ min: 1, max: 1e11, noNaN: true }), (given, form, level, devicesPerNode, bytes) => {
        const at = (nodes: number) => timeOfCollective(bytes, allReduce(nodes, devicesPerNode), given, form);
        expect(at(2 ** (level + 1))).toBeGreaterThanOrEqual(at(2 ** level) * (1 - 1e-9));
      }),
    );
  });

  it("is less than either protocol alone by at most what the soft minimum blunts", () => {
    expect(softMinimum(1, 1)).toBeCloseTo(2 ** (-1 / 16), 12);
    expect(softMinimum(1, 3)).toBeGreaterThan(0.9999);
    expect(softMinimum(1e-5, 1)).toBeCloseTo(1e-5, 12);
  });
});
