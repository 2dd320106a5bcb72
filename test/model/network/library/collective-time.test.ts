import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allReduceAlgorithms, collectiveAlgorithms } from "../../../../model/network/collectives/index.ts";
import { allReduceOf, collectiveTerms, collectiveTime, timeOfCollective, tuningAcross } from "../../../../model/network/library/index.ts";
import type { CollectiveKind, CollectiveTiming, StackParameters } from "../../../../model/network/library/index.ts";
import { collectiveLibraryIds } from "../../../../model/schema/stack-collective.ts";

const inside: StackParameters = { start_s: 11e-6, hop_s: 1e-6, channelHop_s: 1e-6, channelFill_bytes: 8e3, simpleHop_s: 8e-6, lowLatencyShare: 0.5, chunk_bytes: 1e6, rate_bytes_per_s: 230e9, ringStep_s: 0 };
const across: StackParameters = { ...inside, hop_s: 5e-6, channelHop_s: 4e-6, chunk_bytes: 6e6, rate_bytes_per_s: 36e9, ringStep_s: 14e-6 };
const network = { nodeLink_bytes_per_s: 220e9, nodeLinkLatency_s: 2e-6, fabric_bytes_per_s: 60e9, fabricLatency_s: 3e-6, leaderShare: 1 };
const closed: CollectiveTiming = { library: null, algorithm: "tree", protocols: null, network, devicesPerNode: 4 };
const nccl: CollectiveTiming = { ...closed, library: "nccl", algorithm: "auto", protocols: { inside, across, tuning: tuningAcross("nccl", false), ringFrom_nodes: 2 } };
const timingOf = (library: CollectiveTiming["library"]): CollectiveTiming => (library === "nccl" || library === "rccl" ? { ...nccl, library } : { ...closed, library, algorithm: library === null ? "tree" : "auto" });

const kinds = ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "all-to-all", "send-recv"] as const satisfies readonly CollectiveKind[];
const MiB = 2 ** 20;

