/** Rows of a host -> curves: what belongs together is one curve, shares come from pairs, and what programs printed on a busy machine is fitted and said as such. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fitHost } from "../../../calibrate/fit/host.ts";
import { requireMeasurements } from "../../support/measurements.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import type { MeasurementRow, Measurements } from "../../../model/schema/measurement.ts";

const read = (name: string): Measurements => requireMeasurements(readFileSync(new URL(`../../fixtures/measurements/${name}.jsonl`, import.meta.url), "utf8"), name);
const network = read("network");
const storage = read("storage");
const target = { machine: "tested", seed: 1 };
const { header } = network;

function measurementsOf(rows: ReadonlyArray<{ benchmark: string; case: MeasurementRow["case"]; work?: MeasurementRow["work"]; median_s: number; spread?: number; quiet?: boolean }>): Measurements {
  return {
    header,
    skipped: [],
    rows: rows.map(({ median_s, spread = 0.01, work = {}, quiet = true, ...rest }, at) => ({
      ...rest, work, quiet, line: at + 2, count: 9, inner: 1, checked: true as const,
      time_s: { min: median_s * (1 - 2 * spread), p10: median_s * (1 - spread), median: median_s, p90: median_s * (1 + spread), max: median_s * (1 + 2 * spread), mean: median_s },
    })),
  };
}

describe("curves of a host", () => {
  it("are one per combination of the other variables, whatever the order of rows and keys", () => {
    const rows = [1, 2].flatMap((threads) => [2 ** 20, 2 ** 21, 2 ** 22, 2 ** 23].map((bytes) => ({ benchmark: "stream", case: { kernel: "triad", bytes, threads }, work: { bytes }, median_s: bytes / (threads * 1e10) })));
    const { fits } = fitHost([measurementsOf(rows)], target);
    expect(fits.map(({ id }) => id)).toEqual(["stream-triad-threads-1", "stream-triad-threads-2"]);
    expect(fits.map(({ parameters }) => parameters["level 1"]?.value)).toEqual([expect.closeTo(1e10, -8), expect.closeTo(2e10, -8)]);
    expect(fits[0]?.y).toEqual({ name: "rate", unit: "B/s" });
    const reversed = measurementsOf(rows.toReversed().map((row) => ({ ...row, case: Object.fromEntries(Object.entries(row.case).toReversed()) })));
    expect(fitHost([reversed], target).fits.map(({ id }) => id).toSorted()).toEqual(fits.map(({ id }) => id));
  });

  it("give two shares from four rows of all-reduce and compute, and none where one is missing", () => {
    const times = { "all-reduce-alone": 1e-3, "all-reduce-beside-compute": 2e-3, "compute-alone": 3e-4, "compute-beside-all-reduce": 4e-4 };
    const rows = [2 ** 20, 2 ** 22].flatMap((bytes) => Object.entries(times).map(([measure, median_s]) => ({ benchmark: "gloo-overlap", case: { measure, bytes, ranks: 2, link: "1 Gbit/s" }, median_s: (median_s * bytes) / 2 ** 20 })));
    const sharesOf = (used: typeof rows) => fitHost([measurementsOf(used)], target).fits.filter(({ y }) => y.name === "share");
    const shares = Object.fromEntries(sharesOf(rows).map((fit) => [fit.case["measure"], fit]));
    expect(shares["communication"]?.parameters["value"]?.value).toBeCloseTo(0.5, 3);
    expect(shares["compute"]?.parameters["value"]?.value).toBeCloseTo(0.75, 3);
    expect(shares["compute"]?.y).toEqual({ name: "share", unit: "1" });
    expect(shares["compute"]?.points).toHaveLength(2);
    const lacking = sharesOf(rows.filter(({ case: { measure } }) => measure !== "compute-alone"));
    expect(lacking.map((fit) => fit.case["measure"])).toEqual(["communication"]);
  });

  it("trust a row less that was not quiet, and show it as such", () => {
    const rows = [1, 2, 3, 4, 5].map((at) => ({ benchmark: "fsync", case: { bytes: 4096 * at }, median_s: at === 5 ? 3e-3 : 1e-3, spread: 0.05, quiet: at !== 5 }));
    const [noisy] = fitHost([measurementsOf(rows)], target).fits;
    const [quiet] = fitHost([measurementsOf(rows.map((row) => ({ ...row, quiet: true })))], target).fits;
    const last = (fit: typeof noisy) => fit?.curve.at(-1)?.y ?? Number.NaN;
    expect(noisy?.points.map((point) => point.quiet)).toEqual([true, true, true, true, false]);
    expect(last(noisy)).toBeLessThan(last(quiet));
  });

  it("say what a shaped link should reach", () => {
    const rows = [1024, 2 ** 20, 2 ** 22].map((bytes) => ({ benchmark: "gloo-all-reduce", case: { bytes, ranks: 2, link: "1 Gbit/s", algorithm: "ring" }, median_s: 1e-4 + bytes / 1.19e8 }));
    const [fit] = fitHost([measurementsOf(rows)], target).fits;
    expect(fit?.expectation).toEqual({ label: "link shaped to 1 Gbit/s", value: 1.25e8, unit: "B/s" });
    expect(fit?.parameters["bandwidth"]).toMatchObject({ unit: "B/s" });
  });
});

describe("what the programs printed", () => {
  const body = fitHost([network, storage], target);
  const fitOf = (id: string) => body.fits.find((fit) => fit.id === id);

  it("makes a document that the schema takes, with every row of a benchmark that has curves in one point", () => {
    const document = { id: "tested-host", title: "Tested", source: "own-microbenchmarks", ...body, date: header.date, host: header.host, from: [], skipped: [] };
    expect(parseDocument("calibration", document, "tested").problems).toEqual([]);
    const used = body.fits.flatMap(({ benchmark, points }) => points.map(({ line }) => `${benchmark} ${line}`));
    for (const { rows } of [network, storage]) {
      for (const { benchmark, line } of rows.filter((row) => row.benchmark !== "gloo-overlap")) expect(used).toContain(`${benchmark} ${line}`);
    }
    const shares = body.fits.filter(({ y }) => y.name === "share").flatMap(({ points }) => points);
    expect(shares).toHaveLength(network.rows.filter(({ benchmark }) => benchmark === "gloo-overlap").length / 2);
  });

  it("finds the rate of a shaped link within a tenth, though latencies are noise", () => {
    for (const [link, rate] of [["100-mbit-s", 12.5e6], ["1-gbit-s", 125e6]] as const) {
      const fit = body.fits.find(({ id }) => id.startsWith("gloo-all-reduce") && id.includes(link));
      const bandwidth = Object.values(fit?.parameters ?? {}).findLast(({ unit }) => unit === "B/s");
      expect(Math.abs((bandwidth?.value ?? 0) / rate - 1)).toBeLessThan(0.1);
    }
  });

  it("sees that messages in shared memory change their protocol", () => {
    const fit = fitOf("mpi-ping-pong-shared-memory-ranks-2");
    expect(fit?.model).toBe("2 regimes of latency and bandwidth");
    expect(fit?.parameters["change"]?.low).toBeGreaterThanOrEqual(512);
    expect(fit?.parameters["change"]?.high).toBeLessThanOrEqual(32768);
  });

  it("holds its points within the band but for some", () => {
    const points = body.fits.flatMap(({ points: own, curve }) => own.filter(({ excluded }) => excluded === undefined).map((point) => ({ point, near: curve.toSorted((a, b) => Math.abs(Math.log(a.x / point.x)) - Math.abs(Math.log(b.x / point.x)))[0] })));
    const inside = points.filter(({ point, near }) => near && near.low * 0.95 <= point.y && point.y <= near.high * 1.05);
    expect(inside.length / points.length).toBeGreaterThan(0.9);
  });
});
