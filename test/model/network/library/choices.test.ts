import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectiveAlgorithms } from "../../../../model/network/collectives/index.ts";
import { collectiveLibraries, collectiveOf, defaultSetting, findLibrary } from "../../../../model/network/library/index.ts";
import type { GroupShape, LibraryId, LibraryOperation, LibrarySetting } from "../../../../model/network/library/index.ts";
import { estimateNccl } from "../../../../model/network/library/nccl.ts";

const MiB = 2 ** 20;
const polaris: LibrarySetting = { ...defaultSetting, fabric_bytes_per_s: 36.1e9, nodeLink_bytes_per_s: 230e9, switched: false, nicNearDevice: false };
const choose = (id: LibraryId, operation: LibraryOperation, bytes: number, shape: GroupShape, setting?: LibrarySetting) => findLibrary(id).choose(operation, bytes, shape, setting);

describe("what libraries choose", () => {
  it.each([
    ["open-mpi-tuned", "all-reduce", 9_999, 16, "recursive-doubling"],
    ["open-mpi-tuned", "all-reduce", 10_000, 16, "ring"],
    ["open-mpi-tuned", "all-reduce", 16 * MiB, 16, "ring"],
    ["open-mpi-tuned", "all-reduce", 16 * MiB + 1, 16, "segmented-ring"],
    ["open-mpi-tuned", "all-to-all", 199 * 16, 16, "bruck"],
    ["open-mpi-tuned", "all-to-all", 199 * 12, 12, "direct"],
    ["open-mpi-tuned", "all-to-all", 3_000 * 16, 16, "pairwise"],
    ["open-mpi-tuned", "broadcast", 2_047, 16, "binomial-tree"],
    ["open-mpi-tuned", "broadcast", 100_000, 16, "split-binary-tree"],
    ["open-mpi-tuned", "broadcast", 400_000, 16, "pipeline"],
    ["gloo", "all-reduce", 1, 4, "segmented-ring"],
    ["oneccl", "all-reduce", 8, 16, "topo"],
    ["horovod-hierarchical", "all-reduce", 8, 16, "hierarchical"],
  ] as const)("%s: %s of %d bytes over %d ranks is %s", (id, operation, bytes, ranks, algorithm) => {
    expect(choose(id, operation, bytes, { nodes: ranks / 4, devicesPerNode: 4 })?.algorithm).toBe(algorithm);
  });

  it("oneCCL goes from direct to Rabenseifner between nodes at 1 MiB, and knows no topo on host buffers", () => {
    const shape = { nodes: 4, devicesPerNode: 6 };
    expect([MiB - 1, MiB].map((bytes) => choose("oneccl", "all-reduce", bytes, shape)?.between)).toEqual(["direct", "rabenseifner"]);
    expect(choose("oneccl", "all-reduce", MiB, shape, { ...defaultSetting, buffers: "host" })?.algorithm).toBe("rabenseifner");
    expect(choose("oneccl", "all-reduce", MiB, { nodes: 1, devicesPerNode: 6 })).not.toHaveProperty("between");
    expect(findLibrary("oneccl").overlapsCollectives).toBe(false);
  });

  it("Gloo cuts two segments per rank, none above 1 MiB", () => {
    const shape = { nodes: 8, devicesPerNode: 1 };
    expect(choose("gloo", "all-reduce", 1_600, shape)?.segment_bytes).toBe(100);
    expect(choose("gloo", "all-reduce", 1024 * MiB, shape)?.segment_bytes).toBe(MiB);
  });

  it("NCCL: low latency trees for small messages, Simple rings for large ones, and the ring takes over later the more ranks there are", () => {
    const at = (nodes: number, bytes: number) => choose("nccl", "all-reduce", bytes, { nodes, devicesPerNode: 4 }, polaris);
    expect(at(8, 8)).toMatchObject({ algorithm: "double-binary-tree", protocol: "LL" });
    expect(at(8, 8 * MiB)?.algorithm).toBe("double-binary-tree");
    expect(at(8, 64 * MiB)).toMatchObject({ algorithm: "ring", protocol: "Simple" });
    expect(at(256, 1024 * MiB)?.algorithm).toBe("double-binary-tree");
    const takesOver = (nodes: number): number => [...Array(40).keys()].map((k) => 2 ** k).find((bytes) => bytes > 2 ** 20 && at(nodes, bytes)?.algorithm === "ring") ?? Infinity;
    expect(takesOver(32)).toBeGreaterThan(takesOver(8));
    expect(takesOver(256)).toBeGreaterThan(takesOver(32));
  });

  it("NCCL: the ring estimate is the published formula, worked by hand", () => {
    // 8 devices in a node, Simple: 8.4 + 14 x 3.4 us, and 2 x 7/8 of 1 GB at 230 GB/s.
    const ring = estimateNccl("all-reduce", 1e9, { nodes: 1, devicesPerNode: 8 }).find(({ algorithm, protocol }) => algorithm === "ring" && protocol === "Simple");
    expect(ring?.estimate_s).toBeCloseTo(56e-6 + 1.75 / 230, 9);
    // 4 nodes of 8, tree, LL: 6.8 + 2 (7 x 0.6 + 2 x 5) us, and 2 x 64 B at 90 GB/s x 0.92 / 3.8.
    const tree = estimateNccl("all-reduce", 64, { nodes: 4, devicesPerNode: 8 }).find(({ algorithm, protocol }) => algorithm === "double-binary-tree" && protocol === "LL");
    expect(tree?.estimate_s).toBeCloseTo(35.2e-6 + (128 * 3.8) / (90e9 * 0.92), 12);
  });

  it("NCCL: NVLS on switched Hopper nodes, LL128 only where its conditions hold", () => {
    const node = { nodes: 1, devicesPerNode: 8 };
    const hopper: LibrarySetting = { ...defaultSetting, device: "hopper", nodeLink_bytes_per_s: 450e9 };
    expect(choose("nccl", "all-reduce", 1024 * MiB, node, hopper)?.algorithm).toBe("nvls");
    expect(choose("nccl", "all-reduce", 1024 * MiB, node, { ...hopper, switched: false })?.algorithm).toBe("ring");
    const protocols = (setting: LibrarySetting, nodes: number) => new Set(estimateNccl("all-gather", MiB, { nodes, devicesPerNode: 8 }, setting).map(({ protocol }) => protocol));
    expect(protocols({ ...defaultSetting, nodeLink: "pcie" }, 1).has("LL128")).toBe(false);
    expect(protocols({ ...defaultSetting, nicNearDevice: false }, 2).has("LL128")).toBe(false);
    expect(protocols({ ...hopper, nicNearDevice: false }, 2).has("LL128")).toBe(true);
  });

  it("RCCL names both answers where the published range leaves two", () => {
    const found = [...Array(31).keys()].map((k) => choose("rccl", "all-reduce", 2 ** k, { nodes: 16, devicesPerNode: 8 }));
    expect(found.some((choice) => choice?.or !== undefined)).toBe(true);
    expect(found.at(-1)?.algorithm === "ring" || found.at(-1)?.or?.algorithm === "ring").toBe(true);
  });

  it("leads to the collective that runs message by message, of the same operation", () => {
    for (const library of collectiveLibraries) {
      for (const operation of library.operations) {
        for (const bytes of [8, 2 ** 14, 2 ** 22, 2 ** 30]) {
          const choice = library.choose(operation, bytes, { nodes: 16, devicesPerNode: 8 });
          const id = choice && collectiveOf(operation, choice);
          if (id === undefined) expect([operation, choice?.algorithm], library.id).toSatisfy(([one, chosen]) => one === "reduce" || chosen === "split-binary-tree" || (one === "broadcast" && chosen === "double-binary-tree"));
          else expect(collectiveAlgorithms[id].operation, `${library.id} ${operation}`).toBe(operation);
        }
      }
    }
  });

  it("every library answers for each operation that it lists, at any size and shape, and for no other", () => {
    const operations: readonly LibraryOperation[] = ["all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce", "all-to-all", "send-recv"];
    fc.assert(
      fc.property(fc.constantFrom(...collectiveLibraries), fc.constantFrom(...operations), fc.integer({ min: 1, max: 2 ** 34 }), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 9 }), (library, operation, bytes, nodes, devicesPerNode) => {
        const choice = library.choose(operation, bytes, { nodes, devicesPerNode });
        expect(choice !== undefined).toBe(library.operations.includes(operation));
        if (choice?.segment_bytes !== undefined) expect(choice.segment_bytes).toBeGreaterThan(0);
      }),
    );
    expect(new Set(collectiveLibraries.map(({ id }) => id)).size).toBe(collectiveLibraries.length);
    for (const { sources } of collectiveLibraries) expect(sources.length).toBeGreaterThan(0);
  });
});
