/** Facts of a calibration as the page words them: host, date, rows, quiet share; curves by the part of the suite they belong to. */
import type { CurveFit, HostCalibration, OperationsCalibration } from "../../../model/schema/calibration.ts";
import { count, percent } from "../format.ts";
import { showBytes } from "./si.ts";

type Made = Pick<HostCalibration | OperationsCalibration, "date" | "host" | "from">;

export function showDate(date: string): string {
  const at = new Date(date);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}

export const rowsOf = ({ from }: Made): number => from.reduce((sum, { rows = 0 }) => sum + rows, 0);

export function hostWords({ host }: Made): string {
  const cpu = host.cpu.replace(/\s*\(family.*\)$/, "").replaceAll("(R)", "");
  return `${cpu}, ${count(host.cores)} ${host.cores === 1 ? "core" : "cores"}, ${showBytes(host.memory_bytes)}${host.hypervisor === undefined ? "" : `, ${host.hypervisor}`}`;
}

/** Share of the points of curves during which no other work ran. */
export function quietShare({ fits }: Pick<HostCalibration, "fits">): number | null {
  const points = fits.flatMap((fit) => fit.points);
  return points.length === 0 ? null : points.filter(({ quiet }) => quiet).length / points.length;
}

export const showQuiet = (share: number | null): string => (share === null ? "–" : percent(share, share === 1 ? 3 : 2));

const groups: ReadonlyArray<readonly [string, RegExp]> = [
  ["Processor", /^(fma-peak|gemm|convolution|elementwise|softmax|layer-norm|optimizer-update|launch-cost)/],
  ["Memory", /^(stream|pointer-chase|memcpy)/],
  ["Storage", /^(storage|small-files|metadata|fsync)/],
  ["Network", /^(mpi|gloo)/],
  ["PyTorch", /^(torch|loader)/],
  ["Accelerator", /^gpu/],
];

export function groupFits(fits: readonly CurveFit[]): Array<{ name: string; fits: CurveFit[] }> {
  const nameOf = ({ benchmark }: CurveFit) => groups.find(([, pattern]) => pattern.test(benchmark))?.[0] ?? "Other";
  return [...groups.map(([name]) => name), "Other"].map((name) => ({ name, fits: fits.filter((fit) => nameOf(fit) === name) })).filter((group) => group.fits.length > 0);
}

/** "All reduce, Gloo: ring, loopback, 2 ranks" -> what is measured, and of what. */
export function titleParts({ title }: CurveFit): { what: string; of: string } {
  const at = title.indexOf(": ");
  return at < 0 ? { what: title, of: "" } : { what: title.slice(0, at), of: title.slice(at + 2).replaceAll(/\b1 (\w+)s\b/g, "1 $1") };
}

/** Skipped benchmarks by reason; what names the benchmark before the reason is taken off it. */
export function groupSkipped(skipped: HostCalibration["skipped"]): Array<{ reason: string; rows: Array<{ benchmark: string; effect: string }> }> {
  const found = new Map<string, Array<{ benchmark: string; effect: string }>>();
  for (const { benchmark, reason, effect } of skipped) {
    const [, entry = benchmark, why = reason] = /^([a-z0-9-]+): (.*)$/s.exec(reason) ?? [];
    const rows = found.get(why) ?? [];
    if (!rows.some((row) => row.benchmark === entry && row.effect === effect)) rows.push({ benchmark: entry, effect });
    found.set(why, rows);
  }
  return [...found].map(([reason, rows]) => ({ reason, rows }));
}
