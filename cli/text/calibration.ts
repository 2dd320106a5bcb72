/** What calibrate answers, as text: figures by part, files, what was left out and what that costs, what to try next. */
import { formatQuantity, showQuantity } from "../../model/units.ts";
import type { Finding } from "../measure/findings.ts";
import { showSeconds } from "../measure/progress.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { writeTable } from "./table.ts";

export interface CalibrationAnswer {
  readonly id: string;
  readonly mode: string;
  readonly measurements: ReadonlyArray<{ readonly file: string; readonly sha256: string; readonly rows: number }>;
  readonly parts: Readonly<Record<string, { readonly rows: number; readonly quiet: number }>>;
  readonly findings: readonly Finding[];
  readonly fits: ReadonlyArray<{ readonly id: string; readonly model: string; readonly n: number; readonly median: number; readonly p90: number; readonly worst: number }>;
  readonly written: readonly string[];
  readonly skipped: ReadonlyArray<{ readonly benchmark: string; readonly reason: string; readonly effect: string }>;
  readonly assumed: ReadonlyArray<{ readonly document: string; readonly path: string; readonly reason: string }>;
  readonly notes: readonly string[];
  readonly machines: readonly string[];
}

export function writeCalibration(answer: CalibrationAnswer, look: Look): string {
  const rows = answer.measurements.reduce((sum, { rows }) => sum + rows, 0);
  const sections = [
    `${bold(answer.id, look)}: ${rows} rows, ${answer.mode === "full" ? "full suite" : `a ${answer.mode} run`}`,
    writeFindings(answer.findings, look),
    writeSkips(answer.skipped, look),
    section("assumed, each with a wide interval", groupAssumed(answer.assumed), look),
    section("written", answer.written, look),
    `next: exatwin show machine ${answer.machines[0] ?? answer.id}`,
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

function writeFindings(findings: readonly Finding[], look: Look): string {
  const show = (value: number, { dimension }: Finding) => showQuantity(value, dimension);
  return writeTable([
    { head: "part", align: "left", cells: findings.map(({ part }, index) => (findings[index - 1]?.part === part ? "" : part)) },
    { head: "measured", align: "left", gives: true, cells: findings.map(({ what }) => what) },
    { head: "value", cells: findings.map((one) => formatQuantity(one.value, one.dimension).number) },
    { head: "", align: "left", cells: findings.map((one) => formatQuantity(one.value, one.dimension).unit) },
    { head: "95 % interval", align: "left", cells: findings.map((one) => `${show(one.low, one)} to ${show(one.high, one)}`) },
    { head: "quiet", cells: findings.map(({ quiet }) => `${Math.round(quiet * 100)} %`) },
  ], look);
}

/** Each reason once, below it what it kept away and what that costs. */
function writeSkips(skipped: CalibrationAnswer["skipped"], look: Look): string {
  const groups = new Map<string, Set<string>>();
  for (const { benchmark, reason, effect } of skipped) {
    const [, entry = benchmark, why = reason] = /^([a-z0-9-]+): (.*)$/s.exec(reason) ?? [];
    groups.set(why, (groups.get(why) ?? new Set()).add(`${entry}: ${effect}`));
  }
  const lines = [...groups].flatMap(([why, kept]) => [wrap(`  ${why}`, look.width, "  "), ...[...kept].map((line) => wrap(`    ${line}`, look.width, "      "))]);
  return lines.length === 0 ? "" : [dim("left out, and what that does to predictions", look), ...lines].join("\n");
}

/** Each reason once, with the facts it is about, whatever document they are in. */
function groupAssumed(assumed: CalibrationAnswer["assumed"]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const { path, reason } of assumed) groups.set(reason, (groups.get(reason) ?? new Set()).add(path));
  return [...groups].map(([reason, paths]) => `${reason}: ${[...paths].join(", ")}`);
}

function section(head: string, lines: readonly string[], look: Look): string {
  return lines.length === 0 ? "" : [dim(head, look), ...lines.map((line) => wrap(`  ${line}`, look.width, "    "))].join("\n");
}

export interface SuiteLine {
  readonly id: string;
  readonly part: string;
  readonly estimate_s: number;
  readonly effect: string;
}

export function writeSuite(rows: readonly SuiteLine[], look: Look): string {
  const width = Math.max(...rows.map(({ id }) => id.length));
  const lines = rows.flatMap(({ id, part, estimate_s, effect }, index) => [
    ...(rows[index - 1]?.part === part ? [] : [`${index > 0 ? "\n" : ""}${bold(part, look)}`]),
    `  ${id.padEnd(width)}  about ${showSeconds(estimate_s)}`,
    dim(wrap(`      without it: ${effect}`, look.width, "      "), look),
  ]);
  return [...lines, "", `${rows.length} benchmarks, about ${showSeconds(rows.reduce((sum, row) => sum + row.estimate_s, 0))}`].join("\n");
}
