/** File system and disk of a machine from what IOR, IO500, mdtest, DLIO and fio moved. Rates are the best that was seen: a lower bound of what the system can. */
import type { Noted } from "../facts.ts";
import { bestCase, figureOf, rateOf, rowsLike, type Seen } from "./seen.ts";

/** Benchmarks that read a shared file system at full rate, best known first. */
const readers = [/^ior-read$/, /^io500-ior-easy-read$/, /^dlio-run$/] as const;

export function readFileSystem(seen: readonly Seen[]): { read?: Noted; nodeRead?: Noted; perFile?: Noted } {
  const found = readers.map((benchmark) => rowsLike(seen, benchmark).filter(({ row }) => (rateOf(row) ?? 0) > 0)).find((rows) => rows.length > 0) ?? [];
  const read = figureOf(bestCase(found, rateOf), rateOf, `${found[0]?.row.benchmark ?? ""}, the best case`);
  const perNode = (one: Seen): number => (rateOf(one.row) ?? 0) / (one.nodes ?? Number(one.row.case["hosts"]));
  const counted = found.filter((one) => perNode(one) > 0);
  const most = Math.max(...counted.map(perNode));
  const best = counted.filter((one) => perNode(one) >= 0.999 * most);
  const nodeRead = best.length === 0 ? undefined : { value: most, low: 0.9 * most, high: 2 * most, note: `rate over nodes where it is most: ${figureOf(best, rateOf, best[0]?.row.benchmark ?? "")?.note ?? ""}; one node may read more than its share` };
  return { ...(read ? { read: { ...read, high: Math.max(read.high, read.value * 1.3) } } : {}), ...(nodeRead ? { nodeRead } : {}), ...perFileOf(seen) };
}

/** One client's time per file: tasks over the rate of all of them. */
function perFileOf(seen: readonly Seen[]): { perFile?: Noted } {
  const perTask = ({ case: given, values }: Seen["row"]): number | undefined => {
    const [tasks, rate] = [Number(given["tasks"]), values["operations_per_s"]];
    return tasks > 0 && rate !== undefined && rate > 0 ? tasks / rate : undefined;
  };
  for (const [benchmark, what] of [[/^mdtest-file-read$/, "mdtest file read"], [/^mdtest-file-stat$/, "mdtest file stat, which opens nothing"]] as const) {
    const figure = figureOf(rowsLike(seen, benchmark), perTask, what);
    if (figure) return { perFile: figure };
  }
  return {};
}

/** Sequential rates of a disk: the best of fio's jobs in that direction. */
export function readDisk(seen: readonly Seen[], direction: "read" | "write"): Noted | undefined {
  const rows = rowsLike(seen, new RegExp(`^fio-${direction}$`)).filter(({ row }) => row.case["pattern"] === undefined || String(row.case["pattern"]) === direction);
  return figureOf(bestCase(rows, rateOf), rateOf, `fio, sequential ${direction}`);
}
