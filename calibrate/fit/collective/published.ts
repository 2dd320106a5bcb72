/**
 * Published outputs of nccl-tests and rccl-tests that the network's parameters are fitted to: file, where it was published, and what the output does not say
 * itself, namely how many nodes. The files are not part of this repository; docs/network-fits.md names the command that reads them.
 */
export interface PublishedSeries {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  /** Part of a file that joins several runs, as its lines name it. */
  readonly part?: string;
  readonly nodes: number;
  readonly library: "nccl" | "rccl";
  /** The node's devices reach each other through a switch: what NCCL gives two nodes twice the tree's bandwidth for. */
  readonly switched: boolean;
  /** Where the publisher fixed the algorithm, or the times at several scales tell it. */
  readonly forced?: "ring" | "tree";
  readonly source: string;
}

const superbench = "microsoft/superbenchmark @700d650, tests/data";
const aws = (commit: string): string => `aws-samples/awsome-distributed-training @${commit}, micro-benchmarks/nccl-tests`;
const oci = (commit: string): string => `oracle-quickstart/oci-hpc-oke @${commit}`;
const coreweave = (commit: string): string => `coreweave/nccl-tests @${commit}`;
const hisohara = "hisohara/ai-scripts @7b8b1ec, training/01_rccl-smoketest";

const dgxA100 = (operation: string, name: string): PublishedSeries => ({
  id: `dgx-a100-${operation}`, title: `8 A100, one node, ${operation}`, file: `a100_8gpu_1node_${name}.log`, nodes: 1, library: "nccl", switched: true, source: superbench,
});
const mi325x = (nodes: number): PublishedSeries => ({
  id: `mi325x-${nodes}-nodes`, title: `MI325X, ${nodes} node${nodes > 1 ? "s" : ""} of 8, ring`, file: "rccl_mi325x_1_2_4_8node_all_reduce_large.log", part: `${nodes}-node`, nodes,
  library: "rccl", switched: false, forced: "ring", source: hisohara,
});
const p4d = (nodes: number): PublishedSeries => ({
  id: `p4d-${nodes}-nodes`, title: `A100 p4d EFA, ${nodes} node${nodes > 1 ? "s" : ""} of 8`, file: "a100_aws_p4d_1_2_3_4node_all_reduce_1gib.txt", part: `${nodes}`, nodes, library: "nccl", switched: true, forced: "tree",
  source: "NVIDIA/nccl issue 527, comment of 2022-07-25",
});
const one = (id: string, title: string, file: string, nodes: number, source: string, rest: Partial<PublishedSeries> = {}): PublishedSeries => ({
  id, title, file, nodes, library: "nccl", switched: true, source, ...rest,
});

export const publishedSeries: readonly PublishedSeries[] = [
  dgxA100("all-reduce", "all_reduce"), dgxA100("all-gather", "all_gather"), dgxA100("reduce-scatter", "reduce_scatter"),
  dgxA100("broadcast", "broadcast"), dgxA100("reduce", "reduce"), dgxA100("all-to-all", "alltoall"),
  one("dgx-h100", "8 H100 NVLS, one node (DGX Cloud)", "h100_8gpu_1node_all_reduce_dgxc.log", 1, "NVIDIA/dgxc-benchmarking @841f546, nccl/README.md"),
  one("p5-1-node", "8 H100 NVLS, one p5", "h100_8gpu_aws_p5_all_reduce_mpitag.log", 1, aws("7217859")),
  one("h100-supermicro", "8 H100, half precision", "h100_8gpu_1node_supermicro_mlperf_half.log", 1, "mlcommons/training_results_v4.0 @6fe9543, smc"),
  one("mi300x-1-node", "8 MI300X, one node", "rccl_mi300x_8gpu_1node_all_reduce.log", 1, hisohara, { library: "rccl", switched: false }),
  one("b200-supermicro", "8 B200, one size", "b200_8gpu_1node_supermicro_mlperf_allreduce.log", 1, "mlcommons/training_results_v5.0 @0fdc28f, Supermicro"),
  one("b200-supermicro-all-to-all", "B200, all-to-all of one rank", "b200_8gpu_1node_supermicro_mlperf_alltoall_half.log", 1, "mlcommons/training_results_v5.0 @0fdc28f, Supermicro"),
  one("p4de-2-nodes", "A100 p4de EFA, 2 nodes of 8", "a100_16gpu_2node_aws_p4de_efa_all_reduce.log", 2, aws("39c17d6")),
  one("oci-a100-2-nodes", "A100 OCI RoCE, 2 nodes of 8", "a100_16gpu_2node_oci_all_reduce.log", 2, oci("8da1841")),
  one("oci-a100-2-nodes-b", "A100 OCI RoCE, 2 nodes of 8, other stack", "a100_16gpu_2node_oci_all_reduce_b.log", 2, oci("ffc89bc")),
  one("p5-2-nodes", "H100 p5 EFA, 2 nodes of 8", "h100_16gpu_2node_aws_p5_efa_all_reduce.log", 2, aws("39c17d6")),
  one("p5-2-nodes-excerpt", "H100 p5 EFA, 2 nodes of 8, excerpt of another stack", "h100_16gpu_2node_aws_p5_efa_all_reduce_excerpt.log", 2, aws("7217859")),
  one("a3-mega-2-nodes", "H100 a3-mega TCPXO, 2 nodes of 8", "h100_16gpu_2node_gcp_a3mega_all_reduce.log", 2, "lessizzmore/create-a3mega-ztan-fork @346b825"),
  one("mi300x-2-nodes", "MI300X RoCE, 2 nodes of 8", "rccl_mi300x_16gpu_2node_all_reduce.log", 2, hisohara, { library: "rccl", switched: false }),
  one("coreweave-a100-2022", "A100 CoreWeave, 16 nodes of 8 (2022)", "a100_coreweave_nccl_test_128_all_reduce_2022.log", 16, coreweave("22df9b7")),
  one("coreweave-a100-2023", "A100 CoreWeave, 4 nodes of 8 (2023)", "a100_coreweave_nccl_test_128_all_reduce_2023.log", 4, coreweave("5a79e81")),
  one("coreweave-h100", "H100 CoreWeave, 12 nodes of 8", "h100_64gpu_8node_all_reduce_large.log", 12, coreweave("cb86553")),
  one("gb200-1-rack", "GB200, one rack of 72", "gb200_72gpu_1rack_all_reduce_large.log", 1, coreweave("cb86553")),
  one("gb200-2-racks", "GB200, 2 racks of 64", "gb200_144gpu_2rack_all_reduce_large.log", 2, coreweave("cb86553")),
  one("gb200-20-racks", "GB200, 20 racks of 72", "gb200_1440gpu_20rack_all_reduce_large.log", 20, coreweave("cb86553")),
  mi325x(1), mi325x(2), mi325x(4), mi325x(8),
  p4d(1), p4d(2), p4d(3), p4d(4),
  one("mi250x-4-nodes", "MI250X, 4 nodes of 8 GCD, all-gather, excerpt", "rccl_mi250x_32gcd_4node_slingshot_all_gather_excerpt.txt", 4, "ROCm/rccl issue 1490, 2025-01-17", { library: "rccl", switched: false }),
];

