/** What the calibration page draws and says, held against the numbers of the documents; the calibrations are those of test/fixtures/calibrations. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CurveFit, HostCalibration, OperationsCalibration } from "../../../model/schema/calibration.ts";
import { decodeCalibrateState, encodeCalibrateState, initialCalibrateState } from "../../../web/client/calibrate/state.ts";
import { valueTicks } from "../../../web/client/charts/value-axes.ts";
import { groupFits, groupSkipped, hostWords, quietShare, rowsOf, showDate } from "../../../web/client/data/calibration-facts.ts";
import { fitAt, jumps, mainParameter, ratioOf, regimesOf, residualAt, sameFit, sizeOf } from "../../../web/client/data/fit-curve.ts";
import { curveTable, fitChartData, fitTable, isOneValue, oneValueData, residualData } from "../../../web/client/data/fit-data.ts";
import { candidatesFinding, fitFinding, hostFinding, operationsFinding, parametersFinding, residualFinding, skippedFinding, surfaceFinding } from "../../../web/client/data/fit-findings.ts";
import { rangeSi, showBytes, showPlace, showSi, tickSi } from "../../../web/client/data/si.ts";
import { operationsTable, surfaceChartData, surfaceTable } from "../../../web/client/data/surface-data.ts";
import { toCsv } from "../../../web/client/data/table.ts";

const read = <T>(id: string) => JSON.parse(readFileSync(new URL(`../../fixtures/calibrations/${id}.json`, import.meta.url), "utf8")) as T;
const host = read<HostCalibration>("synthetic-a-host");
const other = read<HostCalibration>("synthetic-b-host");
const operations = read<OperationsCalibration>("synthetic-a-operations-fp32");
const find = (id: string, from = host): CurveFit => {
  const fit = from.fits.find((one) => one.id === id);
  if (!fit) throw new Error(`no fit ${id}`);
  return fit;
};
const message = find("mpi-ping-pong-shared-memory-ranks-2");
const triad = find("stream-triad-threads-1");
const log = { x: "log", y: "log" } as const;
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

describe("values with units", () => {
  it("bytes are binary, rates and times decimal, shares per cent", () => {
    const shown = [showBytes(8), showBytes(1023), showBytes(1024), showBytes(1.5 * 2 ** 20), showPlace(2 ** 33, "B"), showPlace(4096, "1"), showSi(398e-9, "s"), showSi(7.04e9, "B/s"), showSi(1.47e11, "flop/s"), showSi(0.86, "share"), showSi(0.112, "1"), rangeSi(3.95e-7, 4.02e-7, "s"), tickSi(1e-4, "s"), tickSi(5e10, "B/s")];
    expect(shown.map(plain)).toEqual(["8 B", "1,023 B", "1 KiB", "1.50 MiB", "8 GiB", "4,096", "398 ns", "7.04 GB/s", "147 GF/s", "86.0 %", "0.112", "395 – 402 ns", "100 µs", "50 GB/s"]);
  });

  it("a value axis has at least two ticks, all inside, rising, and not too many", () => {
    fc.assert(fc.property(fc.double({ min: -12, max: 12, noNaN: true }), fc.double({ min: 0.05, max: 14, noNaN: true }), fc.constantFrom("log" as const, "linear" as const), (start, decades, kind) => {
      const domain = [kind === "log" ? 10 ** start : 0, 10 ** (start + decades)] as const;
      const ticks = valueTicks({ kind, domain });
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      ticks.forEach((tick, at) => {
        expect(tick).toBeGreaterThanOrEqual(domain[0]);
        expect(tick).toBeLessThanOrEqual(domain[1]);
        if (at > 0) expect(tick).toBeGreaterThan(ticks[at - 1] ?? 0);
      });
    }));
  });
});

describe("a curve", () => {
  it("jumps between regimes and nowhere else; its samples keep the band around them", () => {
    for (const fit of host.fits) {
      const regimes = regimesOf(fit);
      expect(regimes.length, fit.id).toBe(jumps(fit) ? fit.breaks.length + 1 : 1);
      for (const sample of regimes.flat()) {
        expect(sample.low).toBeLessThanOrEqual(sample.y * (1 + 1e-9));
        expect(sample.high).toBeGreaterThanOrEqual(sample.y * (1 - 1e-9));
      }
    }
    const [small, large] = regimesOf(message);
    expect(large?.[0]?.x).toBeGreaterThan(small?.at(-1)?.x ?? 0);
    expect((large?.[0]?.y ?? 0) / (small?.at(-1)?.y ?? 1)).toBeGreaterThan(2);
  });

  it("has the residuals that the document states: median and worst of the points it takes", () => {
    for (const fit of host.fits) {
      const kept = fit.points.filter(({ excluded }) => excluded === undefined).map((point) => Math.abs(Math.log1p(residualAt(fit, point) ?? 0))).toSorted((a, b) => a - b);
      expect(kept.length, fit.id).toBe(fit.residuals.n);
      expect(kept.at(-1)).toBeCloseTo(Math.log1p(fit.residuals.worst), 2);
    }
  });

  it("of a model that is not known here is read from its samples", () => {
    const strange = { ...triad, model: "spline", parameters: {} };
    const [, sample] = strange.curve;
    expect(fitAt(strange, sample?.x ?? 0)).toBe(sample?.y);
    expect(regimesOf(strange)).toEqual([strange.curve]);
  });
});

describe("what is drawn", () => {
  it("every point with its median, least and 90 % quantile; one kept out is there, crossed, with its reason", () => {
    const { own, breaks, regimes, summary } = fitChartData({ fit: message, name: "a" }, null, log);
    expect(own.points.map(({ x, y }) => [x, y])).toEqual(message.points.map(({ x, y }) => [x, y]));
    own.points.forEach((mark, at) => expect([mark.low, mark.high]).toEqual([message.points[at]?.min, message.points[at]?.p90]));
    expect(own.points.filter(({ quiet }) => !quiet).length).toBe(message.points.filter(({ quiet }) => !quiet).length);
    const out = own.points.filter(({ excluded }) => excluded);
    expect(out.map(({ x }) => x)).toEqual([2 ** 20]);
    expect(out[0]?.tip.text).toContain(message.points.find(({ x }) => x === 2 ** 20)?.excluded);
    expect(breaks).toEqual(message.breaks);
    expect(regimes.map(({ words }) => plain(words[0] ?? ""))).toEqual([`${showPart("latency 1")}, then ${showPart("bandwidth 1")}`, `${showPart("latency 2")}, then ${showPart("bandwidth 2")}`]);
    expect(summary).toContain(fitFinding(message));
  });
  const showPart = (name: string) => {
    const { value, unit } = message.parameters[name] ?? { value: 0, unit: "" };
    return plain(showSi(value, unit));
  };

  it("a shaped link says the least time of each size; an expectation in the unit of y is a level; any other is not drawn", () => {
    const reduce = find("gloo-all-reduce-ring-1-gbit-s-ranks-2");
    const line = fitChartData({ fit: reduce, name: "a" }, null, log).expectation;
    expect(line?.points).toEqual([64, 2 ** 25].map((x) => ({ x, y: x / 125e6 })));
    const level = fitChartData({ fit: { ...triad, expectation: { label: "data sheet", value: 2e10, unit: "B/s" } }, name: "a" }, null, log).expectation;
    expect(level?.points.map(({ y }) => y)).toEqual([2e10, 2e10]);
    expect(fitChartData({ fit: { ...triad, expectation: { label: "?", value: 1, unit: "flop/s" } }, name: "a" }, null, log).expectation).toBeNull();
  });

  it("residuals are those of the points; both charts share the places of both calibrations", () => {
    const { points, alsoAt } = residualData({ fit: message, name: "a" }, { fit: find(message.id, other), name: "b" }, "log", 0);
    expect(points.length).toBe(25);
    expect(alsoAt.length).toBe(25);
    expect(points.find(({ excluded }) => excluded)?.residual).toBeCloseTo(0.9, 1);
  });

  it("a benchmark without a variable is one value", () => {
    const peak = find("fma-peak-fp32-threads-2-avx512");
    expect(isOneValue(peak)).toBe(true);
    expect(isOneValue(message)).toBe(false);
    const data = oneValueData({ fit: peak, name: "a" }, { fit: find(peak.id, other), name: "b" });
    expect(data.fitted).toMatchObject({ value: peak.parameters["value"]?.value });
    expect((data.other?.value ?? 0) / data.fitted.value).toBeCloseTo(0.8, 1);
  });

  it("tables hold what is drawn, with all digits", () => {
    const table = fitTable({ fit: message, name: "a" }, { fit: find(message.id, other), name: "b" });
    expect(table.rows.length).toBe(50);
    expect(table.rows.filter(([name]) => name === "a").map((row) => row[2])).toEqual(message.points.map(({ y }) => y));
    expect(toCsv(table, ["about"]).split("\n").length).toBe(1 + 1 + 50 + 1);
    expect(curveTable({ fit: message, name: "a" }).rows.length).toBe(message.curve.length);
  });
});

describe("findings", () => {
  const withResiduals = (median: number, n = message.residuals.n): CurveFit => ({ ...message, residuals: { ...message.residuals, median, n } });

  it("a title says how many points a curve fits and how well, and no more than the data bear", () => {
    expect(plain(fitFinding(message))).toBe("Two regimes fit 24 of 25 sizes to a median of 0.56 %");
    expect(plain(fitFinding(triad))).toBe("Three levels fit all 17 sizes to a median of 2.3 %");
    expect(plain(fitFinding(withResiduals(0.3)))).toBe("Two regimes miss 24 of 25 sizes by a median of 30 %");
    expect(fitFinding(withResiduals(0, 5))).toBe("Five sizes fix five parameters: nothing checks them");
    expect(plain(fitFinding(find("metadata-stat")))).toBe("917 ns from one row: nothing checks it");
  });

  it("the worst point is named with its place, and the simpler curve with what it would miss by", () => {
    expect(plain(residualFinding(message))).toBe("The worst point is 2.5 % off, at 8 MiB");
    expect(plain(residualFinding(triad))).toBe("The worst point is 5.6 % off, at 16 MiB; one level: 172 %");
    expect(residualFinding(find("fma-peak-fp32-threads-1-avx512"))).toBe("One point: no residual to read");
  });

  it("candidates closer than 2 are said to be alike", () => {
    expect(candidatesFinding(message)).toBe("Two regimes win over three regimes");
    const near = message.candidates.map((candidate, at) => ({ ...candidate, bic: at }));
    expect(candidatesFinding({ ...message, candidates: near })).toBe("Two regimes and three regimes explain it alike");
    expect(candidatesFinding({ ...message, candidates: message.candidates.slice(0, 1) })).toBe("No other curve could be tried on so few points");
  });

  it("parameters, host, operations and what was left out are counted", () => {
    const firm = Object.values(message.parameters).filter(({ value, low, high }) => (high - low) / 2 <= 0.1 * value).length;
    expect(parametersFinding(message)).toBe(`${firm} of 5 parameters are known to 10 % or better`);
    const checked = host.fits.filter((fit) => fit.residuals.n > sizeOf(fit));
    expect(hostFinding(host)).toContain(`${checked.length} curves`);
    expect(hostFinding({ fits: [] })).toBe("Nothing could be fitted");
    expect(hostFinding({ fits: [find("metadata-stat")] })).toBe("One curve, none with more points than parameters");
    expect(operationsFinding(operations)).toContain(`${operations.surfaces.length} operations`);
    expect(skippedFinding(host.skipped, 2)).toBe("Three benchmarks were left out, for two reasons");
    expect(skippedFinding([], 0)).toBe("Nothing was left out");
    for (const title of [...host.fits.flatMap((fit) => [fitFinding(fit), residualFinding(fit), candidatesFinding(fit), parametersFinding(fit)]), hostFinding(host), ...operations.surfaces.map(surfaceFinding)]) expect(title.length, title).toBeLessThanOrEqual(72);
  });

  it("reasons are told once, with the benchmarks they kept away", () => {
    expect(groupSkipped(host.skipped)).toEqual([
      { reason: "there is no accelerator", rows: [{ benchmark: "gpu-memory", effect: "no memory bandwidth of the accelerator" }, { benchmark: "gpu-gemm", effect: "no rate of our own kernels on the accelerator" }] },
      { reason: "a size was not reached within the time allowed", rows: [{ benchmark: "mpi-collectives", effect: "larger sizes are read from the fitted line" }] },
    ]);
  });
});

describe("facts of a calibration", () => {
  it("host, day, rows, quiet share; every curve in one group", () => {
    expect(plain(hostWords(host))).toBe("Synthetic processor A, 2 cores, 23.5 GiB");
    expect(showDate(host.date)).toBe("2026-11-20 10:00 UTC");
    expect(rowsOf(host)).toBe(host.from[0]?.rows);
    const points = host.fits.flatMap((fit) => fit.points);
    expect(quietShare(host)).toBe(points.filter(({ quiet }) => quiet).length / points.length);
    expect(quietShare({ fits: [] })).toBeNull();
    const groups = groupFits(host.fits);
    expect(groups.map(({ name }) => name)).toEqual(["Processor", "Memory", "Storage", "Network"]);
    expect(groups.flatMap(({ fits }) => fits).length).toBe(host.fits.length);
  });
});

describe("two calibrations", () => {
  it("are compared curve by curve; the slower host has 0.8 of the rate, as it was made", () => {
    const there = sameFit(triad, other.fits);
    const name = mainParameter(triad) ?? "";
    const [own, found] = [triad.parameters[name], there?.parameters[name]];
    expect(name).toBe("level 3");
    const ratio = own && found ? ratioOf(own, found) : null;
    expect(ratio?.value).toBeCloseTo(0.8, 1);
    expect(ratio?.low).toBeLessThan(0.8);
    expect(ratio?.high).toBeGreaterThan(0.8);
    expect(sameFit({ ...triad, id: "no-such" }, other.fits)).toBeUndefined();
  });

  it("a ratio turned round is its inverse, and a calibration beside itself is 1", () => {
    const interval = fc.tuple(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.double({ min: 1, max: 3, noNaN: true }), fc.double({ min: 1, max: 3, noNaN: true })).map(([value, down, up]) => ({ value, low: value / down, high: value * up }));
    fc.assert(fc.property(interval, interval, (a, b) => {
      const [there, back] = [ratioOf(a, b), ratioOf(b, a)];
      expect((there?.value ?? 0) * (back?.value ?? 0)).toBeCloseTo(1, 9);
      expect((there?.low ?? 0) * (back?.high ?? 0)).toBeCloseTo(1, 9);
      expect(there?.low).toBeLessThanOrEqual((there?.value ?? 0) * (1 + 1e-12));
    }));
    expect(ratioOf({ value: 2, low: 2, high: 2 }, { value: 2, low: 2, high: 2 })).toEqual({ value: 1, low: 1, high: 1 });
    expect(ratioOf({ value: 2, low: 0, high: 3 }, { value: 2, low: 1, high: 2 })).toBeNull();
  });
});

describe("operations", () => {
  it("one size: the interpolated curve passes the points within what its noise allows; several sizes: points alone, over the bound", () => {
    const curve = operations.surfaces.find(({ features }) => features.length === 1);
    const cloud = operations.surfaces.find(({ features }) => features.length > 1);
    if (!curve || !cloud) throw new Error("the fixture lacks a kind of surface");
    const drawn = surfaceChartData(curve);
    const [samples = []] = drawn.own.curves;
    for (const point of drawn.own.points) {
      const nearest = samples.toSorted((a, b) => Math.abs(Math.log(a.x / point.x)) - Math.abs(Math.log(b.x / point.x)))[0];
      expect(Math.abs(Math.log(point.y / (nearest?.y ?? 0)))).toBeLessThan(0.25);
    }
    const points = surfaceChartData(cloud);
    expect(points.own.curves).toEqual([]);
    expect(points.own.points.length).toBe(cloud.points.length);
    expect(points.own.points[0]?.y).toBeCloseTo((cloud.points.toSorted((a, b) => (a[3] ?? 0) - (b[3] ?? 0))[0]?.[4] ?? 0) / (points.own.points[0]?.x ?? 1), 9);
    expect(surfaceTable(cloud).rows).toEqual(cloud.points);
    expect(operationsTable(operations.surfaces).rows.length).toBe(operations.surfaces.length);
  });
});

describe("the address", () => {
  const id = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
  it("carries any state there and back, and tells what it does not know", () => {
    const any = fc.record({ calibration: fc.option(id), fit: fc.option(id), other: fc.option(id), operation: fc.option(fc.tuple(id, id).map((two) => two.join(" "))), x: fc.constantFrom("log" as const, "linear" as const), y: fc.constantFrom("log" as const, "linear" as const), tables: fc.uniqueArray(fc.constantFrom("fit", "residuals", "curves")), theme: fc.constantFrom("system" as const, "light" as const, "dark" as const) });
    fc.assert(fc.property(any, (state) => {
      expect(decodeCalibrateState(`?${encodeCalibrateState(state)}`)).toEqual({ state, problems: [] });
    }));
    expect(encodeCalibrateState(initialCalibrateState())).toBe("view=calibrate");
    expect(decodeCalibrateState("?view=calibrate&fti=x&y=cubic").problems).toMatchObject([{ path: "address: y" }, { path: "address: fti", hint: "did you mean \"fit\"?" }]);
  });
});
