/** The points of the parity plot: they are of the committed fit, give the figures that docs/accuracy-transformers.md states, and keep flagged rows out of them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ParityData } from "../../../../calibrate/fit/transformer/parity.ts";
import { protocols } from "../../../../calibrate/fit/transformer/protocols.ts";
import { describeErrors } from "../../../../calibrate/fit/transformer/statistics.ts";

const root = new URL("../../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const data = JSON.parse(read("web/client/public/transformer-accuracy.json")) as ParityData;
const calibration = JSON.parse(read("scenarios/calibrations/transformer-runs.json")) as { from: Array<{ file: string; sha256: string }>; runs: number; learned: string[] };
const page = read("docs/accuracy-transformers.md");
const { points, series } = data;
const good = [...points.id.keys()].filter((at) => points.flag[at] === null);

describe("the committed points of the parity plot", () => {
  it("are those of the committed fit", () => {
    expect([data.from.file, data.from.sha256]).toEqual([calibration.from[0]?.file, calibration.from[0]?.sha256]);
    expect(good.length).toBe(calibration.runs);
    expect(new Set(good.map((at) => series[points.series[at] ?? -1]?.id))).toEqual(new Set(calibration.learned));
    for (const { source } of series) expect(source.url).toMatch(/^https?:\/\//);
  });

  it("have a value in each column, and a prediction of every point where the protocol makes one", () => {
    const { predicted_s, sd, ...columns } = points;
    for (const column of [...Object.values(columns), ...Object.values(predicted_s), ...Object.values(sd)]) expect(column.length).toBe(points.id.length);
    expect(data.protocols.map(({ id }) => id).toSorted()).toEqual([...protocols].toSorted());
    expect(data.protocols[0]?.id).toBe("leave-one-series-out");
    for (const { id } of data.protocols) expect((predicted_s[id] ?? []).filter((value) => value !== null).length > 600).toBe(id !== "extrapolate");
  });

  it.each(protocols)("%s: give the row of the accuracy page", (protocol) => {
    const scored = good.flatMap((at) => {
      const predicted_s = points.predicted_s[protocol]?.[at] ?? null;
      return predicted_s === null ? [] : [{ error: predicted_s / (points.measured_s[at] ?? 0) - 1, series: String(points.series[at]), sd: points.sd[protocol]?.[at] ?? 0 }];
    });
    const told = describeErrors(scored);
    const row = page.split("\n").find((line) => line.startsWith(`| ${protocol} |`))?.split("|").map((cell) => cell.trim()) ?? [];
    expect([told?.points, told?.series].map(String)).toEqual(row.slice(2, 4));
    expect(Math.abs(100 * (told?.mape ?? 0) - Number(row[4]))).toBeLessThan(0.06);
    expect(Math.abs(100 * (told?.median ?? 0) - Number(row[5]))).toBeLessThan(0.06);
    expect(Math.abs(100 * (told?.worst ?? 0) - Number(row[8]))).toBeLessThan(0.1);
    expect(Math.abs(100 * (told?.coverage95 ?? 0) - Number(row[10]))).toBeLessThan(0.8);
  });
});