/** Series with a calibration document of their own: every machine and scale once, sizes from bytes to gigabytes, errors within 3 and 10 %. */
export const documentedSeries: readonly string[] = ["dgx-a100-all-reduce", "p5-1-node", "p4de-2-nodes", "oci-a100-2-nodes", "p5-2-nodes", "a3-mega-2-nodes", "mi300x-2-nodes", "coreweave-a100-2022"];

/** Published outputs of the OSU micro-benchmarks with at least eight sizes. */
export interface PublishedMessages {
  readonly title: string;
  readonly file: string;
  readonly source: string;
}
const stackhpc = "stackhpc/hpc-tests @f735aa2";
const messages = (title: string, file: string, source = stackhpc): PublishedMessages => ({ title, file, source });

export const publishedMessages: readonly PublishedMessages[] = [
  messages("HDR100 InfiniBand, UCX (CSD3): latency", "csd3_cclake_ib_osu_latency.out"),
  messages("HDR100 InfiniBand, UCX (AlaSKA): latency", "alaska_ib_osu_latency.out"),
  messages("HDR100 InfiniBand, Intel MPI verbs (AlaSKA): latency", "alaska_ib_impi_osu_latency.out"),
  messages("RoCE 50 Gb/s, UCX (CSD3): latency", "csd3_cclake_roce_osu_latency.out"),
  messages("InfiniBand QDR, Intel MPI, one-sided get (2013): latency", "ulhpc_2013_impi_osu_get_latency.log", "ULHPC/tutorials @96ee741"),
  messages("HDR100 InfiniBand, UCX (CSD3): bandwidth", "csd3_cclake_ib_osu_bw.out"),
  messages("HDR100 InfiniBand, UCX (AlaSKA): bandwidth", "alaska_ib_osu_bw.out"),
  messages("RoCE 50 Gb/s, UCX (CSD3): bandwidth", "csd3_cclake_roce_osu_bw.out"),
  messages("RoCE 25 Gb/s, UCX (AlaSKA): bandwidth", "alaska_roce_osu_bw.out"),
  messages("NVLink 3, four links, device buffers: bandwidth", "a100_nvlink_osu_bw_cuda.txt", "EESSI/software-layer pull request 716, comment of 2024-09-26"),
  messages("Aries, device buffers, UCX: bandwidth", "cray_aries_ucx_osu_bw.txt", "openucx/ucx issue 4274, comment of 2020-01-15"),
  messages("HDR100, Open MPI 3 + UCX (CSD3), 2 x 32 ranks: allreduce", "csd3_cclake_ib_osu_allreduce.out"),
  messages("HDR100, Intel MPI (AlaSKA), 2 x 32 ranks: allreduce", "alaska_ib_impi_osu_allreduce.out"),
  messages("RoCE 50 Gb/s, UCX (CSD3), 2 x 32 ranks: allreduce", "csd3_cclake_roce_osu_allreduce.out"),
  messages("RoCE 50 Gb/s, UCX (CSD3), 2 x 32 ranks: alltoall", "csd3_cclake_roce_osu_alltoall.out"),
  messages("HDR100, UCX (AlaSKA), 2 x 32 ranks: alltoall", "alaska_ib_osu_alltoall.out"),
  messages("RoCE 25 Gb/s, UCX (AlaSKA), 2 x 32 ranks: allgather", "alaska_roce_osu_allgather.out"),
];
