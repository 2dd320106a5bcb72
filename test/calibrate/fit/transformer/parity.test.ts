/** The points that the page shows: they are of the committed fits, give the figures that docs/accuracy-transformers.md and docs/accuracy.md state, and keep flagged rows out of them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { layerProtocols } from "../../../../calibrate/fit/layers/fit-layers.ts";
import { networks, type ParityData } from "../../../../calibrate/fit/transformer/parity.ts";
import { protocols, type FitProtocol } from "../../../../calibrate/fit/transformer/protocols.ts";
import { describeErrors } from "../../../../calibrate/fit/transformer/statistics.ts";

const root = new URL("../../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

interface Kind {
  readonly points: string;
  readonly calibration: string;
  readonly page: string;
  readonly protocols: readonly FitProtocol[];
  /** First cells of a protocol's row, before its number of points. */
  readonly cells: (protocol: string) => string;
}
const kinds: readonly Kind[] = [
  { points: "transformer-accuracy", calibration: "transformer-runs", page: "accuracy-transformers", protocols, cells: (protocol) => `| ${protocol} |` },
  { points: "layer-accuracy", calibration: "layer-runs", page: "accuracy", protocols: layerProtocols, cells: (protocol) => `| ${protocol} | layer networks |` },
];

describe.each(kinds)("the committed points of $calibration", (kind) => {
  const data = JSON.parse(read(`web/client/public/${kind.points}.json`)) as ParityData;
  const calibration = JSON.parse(read(`scenarios/calibrations/${kind.calibration}.json`)) as { from: Array<{ file: string; sha256: string }>; runs: number; learned: string[] };
  const lines = read(`docs/${kind.page}.md`).split("\n");
  const { points, series } = data;
  const good = [...points.id.keys()].filter((at) => points.flag[at] === null);

  it("are those of the committed fit", () => {
    expect([data.from.file, data.from.sha256]).toEqual([calibration.from[0]?.file, calibration.from[0]?.sha256]);
    expect(good.length).toBe(calibration.runs);
    expect(new Set(good.map((at) => series[points.series[at] ?? -1]?.id))).toEqual(new Set(calibration.learned));
    for (const { source } of series) expect(source.url).toMatch(/^https?:\/\/\S+$/);
    for (const network of points.network) expect(networks).toContain(network);
  });

  it("have a value in each column, and a prediction of every point where the protocol makes one", () => {
    const { predicted_s, sd, ...columns } = points;
    for (const column of [...Object.values(columns), ...Object.values(predicted_s), ...Object.values(sd)]) expect(column.length).toBe(points.id.length);
    expect(data.protocols.map(({ id }) => id).toSorted()).toEqual([...kind.protocols].toSorted());
    expect(data.protocols[0]?.id).toBe("leave-one-series-out");
    for (const { id } of data.protocols) expect((predicted_s[id] ?? []).every((value) => value !== null)).toBe(id !== "extrapolate");
  });

  it.each(kind.protocols)("%s: give the row of the accuracy page", (protocol) => {
    const scored = good.flatMap((at) => {
      const predicted_s = points.predicted_s[protocol]?.[at] ?? null;
      return predicted_s === null ? [] : [{ error: predicted_s / (points.measured_s[at] ?? 0) - 1, series: series[points.series[at] ?? -1]?.id ?? "", sd: points.sd[protocol]?.[at] ?? 0 }];
    });
    const told = describeErrors(scored);
    const first = kind.cells(protocol);
    const row = lines.find((line) => line.startsWith(first))?.slice(first.length).split("|").map((cell) => cell.trim()) ?? [];
    expect([told?.points, told?.series].map(String)).toEqual(row.slice(0, 2));
    expect(Math.abs(100 * (told?.mape ?? 0) - Number(row[2]))).toBeLessThan(0.06);
    expect(Math.abs(100 * (told?.median ?? 0) - Number(row[3]))).toBeLessThan(0.06);
    expect(Math.abs(100 * (told?.worst ?? 0) - Number(row[6]))).toBeLessThan(0.1);
    expect(Math.abs(100 * (told?.coverage95 ?? 0) - Number(row[8]))).toBeLessThan(0.8);
  });
});