describe("time of a collective", () => {
  it("without a library is the closed form of the stack's algorithm, and the plain one of the other operations", () => {
    const whole = { ...network, nodes: 16, devicesPerNode: 4 };
    for (const algorithm of ["hierarchical", "ring", "tree"] as const) expect(collectiveTime({ ...closed, algorithm }, "all-reduce", 1e8, 64, 4)).toBe(allReduceAlgorithms[algorithm].time(1e8, whole).time_s);
    expect(collectiveTime(closed, "all-gather", 1e8, 64, 4)).toBe(collectiveAlgorithms["all-gather-ring"].time(1e8, whole).time_s);
    expect(collectiveTime(closed, "all-to-all", 1e8, 64, 4)).toBe(collectiveAlgorithms["all-to-all-pairwise"].time(1e8, whole).time_s);
  });

  it("of a library with rules is the closed form of its choice", () => {
    const openMpi = timingOf("open-mpi-tuned");
    const whole = { ...network, nodes: 4, devicesPerNode: 4 };
    expect(collectiveTime(openMpi, "all-reduce", 8_000, 16, 4)).toBe(allReduceAlgorithms["recursive-doubling"].time(8_000, whole).time_s);
    expect(collectiveTime(openMpi, "all-reduce", MiB, 16, 4)).toBe(allReduceAlgorithms.ring.time(MiB, whole).time_s);
    expect(allReduceOf(timingOf("horovod-hierarchical"), MiB, 16, 4)).toBe("hierarchical");
    // What a stack asks for by name, its library runs.
    expect(collectiveTime({ ...openMpi, algorithm: "ring" }, "all-reduce", 8_000, 16, 4)).toBe(allReduceAlgorithms.ring.time(8_000, whole).time_s);
  });

  it("of NCCL is that of its protocols: in one node with the node's parameters, over several with the fabric's", () => {
    for (const kind of kinds) {
      expect(collectiveTime(nccl, kind, 1e7, 4, 4), kind).toBe(timeOfCollective(1e7, { operation: kind, nodes: 1, devicesPerNode: 4 }, inside));
      if (kind !== "all-reduce") expect(collectiveTime(nccl, kind, 1e7, 64, 4), kind).toBe(timeOfCollective(1e7, { operation: kind, nodes: 16, devicesPerNode: 4 }, across));
    }
  });

  it("of NCCL goes from tree to ring where its estimates do, unless the stack names one", () => {
    const shape = { operation: "all-reduce", nodes: 8, devicesPerNode: 4 } as const;
    expect([8, 8 * MiB, 64 * MiB].map((bytes) => collectiveTerms(nccl, "all-reduce", bytes, 32, 4).runs)).toEqual(["nccl tree", "nccl tree", "nccl ring"]);
    expect(collectiveTime(nccl, "all-reduce", 64 * MiB, 32, 4)).toBe(timeOfCollective(64 * MiB, shape, across, "ring"));
    expect(collectiveTime({ ...nccl, algorithm: "tree" }, "all-reduce", 64 * MiB, 32, 4)).toBe(timeOfCollective(64 * MiB, shape, across, "tree"));
    expect(collectiveTime({ ...nccl, protocols: { ...nccl.protocols!, ringFrom_nodes: 9 } }, "all-reduce", 64 * MiB, 32, 4)).toBe(timeOfCollective(64 * MiB, shape, across, "tree"));
  });

  it("of a group with one device of each node has that device's part of the ports", () => {
    const bytes = 1e12;
    expect(collectiveTime(nccl, "all-gather", bytes, 16, 1) / bytes).toBeCloseTo(15 / 16 / (36e9 / 4), 14);
    expect(collectiveTime(closed, "send-recv", bytes, 2, 1) / bytes).toBeCloseTo(1 / (60e9 / 4), 14);
    // Inside a node a group of two has its links for itself.
    expect(collectiveTime(nccl, "send-recv", bytes, 2, 2) / bytes).toBeCloseTo(1 / 230e9, 14);
  });

  it("of an all-to-all over nodes is bound by all that leaves a node, as its closed form is", () => {
    const bytes = 1e13;
    const same = { ...closed, network: { ...network, fabric_bytes_per_s: across.rate_bytes_per_s } };
    expect(collectiveTime(nccl, "all-to-all", bytes, 32, 4) / collectiveTime(same, "all-to-all", bytes, 32, 4)).toBeCloseTo(1, 1);
  });

  it("is finite, not below zero, nothing for one rank or no bytes, and made of its terms, for every library, kind and group", () => {
    fc.assert(
      fc.property(fc.constantFrom(null, ...collectiveLibraryIds), fc.constantFrom(...kinds), fc.integer({ min: 0, max: 2 ** 34 }), fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 4 }), (library, kind, bytes, ranks, ranksPerNode) => {
        const timing = timingOf(library);
        const time_s = collectiveTime(timing, kind, bytes, ranks, ranksPerNode);
        const terms = collectiveTerms(timing, kind, bytes, ranks, ranksPerNode);
        if (ranks === 1 || bytes === 0) expect(time_s).toBe(0);
        else expect(time_s).toBeGreaterThan(0);
        expect(Number.isFinite(time_s)).toBe(true);
        expect(terms.time_s).toBe(time_s);
        if (timing.protocols) expect(terms.insideNode_s + terms.betweenNodes_s + terms.latency_s).toBeCloseTo(time_s, 12);
        expect(Math.min(terms.insideNode_s, terms.betweenNodes_s, terms.latency_s, terms.nodeSends_bytes)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("takes as long whatever was asked before", () => {
    const ask = () => collectiveTime(closed, "all-reduce", 1e8, 64, 4);
    const first = ask();
    collectiveTime(closed, "all-gather", 1e6, 2, 1);
    collectiveTime(timingOf("gloo"), "all-reduce", 1e6, 12, 3);
    expect(ask()).toBe(first);
  });

  it("never falls as the message grows, where one algorithm runs", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.constantFrom("ring", "tree"), fc.integer({ min: 1, max: 2 ** 33 }), fc.double({ min: 1, max: 8, noNaN: true }), fc.integer({ min: 2, max: 3000 }), fc.integer({ min: 1, max: 4 }), (kind, algorithm, bytes, factor, ranks, ranksPerNode) => {
        const at = (size: number) => collectiveTime({ ...nccl, algorithm: algorithm as "ring" | "tree" }, kind, size, ranks, ranksPerNode);
        expect(at(bytes * factor)).toBeGreaterThanOrEqual(at(bytes) * (1 - 1e-9));
      }),
    );
  });
});
