/**
 * One core of this host as a device: what it reached, in place of a data sheet. Peaks are those of registers alone where they were measured, else of the
 * best matrix product; memory is what one core streams, and its share of the capacity. Left out: what the cores take from each other.
 */
import type { CurveFit } from "../../model/schema/calibration.ts";
import type { Host, MeasurementRow } from "../../model/schema/measurement.ts";
import { precisions } from "../../model/schema/common.ts";
import { best, describeCase, largest, rateOf, rowsOf, type Figure } from "./estimates.ts";
import { Facts, widen, type Interval, type WrittenFact } from "../../calibrate/facts.ts";

export interface Made {
  readonly document: { readonly id: string } & Record<string, unknown>;
  readonly assumed: Facts["assumed"];
}

export interface Basis {
  /** Of the calibration; the device is ID-core. */
  readonly id: string;
  readonly host: Host;
  readonly date: string;
  readonly rows: readonly MeasurementRow[];
  readonly fits: readonly CurveFit[];
}

export const deviceOf = (id: string): string => `${id}-core`;

export function makeDevice(basis: Basis): Made {
  const { id, host, date, rows, fits } = basis;
  const facts = new Facts();
  const triad = streamOf(rows);
  const bandwidth = facts.orAssume("memory.bandwidth", "bandwidth", triad && noted(triad, "STREAM triad by one core", fits), { value: 12e9, low: 4e9, high: 40e9 }, "memory bandwidth was not measured");
  const l2 = host.caches?.l2_bytes;
  const document = {
    $schema: "../schemas/device.schema.json",
    id: deviceOf(id),
    title: `One core of ${id}`,
    vendor: vendorOf(host.cpu),
    year: Number(date.slice(0, 4)),
    peaks: peaksOf(basis, facts),
    tensorCores: rowsOf(rows, "gemm").some((row) => row.case["precision"] === "bf16" && /amx/i.test(String(row.case["implementation"]))) ? ["bf16"] : [],
    multiprocessors: facts.exact("count", 1, "the device is one core"),
    l2: l2 === undefined ? facts.assume("l2", "data", { value: 2 ** 20, low: 2 ** 18, high: 2 ** 22 }, "the kernel does not tell the size of the cache") : facts.exact("data", l2, "second-level cache of the core, as the kernel tells it"),
    memory: {
      capacity: facts.exact("data", host.memory_bytes / host.cores, `${host.cores === 1 ? "all" : `1/${host.cores}`} of the memory`),
      bandwidth,
      efficiency: efficiencyOf(rows, triad, facts),
    },
    note: `${host.cpu}. Written by exatwin calibrate; the year is that of the measurement`,
  };
  return { document, assumed: facts.assumed };
}

function streamOf(rows: readonly MeasurementRow[]): Figure | undefined {
  const row = largest(rowsOf(rows, "stream", { kernel: "triad", threads: 1 }), "bytes");
  return row && rateOf(row, "bytes");
}

function peaksOf({ rows, fits }: Basis, facts: Facts): Record<string, WrittenFact> {
  const peaks: Record<string, WrittenFact> = {};
  for (const precision of precisions) {
    const registers = best(rowsOf(rows, "fma-peak", { precision, threads: 1 }), "flop");
    const product = best(rowsOf(rows, "gemm", { precision, threads: 1 }), "flop");
    const found = registers && (!product || registers.value >= product.value) ? noted(registers, "multiply-adds on registers", fits) : product && noted(product, "best matrix product", fits);
    if (found) peaks[precision] = facts.measured("rate", found, found.note);
  }
  peaks["fp32"] ??= facts.assume("peaks.fp32", "rate", { value: 60e9, low: 8e9, high: 300e9 }, "no rate of arithmetic was measured");
  return peaks;
}

function efficiencyOf(rows: readonly MeasurementRow[], triad: Figure | undefined, facts: Facts): WrittenFact {
  const elementwise = rowsOf(rows, "elementwise", { threads: 1 });
  const most = largest(elementwise, "elements")?.case["elements"];
  const large = elementwise.filter((row) => row.case["elements"] === most).map((row) => rateOf(row, "bytes").value);
  const shares = triad ? large.map((rate) => Math.min(1, Math.max(0.01, rate / triad.value))) : [];
  const middle = shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : Number.NaN;
  const found = { value: middle, low: Math.min(...shares), high: Math.max(...shares), note: `element-wise loops over ${String(most)} elements beside the triad, ${shares.length} operations` };
  return facts.orAssume("memory.efficiency", "fraction", shares.length > 0 ? found : undefined, { value: 0.8, low: 0.5, high: 1 }, "element-wise work was not measured beside the triad");
}

/** The figure as the interval of a fact, with the row it is from and the curve through its like. */
export function noted(figure: Figure, what: string, fits: readonly CurveFit[]): Interval & { readonly note: string } {
  const fit = fits.find((one) => one.benchmark === figure.row.benchmark && Object.entries(one.case).every(([key, value]) => figure.row.case[key] === value));
  return { ...widen(figure), note: `${what}: ${describeCase(figure.row)}${fit ? `; fit ${fit.id}` : ""}${figure.row.quiet ? "" : "; taken while other work ran"}` };
}

function vendorOf(cpu: string): string {
  return /intel/i.test(cpu) ? "Intel" : /amd/i.test(cpu) ? "AMD" : /apple/i.test(cpu) ? "Apple" : /\barm|neoverse|cortex/i.test(cpu) ? "Arm" : "unknown";
}
