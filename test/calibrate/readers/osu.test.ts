import { fileURLToPath } from "node:url";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { osu } from "../../../calibrate/readers/osu.ts";

const read = (name: string) => osu.read(readFileSync(new URL(`../../fixtures/osu/${name}`, import.meta.url), "utf8"));

describe("reader of the OSU micro-benchmarks", () => {
  it("reads latencies by size, zero bytes included", () => {
    const table = read("latency.txt");
    expect(table).toMatchObject({ test: "Latency Test", version: "5.6.3", measures: "latency", problems: [] });
    expect(table.rows.map(({ bytes }) => bytes)).toEqual([0, 1, 4096, 4_194_304]);
    expect(table.rows[3]?.time_s).toBeCloseTo(3.8e-4, 12);
  });

  it("reads average, least and most of a collective, and leaves out a line that is cut off", () => {
    const table = read("allreduce-full.txt");
    expect(table).toMatchObject({ test: "Allreduce Latency Test", measures: "collective", problems: [] });
    expect(table.rows).toHaveLength(2);
    expect(table.rows[1]).toMatchObject({ bytes: 1_048_576, time_s: 900.25e-6, least_s: 880e-6, most_s: 950e-6 });
  });

  it("reads rates in 1e6 bytes per second, with messages per second, pairs and window", () => {
    expect(read("mbw-mr.txt")).toMatchObject({ measures: "bandwidth", pairs: 4, window: 64, problems: [], rows: [{ bytes: 64, rate_bytes_per_s: 512e6, messages_per_s: 8e6 }, { rate_bytes_per_s: 11e9 }] });
  });

  it("tells results that the program found wrong", () => {
    const table = read("bw-validated.txt");
    expect(table).toMatchObject({ test: "Bandwidth Test", version: "7.5" });
    expect(table.rows).toHaveLength(2);
    expect(table.problems).toMatchObject([{ line: 7, got: "Fail" }]);
  });

  it("tells rows without columns, and text that is none of its own", () => {
    expect(osu.read("# OSU MPI Latency Test v5.6.3\n0 1.0\n").problems).toMatchObject([{ line: 2 }]);
    expect(osu.read("size,time\n").problems).toMatchObject([{ line: 1 }]);
    expect(osu.accepts("#  size count type\n", "osu.txt")).toBe(false);
  });

  const logs = process.env["EXATWIN_LOGS"] ?? fileURLToPath(new URL("../../../../shared/data/logs", import.meta.url));
  const folder = `${logs}/osu`;
  const present = existsSync(folder);
  it("reads every published log that stands beside the project", (context) => {
    if (!present) context.skip("no published OSU logs: EXATWIN_LOGS names no folder of them and ../shared/data/logs is not there");
    for (const name of readdirSync(folder).filter((file) => !file.endsWith(".json"))) {
      const text = readFileSync(`${folder}/${name}`, "utf8");
      expect(osu.accepts(text, name), name).toBe(true);
      const table = osu.read(text);
      expect(table.problems, name).toEqual([]);
      expect(table.rows.length, name).toBeGreaterThan(0);
      const bandwidth = /_(?:bw|bibw|mbw)/.test(name);
      expect(table.measures === "bandwidth", name).toBe(bandwidth);
    }
  });
});
