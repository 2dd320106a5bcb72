import { fileURLToPath } from "node:url";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ncclTests } from "../../../calibrate/readers/nccl-tests.ts";
import { ranksOfRows } from "../../../calibrate/readers/nccl-ranks.ts";

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/nccl-tests/${name}`, import.meta.url), "utf8");

describe("reader of nccl-tests", () => {
  it("reads the layout of 2021 under the tag of mpirun, past library noise and left-out lines", () => {
    const text = fixture("tagged-2021.txt");
    expect(ncclTests.accepts(text, "x.log")).toBe(true);
    const table = ncclTests.read(text, "v100_all_reduce.log");
    expect(table.problems).toEqual([]);
    expect(table.operation).toEqual({ operation: "all-reduce", from: "file name" });
    expect(table.ranks).toMatchObject({ ranks: 4, from: "list", listed: 4 });
    expect(table).toMatchObject({ hosts: ["alpha", "beta"], wholeRankList: true, devices: ["Tesla V100-SXM2-16GB"], headless: false });
    expect(table.rows.map(({ bytes }) => bytes)).toEqual([4, 1_048_576, 67_108_864]);
    expect(table.rows[2]).toMatchObject({ type: "float", reduction: "sum", outOfPlace_s: 7.95e-3, inPlace_s: 7.9e-3, busRate_bytes_per_s: 12.66e9, wrong: 0 });
    expect(table.rows[2]).not.toHaveProperty("root");
    expect(table.excluded).toEqual([{ rule: "no-bytes", count: 1 }]);
  });

  it("finds operation and ranks from the columns where name and list do not tell, and keeps what a cut line has whole", () => {
    const table = ncclTests.read(fixture("hidden-name-cut.txt"), "run-17.log");
    expect(table.operation).toEqual({ operation: "all-reduce", from: "columns" });
    expect(table.ranks).toMatchObject({ ranks: 8, from: "list", listed: 8 });
    expect(table.wholeRankList).toBe(false);
    expect(table.software).toEqual(["NCCL version 2.23.4+cuda12.4", "nccl-tests version 2.14.1 nccl-headers=22304 nccl-library=22304"]);
    expect(table.rows).toHaveLength(3);
    expect(table.rows[2]).toMatchObject({ root: -1, outOfPlace_s: 2.16e-3, wrong: 3 });
    expect(table.rows[2]).not.toHaveProperty("inPlace_s");
    expect(table.excluded).toEqual([{ rule: "cut-off", count: 2 }]);
    expect(table.problems).toMatchObject([{ line: 9, got: "3 wrong results" }]);
  });

  it("reads parts of joined output without any header, and their ranks from the two bandwidths", () => {
    const table = ncclTests.read(fixture("joined-headless.txt"), "rccl_all_reduce.log");
    expect(table.headless).toBe(true);
    expect(table.rows.map(({ part }) => part)).toEqual(["1-node", "2-node"]);
    expect(table.ranks).toEqual({ from: "nothing" });
    expect(table.rows.map((row) => ranksOfRows("all-reduce", [row]))).toEqual([8, 16]);
  });

  it("takes a first column put in by hand as the part, and a root before the times", () => {
    const table = ncclTests.read(fixture("hand-column.txt"), "results.txt");
    expect(table.operation).toEqual({ operation: "broadcast", from: "columns" });
    expect(table.rows).toMatchObject([{ part: "2", root: 0, outOfPlace_s: 0.05, inPlace_s: 0.0501 }, { part: "4" }]);
  });

  it("trusts the printed bandwidths over a list of ranks from elsewhere", () => {
    const text = fixture("tagged-2021.txt").replaceAll("12.66", "16.35").replaceAll("12.74", "16.44").replaceAll("5.07", "6.55").replaceAll("5.15", "6.64");
    const { ranks } = ncclTests.read(text, "all_reduce.log");
    expect(ranks).toMatchObject({ ranks: 32, from: "bandwidths", listed: 4 });
  });

  it("tells text that is none of its own", () => {
    expect(ncclTests.accepts("# OSU MPI Latency Test v5.6.3\n", "all_reduce.out")).toBe(false);
    expect(ncclTests.read("hello\n", "x").problems).toHaveLength(1);
  });

  const logs = process.env["EXATWIN_LOGS"] ?? fileURLToPath(new URL("../../../../shared/data/logs", import.meta.url));
  const folder = `${logs}/nccl-tests`;
  const present = existsSync(folder);
  it("reads every published log that stands beside the project", (context) => {
    if (!present) context.skip("no published nccl-tests logs: EXATWIN_LOGS names no folder of them and ../shared/data/logs is not there");
    for (const name of readdirSync(folder).filter((file) => !file.endsWith(".json"))) {
      const text = readFileSync(`${folder}/${name}`, "utf8");
      expect(ncclTests.accepts(text, name), name).toBe(true);
      const table = ncclTests.read(text, name);
      expect(table.problems, name).toEqual([]);
      expect(table.operation.operation, name).toBeDefined();
      for (const { bytes, outOfPlace_s, algorithmRate_bytes_per_s, line } of table.rows) {
        const printed = bytes / (outOfPlace_s ?? Number.NaN);
        expect(Math.abs(printed - algorithmRate_bytes_per_s), `${name}:${line}`).toBeLessThan(0.006e9 + 0.001 * printed);
      }
    }
    const ranksIn = (name: string): number | undefined => ncclTests.read(readFileSync(`${folder}/${name}`, "utf8"), name).ranks.ranks;
    expect(ranksIn("a100_coreweave_nccl_test_128_all_reduce_2022.log")).toBe(128);
    expect(ranksIn("a100_coreweave_nccl_test_128_all_reduce_2023.log")).toBe(32);
    expect(ranksIn("h100_64gpu_8node_all_reduce_large.log")).toBe(96);
    expect(ranksIn("gb200_1440gpu_20rack_all_reduce_large.log")).toBe(1440);
  });
});
